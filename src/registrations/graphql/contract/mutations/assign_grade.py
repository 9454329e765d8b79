from typing import Annotated

import strawberry

from registrations.domain import records
from registrations.graphql.context import Context
from registrations.graphql.contract.mutations.mutation import MutationField
from registrations.graphql.contract.paging import NOT_GIVEN, given
from registrations.graphql.contract.queries import Query
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.field_errors import CommentTooLong, GradeOutOfRange, RegistrationNotFound
from registrations.graphql.contract.types.registration import Registration
from registrations.graphql.plans.fields import Attribute, ObjectItself, WholeQuery


@strawberry.input(description="The grade, and why.")
class AssignGradeInput:
    registration_id: strawberry.ID = strawberry.field(description="What to grade.")
    grade_percentage: float = strawberry.field(description="The grade, 0 to 100.")
    comment: str | None = strawberry.field(default=NOT_GIVEN, description="A remark, at most 4,000 characters.")


@strawberry.type(description="The grade is assigned.")
class AssignGradeSuccess:
    registration: Registration = field_from(ObjectItself(), "The graded registration.")
    query: Query = field_from(WholeQuery(), "Anything else, as it is now.")


AssignGradeError = Annotated[
    RegistrationNotFound | GradeOutOfRange | CommentTooLong,
    strawberry.union("AssignGradeError", description="Why a grade could not be assigned; may grow."),
]


@strawberry.type(description="Nothing changed.")
class AssignGradeFailure:
    field_errors: list[AssignGradeError] = field_from(Attribute("problems"), "All that was wrong; at least one.")


AssignGradeResult = Annotated[
    AssignGradeSuccess | AssignGradeFailure,
    strawberry.union("AssignGradeResult", description="Outcome of `assignGrade`; will not grow."),
]


async def change(context: Context, input: AssignGradeInput) -> records.Registration:
    return await context.service.assign_grade(
        context.signed_in, input.registration_id, input.grade_percentage, given(input.comment)
    )


ASSIGN_GRADE = MutationField(
    "assignGrade",
    "Assigns a grade in any state: stops progress, sets PASSED or FAILED, clears an ejection.",
    change,
    AssignGradeInput,
    AssignGradeSuccess,
    AssignGradeFailure,
    AssignGradeResult,
)
