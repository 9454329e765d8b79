"""A server of this folder's own, which tests may kill, and the figures that they measured, told at the end of a run."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where an embedded server may live: a path that is short enough for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)
    yield folder / "postgresql"
    shutil.rmtree(folder)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Adds a line to the figures that are told at the end of the run."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.line(figure)
