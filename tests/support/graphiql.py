"""GraphiQL as its users see it: a real Chromium that reaches this machine alone, and what they do on the page."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Locator, Page, Request, async_playwright, expect

OPTIONS = (
    "--no-sandbox",  # which Chromium can't have as root
    "--disable-gpu",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # There is no internet: no other name or address leads anywhere. Other than a route, this keeps the cache on.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# Not `wait_for_function`, which the content security policy forbids. GraphiQL keeps the chosen tab at once, and what
# its editors hold a moment later; a visit between the two would find a tab more.
HAS_KEPT = """(text) => new Promise((resolve, reject) => {
    const kept = (name) => localStorage.getItem(`graphiql:${name}`);
    const look = (frames) => {
        const { tabs, activeTabIndex } = JSON.parse(kept("tabState"));
        const { query, variables } = tabs[activeTabIndex];
        if (query.includes(text) && query === kept("query") && variables === kept("variables")) resolve();
        else if (frames > 0) requestAnimationFrame(() => look(frames - 1));
        else reject(new Error(`GraphiQL has not kept ${text}`));
    };
    look(600);
})"""


def chromium() -> str | None:
    """The browser of this machine, if it has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@asynccontextmanager
async def browsing(executable: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        yield browser
        await browser.close()


class GraphiQL:
    """One page, and what is done on it."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.editor = page.locator(".graphiql-query-editor")
        self.answer = page.locator(".graphiql-response")
        self.panel = page.locator(".graphiql-plugin")
        self.variables, self.headers = (page.locator(".graphiql-editor-tool .graphiql-editor").nth(i) for i in (0, 1))
        self._address = f"{server}/graphql"

    async def open(self, search: str = "") -> None:
        """Until its editor has a line of a query, and the last that it loads is there: the worker with the schema."""
        async with self.page.expect_request_finished(lambda request: "graphql.worker" in request.url):
            await self.page.goto(f"{self._address}{search}")
        await expect(self.editor.locator(".view-line").first).not_to_be_empty()

    async def choose(self, tab: str) -> None:
        """Until the page has read the tab's operation, which it does a moment after showing it, and then keeps it."""
        if f"{tab}(" in await self.editor.inner_text():
            return
        await self.page.get_by_role("tab", name=tab, exact=True).click()
        await self.page.evaluate(HAS_KEPT, f"{tab}(")

    async def show(self, panel: str) -> None:
        await self.page.get_by_role("button", name=f"Show {panel}").click()

    async def write(self, editor: Locator, text: str) -> None:
        """Puts the text in place of what an editor has."""
        await editor.locator(".view-lines").click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def send(self) -> Request:
        """Runs the operation in the editor, until its answer is there."""
        async with self.page.expect_request_finished(lambda request: request.method == "POST") as sent:
            await self.page.get_by_role("button", name="Execute query").click()
        await expect(self.answer.locator(".view-line").first).to_be_visible()
        return await sent.value

    async def run(self) -> dict[str, Any]:
        """What the operation in the editor is answered."""
        response = await (await self.send()).response()
        assert response is not None
        answer: dict[str, Any] = json.loads(await response.body())
        return answer
