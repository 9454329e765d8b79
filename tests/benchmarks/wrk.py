"""Load by wrk, a well-known generator in C; Debian and Homebrew have it."""

import subprocess
import tempfile
from collections.abc import Sequence

import orjson

from tests.benchmarks.access import HEADERS
from tests.benchmarks.load import CONNECTIONS, SERIAL, Load, first_serial
from tests.benchmarks.requests import Request

SCRIPT = """
function init()
  prepared = {{ {requests} }}
  turn = 0
  serial = {first_serial}
end

function request()
  turn = turn % #prepared + 1
  serial = serial + 1
  return (prepared[turn]:gsub("{SERIAL}", string.format("%08x", serial)))
end

function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format(
    '{{"requests": %d, "failures": %d, "seconds": %f, "p50": %f, "p99": %f}}',
    summary.requests, failures, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3
  ))
end
"""


def put_load(address: str, requests: Sequence[Request], seconds: int) -> Load:
    """Sends the requests in turn, on each connection as soon as the one before is answered."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_script(requests))
        script.flush()
        options = "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s", f"--script={script.name}"
        said = subprocess.run(["wrk", *options, address], capture_output=True, text=True, check=True).stdout
    return Load(**orjson.loads(said.splitlines()[-1]))


def _script(requests: Sequence[Request]) -> str:
    prepared = ",\n".join(map(_prepared, requests))
    return SCRIPT.format(requests=prepared, first_serial=first_serial(), SERIAL=SERIAL)


def _prepared(request: Request) -> str:
    headers = ", ".join(f"[({_quoted(name)})] = {_quoted(value)}" for name, value in HEADERS.items())
    method, path, body = map(_quoted, (request.method, request.path, request.body.decode()))
    return f"wrk.format({method}, {path}, {{{headers}}}, {body})"


def _quoted(text: str) -> str:
    return f"[==[{text}]==]"
