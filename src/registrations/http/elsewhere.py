"""What answers where nothing is: with the way to GraphQL."""

from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from registrations.http.graphql import PATH
from registrations.http.request_headers import read_headers
from registrations.http.responses import respond_with_error


async def nothing_here(scope: Scope, _receive: Receive, send: Send) -> None:
    reason = f"Nothing is at this address: GraphQL is at `{scope.get('app_root_path', '')}{PATH}`."
    await respond_with_error(send, read_headers(scope["headers"]), HTTPException(404, reason))
