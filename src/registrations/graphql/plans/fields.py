"""Where the value of a field comes from. Each field of the contract is declared with one of these.

A *row* is what one SELECT returns for a record: its id and the columns that the selection needs, those of joined
records among them. A *page* is a window of a sorted list with its rows. An *object* is a value of the domain or the
service, such as a problem or the outcome of a change.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from registrations.domain.access import Viewer
from registrations.domain.listing import ListQuery, Related
from registrations.service.reads import ID, Record

SOURCE = "source"
"""The key of a field's source among the extensions of its definition."""


# ---------------------------------------------------------------- fields of a row


@dataclass(frozen=True)
class ColumnField:
    """A column of the record, or of one that is joined to it."""

    column: str
    of: Related | None = None


@dataclass(frozen=True)
class ComputedField:
    """What `function` makes of the viewer and the values of the columns."""

    columns: tuple[str, ...]
    function: Callable[..., Any]


@dataclass(frozen=True)
class JoinedRecord:
    """A record that is joined to this one.

    `key` names the column of this record that refers to it, where that may be null or `is_visible` may say no: then the
    field is null.
    """

    relation: Related
    key: str | None = None
    is_visible: Callable[[Viewer, str], bool] | None = None


@dataclass(frozen=True)
class RecordById:
    """The record of another kind that has the same id; null where the viewer may not see it."""

    kind: type[Record]


@dataclass(frozen=True)
class Connection:
    """A page of a list. `arguments` turns the field's arguments into the query.

    `parent` names the field by which the listed records refer to this one: those of all rows are read at once. At the
    root there is none.
    """

    arguments: Callable[..., ListQuery[Any]]
    parent: str | None = None


@dataclass(frozen=True)
class RowItself:
    """The record of the row that an edge stands for."""


@dataclass(frozen=True)
class RowCursor:
    """The cursor of the row that an edge stands for."""


# ---------------------------------------------------------------- fields of a page


@dataclass(frozen=True)
class PageRows:
    """An object for each row of the page."""


@dataclass(frozen=True)
class PageItself:
    """An object with facts of the page."""


@dataclass(frozen=True)
class PageFact:
    """A fact of the page, as a Python expression over `page` and `cursor`."""

    expression: str


@dataclass(frozen=True)
class TotalCount:
    """How many records the whole list has; counted only where it is selected."""


CURSOR = f"cursor({{row}}[page.key], {{row}}[{ID}])"
"""The cursor of a row, as a Python expression."""


# ---------------------------------------------------------------- fields of an object


@dataclass(frozen=True)
class Attribute:
    """An attribute of the object: a value, a record, an object or a list of objects, as the field's type says."""

    name: str


@dataclass(frozen=True)
class ObjectItself:
    """The object, which is the record that the field shows."""


@dataclass(frozen=True)
class ComputedAttribute:
    """What `function` makes of the object."""

    function: Callable[[Any], Any]


@dataclass(frozen=True)
class WholeQuery:
    """The root of all queries, answered after the change."""


# ---------------------------------------------------------------- root fields


@dataclass(frozen=True)
class RecordField:
    """The record with the id that `arguments` returns."""

    kind: type[Record]
    arguments: Callable[..., str]


@dataclass(frozen=True)
class NodeFields:
    """Records of any kind with the ids that `arguments` returns: one, or a list of them, as the field's type says."""

    arguments: Callable[..., Sequence[str]]


@dataclass(frozen=True)
class ViewerField:
    """Whoever is asking, as a row with the id of their user; null where nobody is signed in."""


@dataclass(frozen=True)
class Change:
    """A mutation. `run` takes the context and the field's arguments.

    What it returns is the object of the type `success`; the `Rejected` that it raises, that of the type `failure`.
    """

    run: Callable[..., Awaitable[Any]]
    success: str
    failure: str


Source: TypeAlias = (
    ColumnField
    | ComputedField
    | JoinedRecord
    | RecordById
    | Connection
    | RowItself
    | RowCursor
    | PageRows
    | PageItself
    | PageFact
    | TotalCount
    | Attribute
    | ObjectItself
    | ComputedAttribute
    | WholeQuery
    | RecordField
    | NodeFields
    | ViewerField
    | Change
)
