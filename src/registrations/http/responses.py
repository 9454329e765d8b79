"""From an answer to an HTTP response of the media type that the client prefers."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from registrations.graphql.errors import BAD_USER_INPUT, UNAUTHENTICATED, UNAVAILABLE
from registrations.graphql.execution import Answer
from registrations.http.authentication import CHALLENGE
from registrations.telemetry.seen import OperationSeen, Outcome

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
MEDIA_TYPES_KEPT = 100  # of clients there are few kinds
RETRY_AFTER_SECONDS = "2"
CODES = {401: UNAUTHENTICATED, 503: UNAVAILABLE}


def respond(request: Request, answer: Answer) -> Response:
    """With the older media type, whatever reached GraphQL is 200; with the newer, what was not executed is 400."""
    media_type = preferred_media_type(request.headers.get("accept", "*/*"))
    if UNAVAILABLE in answer.error_codes:
        return _response(answer.body, 503, media_type, {"retry-after": RETRY_AFTER_SECONDS})
    if UNAUTHENTICATED in answer.error_codes:
        return _response(answer.body, 401, media_type, {"www-authenticate": CHALLENGE})
    status = 400 if media_type == GRAPHQL_RESPONSE and not answer.was_executed else 200
    return _response(answer.body, status, media_type)


def respond_with_error(request: Request, error: HTTPException) -> Response:
    """A request that asks for no operation gets its reason in the shape of a GraphQL error."""
    code = CODES.get(error.status_code, BAD_USER_INPUT)
    request.state.seen = OperationSeen(Outcome.REFUSED, errors=(code,))
    body = {"errors": [{"message": error.detail, "extensions": {"code": code}}]}
    media_type = preferred_media_type(request.headers.get("accept", "*/*"))
    retry = {"retry-after": RETRY_AFTER_SECONDS} if error.status_code == 503 else {}
    return _response(body, error.status_code, media_type, {**retry, **(error.headers or {})})


@lru_cache(MEDIA_TYPES_KEPT)
def preferred_media_type(accept: str) -> str:
    """The newer media type where the client names it and likes it no less; a client that names none gets the older."""
    newer, older = quality(accept, GRAPHQL_RESPONSE), quality(accept, JSON, "application/*", "*/*")
    return GRAPHQL_RESPONSE if newer > 0 and newer >= older else JSON


def prefers_html(request: Request) -> bool:
    """Whether this is a browser that opens the address, and no client of the API."""
    accept = request.headers.get("accept", "*/*")
    html = quality(accept, "text/html")
    return html > 0 and html >= max(quality(accept, GRAPHQL_RESPONSE), quality(accept, JSON))


def quality(accept: str, *media_types: str) -> float:
    """How much the client likes the first of these media types (or encodings) that it names, from 0 to 1."""
    named = [[part.strip().lower() for part in media_range.split(";")] for media_range in accept.split(",")]
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


def _response(body: dict[str, Any], status: int, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    # A `Vary` for caches in between: the same address answers in two media types.
    return Response(
        orjson.dumps(body, option=orjson.OPT_UTC_Z),
        status,
        media_type=f"{media_type}; charset=utf-8",
        headers={**(headers or {}), "vary": "accept"},
    )
