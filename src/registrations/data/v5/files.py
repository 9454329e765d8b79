"""Reading JSON files of records: pages `{"results": [...]}`, arrays, single records, or lines of any of these."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Found:
    """A JSON value that should be a record, and its place: the file, and the line or index in it."""

    place: str
    value: object


@dataclass(frozen=True, slots=True)
class BadRecord:
    """The place of a record that can't be imported, and the reason, for a person."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class _NotJson(ValueError):
    pass


def read(path: Path, opened: Callable[[BinaryIO], Iterable[bytes]] = iter) -> Iterator[Found | BadRecord]:
    """The records of a file in their order. `opened` may wrap the lines, to show progress.

    A file of lines is read line by line; any other JSON is held in memory as a whole.
    """
    name = str(path).encode(errors="backslashreplace").decode()
    try:
        with path.open("rb") as file:
            for position, document in _documents(opened(file)):
                yield from _records(name, position, document)
    except OSError as error:
        yield BadRecord(name, f"cannot be read: {error.strerror}")


def _documents(file: Iterable[bytes]) -> Iterator[tuple[str, object]]:
    """The JSON values of a file, each with its line unless it is the only one; `_NotJson` stands for malformed JSON."""
    lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
    start = list(islice(lines, 2))
    if len(start) == 2 and _is_whole(start[0][1]):
        yield from _by_line(chain(start, lines))
        return
    everything = [*start, *lines]
    document = _parsed(b"".join(line for _, line in everything))
    if isinstance(document, _NotJson) and any(_is_whole(line) for _, line in everything):
        yield from _by_line(everything)
    elif everything:
        yield "", document


def _by_line(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[str, object]]:
    return ((f"line {number}", _parsed(line)) for number, line in lines)


def _is_whole(line: bytes) -> bool:
    return isinstance(_parsed(line), dict | list)


def _parsed(text: bytes) -> object:
    # Not orjson, which refuses a whole page for half an escaped surrogate pair or a NaN in it.
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return _NotJson(f"is not JSON: {error.msg} at character {error.pos + 1}")
    except RecursionError:
        return _NotJson("is nested too deeply")
    except ValueError as error:
        return _NotJson(f"is not JSON: {error}")


def _records(name: str, position: str, document: object) -> Iterator[Found | BadRecord]:
    place = f"{name}: {position}" if position else name
    match document:
        case _NotJson():
            yield BadRecord(place, str(document))
        case {"results": list(results)}:
            yield from _numbered(results, f"{place}, results" if position else f"{place}: results")
        case list():
            yield from _numbered(document, f"{place}, " if position else f"{place}: ")
        case _:
            yield Found(place, document)


def _numbered(values: list[object], of: str) -> Iterator[Found]:
    return (Found(f"{of}[{index}]", value) for index, value in enumerate(values))
