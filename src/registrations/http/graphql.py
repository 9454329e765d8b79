"""The endpoint `/graphql`."""

from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from registrations.graphql.context import Context
from registrations.graphql.errors import INTERNAL_SERVER_ERROR
from registrations.graphql.operations.execution import OnlyQueriesAllowed
from registrations.http.authentication import read_viewer
from registrations.http.operation_record import operation_record
from registrations.http.requests import Headers, read_headers, read_operation
from registrations.http.responses import ANY, code_of, prefers_html, respond, respond_with_error, respond_with_failure
from registrations.telemetry.operations import OperationRecord, Outcome

PATH = "/graphql"
METHODS = ("POST", "GET", "HEAD")


class GraphQL:
    """Middleware that answers `/graphql`: any operation by POST, a query by GET. Browsers get the page from `app`.

    It is no Starlette route, because Starlette's routing and exception handling cost as much as a small query.
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
            await _answer_or_fail(scope, headers, receive, send)


async def _answer_or_fail(scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    try:
        await _answer(scope, headers, receive, send)
    except HTTPException as error:
        scope["state"]["operation"] = OperationRecord(Outcome.REFUSED, errors=(code_of(error),))
        await respond_with_error(send, headers, error)
    except Exception as error:
        scope["state"]["operation"] = OperationRecord(Outcome.ERRORS, errors=(INTERNAL_SERVER_ERROR,))
        await respond_with_failure(send, headers, error, PATH)


async def _answer(scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
    """Raises `HTTPException` for a request that is malformed, unauthenticated, or a mutation by GET."""
    state = scope["state"]
    authenticator = state["authenticator"]
    viewer = await read_viewer(authenticator, headers) if authenticator else state["unrestricted_viewer"]
    context = Context(state["service"], state["reads"], viewer)
    operation = await read_operation(scope, headers, receive)
    started = perf_counter()
    try:
        answer = await state["run"](operation, context, only_queries=scope["method"] != "POST")
    except OnlyQueriesAllowed as error:
        raise HTTPException(405, "GET is for queries: send mutations by POST.", {"allow": "POST"}) from error
    state["operation"] = operation_record(answer, context, perf_counter() - started)
    await respond(send, headers, answer)
