"""Values of clients as error messages show them: as JSON, which is how they were sent, and never as Python's."""

from importlib import import_module
from json import JSONEncoder
from typing import Any

LONGEST = 100  # characters
TRUNCATED = "…"

_chunks = JSONEncoder(ensure_ascii=False, default=str).iterencode


def shown(value: Any) -> str:
    """The value as JSON, cut where it is long."""
    text = ""
    for chunk in _chunks(value):
        text += chunk
        if len(text) > LONGEST:
            return text[:LONGEST] + TRUNCATED
    return text


# The modules of graphql-core whose messages show what a client sent: it would be `None`, `True` and `{'a': 1}` there.
for _module in ("type.definition", "type.scalars", "utilities.validate_input_value"):
    vars(import_module(f"graphql.{_module}"))["inspect"] = shown
