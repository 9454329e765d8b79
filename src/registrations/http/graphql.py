"""What answers at `/graphql`."""

from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from registrations.graphql.context import Context
from registrations.graphql.errors import INTERNAL_SERVER_ERROR
from registrations.graphql.operations.execution import OnlyQueriesAllowed, OperationRequest
from registrations.http.authentication import read_viewer, sign_in
from registrations.http.operation_record import operation_record
from registrations.http.requests import (
    MAXIMUM_BODY,
    MAXIMUM_BODY_UNSIGNED,
    Headers,
    TooLong,
    read_headers,
    read_operation,
)
from registrations.http.responses import ANY, code_of, prefers_html, respond, respond_with_error, respond_with_failure
from registrations.telemetry.operations import OperationRecord, Outcome

PATH = "/graphql"
METHODS = ("POST", "GET", "HEAD")


class GraphQL:
    """Middleware that answers at `/graphql` any operation by POST, a query by GET; not browsers that want a page.

    It stands before Starlette, whose ways to a route and to what answers failures cost as much as a small query.
    """

    def __init__(self, app: ASGIApp, *, has_page: bool) -> None:
        self._app = app
        self._has_page = has_page

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
            await _answer_whatever_happens(scope, headers, receive, send)


async def _answer_whatever_happens(scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    try:
        await _answer(scope, headers, receive, send)
    except HTTPException as error:
        scope["state"]["operation"] = OperationRecord(Outcome.REFUSED, errors=(code_of(error),))
        await respond_with_error(send, headers, error)
    except Exception as error:
        scope["state"]["operation"] = OperationRecord(Outcome.ERRORS, errors=(INTERNAL_SERVER_ERROR,))
        await respond_with_failure(send, headers, error, PATH)


async def _answer(scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    """Raises `HTTPException` where the request asks for no operation, or for none that it may."""
    state = scope["state"]
    viewer = await read_viewer(state["authenticator"], headers)
    operation = await _operation(scope, headers, receive, is_signed_in=viewer is not None)
    context = Context(state["service"], state["reads"], viewer)
    started = perf_counter()
    try:
        answer = await state["run"](operation, context, only_queries=scope["method"] != "POST")
    except OnlyQueriesAllowed as error:
        raise HTTPException(405, "GET is for queries: send mutations by POST.", {"allow": "POST"}) from error
    state["operation"] = operation_record(answer, context, perf_counter() - started)
    await respond(send, headers, answer)


async def _operation(scope: Scope, headers: Headers, receive: Receive, *, is_signed_in: bool) -> OperationRequest:
    """Raises `HTTPException`. Without a token, only what is short is read."""
    maximum = MAXIMUM_BODY if is_signed_in else MAXIMUM_BODY_UNSIGNED
    try:
        return await read_operation(scope, headers, receive, maximum)
    except TooLong as error:
        if is_signed_in:
            raise HTTPException(413, f"A request has at most {MAXIMUM_BODY // 1024} KiB.") from error
        raise sign_in() from error
