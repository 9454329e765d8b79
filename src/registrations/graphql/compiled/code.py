"""From a selection and the bindings of its fields to the columns to be read and a function that makes the answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registrations.domain.listing import Related
from registrations.graphql.compiled.bindings import Along, Computed, Fields, Leaf
from registrations.graphql.compiled.plan import NotCompiled, Selected
from registrations.service.reads import HEADER, ID, Column

Complete = Callable[..., Any]


class Code:
    """Python expressions over `r`, a row; `page`, a page of rows; `total`; `cursor`; and `viewer`.

    `of_objects` takes `r` for an object with attributes that has nothing read along with it.
    """

    def __init__(self, *, of_objects: bool = False) -> None:
        self._of_objects = of_objects
        self._places: dict[Column, int] = {}
        self._functions: dict[str, Callable[..., Any]] = {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the expressions written so far read, in the order in which they expect it."""
        return tuple(self._places)

    def function(self, parameters: str, expression: str) -> Complete:
        # Of what a client wrote there are only names in it, which GraphQL's grammar restricts to letters, digits and _.
        names: dict[str, Any] = dict(self._functions)
        exec(f"def complete({parameters}):\n    return {expression}", names)
        complete: Complete = names["complete"]
        return complete

    def record(self, selected: Selected, fields: Fields, of: Related | None = None) -> str:
        """The record of the row, or one read along."""
        return self._object(
            selected, ((key, self._field(field, fields, of)) for key, field in _but_typename(selected.below))
        )

    def change(self, selected: Selected, name: str, fields: Fields) -> str:
        """What holds the record in a field of that name."""
        entries = []
        for key, field in _but_typename(selected.below):
            if field.name != name:
                raise NotCompiled
            entries.append((key, self.record(field, fields)))
        return self._object(selected, entries)

    def connection(self, selected: Selected, fields: Fields) -> str:
        """The page as Relay's connection."""
        return self._object(
            selected, ((key, self._of_connection(field, fields)) for key, field in _but_typename(selected.below))
        )

    def _field(self, field: Selected, fields: Fields, of: Related | None) -> str:
        binding = fields.get(field.name)
        if isinstance(binding, Leaf):
            return self._column(binding.column, binding.of or of)
        if isinstance(binding, Computed):
            return self._call(binding.function, (self._column(column, of) for column in binding.columns))
        if isinstance(binding, Along):
            record = self.record(field, binding.fields, binding.relation)
            if binding.key is None or binding.is_seen is None:
                return record
            key = self._column(binding.key, of)
            return f"({record} if {key} is not None and {self._call(binding.is_seen, [key])} else None)"
        raise NotCompiled

    def _of_connection(self, field: Selected, fields: Fields) -> str:
        match field.name:
            case "edges":
                edge = ((key, self._of_edge(below, fields)) for key, below in _but_typename(field.below))
                return f"[{self._object(field, edge)} for r in page.rows]"
            case "nodes":
                return f"[{self.record(field, fields)} for r in page.rows]"
            case "pageInfo":
                return self._object(field, ((key, PAGE_INFO[below.name]) for key, below in _but_typename(field.below)))
            case "totalCount":
                return "total"
        raise NotCompiled

    def _of_edge(self, field: Selected, fields: Fields) -> str:
        return CURSOR.format("r") if field.name == "cursor" else self.record(field, fields)

    def _object(self, selected: Selected, entries: Iterable[tuple[str, str]]) -> str:
        """A display of the entries, and of `__typename` wherever it is selected among them."""
        written = dict(entries)
        ordered = {key: written.get(key, repr(selected.type_name)) for key in selected.below}
        return "{" + ", ".join(f"{key!r}: {expression}" for key, expression in ordered.items()) + "}"

    def _column(self, name: str, of: Related | None) -> str:
        if self._of_objects:
            if of is not None:
                raise NotCompiled
            return f"r.{name}"
        if (name, of) == ("id", None):
            return f"r[{ID}]"
        place = self._places.setdefault(Column(name, of), HEADER + len(self._places))
        return f"r[{place}]"

    def _call(self, function: Callable[..., Any], arguments: Iterable[str]) -> str:
        name = f"f{len(self._functions)}"
        self._functions[name] = function
        return f"{name}({', '.join(['viewer', *arguments])})"


CURSOR = f"cursor({{0}}[page.key], {{0}}[{ID}])"
PAGE_INFO = {
    "hasNextPage": "page.has_next",
    "hasPreviousPage": "page.has_previous",
    "startCursor": f"({CURSOR.format('page.rows[0]')} if page.rows else None)",
    "endCursor": f"({CURSOR.format('page.rows[-1]')} if page.rows else None)",
}


def _but_typename(selected: Mapping[str, Selected]) -> Iterable[tuple[str, Selected]]:
    return ((key, field) for key, field in selected.items() if field.name != "__typename")
