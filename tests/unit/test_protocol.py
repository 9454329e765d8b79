"""In how many writes a response leaves; how long clients may take is tested on real sockets, in `tests/faults`."""

import asyncio
from typing import Any

from registrations.protocol import CONTINUE, CoalescingTransport

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Written(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.writes: list[Any] = []
        self._is_closed = False

    def is_closing(self) -> bool:
        return self._is_closed

    def write(self, data: Any) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.writes.append("closed")
        self._is_closed = True

    def pause_reading(self) -> None:
        assert not self._is_closed

    def resume_reading(self) -> None:
        assert not self._is_closed


def sent(*parts: bytes | str) -> list[Any]:
    """What reaches the connection when these parts are written; "end" and "close" are called instead."""
    written = Written()
    transport = CoalescingTransport(written)
    for part in parts:
        if isinstance(part, bytes):
            transport.write(part)
        else:
            getattr(transport, part)()
    return written.writes


def test_the_head_of_an_answer_leaves_with_the_first_of_its_body() -> None:
    assert sent(HEAD, b"a", b"b", HEAD, "end") == [HEAD + b"a", b"b", HEAD]


def test_so_does_the_next_one() -> None:
    assert sent(HEAD, b"a", "end", HEAD, b"b", "end") == [HEAD + b"a", HEAD + b"b"]


def test_a_head_without_a_body_leaves_when_the_answer_ends() -> None:
    assert sent(HEAD, "end", HEAD, "end") == [HEAD, HEAD]


def test_it_leaves_before_the_connection_is_closed() -> None:
    assert sent(HEAD, "close") == [HEAD, "closed"]
    assert sent(HEAD, b"a", "close") == [HEAD + b"a", "closed"]


def test_whoever_waits_to_be_told_to_go_on_is_told_at_once() -> None:
    assert sent(CONTINUE, HEAD, b"a", "end") == [CONTINUE, HEAD + b"a"]


def test_what_is_sent_to_a_connection_that_closes_is_left_out() -> None:
    assert sent(HEAD, b"a", "end", "close", HEAD, b"b", "end", "pause_reading", "resume_reading") == [
        HEAD + b"a",
        "closed",
    ]
    assert sent("close", HEAD, "end", "close") == ["closed", "closed"]
