import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from registrations.data.v5.files import BadRecord, Found, Page, read

ONE, TWO = {"id": "1"}, {"id": "2"}
LINES = '{"id": "1"}\n{"id": "2"}\n'


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
        *(
            (text.encode(encoding), places)
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig")
            for text, places in (
                ('[{"id": "1"}]', [("[0]", ONE)]),
                (LINES.replace("\n", "\r\n"), [("line 1", ONE), ("line 2", TWO)]),
                ('{"id": "\u2028\u010a"}\n{"id": "2"}', [("line 1", {"id": "\u2028\u010a"}), ("line 2", TWO)]),
            )
        ),
        (gzip.compress(LINES.encode(), mtime=0), [("line 1", ONE), ("line 2", TWO)]),
        (gzip.compress(LINES.encode("utf-16"), mtime=0), [("line 1", ONE), ("line 2", TWO)]),
        (
            gzip.compress(b'{"id": "1"}\n', mtime=0) + gzip.compress(b'{"id": "2"}\n', mtime=0),
            [("line 1", ONE), ("line 2", TWO)],
        ),
        (gzip.compress(b"", mtime=0), []),
    ],
)
def test_records_are_found_with_their_places_in_every_form(
    tmp_path: Path, content: str | bytes, expected: list[tuple[str, object]]
) -> None:
    path = written(tmp_path, content)
    places = [(f"{path}: {position}" if position else str(path), value) for position, value in expected]
    found = [entry for entry in read(path) if not isinstance(entry, Page)]
    assert found == [Found(place, value) for place, value in places]


def test_a_page_comes_before_its_results_with_the_fields_beside_them(tmp_path: Path) -> None:
    path = written(tmp_path, '{"offset": 15, "results": [{"id": "1"}], "hasMore": true}\n{"results": []}\n')
    assert list(read(path)) == [
        Page(f"{path}: line 1", [ONE], {"offset": 15, "hasMore": True}),
        Found(f"{path}: line 1, results[0]", ONE),
        Page(f"{path}: line 2", [], {}),
    ]


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


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('{"id": "1", "id": "1"}', ""),
        ('{"a": 1, "id": "1", "b": 2, "id": "2"}', ""),
        ('{"course": {"id": "1", "id": "2"}}', ""),
        ('{"tags": [1, [{"id": "1", "id": "2"}]]}', ""),
        ('{"results": [{"id": "1", "id": "2"}, {"id": "2"}]}', ": results[0]"),
        ('{"id": "1", "results": [], "id": "2"}', ""),
        ('[[{"id": "1", "id": "2"}], {"id": "2"}]', ": [0]"),
    ],
)
def test_a_key_that_stands_twice_is_named(tmp_path: Path, content: str, place: str) -> None:
    path = written(tmp_path, content)
    reason = 'the key "id" stands twice in one object'
    bad = [entry for entry in read(path) if isinstance(entry, BadRecord)]
    assert bad == [BadRecord(f"{path}{place}", reason)]
    assert [entry for entry in read(path) if isinstance(entry, Found)] == (
        [Found(f"{path}{place.replace('0', '1')}", TWO)] if place else []
    )


def test_of_two_lists_of_results_in_one_page_none_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, '{"results": [{"id": "1"}], "results": [{"id": "2"}]}')
    assert list(read(path)) == [BadRecord(str(path), 'the key "results" stands twice in one object')]


def zipped() -> bytes:
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("export.json", LINES)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zipped(), "zip"),
        (bz2.compress(LINES.encode()), "bzip2"),
        (lzma.compress(LINES.encode()), "xz"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "zstd"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    ],
)
def test_another_compression_than_gzip_is_named_with_the_remedy(tmp_path: Path, content: bytes, name: str) -> None:
    path = written(tmp_path, content)
    reason = f"is compressed by {name}: uncompress it, or compress it by gzip instead"
    assert list(read(path)) == [BadRecord(str(path), reason)]


def test_what_is_whole_of_a_damaged_gzip_file_is_found_before_the_damage_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(LINES.encode(), mtime=0)[:-4])
    reason = "is damaged, as gzip says: Compressed file ended before the end-of-stream marker was reached"
    assert list(read(path)) == [
        Found(f"{path}: line 1", ONE),
        Found(f"{path}: line 2", TWO),
        BadRecord(str(path), reason),
    ]
    path = written(tmp_path, gzip.compress(LINES.encode(), mtime=0)[:-8] + bytes(8))
    assert [str(entry) for entry in read(path)][-1].startswith(f"{path}: is damaged, as gzip says: CRC check failed")


def test_text_that_its_encoding_has_not_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = written(tmp_path, LINES.encode("utf-16") + b"\x00\xd8")
    assert BadRecord(str(path), "is not valid UTF-16: convert it to UTF-8") in list(read(path))


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
    read_lines = []

    class Watched(io.BufferedReader):
        def __next__(self) -> bytes:
            read_lines.append(line := super().__next__())
            return line

    entries = read(written(tmp_path, '{"id": "1"}\n' * 1_000), Watched)
    next(entries)
    assert len(read_lines) == 2
