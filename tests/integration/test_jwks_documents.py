"""Where the keys of an issuer come from: files, and servers that behave well or don't."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from registrations.auth.jwks import read_document
from registrations.auth.keys import MAXIMUM_DOCUMENT, NoKeys, read_jwks

Write = Callable[[bytes], None]


@asynccontextmanager
async def serving(answer: bytes, then: bytes = b"") -> AsyncIterator[str]:
    """The URL of a server that answers so, and `then` again and again; with neither it hangs."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        try:
            while then:
                writer.write(then)
                await writer.drain()
            await (reader.read() if not answer else writer.drain())
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"


def http(status: str, body: bytes, *headers: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers])
    return f"{head}\r\n\r\n".encode() + body


async def refusal(place: str, seconds: float = 3) -> str:
    with pytest.raises(NoKeys) as refused:
        await read_document(place, seconds)
    return str(refused.value)


async def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_bytes(b'{"keys": []}')
    assert await read_document(str(tmp_path / "jwks.json")) == b'{"keys": []}'


async def test_a_file_that_is_gone_or_is_none_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone.json"
    assert await refusal(str(gone)) == f"it can't be read: [Errno 2] No such file or directory: '{gone}'"
    assert await refusal(str(tmp_path)) == f"it can't be read: [Errno 21] Is a directory: '{tmp_path}'"


async def test_a_url_is_read() -> None:
    async with serving(http("200 OK", b'{"keys": []}')) as url:
        assert await read_document(url) == b'{"keys": []}'


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "204 No Content", "404 Not Found", "500 X"])
async def test_only_status_200_brings_keys_and_a_redirect_is_not_followed(status: str) -> None:
    async with serving(b"") as elsewhere, serving(http(status, b"", f"location: {elsewhere}")) as url:
        assert await refusal(url) == f"HTTP status {status[:3]}"


async def test_a_server_that_hangs_is_given_up_on() -> None:
    async with serving(b"") as url:
        assert await refusal(url, seconds=0.2) == "it did not arrive within 0.2 seconds"


async def test_a_document_without_an_end_is_left_and_is_none() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\n\r\n", then=b"x" * 65_536) as url:
        document = await read_document(url)
    assert MAXIMUM_DOCUMENT < len(document) < 2 * MAXIMUM_DOCUMENT
    with pytest.raises(NoKeys, match=r"^it has more than 1024 KiB$"):
        read_jwks(document)


async def test_what_is_no_http_or_nobody_answers_is_told_in_a_line() -> None:
    async with serving(b"SSH-2.0-OpenSSH_9.2\r\n") as url:
        assert (await refusal(url)).startswith("it can't be read: ")
    assert await refusal(url) == "it can't be read: All connection attempts failed"
    assert await refusal("https://\u2028/") == r"it can't be read: Invalid IDNA hostname: '\u2028'"
    assert "\n" not in await refusal("https://")
