"""The pages of the documentation."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = {str(path.relative_to(ROOT)): path.read_text() for path in PATHS}

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> list[tuple[str, str]]:
    """The language and the text of each block of code."""
    return BLOCK.findall(PAGES[page])


def table(page: str, first_column: str) -> list[list[str]]:
    """The cells of the only table whose first column is called so: the header, then the rows."""
    [found] = re.findall(rf"^(\| {re.escape(first_column)} \|.*\n)\|[-| ]+\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE)
    return [[cell.strip() for cell in line.strip("| ").split(" |")] for line in "".join(found).splitlines()]


def names(rows: list[list[str]]) -> list[str]:
    """The first cells of a table's rows, without header and backticks."""
    return [row[0].strip("`") for row in rows[1:]]


def newest_version() -> str:
    """The last release in the changelog."""
    newest = re.search(r"^## \[(\d.*?)\]", PAGES["CHANGELOG.md"], re.MULTILINE)
    assert newest
    return newest[1]
