"""From an HTTP request to a GraphQL request, by the specification of GraphQL over HTTP."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope

from registrations.graphql.operations.execution import OperationRequest
from registrations.graphql.operations.limits import values_in
from registrations.graphql.values import shown
from registrations.http.not_available import ONE_OPERATION, check_content
from registrations.http.request_headers import Headers
from registrations.http.strict_json import BadJson, parse_json

MAXIMUM_BODY = 256 * 1024  # bytes
MAXIMUM_BODY_UNSIGNED = 4 * 1024  # without a token; the introspection of tools has some 2,000
MAXIMUM_PARAMETERS = 20  # of a URL
MAXIMUM_VALUES = 1_000  # in variables


class TooLong(Exception):
    """The request is longer than it may be."""


class PersistedQueryNotSupported(Exception):
    """The request has the hash of a document in place of the document."""


async def read_operation(scope: Scope, headers: Headers, receive: Receive, maximum: int) -> OperationRequest:
    """The GraphQL request, whose body or URL parameters may have `maximum` bytes.

    Raises `HTTPException` with the reason where there is none, `TooLong`, or `PersistedQueryNotSupported`.
    """
    if scope["method"] == "POST":
        check_content(headers)
        text = await _read(scope, headers, receive, maximum)
        parameters = _body_parameters(text)
    else:
        text = scope["query_string"]
        if len(text) > maximum:
            raise TooLong
        parameters = _query_parameters(text)
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    if not query and isinstance(extensions, dict) and extensions.get("persistedQuery"):
        raise PersistedQueryNotSupported
    if not isinstance(query, str) or not query:
        raise HTTPException(400, "`query` is missing: send a GraphQL document as a string.")
    if not isinstance(name, str | None):
        raise HTTPException(400, "`operationName` has to be a string or null.")
    if not isinstance(variables, dict | None):
        raise HTTPException(400, "`variables` has to be an object or null.")
    # A shorter text can't have that many: each takes two bytes, itself and a comma or its brackets.
    if len(text) >= 2 * MAXIMUM_VALUES and variables and values_in(variables) > MAXIMUM_VALUES:
        raise HTTPException(400, f"`variables` has at most {MAXIMUM_VALUES} values: send fewer.")
    if not isinstance(extensions, dict | None):
        raise HTTPException(400, "`extensions` has to be an object or null.")
    return OperationRequest(query, name or None, variables or {})


def _query_parameters(query_string: bytes) -> dict[str, Any]:
    try:
        text = query_string.decode()
        if text.count("&") >= MAXIMUM_PARAMETERS:
            raise HTTPException(400, f"A URL has at most {MAXIMUM_PARAMETERS} parameters: send fewer.")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The parameters of the URL are no UTF-8: encode them as UTF-8.") from error
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise HTTPException(400, f"The URL has the parameter {shown(name)} {times} times: send it once.")
    parameters: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _parse(parameters[name], f"`{name}`") if parameters[name] else None
    return parameters


def _body_parameters(text: bytes) -> dict[str, Any]:
    body = _parse(text, "The body")
    if isinstance(body, list):
        raise HTTPException(400, ONE_OPERATION)
    if not isinstance(body, dict):
        raise HTTPException(400, 'The body has to be a JSON object such as {"query": "{ viewer { scopes } }"}.')
    return body


async def _read(scope: Scope, headers: Headers, receive: Receive, maximum: int) -> bytes:
    if int(headers.get(b"content-length", 0)) > maximum:
        raise TooLong
    body, more = await _next_chunk(scope, receive)
    if more:
        chunks = bytearray(body)
        # Chunk by chunk: a body without a `Content-Length` may never end.
        while more and len(chunks) <= maximum:
            chunk, more = await _next_chunk(scope, receive)
            chunks += chunk
        body = bytes(chunks)
    if len(body) > maximum:
        raise TooLong
    return body


async def _next_chunk(scope: Scope, receive: Receive) -> tuple[bytes, bool]:
    """The next part of the body, and whether more follows."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise HTTPException(400, "The connection ended before the body did.")
    more = message.get("more_body", False)
    if more and (seconds := scope["state"].get("late_after")):
        # The rest of the body must not be taken for another request.
        raise HTTPException(408, f"The body has to be here within {seconds:g} seconds.", {"connection": "close"})
    return message.get("body", b""), more


def _parse(text: str | bytes, what: str) -> Any:
    try:
        return parse_json(text)
    except BadJson as error:
        raise HTTPException(400, f"{what} {error}") from error
