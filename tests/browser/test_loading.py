"""What the page needs to be there: little, from nowhere else, and once."""

from collections.abc import Callable
from typing import Any

import httpx
from playwright.async_api import BrowserContext, expect

from tests.support.graphiql import GraphiQL

TABS = ["Newest", "Registration", "RegisterUser", "Refusal", "AssignGrade", "Eject"]

LOADED = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(({ name, transferSize }) => [new URL(name).pathname, transferSize])
"""
PAINTED = 'performance.getEntriesByName("first-contentful-paint")[0].startTime'


async def loaded(graphiql: GraphiQL) -> list[tuple[str, int]]:
    """What the page has asked for, with the bytes that came over the network: none for what was in the cache."""
    entries: list[tuple[str, int]] = await graphiql.page.evaluate(LOADED)
    return [(path, size) for path, size in entries]


async def test_it_opens_without_internet_or_complaint_on_its_tabs(graphiql: GraphiQL) -> None:
    # That nothing is asked of another host, and nothing refused by the content security policy, holds `visitor`.
    assert await graphiql.page.get_by_role("tab").all_inner_texts() == TABS
    await expect(graphiql.editor).to_contain_text("Welcome!")
    await expect(graphiql.variables).to_contain_text('"first"')
    await expect(graphiql.page.locator(".squiggly-error")).to_have_count(0)


async def test_a_cold_cache_takes_less_than_two_and_a_half_megabytes(
    graphiql: GraphiQL, tell: Callable[[str], None]
) -> None:
    transferred = sum(size for _, size in await loaded(graphiql))
    painted = await graphiql.page.evaluate(PAINTED)
    tell(f"GraphiQL: {transferred / 1e6:.2f} MB, first paint after {painted:.0f} ms")
    assert 1_000_000 < transferred < 2_500_000


async def test_a_second_visit_loads_no_asset_again(graphiql: GraphiQL, visitor: BrowserContext, server: str) -> None:
    again = GraphiQL(await visitor.new_page(), server)
    await again.open()
    assets = {path: size for path, size in await loaded(again) if path.startswith("/graphql/assets/")}
    assert len(assets) > 10
    assert set(assets) == {path for path, _ in await loaded(graphiql) if path.startswith("/graphql/assets/")}
    assert set(assets.values()) == {0}


async def test_a_second_visit_finds_what_was_left(graphiql: GraphiQL, visitor: BrowserContext, server: str) -> None:
    await graphiql.choose("AssignGrade")
    again = GraphiQL(await visitor.new_page(), server)
    await again.open()
    assert await again.page.get_by_role("tab").all_inner_texts() == TABS
    await expect(again.editor).to_contain_text("AssignGradeInput")
    await expect(again.variables).to_contain_text('"Well')


async def test_an_address_with_a_query_opens_it_beside_the_tabs(visitor: BrowserContext, server: str) -> None:
    asked: dict[str, Any] = {
        "query": "query Asked($id: ID!) { registration(id: $id) { status } }",
        "variables": '{"id": "d41d00585c06a8878fae6bc7e02f75fa"}',
    }
    search = f"?{httpx.QueryParams(asked)}"
    first = GraphiQL(await visitor.new_page(), server)
    await first.open(search)
    assert await first.page.get_by_role("tab").all_inner_texts() == ["Asked", *TABS]
    assert (await first.run())["data"] == {"registration": {"status": "PASSED"}}

    await first.open("?query={__typename}")
    assert await first.page.get_by_role("tab").all_inner_texts() == ["Asked", *TABS, "<untitled>"]
    assert (await first.run())["data"] == {"__typename": "Query"}
