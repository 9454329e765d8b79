"""Errors at the top level of an answer: client errors, and failures, whose details are logged and never answered."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from graphql import GraphQLError

from registrations.domain.access import Forbidden
from registrations.domain.outage import TookTooLong, Unavailable

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"
TOO_EXPENSIVE = "QUERY_TOO_EXPENSIVE"
UNAVAILABLE = "SERVICE_UNAVAILABLE"
INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"

SIGN_IN = "Sign in: send `Authorization: Bearer <token>`."
TAKES_TOO_LONG = "The list takes too long to read: narrow it by another filter, or try again later."
NOT_AVAILABLE = "The service is not available at the moment; try again in a while."

NULL = re.compile(r"\bnot to be None\.$")  # graphql-core's only word of Python that shows no value
PLAINER: Mapping[str, str] = {
    "Unknown directive '@defer'.": "`@defer` is not available: leave it out, an answer comes as a whole.",
    "Unknown directive '@stream'.": "`@stream` is not available: leave it out, an answer comes as a whole.",
    "The subscription operation is not supported by the schema.": (
        "Subscriptions are not available: send a query, and send it again for what is new."
    ),
    "Validation aborted.": "The document repeats too much: select each field, and spread each fragment, fewer times.",
}
"""What graphql-core says, in words that say what to do."""

logger = logging.getLogger(__name__)


def bad_user_input(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": BAD_USER_INPUT})


def unauthenticated() -> GraphQLError:
    return GraphQLError(SIGN_IN, extensions={"code": UNAUTHENTICATED})


def formatted(errors: Sequence[GraphQLError], code: str) -> list[dict[str, Any]]:
    """The errors as an answer shows them. `code` is for client errors that have none of their own."""
    told: dict[int, dict[str, Any]] = {}  # by exceptions, each of which may have failed fields at thousands of paths
    return [_failure(error, told) if _is_failure(error) else _client_error(error, code) for error in errors]


def _is_failure(error: GraphQLError) -> bool:
    """Whether something that is no GraphQL error was raised while a field was answered: only then is there a path."""
    return error.path is not None and not _is_graphql_error(error)


def _is_graphql_error(error: GraphQLError) -> bool:
    return error.original_error is None or isinstance(error.original_error, GraphQLError)


def _client_error(error: GraphQLError, code: str) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    if not _is_graphql_error(error):
        # Python refused a literal in words of its own, such as an integer of thousands of digits.
        shown["message"] = "A value is out of the range of its type."
    message = NULL.sub("not to be null.", shown["message"])
    shown["message"] = PLAINER.get(message, message)
    return {**shown, "extensions": {"code": code, **shown.get("extensions", {})}}


def _failure(error: GraphQLError, told: dict[int, dict[str, Any]]) -> dict[str, Any]:
    raised = error.original_error
    if id(raised) not in told:
        told[id(raised)] = _told(raised, error.path)
    return {**error.formatted, **told[id(raised)]}


def _told(raised: Exception | None, where: object) -> dict[str, Any]:
    if isinstance(raised, Forbidden):
        return {"message": str(raised), "extensions": {"code": FORBIDDEN}}
    if isinstance(raised, TookTooLong):
        return {"message": TAKES_TOO_LONG, "extensions": {"code": TOO_EXPENSIVE}}
    if isinstance(raised, Unavailable):
        logger.warning("The database is not available: %s", raised.__cause__)
        return {"message": NOT_AVAILABLE, "extensions": {"code": UNAVAILABLE}}
    return unexpected(raised, where)


def unexpected(raised: BaseException | None, where: object) -> dict[str, Any]:
    """An unexpected failure as an answer shows it. Its text may hold secrets: the log has it under the same id."""
    error_id = uuid4().hex
    logger.error("Unexpected error %s at %s", error_id, where, exc_info=raised)
    message = f"An unexpected error occurred; its id is {error_id}."
    return {"message": message, "extensions": {"code": INTERNAL_SERVER_ERROR, "id": error_id}}
