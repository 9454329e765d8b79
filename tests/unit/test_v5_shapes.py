import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrations.data.v5.shapes import Unusable, records_of
from registrations.domain.records import Course, Offering, Registration, Status, User

USER_ID, OFFERING_ID, COURSE_ID, ID = "a" * 32, "b" * 32, "c" * 32, "d" * 32
CREATED = datetime(2012, 3, 1, 6, 3, 10, tzinfo=UTC)

USER = {
    "id": USER_ID,
    "firstName": "Ada",
    "lastName": "Okafor",
    "username": "ada.okafor",
    "email": "ada@example.org",
    "createdDate": "2012-03-01T06:03:10Z",
}
COURSE = {"id": COURSE_ID, "title": "First Aid", "passingGradePercentage": 70}
OFFERING = {"id": OFFERING_ID, "title": "First Aid, Spring 2012", "createdDate": "2012-03-01T06:03:10Z"}
REGISTRATION = {
    "id": ID,
    "userId": USER_ID,
    "offeringId": OFFERING_ID,
    "status": "passed",
    "createdDate": "2012-03-01T06:03:10Z",
}

ADA = User(
    id=USER_ID,
    first_name="Ada",
    last_name="Okafor",
    username="ada.okafor",
    email="ada@example.org",
    created_date=CREATED,
)
FIRST_AID = Course(id=COURSE_ID, title="First Aid", passing_grade_percentage=70.0)
SPRING = Offering(
    id=OFFERING_ID,
    course_id=COURSE_ID,
    title="First Aid, Spring 2012",
    retakes_allowed=False,
    created_date=CREATED,
)


def without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {field: value for field, value in record.items() if field not in fields}


def reason_of(value: object) -> str:
    with pytest.raises(Unusable) as refused:
        records_of(value, None)
    return str(refused.value)


def registration_with(**fields: object) -> Registration:
    (record,) = records_of(REGISTRATION | fields, None)
    assert isinstance(record, Registration)
    return record


def test_a_user_is_recognised() -> None:
    assert records_of(USER | {"tags": ["x"], "locale": "en_US", "lastLoginDate": 5}, None) == [ADA]


@pytest.mark.parametrize("user", [without(USER, "username"), USER | {"username": None}, USER | {"username": ""}])
def test_the_email_of_a_user_without_username_is_the_username(user: dict[str, Any]) -> None:
    assert records_of(user, None) == [replace(ADA, username="ada@example.org")]


def test_a_course_is_recognised() -> None:
    assert records_of(COURSE, None) == [FIRST_AID]


def test_an_offering_may_name_its_course() -> None:
    assert records_of(OFFERING | {"courseId": COURSE_ID}, None) == [SPRING]


def test_an_offering_may_bring_its_course() -> None:
    brought, offering = records_of(OFFERING | {"course": COURSE, "retakesAllowed": True}, None)
    assert brought == FIRST_AID
    assert offering == replace(SPRING, retakes_allowed=True)


def test_an_offering_without_course_gets_one_with_the_given_passing_grade_and_always_the_same_id() -> None:
    brought, offering = records_of(OFFERING, 65.0)
    assert brought == Course(
        id="17cb574faff7571388b3147bde16aa5b", title="First Aid, Spring 2012", passing_grade_percentage=65.0
    )
    assert isinstance(offering, Offering)
    assert offering.course_id == brought.id


def test_an_offering_without_course_is_refused_with_the_remedy_where_no_passing_grade_is_given() -> None:
    assert reason_of(OFFERING) == "courseId: is missing; the option --passing-grade makes a course of the same title"


def test_the_dates_of_an_offering_are_kept() -> None:
    dates = {"beginDate": "2012-03-02T00:00:00Z", "endDate": "2012-03-03T00:00:00Z"}
    registering = {"registrationBeginDate": "2012-03-04T00:00:00Z", "registrationEndDate": "2012-03-05T00:00:00Z"}
    (offering,) = records_of(OFFERING | {"courseId": COURSE_ID} | dates | registering, None)
    assert offering == replace(
        SPRING,
        begin_date=datetime(2012, 3, 2, tzinfo=UTC),
        end_date=datetime(2012, 3, 3, tzinfo=UTC),
        registration_begin_date=datetime(2012, 3, 4, tzinfo=UTC),
        registration_end_date=datetime(2012, 3, 5, tzinfo=UTC),
    )


