from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from registrations.domain import grading, progress
from registrations.domain.access import Scope, Viewer
from registrations.domain.listing import Related
from registrations.graphql.contract.enums import Status
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.node import Node
from registrations.graphql.plans.fields import ColumnField, ComputedField, JoinedRecord

if TYPE_CHECKING:
    from registrations.graphql.contract.types.offering import Offering
    from registrations.graphql.contract.types.user import User

# Types refer to each other in circles, modules can't: this one looks at users and offerings when it is asked for them.
LazyUser = Annotated["User", strawberry.lazy("registrations.graphql.contract.types.user")]
LazyOffering = Annotated["Offering", strawberry.lazy("registrations.graphql.contract.types.offering")]


def can_assign_grade(viewer: Viewer, status: str) -> bool:
    return viewer.may(Scope.GRADE) and grading.can_assign_grade(Status(status))


def can_eject(viewer: Viewer, status: str) -> bool:
    return viewer.may(Scope.EJECT) and progress.can_eject(Status(status))


@strawberry.type(description="A user's enrolment in, and progress through, one offering of a course.")
class Registration(Node):
    status: Status = strawberry.field(description="Where the user stands.")
    grade_percentage: float | None = strawberry.field(description="0 to 100; null until graded.")
    grader_comment: str | None = strawberry.field(description="The grader's remark.")
    created_date: datetime = strawberry.field(description="When the user was registered.")
    begin_date: datetime | None = strawberry.field(description="When the user first was active in the course.")
    last_active_date: datetime | None = strawberry.field(description="When the user last was active in the course.")
    end_date: datetime | None = strawberry.field(description="When it stopped being active; null while ACTIVE.")
    user: LazyUser = field_from(JoinedRecord(Related.USER), "The registered user.")
    offering: LazyOffering = field_from(JoinedRecord(Related.OFFERING), "The offering registered into.")
    title: str = field_from(ColumnField("title", of=Related.OFFERING), "Title of the offering.")
    grader: LazyUser | None = field_from(
        JoinedRecord(Related.GRADER, key="grader_id", is_visible=Viewer.may_see_user),
        "Who assigned the grade; null where none did or the service graded by itself.",
    )
    viewer_can_assign_grade: bool = field_from(
        ComputedField(("status",), can_assign_grade),
        "Whether `assignGrade` would accept this viewer now: for showing or hiding the control.",
    )
    viewer_can_eject: bool = field_from(
        ComputedField(("status",), can_eject),
        "Whether `ejectRegistration` would accept this viewer and this state now.",
    )
