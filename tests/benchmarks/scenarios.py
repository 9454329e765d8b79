"""What is asked: a document each, with variables that change from request to request where rows should."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from tests.benchmarks.cursors import write_cursor

Variables = Mapping[str, Any]
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

NAMES = "list", "one", "list100", "deep", "assignGrade", "coldList", "coldOne"
READ = 500
GRADED = 5_000  # so many that two requests hardly ever wait for the same row


@dataclass(frozen=True)
class Scenario:
    """A document, and the variables that requests take turns with.

    If it is cold, each request brings a document of its own, with literals in place of variables.
    """

    name: str
    document: str
    variables: Sequence[Variables]
    is_cold: bool = False


LIST = """
query List($first: Int!, $after: String) {
  registrations(first: $first, after: $after) {
    edges {
      cursor
      node {
        id
        status
        gradePercentage
        createdDate
        user { id firstName lastName email }
        offering { id title }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

FILTERED = """
query Filtered($first: Int!, $offeringId: [ID!], $status: [RegistrationStatus!]) {
  registrations(first: $first, filter: {offeringId: $offeringId, status: $status}) {
    edges {
      cursor
      node {
        id
        status
        gradePercentage
        createdDate
        user { id firstName lastName email }
        offering { id title }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

ONE = """
query One($id: ID!) {
  registration(id: $id) {
    id
    status
    gradePercentage
    createdDate
    user { id firstName lastName email }
    offering { id title }
  }
}
"""

ASSIGN_GRADE = """
mutation AssignGrade($input: AssignGradeInput!) {
  assignGrade(input: $input) {
    ... on AssignGradeSuccess { registration { id status gradePercentage graderComment endDate } }
    ... on AssignGradeFailure { fieldErrors { ... on FieldError { code field message } } }
  }
}
"""


async def choose_scenarios(connection: Connection) -> list[Scenario]:
    """The scenarios that all servers answer, with ids and cursors of what is in the database."""
    read = await _ids(connection, READ)
    graded = await _ids(connection, GRADED)
    page, ids = [{"first": 50, "after": None}], [{"id": id_} for id_ in read]
    return [
        Scenario("list", LIST, page),
        Scenario("one", ONE, ids),
        Scenario("list100", LIST, [{"first": 100, "after": None}]),
        Scenario("deep", LIST, [{"first": 50, "after": await _cursor_near_end(connection)}]),
        Scenario("assignGrade", ASSIGN_GRADE, [_grade(id_, turn) for turn, id_ in enumerate(graded)]),
        Scenario("coldList", LIST, page, is_cold=True),
        Scenario("coldOne", ONE, ids, is_cold=True),
    ]


async def choose_reads(connection: Connection) -> list[Scenario]:
    """What pages of a growing database are measured by."""
    offerings = await connection.fetch("SELECT id FROM offerings ORDER BY id LIMIT $1", READ)
    filtered = [{"first": 50, "offeringId": [row["id"].hex], "status": ["PASSED"]} for row in offerings]
    return [
        Scenario("list", LIST, [{"first": 50, "after": None}]),
        Scenario("filtered", FILTERED, filtered),
        Scenario("one", ONE, [{"id": id_} for id_ in await _ids(connection, READ)]),
    ]


def _grade(id_: str, turn: int) -> Variables:
    return {"input": {"registrationId": id_, "gradePercentage": turn % 201 / 2, "comment": "Second marking."}}


async def _ids(connection: Connection, amount: int) -> list[str]:
    """Ids are random, so the first of them are registrations of any time."""
    rows = await connection.fetch("SELECT id FROM registrations ORDER BY id LIMIT $1", amount)
    return [row["id"].hex for row in rows]


async def _cursor_near_end(connection: Connection) -> str | None:
    """After 19 of 20 rows; of 200,000 that is after 190,000."""
    place = await connection.fetchrow(
        """
        SELECT created_date, id FROM registrations ORDER BY created_date DESC, id DESC
        OFFSET (SELECT count(*) * 19 / 20 - 1 FROM registrations) LIMIT 1
        """
    )
    return write_cursor(place["created_date"], place["id"].hex) if place else None
