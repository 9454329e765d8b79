import strawberry

from registrations.graphql.contract.types.node import Node


@strawberry.type(description="What is taught.")
class Course(Node):
    title: str = strawberry.field(description="Title of the course.")
    passing_grade_percentage: float = strawberry.field(description="The least grade that passes, 0 to 100.")
