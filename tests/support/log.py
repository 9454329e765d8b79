"""A log in memory, as what it is made of."""

import io
import json
from typing import Any


class Log(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), write_through=True)

    @property
    def text(self) -> str:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


class Terminal(io.StringIO):
    """The same where a person reads."""

    def isatty(self) -> bool:
        return True
