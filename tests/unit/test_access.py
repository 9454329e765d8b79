"""Who may do what."""

import pytest

from registrations.domain.access import Forbidden, Scope, Viewer
from registrations.domain.records import OfferingFilter, RegistrationFilter
from tests.support.records import a_registration, a_user

ADA, BEN = a_user(), a_user()
LEARNER = Viewer(ADA.id)
READER = Viewer(ADA.id, frozenset({Scope.READ}))
GRADER = Viewer(ADA.id, frozenset({Scope.GRADE}))
SERVICE = Viewer("grading-service")


def test_only_those_who_may_read_see_other_users() -> None:
    assert [viewer.may_see_user(BEN.id) for viewer in (LEARNER, GRADER, SERVICE, READER)] == [False, False, False, True]
    assert [viewer.may_see_user(ADA.id) for viewer in (LEARNER, GRADER, SERVICE, READER)] == [True, True, False, True]


@pytest.mark.parametrize(
    ("asked", "seen"),
    [(None, (ADA.id,)), ((ADA.id, BEN.id), (ADA.id,)), ((BEN.id,), ()), ((), ())],
)
def test_a_learners_lists_hold_their_own_registrations_whatever_they_ask_for(
    asked: tuple[str, ...] | None, seen: tuple[str, ...]
) -> None:
    filter_ = RegistrationFilter(user_id=asked, course_id=("c",))
    assert LEARNER.visible(filter_) == RegistrationFilter(user_id=seen, course_id=("c",))
    assert READER.visible(filter_) == filter_


def test_who_is_no_user_and_may_not_read_has_no_registrations() -> None:
    assert SERVICE.visible(RegistrationFilter()) == RegistrationFilter(user_id=("",))


def test_nothing_is_available_to_users_whom_the_viewer_does_not_see() -> None:
    of_ben, of_ada = OfferingFilter(available_to_user_id=BEN.id), OfferingFilter(available_to_user_id=ADA.id)
    assert LEARNER.visible(of_ben) == OfferingFilter(available_to_user_id="")
    assert LEARNER.visible(of_ada) == of_ada
    assert LEARNER.visible(OfferingFilter()) == OfferingFilter()
    assert READER.visible(of_ben) == of_ben


def test_what_is_changed_exists_for_those_who_may_read_it_or_change_it() -> None:
    assert LEARNER.only_user_id(Scope.GRADE) == ADA.id
    assert READER.only_user_id(Scope.GRADE) is None
    assert GRADER.only_user_id(Scope.GRADE) is None
    assert GRADER.only_user_id(Scope.EJECT) == ADA.id


def test_everybody_may_register_themselves_and_others_only_with_the_scope() -> None:
    LEARNER.check_may_register(ADA)
    LEARNER.check_may_register(None)  # does not exist for them: the rules say so
    Viewer("grading-service", frozenset({Scope.REGISTER})).check_may_register(BEN)
    with pytest.raises(Forbidden, match=r"^This needs a token with the scope registrations:register\.$"):
        READER.check_may_register(BEN)


def test_what_a_viewer_sees_and_may_not_change_is_forbidden() -> None:
    registration = a_registration(ADA)
    GRADER.check_may_change(registration, Scope.GRADE)
    LEARNER.check_may_change(None, Scope.GRADE)
    with pytest.raises(Forbidden, match=r"^This needs a token with the scope registrations:grade\.$"):
        LEARNER.check_may_change(registration, Scope.GRADE)
