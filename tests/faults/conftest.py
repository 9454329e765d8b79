"""A server of this folder's own, which tests may kill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where an embedded server may live: a path that is short enough for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    folder.chmod(0o755)
    yield folder / "postgresql"
    shutil.rmtree(folder)
