"""Requests that offer to go on with another protocol: each has one answer, as if it had offered nothing."""

import asyncio
import logging
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.listening import Server, listening

HTTP2 = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
WEBSOCKET = b"connection: upgrade\r\nupgrade: websocket\r\n"  # as nginx's usual lines for WebSockets add to anything
LAST = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
SMUGGLED = b"GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: "  # a body that looks like a request

JAVA = Path(__file__).with_name("Http2.java")


def post(name: str, fields: bytes = b"", version: bytes = b"1.1") -> bytes:
    """A query whose answer has the name in it."""
    body = b'{"query":"{ %b: __typename }"}' % name.encode()
    head = b"POST /graphql HTTP/%b\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" % version
    return head + fields + b"content-length: %d\r\n\r\n" % len(body) + body


def chunked(name: str, fields: bytes) -> bytes:
    head = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n" + fields
    parts = (b'{"query":', b'"{ %b: __typename }"}' % name.encode(), b"")
    return head + b"transfer-encoding: chunked\r\n\r\n" + b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in parts)


def answers(received: bytes) -> list[tuple[int, str]]:
    """Of each answer the status, and the name that was asked for, or the whole of a text."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        [status] = re.findall(rb"^HTTP/1\.1 (\d+) ", head)
        length = re.search(rb"^content-length: (\d+)", head, re.MULTILINE)
        body, received = (rest[: int(length[1])], rest[int(length[1]) :]) if length else (b"", rest)
        name = re.search(rb'\{"data":\{"(\w+)"', body)
        found.append((int(status), (name[1] if name else body).decode()))
    return found


@pytest.fixture
async def server(tests_database: str) -> AsyncIterator[Server]:
    async with listening(tests_database) as server:
        yield server


@pytest.fixture(autouse=True)
def nothing_is_logged_as_a_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


OK, A, B, C = (200, "ok"), (200, "a"), (200, "b"), (200, "c")


@pytest.mark.parametrize(
    "offer", [HTTP2, WEBSOCKET, HTTP2.upper(), b"Upgrade: a/1, b\r\nConnection: keep-alive,UPGRADE\r\n"]
)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(b"", b"", [A, OK], id="alone"),
        pytest.param(b"", post("b"), [A, B, OK], id="before another request"),
        pytest.param(post("b") + post("c"), b"", [B, C, A, OK], id="after requests whose answers are due"),
        pytest.param(b"", post("b", HTTP2) + chunked("c", WEBSOCKET), [A, B, C, OK], id="one after the other"),
        pytest.param(b"\r\n", b"", [A, OK], id="after an empty line"),
    ],
)
@pytest.mark.parametrize("form", [post, chunked])
async def test_the_body_is_the_requests_own(
    server: Server, form: object, before: bytes, after: bytes, expected: list[tuple[int, str]], offer: bytes
) -> None:
    assert callable(form)
    assert answers(await server.answer(before + form("a", offer) + after + LAST)) == expected


@pytest.mark.parametrize("offer", [HTTP2, WEBSOCKET])
async def test_however_it_comes_in_pieces(server: Server, offer: bytes) -> None:
    said = post("a", offer) + chunked("b", offer) + LAST
    async with server.connect() as (reader, writer):
        for place in range(len(said)):
            writer.write(said[place : place + 1])
            await asyncio.sleep(0)
        assert answers(await reader.read()) == [A, B, OK]


@pytest.mark.parametrize("offer", [HTTP2, WEBSOCKET])
async def test_the_body_may_come_after_everything_else_was_answered(server: Server, offer: bytes) -> None:
    head, body = post("a", b"expect: 100-continue\r\n" + offer).split(b"\r\n\r\n")
    async with server.connect() as (reader, writer):
        writer.write(post("b") + head + b"\r\n\r\n")
        await reader.readuntil(b'"allowed":5000}}}')
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body + LAST)
        assert answers(await reader.read()) == [A, OK]


@pytest.mark.parametrize("offer", [HTTP2, WEBSOCKET])
@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS"])
@pytest.mark.parametrize("path", [b"/graphql", b"/healthz", b"/nowhere"])
async def test_no_body_is_read_as_a_request(server: Server, method: bytes, path: bytes, offer: bytes) -> None:
    head = method + b" " + path + b" HTTP/1.1\r\nhost: 127.0.0.1\r\n" + offer
    for length in (
        b"content-length: %d\r\n\r\n" % len(SMUGGLED),
        b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(SMUGGLED),
    ):
        end = b"" if b"content-length" in length else b"\r\n0\r\n\r\n"
        got = answers(await server.answer(head + length + SMUGGLED + end + LAST))
        assert (len(got), got[1]) == (2, OK), got


@pytest.mark.parametrize("offer", [HTTP2, WEBSOCKET])
async def test_what_else_a_connection_says_holds(server: Server, offer: bytes) -> None:
    assert answers(await server.answer(post("a", b"connection: close\r\n" + offer) + post("b"))) == [A]
    closing = offer.replace(b"connection: ", b"connection: close, ")
    assert answers(await server.answer(post("a", closing) + post("b"))) == [A]
    assert answers(await server.answer(post("a", offer, version=b"1.0") + post("b"))) == [A]


async def test_what_is_no_offer_is_none(server: Server) -> None:
    for fields in (b"upgrade: h2c\r\n", b"connection: upgrade\r\n", b"connection: upgrade\r\nupgrade:\r\n"):
        assert answers(await server.answer(post("a", fields) + post("b") + LAST)) == [A, B, OK]


async def test_requests_that_are_wrong_otherwise_are_still_refused(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    both = post("a", HTTP2 + b"transfer-encoding: chunked\r\n")
    twice = post("a", HTTP2 + b"content-length: 5\r\n")
    for said in (both, twice, b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n"):
        assert [status for status, _ in answers(await server.answer(said + post("b")))] == [400]
    caplog.clear()


# Neither client is worth an installation on each machine: offers like theirs are in the tests above.
async def test_curl_that_offers_http2_is_answered(server: Server) -> None:
    if (curl := shutil.which("curl")) is None:
        pytest.skip("there is no curl on this machine")
    query = ("--json", '{"query":"{ a: __typename }"}', f"http://127.0.0.1:{server.port}/graphql")
    process = await asyncio.create_subprocess_exec(
        *(curl, "--silent", "--http2", *query, "--next", "--silent", "--http2", *query), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.count(b'{"data":{"a":"Query"}') == 2


async def test_the_http_client_of_java_is_answered(server: Server) -> None:
    if (java := shutil.which("java")) is None or shutil.which("javac") is None:
        pytest.skip("there is no JDK on this machine")
    process = await asyncio.create_subprocess_exec(
        *(java, str(JAVA), f"http://127.0.0.1:{server.port}/graphql"), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.decode().splitlines() == ['HTTP_1_1 200 {"data":{"a":"Query"}'] * 3
