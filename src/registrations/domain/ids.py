"""Ids, unique across all kinds of records: 32 lower-case hexadecimal characters, a UUID without its dashes."""

import re
from uuid import uuid4

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    return uuid4().hex


def is_id(text: str) -> bool:
    """Whether `text` could be the id of a record. Any other text is treated as an unknown id, not as malformed."""
    return _ID.fullmatch(text) is not None
