"""What axe finds on the page, and how the tabs are used from the keyboard."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.graphiql import GraphiQL

AXE = Path(__file__).parents[2] / "src" / "graphiql" / "node_modules" / "axe-core" / "axe.min.js"
PANELS = ["Documentation Explorer", "History", "GraphiQL Explorer", "Token"]


async def serious_findings(page: Page) -> list[str]:
    found: dict[str, Any] = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{finding['id']}: {node['target']}"
        for finding in found["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_axe_finds_nothing_serious(graphiql: GraphiQL, width: int, scheme: Any) -> None:
    page = graphiql.page
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": width, "height": 800})
    await graphiql.open()
    await graphiql.run()
    await page.evaluate(AXE.read_text())
    assert await serious_findings(page) == []
    for panel in PANELS:
        await graphiql.show(panel)
        await expect(page.get_by_role("button", name=f"Hide {panel}")).to_be_visible()
        assert await serious_findings(page) == []
    await page.get_by_role("button", name="Open settings dialog").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await serious_findings(page) == []


async def test_axe_finds_what_is_planted(graphiql: GraphiQL) -> None:
    await graphiql.page.evaluate(AXE.read_text())
    await graphiql.page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    assert await serious_findings(graphiql.page) == ["select-name: ['select']"]


async def test_tabs_are_chosen_and_closed_by_the_keyboard(graphiql: GraphiQL) -> None:
    tabs = graphiql.page.get_by_role("tab")
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_have_text(["Newest"])
    await tabs.nth(2).focus()
    await graphiql.page.keyboard.press("Enter")
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_have_text(["RegisterUser"])
    await tabs.nth(2).press("Delete")
    await expect(tabs).to_have_text(["Newest", "Registration", "Refusal", "AssignGrade", "Eject"])
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_have_text(["Registration"])
