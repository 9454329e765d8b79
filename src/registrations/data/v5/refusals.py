"""The reasons for which staged records are refused, as conditions that PostgreSQL checks on all of them at once.

In every condition `it` is the staged record and `other` a record that conflicts with it.
"""

from dataclasses import dataclass

from registrations.data.copying import TABLES, columns
from registrations.domain.records import Course, Offering, Record, Registration, User


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refuses records for which `condition` holds. Their value of the column `culprit` fills the `{}` of the reason."""

    reason: str
    culprit: str
    condition: str


def staged(kind: type[Record]) -> str:
    """The staging table of a kind of record: a temporary table with the columns of the kind's table, and three more.

    `entry` is the number of the record in the input, `place` is its place for a person, and `known` tells whether a
    record of this kind with this id is stored.
    """
    return f"staged_{TABLES[kind]}"


def came_before(kind: type[Record]) -> str:
    """The condition that an earlier record of the input has the same id."""
    return _exists(staged(kind), "other.entry < it.entry AND other.id = it.id")


def contradiction(kind: type[Record]) -> Refusal:
    """Refuses a record if an earlier one of the input has the same id, but other content."""
    other, it = (f"({', '.join(f'{name}.{column}' for column in columns(kind))})" for name in ("other", "it"))
    differs = f"other.entry < it.entry AND other.id = it.id AND {other} IS DISTINCT FROM {it}"
    reason = f"id: the {_name(kind)} {{}} came before with different content"
    return Refusal(reason, "id", _exists(staged(kind), differs))


def refusals(kind: type[Record]) -> list[Refusal]:
    """The reasons to refuse a new record of this kind, in the order in which they are checked.

    Of two records that exclude each other, the stored one is kept, otherwise the first of the input. So a record that
    is wrong by itself has to be refused before it excludes another.
    """
    ids = [_id_used_by(other) for other in TABLES if other is not kind]
    return [*ids, *_OWN_REFUSALS[kind]]


def _id_used_by(kind: type[Record]) -> Refusal:
    return Refusal(
        f"id: {{}} is used by a record of kind {_name(kind)}", "id", _exists(TABLES[kind], "other.id = it.id")
    )


def _unknown(field: str, column: str, kind: type[Record]) -> Refusal:
    known = _exists(TABLES[kind], f"other.id = it.{column}")
    return Refusal(f"{field}: there is no {_name(kind)} {{}}", column, f"it.{column} IS NOT NULL AND NOT {known}")


def _excluded(reason: str, culprit: str, kind: type[Record], condition: str) -> list[Refusal]:
    by_stored = _exists(TABLES[kind], condition)
    by_earlier = _exists(staged(kind), f"other.entry < it.entry AND {condition}")
    return [Refusal(reason, culprit, by_stored), Refusal(reason, culprit, by_earlier)]


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {table} AS other WHERE {condition})"


def _name(kind: type[Record]) -> str:
    return kind.__name__.lower()


_OWN_REFUSALS: dict[type[Record], list[Refusal]] = {
    User: _excluded("username: {} is another user's", "username", User, "other.username = it.username"),
    Course: [],
    Offering: [_unknown("courseId", "course_id", Course)],
    Registration: [
        _unknown("userId", "user_id", User),
        _unknown("offeringId", "offering_id", Offering),
        _unknown("graderId", "grader_id", User),
        *_excluded(
            "status: the user {} has another active registration in the offering",
            "user_id",
            Registration,
            "it.status = 'ACTIVE' AND other.status = 'ACTIVE'"
            " AND other.user_id = it.user_id AND other.offering_id = it.offering_id",
        ),
    ],
}
