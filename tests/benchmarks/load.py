"""What putting load on a server tells, and what is the same whoever does it."""

from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What a server answered in a while; latencies are milliseconds."""

    requests: int
    failures: int
    seconds: float
    p50: float
    p99: float
