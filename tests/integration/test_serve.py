"""The command from start to end: what `registrations serve` prints, how it stops, what it refuses."""

import errno
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from registrations.cli import app
from registrations.settings import Settings
from registrations.storage.connections.migration import newest_revision
from tests.support.gateway import AUDIENCE, ISSUER, SECRET
from tests.support.server import COMMAND, serving, without_settings

AUTHENTICATION = {
    "REGISTRATIONS_AUTH_SECRET": SECRET,
    "REGISTRATIONS_AUTH_ISSUER": ISSUER,
    "REGISTRATIONS_AUTH_AUDIENCE": AUDIENCE,
}
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
    return Path(data_dir, "postgresql", ".s.PGSQL.5432").exists()


def open_when_read(fifo: Path, reader: subprocess.Popen[bytes]) -> int:
    """To open it and wait would be to wait for ever where the reader ends before it reads."""
    while reader.poll() is None:
        with suppress(OSError):
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    raise AssertionError(f"It ended with {reader.returncode} and has read nothing.")


def run(*arguments: str, **settings: str) -> Result:
    """The command with no settings but these, in this process; it may not get as far as serving."""
    environment = {name: None for name in os.environ if name.startswith("REGISTRATIONS_")} | settings
    return CliRunner().invoke(app, arguments, env=environment)


def test_it_brings_its_own_database_and_takes_it_down_again_and_the_curl_that_it_prints_works(data_dir: str) -> None:
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        [command] = re.findall(r"^  (curl .*)$", server.greeting, re.MULTILINE)
        answer = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
        assert json.loads(answer.stdout)["data"] == {"registrations": {"totalCount": 0, "nodes": []}}
        ready = httpx.get(f"{server.address}/readyz")
        assert (ready.text, ready.headers.get("server")) == ("ok", None)
        assert is_running(data_dir)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)
    assert not is_running(data_dir)


def test_after_a_kill_the_next_start_has_what_was_acknowledged_and_ctrl_c_stops_all(data_dir: str) -> None:
    sizes = "--users=5", "--courses=1", "--offerings=5", "--registrations=7"
    assert run("seed", *sizes, REGISTRATIONS_DATA_DIR=data_dir).exit_code == 0
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        server.process.kill()
        server.process.wait()
    assert is_running(data_dir)
    with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
        assert httpx.post(f"{server.address}/graphql", json=COUNT).json()["data"] == {
            "registrations": {"totalCount": 7}
        }
        server.process.send_signal(signal.SIGINT)
        server.process.wait(timeout=20)
    assert not is_running(data_dir)


def test_workers_share_the_port_and_end_when_their_parent_is_killed(data_dir: str, tmp_path: Path) -> None:
    # Who is killed leaves the workers' figures behind.
    with serving("--workers", "2", REGISTRATIONS_DATA_DIR=data_dir, TMPDIR=str(tmp_path)) as server:
        assert httpx.post(f"{server.address}/graphql", json=COUNT).status_code == 200
        server.process.kill()
        server.wait_until_gone()
        socket.create_server(("127.0.0.1", int(server.address.rpartition(":")[2]))).close()
    assert not is_running(data_dir)


def test_sigterm_stops_any_command_and_its_database(data_dir: str, tmp_path: Path) -> None:
    os.mkfifo(records := tmp_path / "records")
    environment = without_settings() | {"REGISTRATIONS_DATA_DIR": data_dir}
    with subprocess.Popen([COMMAND, "import", records], env=environment, stderr=subprocess.DEVNULL) as importing:
        writer = open_when_read(records, importing)
        assert is_running(data_dir)
        importing.terminate()
        assert importing.wait(timeout=20) == 128 + signal.SIGTERM
        os.close(writer)
    assert not is_running(data_dir)


def test_root_is_told_where_its_server_may_not_go() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's server runs as another user")
    folder = tempfile.mkdtemp(prefix="closed-")
    refused = run("migrate", REGISTRATIONS_DATA_DIR=f"{folder}/data")
    shutil.rmtree(folder)
    assert refused.exit_code == 1
    assert f"who may not enter {folder}/data/postgresql" in refused.stderr


