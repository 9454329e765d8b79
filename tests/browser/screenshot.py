"""Takes the picture of the README: `scripts/screenshot` runs this."""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import expect

from tests.support.graphiql import GraphiQL, browsing, chromium
from tests.support.server import COMMAND, serving

PICTURE = Path(__file__).parents[2] / "src" / "graphiql" / "screenshot.png"


def main() -> None:
    executable = chromium() or sys.exit("A screenshot takes Chromium: apt install chromium")
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        Path(folder).chmod(0o755)  # root's PostgreSQL runs as another user
        data_dir = f"{folder}/data"
        subprocess.run([COMMAND, "seed"], env={"REGISTRATIONS_DATA_DIR": data_dir}, check=True)
        with serving(REGISTRATIONS_DATA_DIR=data_dir) as server:
            asyncio.run(take(executable, server.address))
            server.process.terminate()
            server.process.wait()


async def take(executable: str, server: str) -> None:
    """The first tab with its answer, and beside it the documentation of what it asks for."""
    async with browsing(executable) as browser:
        # Wide enough for three columns, shown at the size that the README has room for.
        page = await browser.new_page(viewport={"width": 1600, "height": 1000}, device_scale_factor=0.8)
        graphiql = GraphiQL(page, server)
        await graphiql.open()
        await graphiql.run()
        await graphiql.show("Documentation Explorer")
        await graphiql.panel.get_by_role("link", name="Registration", exact=True).click()
        await expect(graphiql.panel).to_contain_text("A user's enrolment in")
        await page.mouse.move(800, 990)
        await page.screenshot(path=PICTURE, animations="disabled")


if __name__ == "__main__":
    main()
