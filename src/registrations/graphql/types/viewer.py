import strawberry

from registrations.graphql.context import Info
from registrations.graphql.types.user import User


@strawberry.type(description="Who is asking.")
class Viewer:
    user_id: strawberry.Private[str | None]
    scopes: list[str] = strawberry.field(description="What their token allows.")

    @strawberry.field(description="Their user record, where they have one.")
    async def user(self, info: Info) -> User | None:
        user = await info.context.loaders.find_user(self.user_id) if self.user_id else None
        return User.of(user) if user else None