def test_a_database_with_an_old_schema_is_refused_with_what_to_run(server_url: str) -> None:
    refused = run("serve", "--port", "0", REGISTRATIONS_DATABASE_URL=server_url)
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"The database is at schema none, this version needs {newest_revision()}: run `registrations migrate`.\n",
    )


PEM = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----"
OF_ANOTHER_KIND = "a key of another kind; public keys go into a JWKS document"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("POOL_SIZE", "none", "Input should be a valid integer, unable to parse string as an integer"),
        ("POOL_SIZE", "0", "Input should be greater than or equal to 1"),
        ("INTROSPECTION", "maybe", "Input should be a valid boolean, unable to interpret input"),
        ("DRAIN_SECONDS", "-1", "Input should be greater than or equal to 0"),
        (
            "CORS_ORIGINS",
            "https://app.example.org/",
            (
                "https://app.example.org/ is no origin: write scheme, host and perhaps port in lower case, such as "
                "https://app.example.org, with commas in between; https://*.preview.example.org is any one label "
                "below preview.example.org; * alone is any origin"
            ),
        ),
        ("DATA_DIR", "", "empty; unset it to have the default"),
        ("DATA_DIR", "~nobody-here/data", "nobody's home is known for ~nobody-here/data"),
        ("AUTH_SECRET", "", "less than 32 bytes; `openssl rand -hex 32` makes a good one"),
        ("AUTH_SECRET", "x" * 31, "less than 32 bytes; `openssl rand -hex 32` makes a good one"),
        ("AUTH_SECRET", PEM, OF_ANOTHER_KIND),
        ("AUTH_SECRET", '{"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}', OF_ANOTHER_KIND),
        ("AUTH_JWKS", "", "neither a file nor an https URL"),
        ("AUTH_JWKS", "/nowhere/jwks.json", "neither a file nor an https URL"),
        ("AUTH_JWKS", "/", "neither a file nor an https URL"),
        ("AUTH_JWKS", "http://issuer.example/jwks.json", "neither a file nor an https URL"),
        ("AUTH_JWKS", "http://127.0.0.1.issuer.example/jwks.json", "neither a file nor an https URL"),
        ("AUTH_JWKS", "http://127.0.0.1@issuer.example/jwks.json", "neither a file nor an https URL"),
        ("AUTH_JWKS", "ftp://127.0.0.1/jwks.json", "neither a file nor an https URL"),
        ("AUTH_JWKS", "https://[::1/jwks.json", "Invalid IPv6 URL"),
        ("AUTH_ISSUER", "", "String should have at least 1 character"),
        *(
            ("VIEWER", name, "no id of a user: an id has 32 lower-case hexadecimal characters")
            for name in ("", "ada", "A" * 32, "a" * 33)
        ),
        *(
            (
                "AUTH_SCOPE_CLAIM",
                name,
                "no name of a claim: write visible ASCII characters without quotation marks and backslashes",
            )
            for name in ("", "a claim", 'sc"p', "s\\cp", "scöpe")
        ),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str, told: str) -> None:
    refused = run("serve", "--port", "0", **{f"REGISTRATIONS_{name}": value})
    assert (refused.exit_code, refused.stderr) == (1, f"REGISTRATIONS_{name}: {told}\n")


def test_the_data_folder_may_be_below_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("REGISTRATIONS_DATA_DIR", "~/data")
    assert Settings().data_dir == Path("/home/ada/data")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("secret", 'invalid DSN: scheme is expected to be either "postgresql" or "postgres", got \'\''),
        (
            "mysql://me:secret@h/x",
            'invalid DSN: scheme is expected to be either "postgresql" or "postgres", got \'mysql\'',
        ),
        (
            "postgresql://me:secret/@h/x",
            "it can't be read; in user and password, characters like @ : / have to be written %40 %3A %2F",
        ),
        (
            "postgresql://me:secret@h/x?sslmode=bogus",
            "`sslmode` parameter must be one of: disable, allow, prefer, require, verify-ca, verify-full",
        ),
        ("postgresql://me:secret@127.0.0.1:1/x", f"[Errno {errno.ECONNREFUSED}] Connect call failed ('127.0.0.1', 1)"),
        ("postgresql://me:secret@/x?host=/nowhere", "[Errno 2] No such file or directory"),
        ("{server}/nothing?user=postgres&password=secret&{socket}", 'database "nothing" does not exist'),
        ("{server}/postgres?user=nobody&password=secret&{socket}", 'role "nobody" does not exist'),
    ],
)
def test_what_is_wrong_with_the_url_of_the_database_is_said_in_a_line_without_the_password(
    server_url: str, url: str, reason: str
) -> None:
    server, _, socket_ = server_url.partition("/postgres?")
    url = url.format(server=server.replace("postgres@", ""), socket=socket_)
    refused = run("serve", "--port", "0", REGISTRATIONS_DATABASE_URL=url)
    assert (refused.exit_code, refused.stderr) == (1, f"REGISTRATIONS_DATABASE_URL leads to no database: {reason}\n")


