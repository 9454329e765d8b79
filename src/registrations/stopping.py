"""Stopping: workers whose parent was killed, and draining after SIGTERM."""

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ending_with_parent() -> Iterator[None]:
    """Stops a worker when its parent was killed: otherwise the worker would run, and keep the port, for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(parent.sentinel)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(parent.sentinel, end)
    try:
        yield
    finally:
        loop.remove_reader(parent.sentinel)


@contextmanager
def draining(seconds: float) -> Iterator[asyncio.Event]:
    """Sets the event at SIGTERM, and passes the signal on to the server so many seconds later.

    The server stops listening at once when it gets the signal. Load balancers need that time to notice that the process
    is not ready any more, and to send their requests elsewhere.
    """
    event = asyncio.Event()
    stop = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(stop):
        yield event  # no server here handles signals
        return
    loop = asyncio.get_running_loop()

    def begin(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(event.set)
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, begin)
    try:
        yield event
    finally:
        signal.signal(signal.SIGTERM, stop)
