"""The schema: what the code prints, described throughout, and what clients of the last release can rely upon."""

from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from graphql.utilities.find_schema_changes import BreakingChange, DangerousChange, find_schema_changes
from typer.testing import CliRunner

from registrations.cli import app
from tests.support.docs import PAGES, ROOT, newest_version

SCHEMA = ROOT / "schema.graphql"


def test_the_schema_of_the_repository_is_the_one_that_the_code_prints() -> None:
    printed = CliRunner().invoke(app, ["schema"])
    assert printed.exit_code == 0
    assert printed.stdout == SCHEMA.read_text(), "run: registrations schema > schema.graphql"


def test_everything_in_the_schema_that_frontends_use_is_described() -> None:
    schema = build_schema(SCHEMA.read_text())
    own = {name: type_ for name, type_ in schema.type_map.items() if name[:2] != "__"}
    nameless = [] if schema.description else ["the schema"]
    nameless += [name for name, type_ in own.items() if not type_.description]
    for name, type_ in own.items():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            nameless += [f"{name}.{field}" for field, of in type_.fields.items() if not of.description]
        if isinstance(type_, GraphQLEnumType) and name != "ErrorCode":
            nameless += [f"{name}.{value}" for value, of in type_.values.items() if not of.description]
    assert nameless == []


def last_release() -> str:
    return (Path(__file__).parent / "released" / f"{newest_version()}.graphql").read_text()


def breaking_changes(old: str, new: str) -> list[str]:
    changes = find_schema_changes(build_schema(old), build_schema(new))
    return [change.description for change in changes if isinstance(change, BreakingChange)]


def dangerous_changes(old: str, new: str) -> list[str]:
    changes = find_schema_changes(build_schema(old), build_schema(new))
    return [change.description for change in changes if isinstance(change, DangerousChange)]


def unannounced(dangerous: list[str], changelog: str) -> list[str]:
    """The changes that begin no item under "Dangerous for some clients" among those that are not released yet."""
    unreleased = changelog.partition("## [Unreleased]\n")[2].partition("\n## ")[0]
    section = unreleased.partition("### Dangerous for some clients\n")[2].partition("\n### ")[0]
    items = [" ".join(item.replace("`", "").split()) for item in section.split("\n- ")[1:]]
    return [change for change in dangerous if not any(item.startswith(change) for item in items)]


def test_nothing_that_the_last_release_had_is_removed_or_narrowed() -> None:
    assert breaking_changes(last_release(), SCHEMA.read_text()) == []


def test_what_is_dangerous_for_some_client_of_the_last_release_is_in_the_changelog() -> None:
    missing = unannounced(dangerous_changes(last_release(), SCHEMA.read_text()), PAGES["CHANGELOG.md"])
    assert missing == [], 'begin items of CHANGELOG.md with them, under "Dangerous for some clients" of [Unreleased]'


OLD = """
type Query { list(first: Int = 15, after: Int, filter: Filter): [Node!] result: Result }
interface Node { id: ID! }
type User implements Node { id: ID! name: String! }
type Missing { code: Code }
union Result = User | Missing
enum Code { GONE LOST }
input Filter { name: String, age: Int }
"""


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("name: String!", "", "Field User.name was removed."),
        ("name: String!", "name: String", "Field User.name changed type from String! to String."),
        ("after: Int, ", "", "Argument Query.list(after:) was removed."),
        ("filter: Filter", "filter: Filter!", "Argument Query.list(filter:) has changed type from Filter to Filter!."),
        ("GONE LOST", "GONE", "Enum value Code.LOST was removed."),
        ("name: String,", "name: String, title: String!", "A required field Filter.title was added."),
        ("User | Missing", "User", "Missing was removed from union type Result."),
    ],
)
def test_what_takes_something_from_clients_is_breaking(old: str, new: str, change: str) -> None:
    assert breaking_changes(OLD, OLD.replace(old, new)) == [change]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("GONE LOST", "GONE LOST LATE", "Enum value Code.LATE was added."),
        ("= User | Missing", "= User | Missing | Late type Late { id: ID }", "Late was added to union type Result."),
        ("name: String,", "name: String, title: String", "An optional field Filter.title was added."),
        ("after: Int,", "after: Int, last: Int,", "An optional argument Query.list(last:) was added."),
        ("first: Int = 15", "first: Int = 50", "Query.list(first:) has changed defaultValue from 15 to 50."),
    ],
)
def test_what_clients_may_not_expect_is_dangerous(old: str, new: str, change: str) -> None:
    changed = OLD.replace(old, new)
    assert (breaking_changes(OLD, changed), dangerous_changes(OLD, changed)) == ([], [change])


def test_a_new_field_is_neither() -> None:
    changed = OLD.replace("name: String!", "name: String! age: Int")
    assert (breaking_changes(OLD, changed), dangerous_changes(OLD, changed)) == ([], [])


def test_a_dangerous_change_is_announced_only_by_its_whole_sentence_below_the_heading() -> None:
    changelog = """
## [Unreleased]

### Added

- Enum value Code.LATE was added.

### Dangerous for some clients

- Enum value `Code.TOO_LATE` was
  added. Clients without a default case fail on it.

## [0.1.0] - 2026-11-22

### Dangerous for some clients

- An optional field Filter.age was added.
"""
    dangerous = [
        "Enum value Code.LATE was added.",
        "Enum value Code.TOO_LATE was added.",
        "An optional field Filter.age was added.",
    ]
    assert unannounced(dangerous, changelog) == [dangerous[0], dangerous[2]]
