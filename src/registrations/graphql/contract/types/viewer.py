import strawberry

from registrations.domain import access, records
from registrations.graphql.contract.sources import field_from
from registrations.graphql.contract.types.user import User
from registrations.graphql.plans.fields import ComputedField, RecordById


def cache_key(viewer: access.Viewer) -> str:
    return f"viewer:{viewer.subject}"


def scopes(viewer: access.Viewer) -> list[str]:
    return sorted(viewer.scopes)


@strawberry.type(description="Who is asking.")
class Viewer:
    id: strawberry.ID = field_from(
        ComputedField((), cache_key),
        "For caches, so that what is asked of the viewer in different places is merged; "
        "the same for all tokens of one subject. It is no record's id.",
    )
    scopes: list[str] = field_from(ComputedField((), scopes), "What their token allows.")
    user: User | None = field_from(RecordById(records.User), "Their user record, where they have one.")
