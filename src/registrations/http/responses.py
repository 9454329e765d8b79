"""From an answer to an HTTP response of the media type that the client prefers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import orjson
from starlette.exceptions import HTTPException
from starlette.types import Send

from registrations.graphql.errors import BAD_USER_INPUT, UNAUTHENTICATED, UNAVAILABLE, unexpected
from registrations.graphql.operations.execution import Answer
from registrations.http.authentication import CHALLENGE
from registrations.http.request_headers import VALUES_KEPT, Headers

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
CONTENT_TYPES = {media_type: f"{media_type}; charset=utf-8".encode() for media_type in (GRAPHQL_RESPONSE, JSON)}
ANY = b"*/*"
MAXIMUM_ACCEPT = 1_000  # characters that are read of `Accept`; browsers send some hundred
CODES = {401: UNAUTHENTICATED, 503: UNAVAILABLE}
PARTIAL_SUCCESS = 294  # of the specification of GraphQL over HTTP alone (September 2026, 5.4)
RETRY_AFTER_SECONDS = "2"

Extra: TypeAlias = Mapping[str, str]
NONE: Extra = {}


async def respond(send: Send, headers: Headers, answer: Answer) -> None:
    """Status 200 with `application/json`; with the newer media type, 294 for data beside errors.

    With the newer one, a request that was not executed gets 400.
    """
    media_type = preferred_media_type(headers.get(b"accept", ANY))
    codes = answer.error_codes
    if UNAVAILABLE in codes:
        await _send(send, 503, media_type, answer.body, {"retry-after": RETRY_AFTER_SECONDS})
    elif UNAUTHENTICATED in codes:
        await _send(send, 401, media_type, answer.body, {"www-authenticate": CHALLENGE})
    elif codes and media_type == GRAPHQL_RESPONSE:
        await _send(send, PARTIAL_SUCCESS if answer.was_executed else 400, media_type, answer.body)
    else:
        await _send(send, 200, media_type, answer.body)


async def respond_with_error(send: Send, headers: Headers, error: HTTPException) -> None:
    """The reason why a request was refused, in the shape of a GraphQL error."""
    body = {"errors": [{"message": error.detail, "extensions": {"code": code_of(error)}}]}
    media_type = preferred_media_type(headers.get(b"accept", ANY))
    retry = {"retry-after": RETRY_AFTER_SECONDS} if error.status_code == 503 else {}
    await _send(send, error.status_code, media_type, body, {**retry, **(error.headers or {})})


async def respond_with_failure(send: Send, headers: Headers, failure: Exception, where: str) -> None:
    """An unexpected exception is logged; the client gets its id only."""
    media_type = preferred_media_type(headers.get(b"accept", ANY))
    await _send(send, 500, media_type, {"errors": [unexpected(failure, where)]})


def code_of(error: HTTPException) -> str:
    return CODES.get(error.status_code, BAD_USER_INPUT)


@lru_cache(VALUES_KEPT)
def preferred_media_type(accept: bytes) -> str:
    """`application/graphql-response+json` where the client names it with the highest quality, else the older type."""
    newer, older = quality(accept, GRAPHQL_RESPONSE), quality(accept, JSON, "application/*", "*/*")
    return GRAPHQL_RESPONSE if newer > 0 and newer >= older else JSON


@lru_cache(VALUES_KEPT)
def accepts_json(accept: bytes) -> bool:
    """Whether the client takes an answer; so does one that names nothing."""
    media_types = (GRAPHQL_RESPONSE, JSON, "application/*", "*/*")
    return not accept.strip(b", ") or any(quality(accept, media_type) > 0 for media_type in media_types)


@lru_cache(VALUES_KEPT)
def prefers_html(accept: bytes) -> bool:
    """Whether the client is a browser that opens the address rather than a client of the API."""
    html = quality(accept, "text/html")
    return html > 0 and html >= max(quality(accept, GRAPHQL_RESPONSE), quality(accept, JSON))


def quality(accept: bytes, *media_types: str) -> float:
    """The quality (RFC 9110, 12.4.2) of the first of these media types or encodings that the client names, or 0."""
    ranges = accept[:MAXIMUM_ACCEPT].decode("latin-1").split(",")
    named = [[part.strip().lower() for part in media_range.split(";")] for media_range in ranges]
    for media_type in media_types:
        for name, *parameters in named:
            if name == media_type:
                return _number(next((text[2:] for text in parameters if text.startswith("q=")), "1"))
    return 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


async def _send(send: Send, status: int, media_type: str, body: Mapping[str, Any], extra: Extra = NONE) -> None:
    content = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    raw = [
        (b"content-type", CONTENT_TYPES[media_type]),
        (b"content-length", b"%d" % len(content)),
        (b"vary", b"accept"),  # for caches: the same address has responses of two media types
        *[(name.encode(), value.encode("latin-1")) for name, value in extra.items()],
    ]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})
