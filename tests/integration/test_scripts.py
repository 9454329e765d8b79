"""How the scripts find a Python, keep .venv and start their command; a stand-in for Python notes what it is asked."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = "awk", "cat", "cksum", "cp", "dirname", "flock", "head", "mkdir", "mv", "rm", "sh"

# Answers as a Python, and makes an environment in which each program is this script again.
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) exit {too_old} ;;
    *ensurepip*) exit {lacks_ensurepip} ;;
    -VV) echo "Python of {name}"; exit ;;
    --version) echo "Python of {name}"; exit ;;
esac
echo "${{0##*/}} $1 $2 $3" >>calls
[ "$*" != "$FAILING" ] || exit 1
[ "$2" != venv ] || {{ mkdir -p .venv/bin; for name in python uv registrations; do cp "$0" .venv/bin/$name; done; }}
"""

BUILDS = "python src/graphiql/build.py"
INSTALLS = ["uv pip sync --quiet", "python -m pip install"]
MAKES_AND_INSTALLS = ["python3 -m venv --clear", "python -m pip install", *INSTALLS]
SYNC = "pip sync --quiet --compile-bytecode --system-certs --require-hashes --python .venv/bin/python requirements.lock"


class Machine:
    """A copy of the project on a machine that has nothing but a few tools."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.programs = folder / "bin"
        self.programs.mkdir()
        for tool in TOOLS:
            if path := shutil.which(tool):
                (self.programs / tool).symlink_to(path)
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        for name in ("pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, self.project)

    def has_python(self, name: str, *, too_old: bool = False, lacks_ensurepip: bool = False) -> None:
        program = self.programs / name
        program.write_text(PYTHON.format(name=name, too_old=int(too_old), lacks_ensurepip=int(lacks_ensurepip)))
        program.chmod(0o755)

    def start(self, script: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.project / "scripts" / script, *arguments],
            env={"PATH": str(self.programs), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def bootstrap(self, failing: str = "") -> tuple[int, str]:
        """Exit code and what was said."""
        with self.start("bootstrap", FAILING=failing) as process:
            _, said = process.communicate()
        return process.returncode, said

    def calls_of(self, script: str, *arguments: str, **variables: str) -> list[str]:
        """What the script asks for once .venv is made."""
        self.has_python("python3")
        self.bootstrap()
        self.calls()
        with self.start(script, *arguments, **variables) as process:
            process.communicate()
        return self.calls()

    def calls(self) -> list[str]:
        """What was asked of the Pythons since the last time."""
        notes = self.project / "calls"
        lines = [" ".join(line.split()[:4]) for line in notes.read_text().splitlines()] if notes.exists() else []
        notes.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_without_a_suitable_python_is_told_what_to_install(machine: Machine) -> None:
    machine.has_python("python3", too_old=True)

    assert machine.bootstrap() == (
        1,
        "Python 3.11 or newer is needed. On Debian 12, Ubuntu 24.04 and newer: apt install python3 python3-venv\n",
    )


def test_a_python_without_ensurepip_is_told_what_to_install(machine: Machine) -> None:
    machine.has_python("python3", lacks_ensurepip=True)

    assert machine.bootstrap() == (
        1,
        "python3 can't make virtual environments. On Debian or Ubuntu: apt install python3-venv\n",
    )


def test_an_old_python3_is_passed_over_for_a_newer_one(machine: Machine) -> None:
    machine.has_python("python3", too_old=True)
    machine.has_python("python3.12")

    assert machine.bootstrap()[0] == 0
    assert machine.calls()[0] == "python3.12 -m venv --clear"


def test_the_second_time_there_is_nothing_to_do(machine: Machine) -> None:
    machine.has_python("python3")
    machine.bootstrap()
    assert machine.calls() == MAKES_AND_INSTALLS

    assert machine.bootstrap() == (0, "")
    assert machine.calls() == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_what_changed_is_installed_into_the_environment_that_is_there(machine: Machine, name: str) -> None:
    machine.has_python("python3")
    machine.bootstrap()
    machine.calls()

    (machine.project / name).write_text("# changed\n")

    assert machine.bootstrap() == (0, "Installing what is locked into .venv ...\n")
    assert machine.calls() == INSTALLS


def test_pip_installs_where_uv_can_not(machine: Machine) -> None:
    machine.has_python("python3")

    assert machine.bootstrap(failing=SYNC)[0] == 0
    assert machine.calls() == [*MAKES_AND_INSTALLS[:3], "python -m pip install", "python -m pip install"]


def test_after_a_run_that_did_not_end_well_everything_is_made_anew(machine: Machine) -> None:
    machine.has_python("python3")
    failing = "-m pip install --quiet --no-index --no-deps --no-build-isolation --editable ."
    assert machine.bootstrap(failing=failing)[0] == 1
    machine.calls()

    assert machine.bootstrap()[0] == 0
    assert machine.calls() == MAKES_AND_INSTALLS


def _move(machine: Machine) -> None:
    machine.project = machine.project.rename(machine.project.with_name("elsewhere"))


def _upgrade_python(machine: Machine) -> None:
    shutil.copy(machine.programs / "sh", machine.project / ".venv" / "bin" / "python")


@pytest.mark.parametrize("change", [_move, _upgrade_python])
def test_an_environment_whose_folder_or_python_changed_is_made_anew(
    machine: Machine, change: Callable[[Machine], None]
) -> None:
    machine.has_python("python3")
    machine.bootstrap()
    machine.calls()

    change(machine)

    assert machine.bootstrap()[0] == 0
    assert machine.calls() == MAKES_AND_INSTALLS


@pytest.mark.skipif(not shutil.which("flock"), reason="needs flock")
def test_of_two_at_once_one_does_the_work(machine: Machine) -> None:
    machine.has_python("python3")

    with machine.start("bootstrap") as one, machine.start("bootstrap") as other:
        one.communicate()
        other.communicate()

    assert (one.returncode, other.returncode) == (0, 0)
    assert machine.calls() == MAKES_AND_INSTALLS


def test_serve_fills_the_embedded_database_first(machine: Machine) -> None:
    assert machine.calls_of("serve", "--port", "1") == [
        BUILDS,
        "registrations seed --when-empty",
        "registrations serve --port 1",
    ]


def test_serve_leaves_a_database_of_the_operators_as_it_is(machine: Machine) -> None:
    calls = machine.calls_of("serve", "--port", "1", REGISTRATIONS_DATABASE_URL="postgresql://elsewhere/registrations")

    assert calls == [BUILDS, "registrations serve --port 1"]


def test_serve_does_not_serve_what_could_not_be_filled(machine: Machine) -> None:
    assert machine.calls_of("serve", FAILING="seed --when-empty") == [BUILDS, "registrations seed --when-empty"]


def test_test_measures_the_coverage_of_the_whole_suite(machine: Machine) -> None:
    assert machine.calls_of("test") == [BUILDS, "python -m pytest --cov"]


def test_test_tells_pytest_what_it_is_told(machine: Machine) -> None:
    assert machine.calls_of("test", "tests/unit") == [BUILDS, "python -m pytest tests/unit"]


def test_bench_measures_what_it_is_told(machine: Machine) -> None:
    assert machine.calls_of("bench", "--rounds", "1") == [BUILDS, "python -m tests.benchmarks --rounds"]


LOCKS = [
    ROOT / "requirements.lock",
    *(
        lock
        for top in ("src", "tests")
        for lock in sorted((ROOT / top).glob("**/package-lock.json"))
        if "node_modules" not in lock.parts
    ),
]


@pytest.mark.parametrize("lock", LOCKS, ids=[str(lock.relative_to(ROOT)) for lock in LOCKS])
def test_no_lock_names_an_address(lock: Path) -> None:
    assert "://" not in lock.read_text(), "npm: delete what is `resolved` and the `funding`"