def test_a_port_that_is_taken_is_said_instead_of_a_greeting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--port", str(port))
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"Port {port} of 127.0.0.1 is taken: stop what listens there, or choose another by --port.\n",
    )


def test_traces_that_cannot_be_sent_are_told_before_anything_starts() -> None:
    refused = run("serve", "--port", "0", OTEL_TRACES_EXPORTER="zipkin")
    assert (refused.exit_code, refused.stderr) == (1, "OTEL_TRACES_EXPORTER is zipkin: only otlp and none are known.\n")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "65536"], "less than or equal to 65535"),
        (["--reload", "--workers", "2"], "--reload goes with one worker only."),
    ],
)
def test_options_that_make_no_sense_are_refused(options: list[str], told: str) -> None:
    refused = run("serve", *options)
    assert refused.exit_code == 2
    assert told in refused.stderr


def test_an_ipv6_address_is_greeted_in_brackets(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    monkeypatch.setattr(uvicorn.Server, "run", lambda _server, sockets: sockets)
    served = run("serve", "--host", "::1", "--port", "0", REGISTRATIONS_DATABASE_URL=database_url)
    assert served.exit_code == 0
    assert re.search(r"^GraphQL is at http://\[::1\]:[1-9]\d+/graphql: ", served.stderr, re.MULTILINE)


@pytest.mark.parametrize("host", ["=0.0.0.0", "=::", "=192.0.2.1", "=host.example", "="])
def test_without_authentication_no_other_machine_is_listened_to(host: str) -> None:
    refused = run("serve", f"--host{host}", "--port", "0")
    told = (
        "Without authentication anybody may do anything, so the gateway listens on 127.0.0.1 only: to listen "
        "elsewhere, set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS.\n"
    )
    assert (refused.exit_code, refused.stderr) == (1, told)


WARNING = "WARNING: nobody has to sign in. Every program of this machine may read and change everything.\n"


def test_a_gateway_that_asks_nobody_to_sign_in_says_so_loudly(database_url: str) -> None:
    with serving(REGISTRATIONS_DATABASE_URL=database_url) as server:
        assert f"\n{WARNING}" in server.greeting
        foreign = httpx.post(f"{server.address}/graphql", json=COUNT, headers={"host": "attacker.example"})
        assert foreign.status_code == 403


def test_a_websocket_is_not_opened_and_its_query_string_is_not_logged(database_url: str) -> None:
    upgrade = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13", "sec-websocket-key": "x"}
    with serving(REGISTRATIONS_DATABASE_URL=database_url) as server:
        response = httpx.get(f"{server.address}/graphql?query=secret", headers=upgrade)
        server.process.terminate()
        server.wait_until_gone()
    assert response.status_code == 400
    assert not any("secret" in line for line in server.log)


def test_a_token_that_the_command_prints_is_taken_by_a_gateway_with_the_same_settings(database_url: str) -> None:
    settings = {**AUTHENTICATION, "REGISTRATIONS_AUTH_SCOPE_CLAIM": "scp"}
    printed = run("token", "a" * 32, "--scope", "registrations:read", "--minutes", "1", **settings)
    bearer = {"authorization": f"Bearer {printed.stdout.strip()}"}
    viewer = {"query": "{ viewer { scopes } registrations { totalCount } }"}
    with serving("--host=0.0.0.0", REGISTRATIONS_DATABASE_URL=database_url, **settings) as server:
        assert WARNING not in server.greeting
        address = server.address.replace("0.0.0.0:", "127.0.0.1:")
        taken = httpx.post(f"{address}/graphql", json=viewer, headers=bearer)
        refused = httpx.post(f"{address}/graphql", json=viewer, headers={"authorization": "Bearer x"})
        nobody = httpx.post(f"{address}/graphql", json=viewer)
    assert taken.json()["data"] == {"viewer": {"scopes": ["registrations:read"]}, "registrations": {"totalCount": 0}}
    assert (taken.status_code, refused.status_code, nobody.status_code) == (200, 401, 401)


@pytest.mark.parametrize(
    "settings", [{}, {"REGISTRATIONS_AUTH_JWKS": __file__, "REGISTRATIONS_AUTH_ISSUER": "x"}], ids=["none", "a JWKS"]
)
def test_without_a_secret_no_token_can_be_printed(settings: dict[str, str]) -> None:
    refused = run("token", "a" * 32, **settings, **({"REGISTRATIONS_AUTH_AUDIENCE": "x"} if settings else {}))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "REGISTRATIONS_AUTH_SECRET: set it." in refused.stderr


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("AUTH_SECRET", "set REGISTRATIONS_AUTH_ISSUER and REGISTRATIONS_AUTH_AUDIENCE too"),
        ("AUTH_SECRET AUTH_AUDIENCE", "set REGISTRATIONS_AUTH_ISSUER and REGISTRATIONS_AUTH_AUDIENCE too"),
        ("AUTH_JWKS AUTH_ISSUER", "set REGISTRATIONS_AUTH_ISSUER and REGISTRATIONS_AUTH_AUDIENCE too"),
        ("AUTH_ISSUER AUTH_AUDIENCE", "set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS too"),
        ("AUTH_ISSUER", "set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS too"),
        (
            "AUTH_SECRET AUTH_JWKS AUTH_ISSUER AUTH_AUDIENCE",
            "set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS, not both",
        ),
    ],
)
def test_half_a_way_to_sign_in_is_none(names: str, told: str) -> None:
    values = AUTHENTICATION | {"REGISTRATIONS_AUTH_JWKS": __file__}
    for command in (["serve", "--port", "0"], ["token", "a" * 32]):
        given = {f"REGISTRATIONS_{name}": values[f"REGISTRATIONS_{name}"] for name in names.split()}
        refused = run(*command, **given)
        assert (refused.exit_code, refused.stderr) == (1, f"{told}\n")


