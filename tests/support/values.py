"""What made-up operations give for arguments, good and bad."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tests.support.oracle.schema import SCHEMA
from tests.support.population import ALL_IDS, COURSES, CURSORS, NEW_IDS, OFFERINGS, REGISTRATIONS, USERS
from tests.support.records import DAY, NOW

DATES = {value for record in REGISTRATIONS for value in asdict(record).values() if isinstance(value, datetime)}
INSTANTS = (
    *(date.isoformat() for date in sorted(DATES)),
    *(f"{date.isoformat()[:19]}Z" for date in (NOW, NOW, NOW - DAY, NOW - DAY, NOW - 2 * DAY, NOW - 2 * DAY)),
    "2026-04-26T00:00:00+02:00",
)

IDS: Mapping[str, tuple[str, ...]] = {
    "node": (*ALL_IDS, *NEW_IDS),
    "ids": (*ALL_IDS, *NEW_IDS),
    "registration": (*(record.id for record in REGISTRATIONS), *NEW_IDS),
    "registrationId": (*(record.id for record in REGISTRATIONS), *NEW_IDS),
    "user": tuple(record.id for record in USERS),
    "userId": tuple(record.id for record in USERS),
    "availableToUserId": tuple(record.id for record in USERS),
    "offering": tuple(record.id for record in OFFERINGS),
    "offeringId": tuple(record.id for record in OFFERINGS),
    "courseId": tuple(record.id for record in COURSES),
}
"""What may be given for an id, by the name of the argument; for one that is called `id`, by the name of the field."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    "comment": ("Well\ndone ✓", "", "a", "\0", "x" * 4_000, "x" * 4_001, "y" * 4_001),
    "name": (*sorted(SCHEMA.type_map), "no such", ""),
}
ANY_CURSOR = (*(cursor for of_order in CURSORS.values() for cursor in of_order), "", "no cursor")
WORDS = ("a", "A", "b", "%", "", "Ä", "c", "C", "no such", "\0", "a" * 1_001)
SIZES = (0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 7, 15, 16, 20, 99, 100, 100, 101, -1)
GRADES = (0, -0.0, 50, 66.6, 69.999, 70, 85.0, 100, 100.001, -1, 1e300)
WRONG: tuple[Any, ...] = (5, -1, 2.5, 1e300, True, "x", "", "\0", [], ["x", None], [[1]], {}, {"x": 1}, 2**31)


class Name(str):
    """A string that stands in a document without quotes, such as a value of an enum."""


def printed(value: Any) -> str:
    """The value as a literal."""
    if isinstance(value, Name):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {printed(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(printed, value)) + "]"
    return json.dumps(value)
