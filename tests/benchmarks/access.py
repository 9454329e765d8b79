"""Who asks: what the gateway has to know to let them in, and the headers that every request carries, to any server."""

from registrations.auth.tokens import mint
from registrations.domain.access import Scope

ISSUER, AUDIENCE, SECRET = "bench", "registrations", "of no use to anybody but benchmarks"
HOUR = 3_600

SETTINGS = {
    "REGISTRATIONS_AUTH_SECRET": SECRET,
    "REGISTRATIONS_AUTH_ISSUER": ISSUER,
    "REGISTRATIONS_AUTH_AUDIENCE": AUDIENCE,
}
HEADERS = {
    "content-type": "application/json",
    "authorization": f"Bearer {mint(SECRET, ISSUER, AUDIENCE, 'staff', [Scope.READ, Scope.GRADE], 12 * HOUR)}",
}
