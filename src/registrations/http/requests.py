"""From an HTTP request to the operation it asks for, as the specification of GraphQL over HTTP says."""

import asyncio
from collections import Counter
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from registrations.graphql.execution import OperationRequest
from registrations.graphql.limits import values_in
from registrations.http.strict_json import BadJson, parse_json

MAXIMUM_BODY = 256 * 1024  # bytes
MAXIMUM_VALUES = 1_000  # in variables
BODY_SECONDS = 10.0
MEDIA_TYPES_KEPT = 100  # of clients there are few kinds


async def read_operation(request: Request, body_seconds: float = BODY_SECONDS) -> OperationRequest:
    """Raises `HTTPException` with a reason where the request asks for none."""
    if request.method == "POST":
        parameters = await _body_parameters(request, body_seconds)
    else:
        parameters = _query_parameters(request)
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    if not isinstance(query, str) or not query:
        raise HTTPException(400, "`query` is missing: send a GraphQL document as a string.")
    if not isinstance(name, str | None):
        raise HTTPException(400, "`operationName` has to be a string or null.")
    if not isinstance(variables, dict | None):
        raise HTTPException(400, "`variables` has to be an object or null.")
    if variables and values_in(variables) > MAXIMUM_VALUES:
        raise HTTPException(400, f"`variables` has at most {MAXIMUM_VALUES} values: send fewer.")
    if not isinstance(extensions, dict | None):
        raise HTTPException(400, "`extensions` has to be an object or null.")
    return OperationRequest(query, name or None, variables or {})


def _query_parameters(request: Request) -> dict[str, Any]:
    # A browser sends neither for a page of another site before it has asked whether that site may.
    if not request.headers.get("apollo-require-preflight") and not _is_json(request.headers.get("content-type", "")):
        raise HTTPException(
            400,
            "GET runs a query only with the header `Apollo-Require-Preflight: true` or "
            "`Content-Type: application/json`: add one, or send the query by POST.",
        )
    try:
        pairs = parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True, errors="strict")
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


async def _body_parameters(request: Request, seconds: float) -> dict[str, Any]:
    if not _is_json(request.headers.get("content-type", "")):
        raise HTTPException(415, "Send the request as `Content-Type: application/json`.")
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
        raise HTTPException(
            415, "Send the body as it is, without a `Content-Encoding`.", {"accept-encoding": "identity"}
        )
    try:
        async with asyncio.timeout(seconds):
            text = await _read(request)
    except TimeoutError as error:
        # Whatever still comes of the body must not be taken for another request.
        raise HTTPException(
            408, f"The body has to be here within {seconds:g} seconds.", {"connection": "close"}
        ) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The connection ended before the body did.") from error
    body = _parse(text, "The body")
    if not isinstance(body, dict):
        raise HTTPException(
            400,
            'The body has to be a JSON object such as {"query": "{ viewer { scopes } }"}, one operation a request.',
        )
    return body


@lru_cache(MEDIA_TYPES_KEPT)
def _is_json(content_type: str) -> bool:
    media_type, *parameters = content_type.lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return media_type.strip() == "application/json" and named.get("charset", "utf-8").strip('"') == "utf-8"


async def _read(request: Request) -> bytes:
    body = bytearray()
    # Chunk by chunk: what says nothing of its length, or lies about it, may never end.
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            raise HTTPException(413, f"A request has at most {MAXIMUM_BODY // 1024} KiB.")
    return bytes(body)


def _parse(text: str | bytes, what: str) -> Any:
    try:
        return parse_json(text)
    except BadJson as error:
        raise HTTPException(400, f"{what} {error}") from error
