from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from registrations.domain import grading, progress, records
from registrations.domain.access import Scope
from registrations.graphql.context import Info
from registrations.graphql.types.node import Node
from registrations.graphql.types.status import RegistrationStatus

if TYPE_CHECKING:
    from registrations.graphql.types.offering import Offering
    from registrations.graphql.types.user import User

# Types refer to each other in circles, modules can't: this one looks at users and offerings when it is asked for them.
LazyUser = Annotated["User", strawberry.lazy("registrations.graphql.types.user")]
LazyOffering = Annotated["Offering", strawberry.lazy("registrations.graphql.types.offering")]


@strawberry.type(description="A user's enrolment in, and progress through, one offering of a course.")
class Registration(Node):
    record: strawberry.Private[records.Registration]
    status: RegistrationStatus = strawberry.field(description="Where the user stands.")
    grade_percentage: float | None = strawberry.field(description="0 to 100; null until graded.")
    grader_comment: str | None = strawberry.field(description="The grader's remark.")
    created_date: datetime = strawberry.field(description="When the user was registered.")
    begin_date: datetime | None = strawberry.field(description="When the user first was active in the course.")
    last_active_date: datetime | None = strawberry.field(description="When the user last was active in the course.")
    end_date: datetime | None = strawberry.field(description="When it stopped being active; null while ACTIVE.")

    @strawberry.field(description="The registered user.")
    async def user(self, info: Info) -> LazyUser:
        from registrations.graphql.types.user import User

        return User.of(await info.context.loaders.user(self.record.user_id))

    @strawberry.field(description="The offering registered into.")
    async def offering(self, info: Info) -> LazyOffering:
        from registrations.graphql.types.offering import Offering

        return Offering.of(await info.context.loaders.offering(self.record.offering_id))

    @strawberry.field(description="Title of the offering.")
    async def title(self, info: Info) -> str:
        return (await info.context.loaders.offering(self.record.offering_id)).title

    @strawberry.field(description="Who assigned the grade; null where none did or the service graded by itself.")
    async def grader(self, info: Info) -> LazyUser | None:
        from registrations.graphql.types.user import User

        grader_id = self.record.grader_id
        grader = await info.context.loaders.find_user(grader_id) if grader_id else None
        return User.of(grader) if grader else None

    @strawberry.field(
        description="Whether `assignGrade` would accept this viewer now: for showing or hiding the control."
    )
    def viewer_can_assign_grade(self, info: Info) -> bool:
        return info.context.signed_in.may(Scope.GRADE) and grading.can_assign_grade(self.record)

    @strawberry.field(description="Whether `ejectRegistration` would accept this viewer and this state now.")
    def viewer_can_eject(self, info: Info) -> bool:
        return info.context.signed_in.may(Scope.EJECT) and progress.can_eject(self.record)

    @classmethod
    def of(cls, registration: records.Registration) -> Self:
        return cls(
            id=strawberry.ID(registration.id),
            record=registration,
            status=RegistrationStatus[registration.status.name],
            grade_percentage=registration.grade_percentage,
            grader_comment=registration.grader_comment,
            created_date=registration.created_date,
            begin_date=registration.begin_date,
            last_active_date=registration.last_active_date,
            end_date=registration.end_date,
        )
