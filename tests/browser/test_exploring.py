"""Each tool of the page works."""

import re

from playwright.async_api import expect

from tests.support.graphiql import GraphiQL


async def test_the_documentation_opens_with_the_description_of_the_schema(graphiql: GraphiQL) -> None:
    await graphiql.show("Documentation Explorer")
    await expect(graphiql.panel).to_contain_text("Users are registered into offerings of courses, make progress")


async def test_the_documentation_is_that_of_the_schema(graphiql: GraphiQL) -> None:
    await graphiql.show("Documentation Explorer")
    await graphiql.panel.get_by_role("link", name="Registration", exact=True).click()
    await expect(graphiql.panel).to_contain_text("A user's enrolment in, and progress through, one offering")
    await expect(graphiql.panel).to_contain_text("gradePercentage")


async def test_the_editor_suggests_the_fields_that_fit(graphiql: GraphiQL) -> None:
    await graphiql.write(graphiql.editor, "{ registrations { nodes { gra")
    await graphiql.page.keyboard.press("Control+Space")
    suggestions = graphiql.page.locator(".suggest-widget .monaco-list-row")
    for field in ("gradePercentage", "grader", "graderComment"):
        await expect(suggestions.get_by_text(field, exact=True)).to_be_visible()


async def test_the_editor_marks_what_the_schema_has_not(graphiql: GraphiQL) -> None:
    await graphiql.write(graphiql.editor, "{ nothing }")
    await expect(graphiql.editor.locator(".squiggly-error")).to_be_visible()


async def test_the_explorer_writes_fields_into_the_operation(graphiql: GraphiQL) -> None:
    await graphiql.choose("Registration")
    await graphiql.show("GraphiQL Explorer")
    for field in ("node", "offerings", "registrations", "user", "viewer"):
        await expect(graphiql.panel.get_by_text(field, exact=True).first).to_be_visible()
    await expect(graphiql.editor).not_to_contain_text("lastActiveDate")
    await graphiql.panel.get_by_text("lastActiveDate", exact=True).click()
    await expect(graphiql.editor).to_contain_text("lastActiveDate")


async def test_the_history_keeps_what_ran(graphiql: GraphiQL) -> None:
    await graphiql.show("History")
    entries = graphiql.panel.locator(".graphiql-history-item-label")
    await expect(entries).to_have_count(0)
    await graphiql.choose("Registration")
    await graphiql.run()
    await expect(entries).to_have_text(["Registration"])


async def test_the_headers_that_are_entered_are_sent(graphiql: GraphiQL) -> None:
    await graphiql.page.get_by_role("button", name="Headers").click()
    await graphiql.write(graphiql.headers, '{"Authorization": "Bearer of tidings"}')
    sent = await graphiql.send()
    assert (await sent.all_headers())["authorization"] == "Bearer of tidings"


async def test_the_page_can_be_dark_and_stays_so(graphiql: GraphiQL) -> None:
    background = 'getComputedStyle(document.querySelector(".graphiql-container")).backgroundColor'
    await graphiql.page.get_by_role("button", name="Open settings dialog").click()
    await graphiql.page.get_by_role("button", name="Dark").click()
    for _ in range(2):
        await expect(graphiql.page.locator("body.graphiql-dark")).to_be_visible()
        assert max(map(int, re.findall(r"\d+", await graphiql.page.evaluate(background)))) < 64
        await graphiql.open()
