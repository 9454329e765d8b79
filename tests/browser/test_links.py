"""Addresses that open an operation with its variables."""

from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.conftest import visiting
from tests.support.graphiql import GraphiQL


async def test_a_link_opens_the_very_operation_and_variables_elsewhere(
    graphiql: GraphiQL, visitor: BrowserContext, browser: Browser, server: str
) -> None:
    await visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    await graphiql.choose("Registration")
    await graphiql.write(graphiql.editor, "query Linked($id: ID!) { registration(id: $id) { title # & + %\n} }")
    await graphiql.page.get_by_role("button", name="Copy link").click()
    await expect(graphiql.page.get_by_role("button", name="The link is copied")).to_be_visible()
    link = await graphiql.page.evaluate("navigator.clipboard.readText()")
    assert link == graphiql.page.url
    assert link.startswith(f"{server}/graphql?query=query+Linked")

    async with visiting(browser, server) as somebody:
        opened = GraphiQL(await somebody.new_page(), server)
        await opened.open(link.removeprefix(f"{server}/graphql"))
        await expect(opened.editor).to_contain_text("# & + %")
        assert (await opened.run())["data"] == {"registration": {"title": "Contract Law Essentials, Autumn 2024"}}


async def test_where_the_browser_forbids_copying_the_link_is_the_address(graphiql: GraphiQL, server: str) -> None:
    await graphiql.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    await graphiql.page.get_by_role("button", name="Copy link").click()
    await expect(graphiql.page.get_by_role("button", name="The link is the address of this page")).to_be_visible()
    assert graphiql.page.url.startswith(f"{server}/graphql?query=")


async def test_a_link_has_no_token(graphiql: GraphiQL) -> None:
    await graphiql.show("Token")
    await graphiql.page.get_by_label("Access token").fill("header.claims.signature")
    await graphiql.page.get_by_role("button", name="Copy link").click()
    await expect(graphiql.page.get_by_role("button", name="The link")).to_be_visible()
    assert "claims" not in graphiql.page.url
