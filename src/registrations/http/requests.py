"""From an HTTP request to the operation it asks for, as the specification of GraphQL over HTTP says."""

from email.message import EmailMessage
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request

from registrations.graphql.execution import OperationRequest

MAXIMUM_BODY = 256 * 1024  # bytes


async def read_operation(request: Request) -> OperationRequest:
    """Raises `HTTPException` with a reason where the request asks for none."""
    parameters = await _body_parameters(request) if request.method == "POST" else _query_parameters(request)
    query, name = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    if not isinstance(query, str) or not query:
        raise HTTPException(400, "`query` is missing: send a GraphQL document as a string.")
    if not isinstance(name, str | None):
        raise HTTPException(400, "`operationName` has to be a string or null.")
    if not isinstance(variables, dict | None):
        raise HTTPException(400, "`variables` has to be an object or null.")
    if not isinstance(extensions, dict | None):
        raise HTTPException(400, "`extensions` has to be an object or null.")
    return OperationRequest(query, name or None, variables or {})


def _query_parameters(request: Request) -> dict[str, Any]:
    parameters: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _parse_json(parameters[name], f"`{name}`") if parameters[name] else None
    return parameters


async def _body_parameters(request: Request) -> dict[str, Any]:
    content_type = EmailMessage()
    content_type["content-type"] = request.headers.get("content-type", "text/plain")
    if (content_type.get_content_type(), content_type.get_content_charset("utf-8")) != ("application/json", "utf-8"):
        raise HTTPException(415, "Send the request as `Content-Type: application/json`.")
    body = _parse_json(await _read(request), "The body")
    if not isinstance(body, dict):
        raise HTTPException(400, 'The body has to be a JSON object such as {"query": "{ viewer { scopes } }"}.')
    return body


async def _read(request: Request) -> bytes:
    body = bytearray()
    # Chunk by chunk: what says nothing of its length, or lies about it, may never end.
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BODY:
            raise HTTPException(413, f"A request has at most {MAXIMUM_BODY // 1024} KiB.")
    return bytes(body)


def _parse_json(text: str | bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"{what} is no valid JSON: {error}.") from error