def test_with_authentication_no_setting_says_who_the_viewer_is() -> None:
    refused = run("serve", "--port", "0", **AUTHENTICATION, REGISTRATIONS_VIEWER="a" * 32)
    told = "REGISTRATIONS_VIEWER is for gateways without authentication: unset it\n"
    assert (refused.exit_code, refused.stderr) == (1, told)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("", "it is no JSON"),
        ('{"keys": {}}', "it is no JWKS document"),
        ('{"keys": [{"kty": "oct", "k": "AAAA"}]}', "it holds no public key for signatures"),
    ],
)
def test_a_jwks_document_without_keys_is_refused_before_anything_starts(
    tmp_path: Path, document: str, reason: str
) -> None:
    (tmp_path / "jwks.json").write_text(document)
    jwks = {"AUTH_JWKS": f"{tmp_path}/jwks.json", "AUTH_ISSUER": "x", "AUTH_AUDIENCE": "x"}
    settings = {f"REGISTRATIONS_{name}": value for name, value in jwks.items()}
    refused = run("serve", "--port", "0", REGISTRATIONS_DATABASE_URL="postgresql://127.0.0.1:1/x", **settings)
    assert (refused.exit_code, refused.stderr) == (1, f"REGISTRATIONS_AUTH_JWKS leads to no keys: {reason}.\n")


def test_a_secret_is_in_no_text_about_the_settings() -> None:
    secret = "too short a secret"
    with pytest.raises(ValueError, match="less than 32 bytes") as refused:
        Settings(auth_secret=secret)
    assert secret not in str(refused.value)
    settings = Settings(auth_secret=SECRET, auth_issuer="x", auth_audience="x")
    assert SECRET not in f"{settings} {settings!r} {settings.authentication}"
