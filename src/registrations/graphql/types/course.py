from typing import Self

import strawberry

from registrations.domain import records
from registrations.graphql.types.node import Node


@strawberry.type(description="What is taught.")
class Course(Node):
    title: str = strawberry.field(description="Title of the course.")
    passing_grade_percentage: float = strawberry.field(description="The least grade that passes, 0 to 100.")

    @classmethod
    def of(cls, course: records.Course) -> Self:
        return cls(
            id=strawberry.ID(course.id),
            title=course.title,
            passing_grade_percentage=course.passing_grade_percentage,
        )
