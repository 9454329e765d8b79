"""The wheel: whoever installs it has the page and needs no Node."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the working copy with what .venv has."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT],
        check=True,
    )
    [wheel] = folder.glob("*.whl")
    return wheel


def test_it_has_the_page_and_not_its_sources(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    page = [name for name in names if name.startswith("registrations/http/page/")]
    assert {"registrations/http/page/index.html", "registrations/http/page/index.html.gz"} < set(page)
    for kind in (".js", ".css", ".ttf"):
        assets = {name for name in page if name.startswith("registrations/http/page/assets/") and name.endswith(kind)}
        assert assets
        assert {f"{name}.gz" for name in assets} < set(page)
    assert len(names) == len(set(names))
    assert [
        name for name in names if "node_modules" in name or "src" in name or name.endswith((".jsx", "build.py"))
    ] == []
    assert {name.split("/")[0] for name in names} == {"registrations", "registrations_gateway-0.1.0.dist-info"}


def test_it_has_the_licence(wheel: Path) -> None:
    with ZipFile(wheel) as files:
        metadata = files.read("registrations_gateway-0.1.0.dist-info/METADATA").decode()
        assert "License-Expression: MIT\n" in metadata
        text = files.read("registrations_gateway-0.1.0.dist-info/licenses/LICENSE").decode()
    assert text == (ROOT / "LICENSE").read_text()


def test_installing_it_needs_no_node(wheel: Path, tmp_path: Path) -> None:
    without_node = {**os.environ, "PATH": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", tmp_path, wheel],
        env=without_node,
        check=True,
    )
    assert (tmp_path / "registrations" / "http" / "page" / "index.html").read_text().startswith("<!doctype html>")
