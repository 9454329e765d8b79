from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context, Info
from registrations.graphql.inputs import NOT_GIVEN, storable_text
from registrations.graphql.queries import Query
from registrations.graphql.types.field_errors import CommentTooLong, GradeOutOfRange, RegistrationNotFound
from registrations.graphql.types.registration import Registration


@strawberry.input(description="The grade, and why.")
class AssignGradeInput:
    registration_id: strawberry.ID = strawberry.field(description="What to grade.")
    grade_percentage: float = strawberry.field(description="The grade, 0 to 100.")
    comment: str | None = strawberry.field(default=NOT_GIVEN, description="A remark, at most 4,000 characters.")


@strawberry.type(description="The grade is assigned.")
class AssignGradeSuccess:
    registration: Registration = strawberry.field(description="The graded registration.")

    @strawberry.field(description="Anything else, as it is now.")
    def query(self) -> Query:
        return Query()


AssignGradeError = Annotated[
    RegistrationNotFound | GradeOutOfRange | CommentTooLong,
    strawberry.union("AssignGradeError", description="Why a grade could not be assigned; may grow."),
]


@strawberry.type(description="Nothing changed.")
class AssignGradeFailure:
    field_errors: list[AssignGradeError] = strawberry.field(description="All that was wrong; at least one.")


AssignGradeResult = Annotated[
    AssignGradeSuccess | AssignGradeFailure,
    strawberry.union("AssignGradeResult", description="Outcome of `assignGrade`; will not grow."),
]


async def change(context: Context, input: AssignGradeInput) -> records.Registration:
    comment = storable_text(input.comment, "comment")
    context.forget()
    return await context.service.assign_grade(context.signed_in, input.registration_id, input.grade_percentage, comment)


async def assign_grade(info: Info, input: AssignGradeInput) -> AssignGradeResult | None:
    return AssignGradeSuccess(registration=Registration.of(await change(info.context, input)))
