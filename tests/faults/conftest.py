"""A server of this folder's own, which tests may kill, and the figures that they measured, told at the end of a run."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.told import FIGURE


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where an embedded server may live: a path that is short enough for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)
    yield folder / "postgresql"
    shutil.rmtree(folder)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Adds a line to the figures that are told at the end of the run, whichever process the test runs in."""
    return lambda figure: record_property(FIGURE, figure)
