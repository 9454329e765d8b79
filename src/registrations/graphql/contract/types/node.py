"""Relay's interface of whatever can be fetched again by its id."""

import strawberry


@strawberry.interface(description="A record that can be fetched again through `Query.node`.")
class Node:
    id: strawberry.ID = strawberry.field(description="32 hexadecimal characters, unique across all records.")
