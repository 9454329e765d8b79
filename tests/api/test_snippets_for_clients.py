"""The snippets of docs/clients.md, run with the libraries that they are for."""

import json
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registrations.domain.records import Offering, Status, User
from registrations.storage.connections.database import Database
from tests.support.database import store
from tests.support.docs import blocks
from tests.support.node import installed, node
from tests.support.records import DAY, NOW, a_course, a_registration, a_registration_that_is, a_user, an_offering
from tests.support.server import Server, serving

CLIENTS = Path(__file__).parent / "clients"
LANGUAGES = {"ts": "// ", "tsx": "// ", "python": "# "}
ADDRESS = "http://127.0.0.1:8000"


def snippets() -> dict[str, str]:
    """By the name in its first line, each snippet in a language that is run here."""
    found = [(LANGUAGES[language], text) for language, text in blocks("docs/clients.md") if language in LANGUAGES]
    return {text.partition("\n")[0].removeprefix(comment): text for comment, text in found}


@pytest.fixture(scope="module")
def server(tests_database: str) -> Iterator[Server]:
    with serving(REGISTRATIONS_DATABASE_URL=tests_database) as server:
        yield server


@pytest.fixture(scope="module")
def project(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all snippets, what was generated from them, and the programs that run them."""
    packages = installed(CLIENTS)
    folder = tmp_path_factory.mktemp("clients") / "guide"
    shutil.copytree(CLIENTS / "guide", folder)
    (folder / "node_modules").symlink_to(packages)
    for name, text in snippets().items():
        (folder / name).write_text(text.replace(ADDRESS, server.address))
    node(packages / ".bin" / "graphql-codegen", "--config", "codegen.ts", folder=folder)
    return folder


@pytest.fixture
async def people(database: Database) -> tuple[User, Offering, Offering]:
    """A user with four registrations, an offering to be registered into, and one that allows no retake."""
    course, user = a_course(), a_user()
    new, *taken = [an_offering(course, title=title) for title in ("New", "First", "Second", "Third")]
    once = an_offering(course, title="Once", retakes_allowed=False)
    registrations = [
        a_registration(user, offering, created_date=NOW - days * DAY) for days, offering in enumerate(taken, 1)
    ]
    passed = a_registration_that_is(Status.PASSED, user, once, created_date=NOW - 9 * DAY)
    await store(database, user, course, new, *taken, once, *registrations, passed)
    return user, new, once


@pytest.mark.parametrize(
    ("client", "unknown"),
    [
        ("apollo", "The user has taken this offering before, and it allows no retakes."),
        ("urql", "This cannot be done."),
    ],
)
def test_a_page_grows_by_the_next_page_and_by_what_is_registered_and_names_errors(
    project: Path, people: tuple[User, Offering, Offering], client: str, unknown: str
) -> None:
    user, new, once = people
    steps = json.loads(node(project / f"{client}.js", user.id, new.id, once.id, folder=project))
    assert steps == {
        "first": ["First", "Second"],
        "all": ["First", "Second", "Third", "Once"],
        "success": "RegisterUserSuccess",
        "added": ["New", "First", "Second", "Third", "Once"],
        "again": ["Already registered: ACTIVE"],
        "unknown": [unknown],
    }


def test_the_types_of_all_snippets_fit(project: Path) -> None:
    assert node(project / "node_modules" / "typescript" / "bin" / "tsc", "--project", ".", folder=project) == ""


def test_gql_reads_all_pages_and_tells_errors_apart(project: Path, people: tuple[User, Offering, Offering]) -> None:
    user, new, once = people
    snippet = runpy.run_path(str(project / "registrations.py"))
    titles = [registration["title"] for registration in snippet["registrations_of"](user.id)]
    assert titles == ["First", "Second", "Third", "Once"]
    assert snippet["register"](user.id, new.id)["status"] == "ACTIVE"
    with pytest.raises(ValueError, match=r"^offeringId: The user has an active registration in this offering\.$"):
        snippet["register"](user.id, new.id)
    with pytest.raises(ValueError, match=r"^offeringId: The user has taken this offering before"):
        snippet["register"](user.id, once.id)


def test_every_snippet_of_a_program_is_run() -> None:
    assert {language for language, _ in blocks("docs/clients.md")} - LANGUAGES.keys() == {"graphql", "json", "sh"}
