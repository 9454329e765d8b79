"""Whether a page of another site may have sent a request that its browser does not ask about beforehand (CSRF)."""

from starlette.exceptions import HTTPException

from registrations.http.origins import AllowedOrigins
from registrations.http.request_headers import Headers, read_content_type

# A browser asks by a CORS preflight before it lets a page of another origin send one of these.
PREFLIGHT_HEADERS = (b"apollo-require-preflight", b"graphql-require-preflight", b"x-apollo-operation-name")

REFUSAL = (
    "GET runs a query only where no page of another site can have sent it unasked. Send the query by POST "
    "(urql: `preferGetMethod: false`; Apollo Client: no `useGETForQueries`), or add one of the headers "
    "`Authorization: Bearer …`, `Apollo-Require-Preflight: true`, `GraphQL-Require-Preflight: true` or "
    "`Content-Type: application/json`."
)


def check_not_cross_site(headers: Headers, origins: AllowedOrigins) -> None:
    """Raises `HTTPException` for a GET that any page could have its visitors send."""
    if not _is_deliberate(headers, origins):
        raise HTTPException(400, REFUSAL)


def _is_deliberate(headers: Headers, origins: AllowedOrigins) -> bool:
    return (
        any(headers.get(name) for name in PREFLIGHT_HEADERS)
        # Other schemes, such as Basic, are for browsers to add by themselves.
        or headers.get(b"authorization", b"").lower().startswith(b"bearer ")
        or read_content_type(headers.get(b"content-type", b"")).media_type == "application/json"
        or headers.get(b"sec-fetch-site") == b"same-origin"
        or origins.allow(headers.get(b"origin", b"").decode("latin-1"))
    )
