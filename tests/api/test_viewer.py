"""What a signed-in viewer sees of themselves and leaves behind. Signing in itself is the door's."""

from typing import Any

from registrations.domain.records import Status
from registrations.graphql.context import Context, SignedIn
from registrations.graphql.execution import Execution, OperationRequest
from registrations.service.reads import Reads
from registrations.service.registrations import RegistrationService
from registrations.storage.database import Database
from tests.support.database import store, stored_registrations
from tests.support.records import a_course, a_registration, a_user, an_offering


async def answer(database: Database, viewer: SignedIn, document: str) -> dict[str, Any]:
    context = Context(RegistrationService(database), Reads(database), viewer)
    body = (await Execution().run(OperationRequest(document), context)).body
    return {name: value for name, value in body.items() if name != "extensions"}


async def test_the_viewer_is_who_asks_and_what_they_may_do(database: Database) -> None:
    ada = a_user(username="ada.okafor")
    await store(database, ada)
    viewer = SignedIn(ada.id, frozenset({"registrations:read", "registrations:grade"}))
    assert await answer(database, viewer, "{ viewer { scopes user { username } } }") == {
        "data": {
            "viewer": {"scopes": ["registrations:grade", "registrations:read"], "user": {"username": "ada.okafor"}}
        }
    }


async def test_a_viewer_may_have_no_user_record(database: Database) -> None:
    document = "{ viewer { scopes user { username } } }"
    for user_id in (None, "0" * 32):
        nobody = SignedIn(user_id, frozenset())
        assert await answer(database, nobody, document) == {"data": {"viewer": {"scopes": [], "user": None}}}


async def test_who_assigns_a_grade_is_recorded_as_its_grader(database: Database) -> None:
    course, learner, grader = a_course(), a_user(), a_user(username="grace")
    offering = an_offering(course)
    registration = a_registration(learner, offering)
    await store(database, course, learner, grader, offering, registration)
    document = f"""
    mutation {{
      assignGrade(input: {{registrationId: "{registration.id}", gradePercentage: 80}}) {{
        ... on AssignGradeSuccess {{ registration {{ grader {{ username }} }} }}
      }}
    }}
    """
    assert await answer(database, SignedIn(grader.id, frozenset()), document) == {
        "data": {"assignGrade": {"registration": {"grader": {"username": "grace"}}}}
    }
    [stored] = await stored_registrations(database)
    assert (stored.status, stored.grader_id) == (Status.PASSED, grader.id)
