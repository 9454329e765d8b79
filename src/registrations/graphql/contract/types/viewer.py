import strawberry

from registrations.domain import access, records
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.user import User
from registrations.graphql.plans.fields import ComputedField, RecordById


def scopes(viewer: access.Viewer) -> list[str]:
    return sorted(viewer.scopes)


@strawberry.type(description="Who is asking.")
class Viewer:
    scopes: list[str] = field_from(ComputedField((), scopes), "What their token allows.")
    user: User | None = field_from(RecordById(records.User), "Their user record, where they have one.")
