"""What putting load on a server tells, and what is the same whoever does it."""

from dataclasses import dataclass
from itertools import count

CONNECTIONS = 8
SERIAL = "SERIAL__"  # in a body; each request has eight hexadecimal digits in its place, as no other has
_runs = count()


def first_serial() -> int:
    """Of a run, which has room for a million requests."""
    return next(_runs) << 20


@dataclass(frozen=True)
class Load:
    """What a server answered in a while; latencies are milliseconds."""

    requests: int
    failures: int
    seconds: float
    p50: float
    p99: float
