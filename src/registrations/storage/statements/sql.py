"""Statements as text: SQLAlchemy compiles each of them once, asyncpg runs it as often as needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ClauseElement, Float, Integer, Text, make_url
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType

from registrations.storage.tables import Id, Instant

DIALECT = make_url("postgresql+asyncpg://").get_dialect()()

# Values are used as asyncpg returns them, so a statement may only select types that SQLAlchemy would not convert.
UNCONVERTED = (Boolean, Float, Id, Instant, Integer, NullType, Text)


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement's text with `$1`, `$2`, …, and the names of the values that these stand for."""

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text; constants of the statement need not be among them."""
        return [values[name] if name in values else self.constants[name] for name in self.names]


def compile_statement(statement: ClauseElement) -> Sql:
    """The statement as text. A value that each run gives is a `bindparam(name, type_=…)` without a value."""
    compiled = statement.compile(dialect=DIALECT)
    assert isinstance(compiled, SQLCompiler)
    for column in getattr(statement, "exported_columns", ()):
        assert isinstance(column.type, UNCONVERTED), f"SQLAlchemy would convert {column}"
    constants = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
    return Sql(str(compiled), tuple(compiled.positiontup or ()), constants)
