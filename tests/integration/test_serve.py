"""`registrations serve` from start to end: what it prints, how it stops, what it refuses."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.server import COMMAND, serving

NOTHING = {"data": {"registrations": {"totalCount": 0}}}
COUNT = {"query": "{ registrations { totalCount } }"}


@pytest.fixture(scope="module")
def data_dir() -> Iterator[str]:
    """A folder for an embedded server: its path is short enough for a socket, and root's server may enter it."""
    folder = tempfile.mkdtemp(prefix="serve-")
    Path(folder).chmod(0o755)
    yield f"{folder}/data"
    shutil.rmtree(folder)


def is_running(data_dir: str) -> bool:
    """Whether there is a server of this folder: it makes its socket and, when it ends, takes it away."""
    return Path(data_dir, ".s.PGSQL.5432").exists()


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_it_brings_its_own_database_and_takes_it_down_again(data_dir: str, signal_: signal.Signals) -> None:
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        assert httpx.post(f"{server.address}/graphql", json=COUNT).json() == NOTHING
        assert httpx.get(f"{server.address}/readyz").text == "ok"
        assert is_running(data_dir)
        server.process.send_signal(signal_)
        server.process.wait(timeout=20)
    assert not is_running(data_dir)


def test_the_curl_that_it_prints_works(data_dir: str) -> None:
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        [command] = re.findall(r"^  (curl .*)$", server.greeting, re.MULTILINE)
        answer = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
    assert answer.stdout == '{"data":{"registrations":{"totalCount":0,"nodes":[]}}}'


def test_root_is_told_where_its_server_may_not_go() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's server runs as another user")
    folder = tempfile.mkdtemp(prefix="closed-")
    environment = {**os.environ, "REGISTRATIONS_DATA_DIR": f"{folder}/data"}
    refused = subprocess.run([COMMAND, "serve"], env=environment, capture_output=True, text=True, check=False)
    shutil.rmtree(folder)
    assert refused.returncode == 1
    assert "who may not enter" in " ".join(refused.stderr.split())


def test_after_a_kill_the_next_start_has_what_was_acknowledged(data_dir: str) -> None:
    seed = [str(COMMAND), "seed", "--users", "5", "--courses", "1", "--offerings", "5", "--registrations", "7"]
    subprocess.run(seed, env={**os.environ, "REGISTRATIONS_DATA_DIR": data_dir}, check=True, capture_output=True)
    for _ in range(2):
        with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
            answer = httpx.post(f"{server.address}/graphql", json=COUNT).json()
            assert answer == {"data": {"registrations": {"totalCount": 7}}}
            server.process.kill()
            server.process.wait()
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        server.process.send_signal(signal.SIGINT)
        server.process.wait(timeout=20)
    assert not is_running(data_dir)


def test_workers_share_the_port(database_url: str) -> None:
    with serving("--workers", "2", REGISTRATIONS_DATABASE_URL=database_url) as server:
        # The port is bound before the first worker listens at it.
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            assert client.post(f"{server.address}/graphql", json=COUNT).json() == NOTHING
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)


def test_a_database_with_an_old_schema_is_refused_with_what_to_run(server_url: str) -> None:
    environment = {**os.environ, "REGISTRATIONS_DATABASE_URL": server_url}
    refused = subprocess.run([COMMAND, "serve"], env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert " ".join(refused.stderr.split()) == (
        "The database is at schema none, this version needs 0001: run `registrations migrate`."
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("POOL_SIZE", "none", "REGISTRATIONS_POOL_SIZE: Input should be a valid integer"),
        ("POOL_SIZE", "0", "REGISTRATIONS_POOL_SIZE: Input should be greater than or equal to 1"),
        ("DATA_DIR", "/tmp/" + "x" * 120, "set REGISTRATIONS_DATA_DIR to a shorter one"),  # noqa: S108
    ],
)
def test_a_bad_setting_is_named(name: str, value: str, told: str) -> None:
    environment = {**os.environ, f"REGISTRATIONS_{name}": value}
    refused = subprocess.run([COMMAND, "serve"], env=environment, capture_output=True, text=True, check=False)
    shutil.rmtree(Path("/tmp/" + "x" * 120), ignore_errors=True)  # noqa: S108
    assert refused.returncode == 1
    assert told in " ".join(refused.stderr.split())
