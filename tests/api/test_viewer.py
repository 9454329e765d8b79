"""What viewers see of themselves and leave behind."""

import pytest

from registrations.domain.access import Scope
from registrations.domain.records import Status
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import AUTHENTICATION, Gateway, open_gateway
from tests.support.records import a_course, a_registration, a_user, an_offering

VIEWER = "{ viewer { scopes user { username } } }"
ASSIGN = """
mutation ($id: ID!) {
  assignGrade(input: {registrationId: $id, gradePercentage: 80}) {
    ... on AssignGradeSuccess { registration { grader { username } } }
  }
}
"""


async def test_the_viewer_is_who_asks_and_what_they_may_do_here(database_url: str, database: Database) -> None:
    ada = a_user(username="ada.okafor")
    await store(database, ada)
    async with open_gateway(database_url, **AUTHENTICATION) as gateway:
        assert await gateway.data(VIEWER) == {"viewer": None}
        assert await gateway.signed_in(ada.id).data(VIEWER) == {
            "viewer": {"scopes": [], "user": {"username": "ada.okafor"}}
        }
        assert await gateway.signed_in(ada.id, Scope.READ, Scope.GRADE).data(VIEWER) == {
            "viewer": {"scopes": ["registrations:grade", "registrations:read"], "user": {"username": "ada.okafor"}}
        }


@pytest.mark.parametrize(
    "subject", ["0" * 32, "grading-service", "\0", "ada@example.org", "Zoë\U0001f44b", "x" * 5_000]
)
async def test_all_tokens_of_a_subject_are_the_same_viewer_who_is_no_record(database_url: str, subject: str) -> None:
    async with open_gateway(database_url, **AUTHENTICATION) as gateway:
        for scopes in ([], [Scope.READ]):
            client = gateway.signed_in(subject, *scopes)
            assert await client.data("{ viewer { id } }") == {"viewer": {"id": f"viewer:{subject}"}}
            nodes = "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
            assert await client.data(nodes, id=f"viewer:{subject}") == {"node": None, "nodes": [None]}


async def test_without_authentication_everybody_is_the_same_viewer(gateway: Gateway) -> None:
    assert await gateway.data("{ viewer { id } }") == {"viewer": {"id": "viewer:anybody"}}


async def test_without_authentication_a_setting_says_which_user_everybody_is(
    database_url: str, database: Database
) -> None:
    course, ada = a_course(), a_user(username="ada.okafor")
    offering = an_offering(course)
    registration = a_registration(ada, offering)
    await store(database, course, ada, offering, registration)
    async with open_gateway(database_url, viewer=ada.id) as gateway:
        viewer = (await gateway.data("{ viewer { id scopes user { username } } }"))["viewer"]
        assert (viewer["id"], viewer["user"]) == (f"viewer:{ada.id}", {"username": "ada.okafor"})
        assert len(viewer["scopes"]) == 4
        answer = await gateway.data(ASSIGN, id=registration.id)
        assert answer == {"assignGrade": {"registration": {"grader": {"username": "ada.okafor"}}}}
    async with open_gateway(database_url, viewer="0" * 32) as gateway:
        assert await gateway.data("{ viewer { user { username } } }") == {"viewer": {"user": None}}


@pytest.mark.parametrize("subject", ["0" * 32, "grading-service", "\0", "ada@example.org"])
async def test_a_viewer_may_have_no_user_record(database_url: str, subject: str) -> None:
    async with open_gateway(database_url, **AUTHENTICATION) as gateway:
        assert await gateway.signed_in(subject).data(VIEWER) == {"viewer": {"scopes": [], "user": None}}


async def test_without_authentication_the_viewer_may_do_everything_and_is_nobody(gateway: Gateway) -> None:
    scopes = ["registrations:eject", "registrations:grade", "registrations:read", "registrations:register"]
    assert await gateway.data(VIEWER) == {"viewer": {"scopes": scopes, "user": None}}


async def test_who_assigns_a_grade_is_recorded_as_its_grader_if_they_are_a_user(
    database_url: str, database: Database
) -> None:
    course, learner, grader = a_course(), a_user(), a_user(username="grace")
    offering = an_offering(course)
    registration = a_registration(learner, offering)
    await store(database, course, learner, grader, offering, registration)
    async with open_gateway(database_url, **AUTHENTICATION) as gateway:
        for subject, told, kept in (
            (grader.id, {"username": "grace"}, grader.id),
            ("0" * 32, None, None),
            ("grading-service", None, None),
        ):
            answer = await gateway.signed_in(subject, Scope.GRADE).data(ASSIGN, id=registration.id)
            assert answer == {"assignGrade": {"registration": {"grader": told}}}
            [stored] = await stored_registrations(database)
            assert (stored.status, stored.grader_id) == (Status.PASSED, kept)
