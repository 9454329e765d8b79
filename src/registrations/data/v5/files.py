"""Reading JSON files of records: pages `{"results": [...]}`, arrays, single records, or lines of any of these."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from registrations.data.v5.encodings import Unreadable, utf8_lines
from registrations.data.v5.values import shown


@dataclass(frozen=True, slots=True)
class Found:
    """A JSON value that should be a record, and its place: the file, and the line or index in it."""

    place: str
    value: object


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its place, its results, which are found one by one as well, and the fields beside them."""

    place: str
    results: Sequence[object]
    beside: Mapping[Any, object]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """The place of what can't be imported, mostly a record, and the reason, for a person."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


Entry: TypeAlias = Found | Page | BadRecord


class _NotJson(ValueError):
    pass


class _Ambiguous(dict[str, object]):
    """An object in which `key` stands twice, of which JSON's readers keep the last value only."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        [(self.key, _)] = Counter(key for key, _ in pairs).most_common(1)


def read(path: Path, opened: Callable[[BufferedReader], BinaryIO] = lambda file: file) -> Iterator[Entry]:
    """The records and pages of a file in their order. `opened` may wrap the file, to show progress.

    A file of lines is read line by line; any other JSON is held in memory as a whole.
    """
    name = str(path).encode(errors="backslashreplace").decode()
    try:
        with path.open("rb") as file:
            for position, document in _documents(utf8_lines(file, opened)):
                yield from _entries(name, position, document)
    except OSError as error:
        yield BadRecord(name, f"cannot be read: {error.strerror}")
    except Unreadable as error:
        yield BadRecord(name, str(error))


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
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        return _NotJson(f"is not JSON: {error.msg} at character {error.pos + 1}")
    except RecursionError:
        return _NotJson("is nested too deeply")
    except ValueError as error:
        return _NotJson(f"is not JSON: {error}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _Ambiguous(pairs)


def _entries(name: str, position: str, document: object) -> Iterator[Entry]:
    place = f"{name}: {position}" if position else name
    match document:
        case _NotJson():
            yield BadRecord(place, str(document))
        case {"results": list(results), **beside} if not isinstance(document, _Ambiguous):
            yield Page(place, results, beside)
            yield from _numbered(results, f"{place}, results" if position else f"{place}: results")
        case list():
            yield from _numbered(document, f"{place}, " if position else f"{place}: ")
        case _:
            yield _record(place, document)


def _numbered(values: list[object], of: str) -> Iterator[Found | BadRecord]:
    return (_record(f"{of}[{index}]", value) for index, value in enumerate(values))


def _record(place: str, value: object) -> Found | BadRecord:
    parts = [value]
    for part in parts:  # which grows meanwhile
        if isinstance(part, _Ambiguous):
            return BadRecord(place, f"the key {shown(part.key)} stands twice in one object")
        if isinstance(part, dict | list):
            parts.extend(part.values() if isinstance(part, dict) else part)
    return Found(place, value)
