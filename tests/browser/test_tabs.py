"""Each opening tab runs as it stands, and is answered what it promises."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import visiting
from tests.support.graphiql import GraphiQL


@pytest.fixture(scope="module")
async def graphiql(browser: Browser, server: str) -> AsyncIterator[GraphiQL]:
    """One page for all tabs."""
    async with visiting(browser, server) as visitor:
        graphiql = GraphiQL(await visitor.new_page(), server)
        await graphiql.open()
        yield graphiql


async def run(graphiql: GraphiQL, tab: str, field: str) -> dict[str, Any]:
    await graphiql.choose(tab)
    answer = await graphiql.run()
    assert "errors" not in answer
    result: dict[str, Any] = answer["data"][field]
    return result


def codes(result: dict[str, Any]) -> list[str]:
    assert list(result) == ["fieldErrors"]
    return [error["code"] for error in result["fieldErrors"]]


async def test_the_first_tab_shows_the_newest_registrations(graphiql: GraphiQL) -> None:
    page = await run(graphiql, "Newest", "registrations")
    assert len(page["nodes"]) == 5
    assert {node["status"] for node in page["nodes"]} <= {"ACTIVE", "PASSED"}
    assert sorted(page["nodes"], key=lambda node: node["createdDate"], reverse=True) == page["nodes"]
    assert 16_000 < page["totalCount"] < 17_000
    await expect(graphiql.answer).to_contain_text(page["nodes"][0]["id"])


async def test_the_second_tab_shows_a_registration_with_its_user_and_offering(graphiql: GraphiQL) -> None:
    assert await run(graphiql, "Registration", "registration") == {
        "status": "PASSED",
        "gradePercentage": 100,
        "grader": {"username": "kofi.chen"},
        "user": {"firstName": "Bianca", "lastName": "Meyer", "email": "bianca.meyer@example.org"},
        "offering": {
            "title": "Contract Law Essentials, Autumn 2024",
            "course": {"title": "Contract Law Essentials", "passingGradePercentage": 75},
        },
        "viewerCanAssignGrade": True,
        "viewerCanEject": False,
    }


async def test_the_third_tab_registers_and_then_finds_the_registration(graphiql: GraphiQL) -> None:
    created = (await run(graphiql, "RegisterUser", "registerUser"))["registration"]
    assert (created["status"], created["title"]) == ("ACTIVE", "Financial Accounting Case Studies, Self-Paced")

    [error] = (await run(graphiql, "RegisterUser", "registerUser"))["fieldErrors"]
    assert (error["code"], error["registration"]["id"]) == ("ALREADY_REGISTERED", created["id"])


async def test_the_fourth_tab_is_refused_for_two_reasons_at_once(graphiql: GraphiQL) -> None:
    refused = await run(graphiql, "Refusal", "registerUser")
    assert codes(refused) == ["RETAKE_NOT_ALLOWED", "REGISTRATION_NOT_OPEN"]
    assert refused["fieldErrors"][0]["registration"] == {"status": "PASSED"}


async def test_the_fifth_tab_assigns_a_grade(graphiql: GraphiQL) -> None:
    graded = (await run(graphiql, "AssignGrade", "assignGrade"))["registration"]
    assert graded.pop("endDate")
    assert graded == {"status": "PASSED", "gradePercentage": 100, "graderComment": "Well done."}


async def test_the_sixth_tab_ejects_once(graphiql: GraphiQL) -> None:
    ejected = (await run(graphiql, "Eject", "ejectRegistration"))["registration"]
    assert ejected.pop("endDate")
    assert ejected == {"status": "EJECTED"}
    assert codes(await run(graphiql, "Eject", "ejectRegistration")) == ["NOT_ACTIVE"]
