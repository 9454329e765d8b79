"""What clients are told about requests that no answer can be given to."""

from graphql import GraphQLError

from registrations.domain.access import Forbidden, Scope
from registrations.graphql.errors import BAD_USER_INPUT, FORBIDDEN, bad_user_input, formatted, unauthenticated

__all__ = [
    "BAD_USER_INPUT",
    "both_first_and_last",
    "forbidden",
    "formatted",
    "not_a_cursor",
    "not_storable",
    "out_of_range",
    "too_long",
    "too_many_ids",
    "unauthenticated",
]


def forbidden(scope: Scope) -> GraphQLError:
    return GraphQLError(str(Forbidden(scope)), extensions={"code": FORBIDDEN})


def not_a_cursor(argument: str) -> GraphQLError:
    return bad_user_input(
        f"`{argument}` is not a cursor of this list: pass one that came from it, with the same `orderBy`."
    )


def both_first_and_last() -> GraphQLError:
    return bad_user_input("Pass `first` or `last`, not both.")


def out_of_range(argument: str, size: int) -> GraphQLError:
    return bad_user_input(f"Pass a `{argument}` from 0 to 100; it was {size}.")


def too_many_ids(argument: str, amount: int) -> GraphQLError:
    return bad_user_input(f"`{argument}` takes at most 100 values; it was given {amount}.")


def too_long(argument: str, length: int) -> GraphQLError:
    return bad_user_input(f"`{argument}` takes at most 1000 characters; it was given {length}.")


def not_storable(argument: str) -> GraphQLError:
    return bad_user_input(f"`{argument}` contains the character U+0000, which no text can store: leave it out.")
