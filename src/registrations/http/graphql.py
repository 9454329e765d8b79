"""The endpoint `/graphql`."""

from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from registrations.graphql import errors
from registrations.graphql.context import Context
from registrations.graphql.operations.execution import Answer, OnlyQueriesAllowed, OperationRequest
from registrations.http.authentication import read_viewer, sign_in
from registrations.http.cross_site import check_not_cross_site
from registrations.http.not_available import check_transport
from registrations.http.operation_record import operation_record
from registrations.http.origins import AllowedOrigins
from registrations.http.request_headers import Headers, read_headers
from registrations.http.requests import (
    MAXIMUM_BODY,
    MAXIMUM_BODY_UNSIGNED,
    PersistedQueryNotSupported,
    TooLong,
    read_operation,
)
from registrations.http.responses import ANY, code_of, prefers_html, respond, respond_with_error, respond_with_failure
from registrations.telemetry.operations import OperationRecord, Outcome

PATH = "/graphql"
METHODS = ("POST", "GET", "HEAD")

# As Apollo and urql know it: they send the whole document, and hashes no more.
NOT_PERSISTED = Answer(
    {
        "errors": [
            {"message": "PersistedQueryNotSupported", "extensions": {"code": errors.PERSISTED_QUERY_NOT_SUPPORTED}}
        ]
    }
)


class GraphQL:
    """Middleware that answers `/graphql`: any operation by POST, a query by GET. Browsers get the page from `app`.

    It is no Starlette route, because Starlette's routing and exception handling cost as much as a small query.
    """

    def __init__(self, app: ASGIApp, *, has_page: bool, origins: AllowedOrigins) -> None:
        self._app = app
        self._has_page = has_page
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        headers, method = read_headers(scope["headers"]), scope["method"]
        if self._has_page and method in ("GET", "HEAD") and prefers_html(headers.get(b"accept", ANY)):
            await self._app(scope, receive, send)
        elif method not in METHODS:
            reason = "Send operations by POST, or queries by GET."
            await respond_with_error(send, headers, HTTPException(405, reason, {"allow": ", ".join(METHODS)}))
        else:
            await self._answer_or_fail(scope, headers, receive, send)

    async def _answer_or_fail(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, headers, receive, send)
        except PersistedQueryNotSupported:
            scope["state"]["operation"] = OperationRecord(Outcome.REFUSED, errors=NOT_PERSISTED.error_codes)
            await respond(send, headers, NOT_PERSISTED)
        except HTTPException as error:
            scope["state"]["operation"] = OperationRecord(Outcome.REFUSED, errors=(code_of(error),))
            await respond_with_error(send, headers, error)
        except Exception as error:
            scope["state"]["operation"] = OperationRecord(Outcome.ERRORS, errors=(errors.INTERNAL_SERVER_ERROR,))
            await respond_with_failure(send, headers, error, PATH)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Raises as `_operation` does, and `HTTPException` for a token that is refused, or a mutation by GET."""
        check_transport(scope, headers)
        state, only_queries = scope["state"], scope["method"] != "POST"
        authenticator = state["authenticator"]
        viewer = await read_viewer(authenticator, headers) if authenticator else state["unrestricted_viewer"]
        operation = await _operation(scope, headers, receive, is_signed_in=viewer is not None)
        if only_queries:
            check_not_cross_site(headers, self._origins)
        context = Context(state["service"], state["reads"](), viewer)
        started = perf_counter()
        try:
            answer = await state["run"](operation, context, only_queries=only_queries)
        except OnlyQueriesAllowed as error:
            raise HTTPException(405, "GET is for queries: send mutations by POST.", {"allow": "POST"}) from error
        state["operation"] = operation_record(answer, context, perf_counter() - started)
        await respond(send, headers, answer)


async def _operation(scope: Scope, headers: Headers, receive: Receive, *, is_signed_in: bool) -> OperationRequest:
    """Raises `HTTPException` and `PersistedQueryNotSupported`. Without a token, only what is short is read."""
    maximum = MAXIMUM_BODY if is_signed_in else MAXIMUM_BODY_UNSIGNED
    try:
        return await read_operation(scope, headers, receive, maximum)
    except TooLong as error:
        if is_signed_in:
            raise HTTPException(413, f"A request has at most {MAXIMUM_BODY // 1024} KiB.") from error
        raise sign_in() from error
