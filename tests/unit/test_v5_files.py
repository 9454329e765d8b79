from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from registrations.data.v5.files import BadRecord, Found, read

ONE, TWO = {"id": "1"}, {"id": "2"}


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "export.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"results": [{"id": "1"}, {"id": "2"}]}', [("results[0]", ONE), ("results[1]", TWO)]),
        ('{\n  "results": [\n    {"id": "1"}\n  ],\n  "total": 1\n}\n', [("results[0]", ONE)]),
        ('[{"id": "1"}, {"id": "2"}]', [("[0]", ONE), ("[1]", TWO)]),
        ('[\n{"id": "1"}\n]\n', [("[0]", ONE)]),
        ('{"id": "1"}\n', [("", ONE)]),
        ('{"id": "1"}\n\n{"id": "2"}\n', [("line 1", ONE), ("line 3", TWO)]),
        ('{"results": [{"id": "1"}]}\n[{"id": "2"}]', [("line 1, results[0]", ONE), ("line 2, [0]", TWO)]),
        ("5", [("", 5)]),
        ('{"results": 5}', [("", {"results": 5})]),
        ('{"results": []}', []),
        ("", []),
        ("\n \n", []),
        (b'\xef\xbb\xbf{"id": "1"}\n{"id": "2"}\n', [("line 1", ONE), ("line 2", TWO)]),
        ('[{"id": "1"}]'.encode("utf-16"), [("[0]", ONE)]),
    ],
)
def test_records_are_found_with_their_places_in_every_form(
    tmp_path: Path, content: str | bytes, expected: list[tuple[str, object]]
) -> None:
    path = written(tmp_path, content)
    places = [(f"{path}: {position}" if position else str(path), value) for position, value in expected]
    assert list(read(path)) == [Found(place, value) for place, value in places]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"id": "1"}\n{broken\n{"id": "2"}\n', 2),
        ('{"id": "1"}\n{"id": "2"}\n{"id": ', 3),
        ('{broken\n{"id": "1"}\n{"id": "2"}\n', 1),
        (b'{"id": "1"}\n{"id": "\xff"}\n{"id": "2"}\n', 2),
        ('{"id": "1"}\n' + "[" * 100_000 + '\n{"id": "2"}\n', 2),
        ('{"id": "1"}\n' + "9" * 5_000 + '\n{"id": "2"}\n', 2),
    ],
)
def test_a_broken_line_is_one_bad_record_among_the_good_ones(tmp_path: Path, content: str | bytes, line: int) -> None:
    entries = list(read(written(tmp_path, content)))
    bad = [entry for entry in entries if isinstance(entry, BadRecord)]
    assert [entry.place for entry in bad] == [f"{tmp_path / 'export.json'}: line {line}"]
    assert [entry.value for entry in entries if isinstance(entry, Found)] == [ONE, TWO]


def test_a_broken_document_is_one_bad_record(tmp_path: Path) -> None:
    path = written(tmp_path, '{\n  "results": [\n    {"id": "1"},\n')
    assert [str(entry) for entry in read(path)] == [f"{path}: is not JSON: Expecting value at character 35"]


@pytest.mark.parametrize(("name", "reason"), [("missing.json", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_can_not_be_read_is_one_bad_record(tmp_path: Path, name: str, reason: str) -> None:
    path = tmp_path / name
    assert list(read(path)) == [BadRecord(str(path), f"cannot be read: {reason}")]


def test_a_file_name_that_is_no_text_is_shown_with_escapes(tmp_path: Path) -> None:
    path = tmp_path / "na\udcffme.json"
    assert [entry.place for entry in read(path)] == [f"{tmp_path}/na\\udcffme.json"]


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = written(tmp_path, '{"id": "1"}\n' * 1_000)
    read_lines = []

    def watched(file: Iterable[bytes]) -> Iterator[bytes]:
        for line in file:
            read_lines.append(line)
            yield line

    entries = read(path, watched)
    next(entries)
    assert len(read_lines) == 2
