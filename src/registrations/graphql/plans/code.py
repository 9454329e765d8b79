"""From a selection to the columns that are read for it, and to a Python function that turns rows into the answer."""

from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, NamedTuple
from zlib import crc32

from graphql import FieldNode

from registrations.domain.access import Viewer
from registrations.domain.listing import Related
from registrations.graphql.cache import SegmentedLRU
from registrations.graphql.plans.fields import (
    CURSOR,
    ColumnField,
    ComputedField,
    Connection,
    JoinedRecord,
    PageFact,
    PageItself,
    PageRows,
    RecordById,
    RowCursor,
    RowItself,
    TotalCount,
)
from registrations.graphql.plans.selection import Selected, SelectionSet
from registrations.service.reads import HEADER, ID, Column, Row

CODE_KEPT = 500  # of selections of one shape each, and as many of those used again
CHARACTERS_KEPT = 200_000  # likewise; code takes some ten times as many bytes

Complete = Callable[..., Any]


class Nested(NamedTuple):
    """A field of the rows that another statement reads, for all records with the `ids` at once."""

    field: Selected
    ids: Callable[[Iterable[Row], Viewer], list[str]]


class Code:
    """Writes expressions over `r`, a row; `page`, a page of rows; `total`; `cursor`; and `viewer`.

    `nested` holds what the nested fields are answered, of each by the ids of the records that it is a field of. Keys in
    the answer are not part of the expressions, which so have the same text for all selections of one shape.
    """

    def __init__(self) -> None:
        self.nested: list[Nested] = []
        self.counts: dict[str, list[FieldNode]] = {}
        """The nodes of each `totalCount`, by its key."""
        self.needs_page = False
        self._indices: dict[Column, int] = {}
        self._names: dict[str, Any] = {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the expressions written so far read, in the order in which they expect it."""
        return tuple(self._indices)

    def record(self, selected: SelectionSet, of: Related | None = None, is_there: str = "True") -> str:
        """The record of the row, or one that is joined to it; `is_there` says of a row whether it is."""
        return self._object(selected, lambda _, field: self._of_row(field, of, is_there))

    def page(self, selected: SelectionSet) -> str:
        """The page, as Relay's connection."""
        return self._object(selected, self._of_page)

    def function(self, parameters: str, expression: str) -> Complete:
        # Nothing that a client wrote is in it.
        source = f"def complete({parameters}):\n    return {expression}\n"
        names = {**self._names, "__name__": __name__, "__loader__": _Source(source)}
        exec(_compiled(source), names)
        complete: Complete = names.pop("complete")  # left there, it would be part of a cycle
        return complete

    def _object(self, selected: SelectionSet, write: Callable[[str, Selected], str]) -> str:
        if selected.failure:
            return self._named(selected.failure)
        entries = (
            f"{self._named(key)}: {repr(selected.type_name) if field.name == '__typename' else write(key, field)}"
            for key, field in selected.fields.items()
        )
        return "{" + ", ".join(entries) + "}"

    def _of_row(self, field: Selected, of: Related | None, is_there: str) -> str:
        match field.source:
            case ColumnField(column, joined):
                return self._column(column, joined or of)
            case ComputedField(columns, function):
                return self._call(function, (self._column(column, of) for column in columns))
            case JoinedRecord(relation, key, is_visible):
                return self._joined(field.only_set, relation, key and self._column(key, of), is_visible)
            case RecordById() | Connection():
                return self._nested(field, self._column("id", of), is_there)
            case RowItself():
                return self.record(field.only_set, of, is_there)
            case RowCursor():
                return CURSOR.format(row="r")
        raise TypeError(f"{field.name} is no field of a row.")

    def _joined(
        self, selected: SelectionSet, relation: Related, key: str | None, is_visible: Callable[..., bool] | None
    ) -> str:
        if key is None or is_visible is None:
            return self.record(selected, relation)
        is_there = f"{key} is not None and {self._call(is_visible, [key])}"
        return f"({self.record(selected, relation, is_there)} if {is_there} else None)"

    def _nested(self, field: Selected, id_: str, is_there: str) -> str:
        ids = self.function("rows, viewer", f"[*{{{id_} for r in rows if {is_there}}} - {{None}}]")
        self.nested.append(Nested(field, ids))
        return f"nested[{len(self.nested) - 1}].get({id_})"

    def _of_page(self, key: str, field: Selected) -> str:
        match field.source:
            case PageRows():
                self.needs_page = True
                return f"[{self.record(field.only_set)} for r in page.rows]"
            case PageItself():
                return self.page(field.only_set)
            case PageFact(expression):
                self.needs_page = True
                return expression
            case TotalCount():
                self.counts[key] = field.nodes
                return "total"
        raise TypeError(f"{field.name} is no field of a page.")

    def _column(self, name: str, of: Related | None) -> str:
        if (name, of) == ("id", None):
            return f"r[{ID}]"
        index = self._indices.setdefault(Column(name, of), HEADER + len(self._indices))
        return f"r[{index}]"

    def _call(self, function: Callable[..., Any], arguments: Iterable[str]) -> str:
        return f"{self._named(function)}({', '.join(['viewer', *arguments])})"

    def _named(self, value: Any) -> str:
        name = f"v{len(self._names)}"
        self._names[name] = value
        return name


_CODE = SegmentedLRU[CodeType](CODE_KEPT, CHARACTERS_KEPT)


def _compiled(source: str) -> CodeType:
    """The code of the source: to compile it takes as long as all else that a new document needs but its parsing."""
    code = _CODE.get(source)
    if code is None:
        code = compile(source, f"plan {crc32(source.encode()):08x}", "exec")
        _CODE.put(source, code)
    return code


class _Source:
    """Shows the lines of a function in tracebacks: `linecache` asks the loader of its module for them."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, _name: str) -> str:
        return self._source
