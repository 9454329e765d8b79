"""What the documentation says stands in the code as well: names, numbers, commands, paths."""

import json
import re
from importlib import metadata
from pathlib import Path

import pytest
from graphql import GraphQLUnionType
from typer.core import TyperGroup
from typer.main import get_command

from registrations.cli import app
from registrations.domain.listing import MAXIMUM_PAGE_SIZE
from registrations.graphql import errors
from registrations.graphql.contract.ids import MAXIMUM_IDS
from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from registrations.graphql.operations import limits
from registrations.graphql.operations.documents import MAXIMUM_COMMENTS, MAXIMUM_LENGTH, MAXIMUM_TOKENS
from registrations.http.requests import MAXIMUM_BODY, MAXIMUM_VALUES
from registrations.settings import Settings
from registrations.telemetry.metrics import Metrics
from registrations.telemetry.operations import Outcome
from tests.support.docs import PAGES, ROOT, blocks, names, newest_version, table

LINK = re.compile(r"\[[^]]*\]\(([^)]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", without_code(path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_dead(page: str, link: str) -> bool:
    target, _, anchor = link.partition("#")
    path = (ROOT / page).parent / target if target else ROOT / page
    return not path.exists() or (anchor != "" and anchor not in anchors(path))


@pytest.mark.parametrize("page", PAGES)
def test_no_link_between_pages_is_dead(page: str) -> None:
    links = [link for link in LINK.findall(without_code(PAGES[page])) if "://" not in link]
    assert [link for link in links if is_dead(page, link)] == []


@pytest.mark.parametrize("link", ["docs/nowhere.md", "docs/clients.md#nowhere", "#nowhere"])
def test_a_link_that_leads_nowhere_is_dead(link: str) -> None:
    assert is_dead("README.md", link)


def test_readme_leads_to_every_page() -> None:
    linked = set(LINK.findall(PAGES["README.md"]))
    assert set(PAGES) - {"README.md"} - linked == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    paths = re.findall(r"(?<![\w./-])(?:docs|scripts|src|tests)/[\w./-]*\w", PAGES[page])
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_shows_exists_and_has_the_options(page: str) -> None:
    lines = [line for language, text in blocks(page) if language == "sh" for line in text.splitlines()]
    command = get_command(app)
    assert isinstance(command, TyperGroup)
    for shown in [*lines, *SPAN.findall(without_code(PAGES[page]))]:
        if found := re.match(r"(?:docker run .*)?\bregistrations ([a-z]+)(.*)", shown):
            name, arguments = found.groups()
            options = {option for parameter in command.commands[name].params for option in parameter.opts}
            assert set(re.findall(r"--[\w-]+", arguments)) <= options, shown


SETTINGS = {f"REGISTRATIONS_{name.upper()}": field for name, field in Settings.model_fields.items()}


def test_the_table_of_settings_is_what_can_be_set() -> None:
    assert sorted(names(table("docs/settings.md", "environment variable"))) == sorted(SETTINGS)


@pytest.mark.parametrize("row", table("docs/settings.md", "environment variable")[1:], ids=lambda row: row[0])
def test_a_setting_has_the_default_that_the_table_says(row: list[str]) -> None:
    field = SETTINGS[row[0].strip("`")]
    if field.default in (None, ()):
        assert row[1].startswith("none")
    elif field.default_factory is None:
        default = field.default if isinstance(field.default, str) else json.dumps(field.default)
        assert row[1] == f"`{default}`"


def test_the_table_of_metrics_is_what_is_exposed() -> None:
    exposed = re.findall(r"^# TYPE (registrations_\w+)", Metrics().exposition().decode(), re.MULTILINE)
    assert names(table("docs/operations.md", "metric")) == exposed


def test_the_table_of_outcomes_is_what_logs_and_metrics_say() -> None:
    assert names(table("docs/operations.md", "`outcome`")) == list(Outcome)


def test_the_table_of_error_codes_is_what_clients_get() -> None:
    codes = {value for name, value in vars(errors).items() if name.isupper() and re.fullmatch("[A-Z_]+", str(value))}
    documented = names(table("docs/clients.md", "code"))
    assert sorted(documented) == sorted(codes)


def test_the_table_of_limits_is_what_is_allowed() -> None:
    assert dict(table("docs/clients.md", "limit")[1:]) == {
        "cost of an operation": f"{limits.MAXIMUM_COST:,}",
        "size of an operation": f"{limits.MAXIMUM_SIZE:,}",
        "levels of nesting": f"{limits.MAXIMUM_DEPTH}",
        "aliases": f"{limits.MAXIMUM_ALIASES}",
        "directives": f"{limits.MAXIMUM_DIRECTIVES}",
        "root fields": f"{limits.MAXIMUM_ROOT_FIELDS}",
        "mutations in an operation": f"{limits.MAXIMUM_MUTATIONS}",
        "tokens of a document": f"{MAXIMUM_TOKENS:,}",
        "characters of a document": f"{MAXIMUM_LENGTH:,}",
        "comments in a document": f"{MAXIMUM_COMMENTS}",
        "values in `variables`": f"{MAXIMUM_VALUES:,}",
        "ids in an argument or a filter": f"{MAXIMUM_IDS}",
        "records on a page": f"{MAXIMUM_PAGE_SIZE}",
        "body of a request": f"{MAXIMUM_BODY // 1024} KiB",
    }


@pytest.mark.parametrize("ending", ["Error", "Result"])
def test_the_table_of_what_grows_has_all_unions(ending: str) -> None:
    named = [name for row in table("docs/clients.md", "grows") for name in SPAN.findall(row[0])]
    unions = [name for name, type_ in GRAPHQL_SCHEMA.type_map.items() if isinstance(type_, GraphQLUnionType)]
    assert sorted(name for name in named if name.endswith(ending)) == sorted(
        name for name in unions if name.endswith(ending)
    )


def test_the_tree_of_the_architecture_shows_every_package() -> None:
    shown = re.findall(r"^  (\w+)/ ", PAGES["docs/architecture.md"], re.MULTILINE)
    packages = (path.parent.name for path in (ROOT / "src" / "registrations").glob("*/__init__.py"))
    assert sorted(shown) == sorted(packages)


def test_the_newest_version_in_the_changelog_is_the_installed_one() -> None:
    assert newest_version() == metadata.version("registrations-gateway")
