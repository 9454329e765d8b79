"""Clients that are slow or never finish a request, on real sockets; deadlines are shorter here."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from registrations.protocol import MAXIMUM_FIELDS, MAXIMUM_HEADERS, MAXIMUM_PARTS, DeadlineProtocol
from tests.support.listening import GIVE_UP, Server, listening

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
POST = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
PATIENCE = 0.3  # seconds


class ShortDeadlines(DeadlineProtocol):
    headers_seconds = body_seconds = PATIENCE
    sweep_seconds = PATIENCE / 10


@pytest.fixture
def keep_alive() -> int:
    return 60


@pytest.fixture
async def server(database_url: str, keep_alive: int) -> AsyncIterator[Server]:
    async with listening(database_url, ShortDeadlines, keep_alive, stall_seconds=PATIENCE) as server:
        yield server


@pytest.mark.parametrize("said", [b"", b"G", b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n", b"\r\n"])
async def test_who_does_not_finish_the_headers_is_hung_up_on(server: Server, said: bytes) -> None:
    assert await server.answer(said) == b""


async def test_a_byte_now_and_then_is_not_enough(server: Server) -> None:
    async with server.connect() as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nx: ")
        ended = asyncio.create_task(reader.read())
        while not (await asyncio.wait({ended}, timeout=PATIENCE / 10))[0]:
            writer.write(b"x")
        with suppress(ConnectionResetError):  # which is how it ends if a byte was on its way
            assert await ended == b""


@pytest.mark.parametrize("said", [b"GET", b"\r\n\r\n"])
async def test_the_next_request_of_a_connection_has_no_more_time(server: Server, said: bytes) -> None:
    async with server.connect() as (reader, writer):
        writer.write(HEALTH)
        assert (await reader.readuntil(b"\r\n\r\nok"))[:15] == b"HTTP/1.1 200 OK"
        writer.write(said)
        assert await reader.read() == b""


@pytest.mark.parametrize("keep_alive", [0])
async def test_a_connection_without_requests_ends_after_the_keep_alive_seconds(server: Server) -> None:
    assert (await server.answer(HEALTH)).endswith(b"\r\n\r\nok")


async def test_who_does_not_finish_the_body_is_told_and_hung_up_on(server: Server) -> None:
    for length in (b"content-length: 100", b"transfer-encoding: chunked"):
        for start in (b"", b'5\r\n{"que'):
            head, _, body = (await server.answer(POST + length + b"\r\n\r\n" + start)).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            assert b"\r\nconnection: close\r\n" in head
            assert b'"The body has to be here within 0.3 seconds."' in body


async def test_a_byte_of_a_body_now_and_then_is_not_enough(server: Server) -> None:
    async with server.connect() as (reader, writer):
        writer.write(POST + b"content-length: 100000\r\n\r\n")
        answered = asyncio.create_task(reader.readline())
        while not (await asyncio.wait({answered}, timeout=PATIENCE / 10))[0]:
            writer.write(b" ")
        assert await answered == b"HTTP/1.1 408 Request Timeout\r\n"


async def test_a_body_has_its_time_from_when_its_turn_comes(server: Server, database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    async with server.connect() as (reader, writer):
        async with connection.transaction():
            await connection.execute("LOCK TABLE offerings")
            for query in (b"{ offerings { nodes { id } } }", b"{ __typename }"):
                body = b'{"query":"' + query + b'"}'
                writer.write(POST + b"content-length: %d\r\n\r\n" % len(body) + body)
            writer.write(POST + b"content-length: 26\r\n\r\n{")
            with pytest.raises(TimeoutError):  # the first waits for the lock, and the others for the first
                await asyncio.wait_for(reader.read(1), 2 * PATIENCE)
        await connection.close()
        await reader.readuntil(b'{"nodes":[]}')
        await reader.readuntil(b'{"__typename":"Query"}')
        writer.write(b'"query":"{ __typename }"}')
        await reader.readuntil(b'{"__typename":"Query"}')


async def test_what_is_left_of_a_body_takes_no_time_from_the_next_one(server: Server) -> None:
    async with server.connect() as (reader, writer):
        writer.write(POST.replace(b"json", b"xml") + b"content-length: 3\r\n\r\n1")
        await reader.readuntil(b"Send the request as `Content-Type: application/json`.")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readuntil(b"408"), PATIENCE * 0.7)
        writer.write(b"23" + POST + b"content-length: 26\r\n\r\n{")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readuntil(b"408"), PATIENCE * 0.7)
        writer.write(b'"query":"{ __typename }"}')
        await reader.readuntil(b'{"__typename":"Query"}')


async def test_what_takes_longer_in_all_than_one_request_may_is_no_matter(server: Server) -> None:
    async with server.connect() as (reader, writer):
        for _ in range(5):
            writer.write(HEALTH[:20])
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), PATIENCE / 3)
            writer.write(HEALTH[20:])
            assert (await reader.readuntil(b"\r\n\r\nok"))[:15] == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("start", "more"),
    [(b"GET /", b"x"), (b"GET / HTTP/1.1\r\n", b"x: 23456\r\n"), (b"GET / HTTP/1.1\r\nx: ", b"x")],
    ids=["of an address", "of many", "of one"],
)
async def test_headers_without_end_are_not_collected(server: Server, start: bytes, more: bytes) -> None:
    said = (start + more * MAXIMUM_HEADERS)[: MAXIMUM_HEADERS + 1]
    assert (await server.answer(said)).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


async def test_nor_are_trailers(server: Server) -> None:
    said = POST + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx: " + b"x" * 500_000
    with suppress(ConnectionResetError):  # it does not even read all of it
        assert await server.answer(said) == b""


async def test_a_long_body_in_small_chunks_is_no_header(server: Server) -> None:
    chunks = b"1c\r\n" + b" " * 28 + b"\r\n"
    chunks = chunks * (MAXIMUM_PARTS // 2) + b'1a\r\n{"query":"{ __typename }"}\r\n0\r\n\r\n'
    answer = await server.answer(POST + b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n" + chunks)
    assert answer.endswith(b'{"data":{"__typename":"Query"},"extensions":{"cost":{"requested":0,"allowed":5000}}}')


async def test_a_body_of_very_many_parts_is_not_read(server: Server) -> None:
    said = POST + b"transfer-encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * (MAXIMUM_PARTS + 1)
    assert (await server.answer(said)).startswith(b"HTTP/1.1 400 Bad Request\r\n")


async def test_nor_are_very_many_header_fields(server: Server) -> None:
    said = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n" + b"x:\r\n" * (MAXIMUM_FIELDS - 2)
    assert (await server.answer(said + b"\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
    assert (await server.answer(said + b"x:\r\n\r\n")).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


async def test_who_leaves_in_the_middle_of_a_body_is_no_failure_of_ours(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with server.connect() as (reader, writer):
        writer.write(POST + b'expect: 100-continue\r\ncontent-length: 100\r\n\r\n{"que')
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"  # somebody waits for the body
    assert b"200 OK" in await server.answer(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this platform has no such timeout")
async def test_who_stops_reading_is_dropped(server: Server) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(HEALTH * 1_000)
        async with asyncio.timeout(GIVE_UP):
            while not server.connections:
                await server.answer(b"")
            while server.connections:
                await server.answer(b"")
