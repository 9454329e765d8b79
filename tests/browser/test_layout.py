"""Everything has room, on a laptop with many tabs and on a phone; and below any prefix of the address."""

import json
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from tests.support.graphiql import GraphiQL

TEN_TABS = [f"Operation{number:03d}" for number in range(10)]
SPACE = 4  # pixels that rounding and borders may take


async def store_tabs(context: BrowserContext, names: list[str]) -> None:
    """Has the pages of the context open on these tabs, as if they had been left so."""
    tabs = [
        {
            "id": name,
            "title": name,
            "query": f"query {name} {{ __typename }}",
            "variables": None,
            "headers": None,
            "operationName": name,
            "response": None,
        }
        for name in names
    ]
    state = json.dumps({"tabs": tabs, "activeTabIndex": 0})
    keep = f"localStorage.setItem('graphiql:tabState', {json.dumps(state)})"
    await context.add_init_script(f"if (location.protocol === 'http:') {keep}")  # about:blank has no storage


async def box(element: Locator) -> dict[str, Any]:
    found = await element.bounding_box()
    assert found is not None
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


async def visible_size(element: Locator, page: Page) -> tuple[float, float]:
    """How much of the element is inside the window: width and height."""
    found, size = await box(element), page.viewport_size
    assert size is not None
    return (
        min(found["right"], size["width"]) - max(found["x"], 0),
        min(found["bottom"], size["height"]) - max(found["y"], 0),
    )


async def test_ten_tabs_with_names_of_twelve_characters_stand_in_a_row(visitor: BrowserContext, server: str) -> None:
    await store_tabs(visitor, TEN_TABS)
    graphiql = GraphiQL(await visitor.new_page(), server)
    await graphiql.open()
    tabs = graphiql.page.get_by_role("tab")
    assert await tabs.all_inner_texts() == TEN_TABS
    boxes = [await box(tab) for tab in await tabs.all()]
    assert len({found["y"] for found in boxes}) == 1
    assert boxes[-1]["right"] <= (await box(graphiql.page.get_by_role("button", name="New tab")))["x"]
    assert (await box(graphiql.page.get_by_role("button", name="New tab")))["right"] <= 1280
    clipped = "tabs => tabs.filter(tab => tab.scrollWidth > tab.clientWidth).length"
    assert await tabs.evaluate_all(clipped) == 0


async def test_more_tabs_get_another_row(visitor: BrowserContext, server: str) -> None:
    await store_tabs(visitor, [*TEN_TABS, "Operation010", "Operation011", "Operation012"])
    graphiql = GraphiQL(await visitor.new_page(), server)
    await graphiql.open()
    boxes = [await box(tab) for tab in await graphiql.page.get_by_role("tab").all()]
    assert len({found["y"] for found in boxes}) == 2
    assert max(found["right"] for found in boxes) <= 1280
    assert max(found["bottom"] for found in boxes) <= (await box(graphiql.editor))["y"] + SPACE


async def test_on_a_phone_operation_and_answer_are_below_each_other(graphiql: GraphiQL) -> None:
    page = graphiql.page
    await page.set_viewport_size({"width": 390, "height": 844})
    assert (await graphiql.run())["data"]["registrations"]["nodes"]
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    for part, height in ((graphiql.editor, 200), (graphiql.variables, 40), (graphiql.answer, 250)):
        seen = await visible_size(part, page)
        assert seen[0] >= 300
        assert seen[1] >= height
    assert (await box(graphiql.editor))["bottom"] <= (await box(graphiql.answer))["y"]
    for button in ("Execute query", "Copy link", "New tab", "Open settings dialog"):
        await page.get_by_role("button", name=button).click(trial=True)
    await graphiql.choose("Eject")  # which is scrolled to


@pytest.mark.parametrize("panel", ["Documentation Explorer", "History", "GraphiQL Explorer", "Token"])
async def test_on_a_phone_a_panel_covers_the_rest(graphiql: GraphiQL, panel: str) -> None:
    page = graphiql.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await graphiql.show(panel)
    await expect(graphiql.editor).to_be_hidden()
    width, height = await visible_size(graphiql.panel, page)
    assert width >= 380
    assert height >= 750
    await page.get_by_role("button", name=f"Hide {panel}").click()
    await expect(graphiql.editor).to_be_visible()
    assert (await visible_size(graphiql.editor, page))[0] >= 300


async def test_the_page_works_below_a_prefix_that_a_proxy_takes_away(visitor: BrowserContext, server: str) -> None:
    asked: list[str] = []

    async def proxy(route: Route) -> None:
        asked.append(route.request.url.removeprefix(server))
        await route.continue_(url=route.request.url.replace("/lms/", "/"))

    async def refuse(route: Route) -> None:
        raise AssertionError(f"{route.request.url} is outside of the prefix")

    await visitor.route(f"{server}/**", refuse)
    await visitor.route(f"{server}/lms/**", proxy)
    graphiql = GraphiQL(await visitor.new_page(), f"{server}/lms")
    await graphiql.open()
    assert (await graphiql.run())["data"]["registrations"]["nodes"]
    await graphiql.page.get_by_role("button", name="Copy link").click()
    await expect(graphiql.page.get_by_role("button", name="The link")).to_be_visible()
    assert graphiql.page.url.startswith(f"{server}/lms/graphql?query=")
    assert {address.partition("?")[0].partition("/assets/")[0] for address in asked} == {"/lms/graphql"}