def test_a_registration_is_recognised_with_all_its_fields() -> None:
    registration = registration_with(
        title="ignored",
        gradePercentage=82.5,
        graderId=COURSE_ID,
        graderComment="Well done.",
        beginDate="2012-03-02T00:00:00Z",
        lastActiveDate="2012-03-03T00:00:00Z",
        endDate="2012-03-04T00:00:00Z",
    )
    assert registration == Registration(
        id=ID,
        user_id=USER_ID,
        offering_id=OFFERING_ID,
        status=Status.PASSED,
        created_date=CREATED,
        grade_percentage=82.5,
        grader_id=COURSE_ID,
        grader_comment="Well done.",
        begin_date=datetime(2012, 3, 2, tzinfo=UTC),
        last_active_date=datetime(2012, 3, 3, tzinfo=UTC),
        end_date=datetime(2012, 3, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize("field", ["grade", "gradePercentage"])
def test_the_grade_has_either_of_two_names(field: str) -> None:
    assert registration_with(**{field: 82}).grade_percentage == 82.0


def test_the_grade_may_have_both_names_if_they_agree() -> None:
    assert registration_with(grade=82, gradePercentage=82.0).grade_percentage == 82.0
    assert registration_with(grade=None, gradePercentage=0).grade_percentage == 0.0


def test_what_begins_and_ends_at_the_same_time_is_taken() -> None:
    (offering,) = records_of(
        OFFERING
        | {"courseId": COURSE_ID}
        | {"beginDate": "2012-03-01T07:03:10+01:00", "endDate": "2012-03-01T06:03:10Z"},
        None,
    )
    assert offering == replace(SPRING, begin_date=CREATED, end_date=CREATED)


@pytest.mark.parametrize("status", ["ejected", "EJECTED", "Ejected"])
def test_a_status_is_known_in_any_case(status: str) -> None:
    assert registration_with(status=status).status is Status.EJECTED


def test_status_and_grade_are_taken_as_they_are() -> None:
    assert registration_with(status="passed", grade=3).status is Status.PASSED
    assert registration_with(status="failed").grade_percentage is None


@pytest.mark.parametrize(
    "date",
    ["2012-03-01T06:03:10Z", "2012-03-01T06:03:10+0000", "2012-03-01T07:03:10+01:00", "2012-03-01T06:03:10.000Z"],
)
def test_dates_are_instants_whatever_their_offset(date: str) -> None:
    assert registration_with(createdDate=date).created_date == CREATED


def test_the_put_body_of_the_reference_page_lacks_everything_else() -> None:
    missing = "id: is missing; userId: is missing; offeringId: is missing; createdDate: is missing"
    assert reason_of({"status": "ejected"}) == missing


@pytest.mark.parametrize("value", [5, None, "text", [REGISTRATION], True])
def test_only_an_object_is_a_record(value: object) -> None:
    assert reason_of(value) == "is not an object"


@pytest.mark.parametrize("value", [{}, {"id": ID}, {"id": ID, "title": "First Aid"}, {"results": 5}])
def test_what_has_no_telling_field_is_not_recognised(value: object) -> None:
    assert reason_of(value) == "is neither a user, a course, an offering nor a registration"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (without(REGISTRATION, "id"), "id: is missing"),
        (without(REGISTRATION, "userId", "createdDate"), "userId: is missing; createdDate: is missing"),
        (REGISTRATION | {"id": "D" * 32}, f'id: "{"D" * 32}" is not 32 lower-case hexadecimal characters'),
        (REGISTRATION | {"userId": 5}, "userId: 5 is not 32 lower-case hexadecimal characters"),
        (REGISTRATION | {"status": "gone"}, 'status: "gone" is not one of active, passed, failed, ejected'),
        (REGISTRATION | {"status": 1}, "status: 1 is not text"),
        (REGISTRATION | {"grade": 250}, "grade: 250 is not between 0 and 100"),
        (REGISTRATION | {"gradePercentage": -0.1}, "gradePercentage: -0.1 is not between 0 and 100"),
        (REGISTRATION | {"grade": float("nan")}, "grade: NaN is not between 0 and 100"),
        (REGISTRATION | {"grade": float("inf")}, "grade: Infinity is not between 0 and 100"),
        (REGISTRATION | {"grade": "80"}, 'grade: "80" is not a number'),
        (REGISTRATION | {"grade": True}, "grade: true is not a number"),
        (REGISTRATION | {"grade": [80]}, "grade: a list is not a number"),
        (REGISTRATION | {"status": "active", "grade": 80}, "grade: a registration that is active has none"),
        (REGISTRATION | {"status": "ejected", "grade": 80}, "grade: a registration that is ejected has none"),
        (
            REGISTRATION | {"status": "active", "endDate": "2012-03-01T06:03:10Z"},
            "endDate: a registration that is active has none",
        ),
        (
            REGISTRATION | {"status": "active", "gradePercentage": 80},
            "gradePercentage: a registration that is active has none",
        ),
        (
            REGISTRATION | {"grade": 80, "gradePercentage": 82.5},
            "grade: 80 contradicts gradePercentage, which is 82.5",
        ),
        (REGISTRATION | {"grade": 0, "gradePercentage": 80}, "grade: 0 contradicts gradePercentage, which is 80"),
        (
            REGISTRATION | {"beginDate": "2012-03-02T00:00:00Z", "endDate": "2012-03-02T00:00:00+01:00"},
            "endDate: is before beginDate",
        ),
        (
            OFFERING | {"beginDate": "2012-03-02T00:00:00Z", "endDate": "2012-03-01T23:59:59.999Z"},
            "endDate: is before beginDate",
        ),
        (
            OFFERING | {"registrationBeginDate": "2012-03-02T00:00:00Z", "registrationEndDate": "2012-03-01T00:00:00Z"},
            "registrationEndDate: is before registrationBeginDate",
        ),
        (REGISTRATION | {"createdDate": "2012-03-01"}, 'createdDate: "2012-03-01" has no offset from UTC'),
        (
            REGISTRATION | {"createdDate": "2012-03-01T06:03:10"},
            'createdDate: "2012-03-01T06:03:10" has no offset from UTC',
        ),
        (REGISTRATION | {"createdDate": "soon"}, 'createdDate: "soon" is not an ISO 8601 date'),
        (
            REGISTRATION | {"createdDate": "0001-01-01T00:00:00Z"},
            'createdDate: "0001-01-01T00:00:00Z" is no date that can be stored',
        ),
        (REGISTRATION | {"createdDate": 1330581790}, "createdDate: 1330581790 is not an ISO 8601 date"),
        (
            REGISTRATION | {"createdDate": "0001-01-01T00:00:00+23:00"},
            'createdDate: "0001-01-01T00:00:00+23:00" is not an ISO 8601 date',
        ),
        (REGISTRATION | {"graderComment": "x" * 4_001}, "graderComment: has 4,001 characters, 4,000 are allowed"),
        (REGISTRATION | {"graderComment": "a\0b"}, "graderComment: has a NUL character"),
        (USER | {"firstName": "\ud800"}, "firstName: has half a surrogate pair"),
        (USER | {"firstName": {"en": "Ada"}}, "firstName: an object is not text"),
        (USER | {"firstName": None}, "firstName: is missing"),
        (without(USER, "email", "username"), "email: is missing"),
        (COURSE | {"passingGradePercentage": 101}, "passingGradePercentage: 101 is not between 0 and 100"),
        (OFFERING | {"courseId": COURSE_ID, "retakesAllowed": 1}, "retakesAllowed: 1 is not true or false"),
        (OFFERING | {"course": 5}, "course: is not an object"),
        (OFFERING | {"course": without(COURSE, "title")}, "course.title: is missing"),
        (OFFERING | {"course": COURSE, "courseId": ID}, "courseId: is not the id of the course"),
        (
            REGISTRATION | {"status": "x" * 100_000},
            f'status: "{"x" * 59}… is not one of active, passed, failed, ejected',
        ),
    ],
)
def test_what_is_wrong_is_said_by_field(record: object, reason: str) -> None:
    assert reason_of(record) == reason


def test_the_longest_comment_is_taken() -> None:
    assert registration_with(graderComment="x" * 4_000).grader_comment == "x" * 4_000


def test_a_negative_zero_is_zero() -> None:
    assert str(registration_with(grade=-0.0).grade_percentage) == "0.0"


FIELDS = sorted({*USER, *COURSE, *OFFERING, *REGISTRATION, "course", "courseId", "grade", "endDate", "graderComment"})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(ID) | st.just("\ud800\0")


def _containers(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner) | st.dictionaries(st.sampled_from(FIELDS), inner)


JSON = st.recursive(SCALARS, _containers, max_leaves=5)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_value_is_more_than_unusable(value: object) -> None:
    with contextlib.suppress(Unusable):
        records_of(value, 70.0)
