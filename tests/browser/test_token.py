"""One token for all tabs of the page, kept as long as the tab of the browser."""

from playwright.async_api import BrowserContext, expect

from tests.support.graphiql import GraphiQL

TOKEN = "header.claims.signature"


async def sent_token(graphiql: GraphiQL) -> str | None:
    return (await (await graphiql.send()).all_headers()).get("authorization")


async def enter(graphiql: GraphiQL, token: str) -> None:
    await graphiql.show("Token")
    await graphiql.page.get_by_label("Access token").fill(token)


async def test_every_tab_sends_the_token(graphiql: GraphiQL) -> None:
    assert await sent_token(graphiql) is None
    await enter(graphiql, TOKEN)
    for tab in ("Newest", "Registration"):
        await graphiql.choose(tab)
        assert await sent_token(graphiql) == f"Bearer {TOKEN}"


async def test_a_token_may_be_pasted_as_a_header_has_it(graphiql: GraphiQL) -> None:
    await enter(graphiql, f" Bearer {TOKEN}\n")
    assert await sent_token(graphiql) == f"Bearer {TOKEN}"


async def test_the_headers_of_a_tab_may_have_another_token(graphiql: GraphiQL) -> None:
    await enter(graphiql, TOKEN)
    await graphiql.page.get_by_role("button", name="Headers").click()
    await graphiql.write(graphiql.headers, '{"authorization": "Bearer another"}')
    assert await sent_token(graphiql) == "Bearer another"
    await graphiql.choose("Registration")
    assert await sent_token(graphiql) == f"Bearer {TOKEN}"


async def test_only_this_tab_of_the_browser_keeps_it_until_it_is_told_to_forget(
    graphiql: GraphiQL, visitor: BrowserContext, server: str
) -> None:
    await enter(graphiql, TOKEN)
    await graphiql.send()
    await graphiql.open()
    assert await sent_token(graphiql) == f"Bearer {TOKEN}"
    assert TOKEN not in await graphiql.page.evaluate("JSON.stringify(localStorage)")
    another = GraphiQL(await visitor.new_page(), server)
    await another.open()
    assert await sent_token(another) is None

    await expect(graphiql.page.get_by_label("Access token")).to_have_value(TOKEN)
    await graphiql.page.get_by_role("button", name="Forget").click()
    assert await sent_token(graphiql) is None
