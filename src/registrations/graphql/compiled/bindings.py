"""What fields are made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeAlias

from strawberry.utils.str_converters import to_camel_case

from registrations.domain.access import Viewer
from registrations.domain.listing import Related
from registrations.service.reads import Column, Row, RowPage


@dataclass(frozen=True)
class Leaf:
    """A column as it is, of the record at hand or of one read along with it."""

    column: str
    of: Related | None = None


@dataclass(frozen=True)
class Computed:
    """What `function` makes of the viewer and the columns."""

    columns: tuple[str, ...]
    function: Callable[..., Any]


@dataclass(frozen=True)
class Along:
    """A record read along. With a key, a column of the record at hand, it is null where that is, or is not seen."""

    relation: Related
    fields: "Fields"
    key: str | None = None
    is_seen: Callable[[Viewer, str], bool] | None = None


@dataclass(frozen=True)
class ById:
    """A record with the id of the one at hand, read for all at once; null where there is none.

    `read` takes the context, the columns and the ids.
    """

    fields: "Fields"
    read: Callable[..., Awaitable[Sequence[Row]]]


@dataclass(frozen=True)
class OfEach:
    """A connection of the record at hand, read for all at once. `open` takes the context and the field's arguments."""

    fields: "Fields"
    open: Callable[..., "Listings"]


Binding: TypeAlias = Leaf | Computed | Along | ById | OfEach
Fields: TypeAlias = Mapping[str, Binding]
"""The bindings of a type's fields, by their names in the schema."""

Cursor: TypeAlias = Callable[[Any, str], str]
"""Writes a row's cursor, from its sort key and its id."""


class Listing(Protocol):
    """A list that is about to be read: a page of it, or how many there are."""

    async def page(self, columns: tuple[Column, ...]) -> RowPage: ...

    async def count(self) -> int | None: ...

    @property
    def cursor(self) -> Cursor: ...


class Listings(Protocol):
    """The lists of many records: a page of each, or how many there are in each; a list that is missing has none."""

    async def pages(self, ids: Sequence[str], columns: tuple[Column, ...]) -> Mapping[str, RowPage]: ...

    async def counts(self, ids: Sequence[str]) -> Mapping[str, int]: ...

    @property
    def cursor(self) -> Cursor: ...


@dataclass(frozen=True)
class One:
    """A root field with a record, or null. `read` takes the context, the columns and the field's arguments."""

    fields: Fields
    read: Callable[..., Awaitable[Row | None]]


@dataclass(frozen=True)
class Many:
    """A root field with a connection. `open` takes the context and the field's arguments."""

    fields: Fields
    open: Callable[..., Listing]


@dataclass(frozen=True)
class Nodes:
    """A root field with records of any kind.

    `ids` takes the field's arguments. `find` takes the context and the ids, and names the type of each that there is.
    """

    types: Mapping[str, ById]
    ids: Callable[..., Sequence[str]]
    find: Callable[..., Awaitable[Mapping[str, str]]]


@dataclass(frozen=True)
class Change:
    """A root field that changes something, and whose outcome is a union.

    `run` takes the context and the field's arguments. What it returns is the record in the `field` of the `success`; of
    whatever it raises, graphql-core makes the answer.
    """

    success: str
    field: str
    fields: Fields
    run: Callable[..., Awaitable[object]]


Root: TypeAlias = One | Many | Nodes


def leaves(record: type[Any]) -> dict[str, Binding]:
    """A leaf for each field of a record, by the name that Strawberry gives it."""
    return {to_camel_case(field.name): Leaf(field.name) for field in fields(record)}
