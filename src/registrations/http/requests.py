"""From an HTTP request to the operation it asks for, as the specification of GraphQL over HTTP says."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope

from registrations.graphql.operations.execution import OperationRequest
from registrations.graphql.operations.limits import values_in
from registrations.http.strict_json import BadJson, parse_json

MAXIMUM_BODY = 256 * 1024  # bytes
MAXIMUM_BODY_UNSIGNED = 4 * 1024  # without a token; the introspection of tools has some 2,000
MAXIMUM_PARAMETERS = 20  # of a URL
MAXIMUM_VALUES = 1_000  # in variables
LONGEST_MEDIA_TYPE = 200  # characters
MEDIA_TYPES_KEPT = 100  # of clients there are few kinds

Headers: TypeAlias = Mapping[bytes, bytes]


class TooLong(Exception):
    """The request is longer than it may be."""


def read_headers(fields: Sequence[tuple[bytes, bytes]]) -> Headers:
    """By their names in lower case; what was sent in several lines is one with commas between (RFC 9110, 5.2)."""
    headers = dict(fields)
    if len(headers) == len(fields):
        return headers
    lines: dict[bytes, list[bytes]] = defaultdict(list)
    for name, value in fields:
        lines[name].append(value)
    return {name: b", ".join(values) for name, values in lines.items()}


async def read_operation(scope: Scope, headers: Headers, receive: Receive, maximum: int) -> OperationRequest:
    """Raises `HTTPException` with a reason where the request asks for none, and `TooLong`.

    `maximum` is how many bytes the body, or the parameters of the URL, may have.
    """
    if scope["method"] == "POST":
        _check_content(headers)
        text = await _read(scope, headers, receive, maximum)
        parameters = _body_parameters(text)
    else:
        text = scope["query_string"]
        if len(text) > maximum:
            raise TooLong
        parameters = _query_parameters(headers, text)
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
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


def _query_parameters(headers: Headers, query_string: bytes) -> dict[str, Any]:
    # A browser sends neither for a page of another site before it has asked whether that site may.
    if not headers.get(b"apollo-require-preflight") and not _is_json(headers.get(b"content-type", b"")):
        raise HTTPException(
            400,
            "GET runs a query only with the header `Apollo-Require-Preflight: true` or "
            "`Content-Type: application/json`: add one, or send the query by POST.",
        )
    try:
        text = query_string.decode()
        if text.count("&") >= MAXIMUM_PARAMETERS:
            raise HTTPException(400, f"A URL has at most {MAXIMUM_PARAMETERS} parameters: send fewer.")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The parameters of the URL are no UTF-8: encode them as UTF-8.") from error
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            raise HTTPException(400, f"The URL has the parameter {name!r:.60} {times} times: send it once.")
    parameters: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _parse(parameters[name], f"`{name}`") if parameters[name] else None
    return parameters


def _check_content(headers: Headers) -> None:
    if not _is_json(headers.get(b"content-type", b"")):
        raise HTTPException(415, "Send the request as `Content-Type: application/json`.")
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise HTTPException(
            415, "Send the body as it is, without a `Content-Encoding`.", {"accept-encoding": "identity"}
        )


def _body_parameters(text: bytes) -> dict[str, Any]:
    body = _parse(text, "The body")
    if not isinstance(body, dict):
        raise HTTPException(
            400,
            'The body has to be a JSON object such as {"query": "{ viewer { scopes } }"}, one operation a request.',
        )
    return body


@lru_cache(MEDIA_TYPES_KEPT)
def _is_json(content_type: bytes) -> bool:
    if len(content_type) > LONGEST_MEDIA_TYPE:
        return False
    media_type, *parameters = content_type.decode("latin-1").lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return media_type.strip() == "application/json" and named.get("charset", "utf-8").strip('"') == "utf-8"


async def _read(scope: Scope, headers: Headers, receive: Receive, maximum: int) -> bytes:
    if int(headers.get(b"content-length", 0)) > maximum:
        raise TooLong
    body, more = await _next_chunk(scope, receive)
    if more:
        chunks = bytearray(body)
        # Chunk by chunk: what says nothing of its length, or lies about it, may never end.
        while more and len(chunks) <= maximum:
            chunk, more = await _next_chunk(scope, receive)
            chunks += chunk
        body = bytes(chunks)
    if len(body) > maximum:
        raise TooLong
    return body


async def _next_chunk(scope: Scope, receive: Receive) -> tuple[bytes, bool]:
    """What came of the body, and whether more will."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise HTTPException(400, "The connection ended before the body did.")
    more = message.get("more_body", False)
    if more and (seconds := scope["state"].get("late_after")):
        # Whatever still comes of the body must not be taken for another request.
        raise HTTPException(408, f"The body has to be here within {seconds:g} seconds.", {"connection": "close"})
    return message.get("body", b""), more


def _parse(text: str | bytes, what: str) -> Any:
    try:
        return parse_json(text)
    except BadJson as error:
        raise HTTPException(400, f"{what} {error}") from error
