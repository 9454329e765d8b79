"""The lines of a file in UTF-8, whatever Unicode encoding it has, and whether it is compressed by gzip or not."""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

GZIP = b"\x1f\x8b"
OTHER_COMPRESSIONS = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7-Zip",
}


class Unreadable(Exception):
    """A file whose text can't be had; the text says why, and what to do."""


def utf8_lines(file: io.BufferedReader, opened: Callable[[io.BufferedReader], BinaryIO]) -> Iterator[bytes]:
    """The lines, read one by one through what `opened` makes of the file. Raises `Unreadable`."""
    start = file.peek()
    for magic, name in OTHER_COMPRESSIONS.items():
        if start.startswith(magic):
            raise Unreadable(f"is compressed by {name}: uncompress it, or compress it by gzip instead")
    stream = opened(file)
    if not start.startswith(GZIP):
        yield from _recoded(stream, start)
        return
    try:
        with gzip.GzipFile(fileobj=stream) as unzipped:
            yield from _recoded(unzipped, unzipped.peek(4))
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"is damaged, as gzip says: {error}") from error


def _recoded(stream: BinaryIO | gzip.GzipFile, start: bytes) -> Iterator[bytes]:
    encoding = json.detect_encoding(start[:4])
    if encoding.startswith("utf-8"):  # then only a line that is malformed is refused
        yield from stream
        return
    try:
        with io.TextIOWrapper(stream, encoding, newline="\n") as lines:
            for line in lines:
                yield line.encode()
    except UnicodeError as error:
        raise Unreadable(f"is not valid {encoding.upper()}: convert it to UTF-8") from error
