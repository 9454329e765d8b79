"""What the v5 REST API would have returned of an organisation: its JSON objects, and files of them."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from registrations.data.seed.organisation import Organisation
from registrations.domain.records import Course, Offering, Registration, User

PAGE_SIZE = 500

Json = dict[str, Any]


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "username": user.username,
        "email": user.email,
        "createdDate": date_json(user.created_date),
        "locale": "en_US",
        "tags": ["staff"],
    }


def course_json(course: Course) -> Json:
    return {"id": course.id, "title": course.title, "passingGradePercentage": course.passing_grade_percentage}


def offering_json(offering: Offering, course: Course | None = None) -> Json:
    """With the course in it where one is given, otherwise with its id."""
    return said(
        id=offering.id,
        title=offering.title,
        price=0,
        courseId=None if course else offering.course_id,
        course=course_json(course) if course else None,
        retakesAllowed=offering.retakes_allowed,
        createdDate=date_json(offering.created_date),
        beginDate=date_json(offering.begin_date),
        endDate=date_json(offering.end_date),
        registrationBeginDate=date_json(offering.registration_begin_date),
        registrationEndDate=date_json(offering.registration_end_date),
    )


def registration_json(registration: Registration, grade_field: str = "gradePercentage") -> Json:
    grade = {grade_field: registration.grade_percentage}
    return said(
        id=registration.id,
        userId=registration.user_id,
        offeringId=registration.offering_id,
        title="Fire Safety Refresher, Spring 2012",
        status=registration.status.lower(),
        graderId=registration.grader_id,
        graderComment=registration.grader_comment,
        createdDate=date_json(registration.created_date),
        beginDate=date_json(registration.begin_date),
        lastActiveDate=date_json(registration.last_active_date),
        endDate=date_json(registration.end_date),
        **grade,
    )


def said(**fields: Any) -> Json:
    """The fields that have a value: v5 omits the others."""
    return {name: value for name, value in fields.items() if value is not None}


def date_json(date: datetime | None) -> str | None:
    return date.strftime("%Y-%m-%dT%H:%M:%SZ") if date else None


def write_export(folder: Path, organisation: Organisation) -> list[Path]:
    """Writes pages of registrations, users and offerings, and returns the files in that order."""
    courses = {course.id: course for course in organisation.courses}
    grade_fields = cycle(["grade", "gradePercentage"])
    registrations = map(registration_json, organisation.registrations(), grade_fields)
    users = map(user_json, organisation.users)
    offerings = (offering_json(offering, courses[offering.course_id]) for offering in organisation.offerings)
    kinds = {"registrations": [*registrations], "users": [*users], "offerings": [*offerings]}
    return [path for kind, records in kinds.items() for path in _write_pages(folder / kind, records)]


def _write_pages(folder: Path, records: Sequence[Json]) -> Iterator[Path]:
    folder.mkdir()
    for offset in range(0, len(records), PAGE_SIZE):
        path = folder / f"{offset}.json"
        path.write_text(json.dumps({"offset": offset, "results": records[offset : offset + PAGE_SIZE]}))
        yield path


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path
