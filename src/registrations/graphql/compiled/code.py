"""From a selection and the bindings of its fields to the columns to be read and a function that makes the answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from graphql import print_ast

from registrations.domain.access import Viewer
from registrations.domain.listing import Related
from registrations.graphql.compiled.bindings import Along, ById, Computed, Fields, Leaf, OfEach
from registrations.graphql.compiled.plan import NotCompiled, Selected
from registrations.service.reads import HEADER, ID, Column, Row

Complete = Callable[..., Any]


class Deeper(NamedTuple):
    """A field of the rows that is read by another statement, for the records with the `ids`."""

    field: Selected
    binding: ById | OfEach
    ids: Callable[[Iterable[Row], Viewer], list[str]]


class Code:
    """Python expressions over `r`, a row; `page`, a page of rows; `total`; `cursor`; and `viewer`.

    `below` holds the answers of deeper fields, of each by the ids of the records that it is a field of. `of_objects`
    takes `r` for an object with attributes that has nothing read along with it, nor below it.
    """

    def __init__(self, *, of_objects: bool = False) -> None:
        self._of_objects = of_objects
        self._places: dict[Column, int] = {}
        self._functions: dict[str, Callable[..., Any]] = {}
        self._deeper: list[Deeper] = []

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the expressions written so far read, in the order in which they expect it."""
        return tuple(self._places)

    @property
    def deeper(self) -> tuple[Deeper, ...]:
        """What `below` has to hold, in that order."""
        return tuple(self._deeper)

    def function(self, parameters: str, expression: str) -> Complete:
        # Of what a client wrote there are only names in it, which GraphQL's grammar restricts to letters, digits and _.
        names: dict[str, Any] = dict(self._functions)
        exec(f"def complete({parameters}):\n    return {expression}", names)
        complete: Complete = names["complete"]
        return complete

    def record(self, selected: Selected, fields: Fields, of: Related | None = None, is_there: str = "True") -> str:
        """The record of the row, or one read along; `is_there` tells of a row whether it is."""
        return self._object(
            selected, ((key, self._field(field, fields, of, is_there)) for key, field in _but_typename(selected.below))
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

    def _field(self, field: Selected, fields: Fields, of: Related | None, is_there: str) -> str:
        binding = fields.get(field.name)
        if isinstance(binding, Leaf):
            return self._column(binding.column, binding.of or of)
        if isinstance(binding, Computed):
            return self._call(binding.function, (self._column(column, of) for column in binding.columns))
        if isinstance(binding, Along):
            return self._along(field, binding, of)
        if isinstance(binding, ById | OfEach):
            return self._below(field, binding, self._column("id", of), is_there)
        raise NotCompiled

    def _along(self, field: Selected, binding: Along, of: Related | None) -> str:
        if binding.key is None or binding.is_seen is None:
            return self.record(field, binding.fields, binding.relation)
        key = self._column(binding.key, of)
        is_there = f"{key} is not None and {self._call(binding.is_seen, [key])}"
        return f"({self.record(field, binding.fields, binding.relation, is_there)} if {is_there} else None)"

    def _below(self, field: Selected, binding: ById | OfEach, id_: str, is_there: str) -> str:
        if self._of_objects or any(_asks_alike(field, other.field) for other in self._deeper):
            raise NotCompiled  # what is asked for twice, loaders read once
        ids = self.function("rows, viewer", f"[*{{{id_} for r in rows if {is_there}}} - {{None}}]")
        self._deeper.append(Deeper(field, binding, ids))
        return f"below[{len(self._deeper) - 1}].get({id_})"

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


def _asks_alike(field: Selected, other: Selected) -> bool:
    return field.definition is other.definition and _arguments(field) == _arguments(other)


def _arguments(field: Selected) -> list[str]:
    return sorted(map(print_ast, field.nodes[0].arguments or ()))
