"""What other servers of GraphQL offer and this one does not: each is refused with what to do instead."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import Scope

from registrations.http.request_headers import Headers, read_content_type
from registrations.http.responses import ANY, accepts_json, quality

JSON_INSTEAD = "Send the request as `Content-Type: application/json`."
CONTENT_TYPES: Mapping[str, str] = {
    "application/graphql": 'Put the document into a JSON object: {"query": "{ viewer { scopes } }"}.',
    "application/x-www-form-urlencoded": "Put the parameters of the form into a JSON object.",
    "multipart/form-data": "Uploads of files are not available, and no field of the schema takes any.",
}
UTF_8 = frozenset({"utf-8", "utf8", "csutf8"})  # its registered name and alias, and as many write it

WEBSOCKET = (
    "WebSockets are not available, neither with `graphql-transport-ws` nor with `graphql-ws`, as there are no "
    "subscriptions: send queries and mutations by POST (Apollo Client: `HttpLink`; urql: `fetchExchange`)."
)
ACCEPT_JSON = "Accept `application/graphql-response+json` or `application/json`"
STREAMS: Mapping[str, str] = {
    "text/event-stream": f"Server-sent events are not available, as there are no subscriptions. {ACCEPT_JSON}.",
    "multipart/mixed": f"Answers in parts are not available. {ACCEPT_JSON}.",
}
ONE_OPERATION = (
    "Batches are not available: send each operation in a request of its own (Apollo Client: `HttpLink` instead of "
    "`BatchHttpLink`)."
)


def check_transport(scope: Scope, headers: Headers) -> None:
    """Raises `HTTPException` for a WebSocket, and for a client that reads none of the media types of answers."""
    is_handshake = scope["method"] == "GET" and b"sec-websocket-key" in headers
    if is_handshake and b"query=" not in scope["query_string"]:  # which could be answered all the same
        raise HTTPException(400, WEBSOCKET)
    accept = headers.get(b"accept", ANY)
    if not accepts_json(accept):
        streams = (reason for media_type, reason in STREAMS.items() if quality(accept, media_type) > 0)
        raise HTTPException(406, next(streams, f"{ACCEPT_JSON}: an answer has no other media type."))


def check_content(headers: Headers) -> None:
    """Raises `HTTPException` for a body that is not JSON in UTF-8, as it is."""
    media_type, charsets = read_content_type(headers.get(b"content-type", b""))
    if media_type == "application/json" and not charsets <= UTF_8:
        raise HTTPException(415, "Encode the body as UTF-8, and send it as `Content-Type: application/json`.")
    if media_type != "application/json":
        raise HTTPException(415, " ".join(filter(None, (JSON_INSTEAD, CONTENT_TYPES.get(media_type)))))
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise HTTPException(
            415, "Send the body as it is, without a `Content-Encoding`.", {"accept-encoding": "identity"}
        )
