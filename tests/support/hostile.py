"""What nobody in their right mind sends, and how it has to be answered."""

import re

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from registrations.graphql.errors import INTERNAL_SERVER_ERROR, UNAVAILABLE

# Fixtures live as long as a test with all its examples, which is what is wanted of a gateway.
bounded = settings(
    derandomize=True,
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

INSIDES = re.compile(
    r"Traceback|asyncpg|sqlalchemy|strawberry|orjson|NoneType| object at 0x|\.py\b|\b(SELECT|INSERT|UPDATE) "
    r"|\b(Type|Value|Key|Attribute|Lookup|Index|Unicode\w*|Overflow|Recursion|Runtime)Error\b"
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda values: st.lists(values, max_size=5) | st.dictionaries(st.text(), values, max_size=5),
    max_leaves=20,
)
hostile_texts = st.one_of(
    st.sampled_from(
        [
            "",
            "\0",
            "a\0b",
            "\ud800",
            "\udfff\ud800",
            "\ufeff\uffff",
            "\u202eevil\u2066",
            "\U0010ffff\U0001f469\u200d\U0001f680",
            "İıſẞ",
            "e" + "\u0301" * 500,
            "%_\\",
            "'; DROP TABLE users; --",
            "{{7*7}}${7*7}",
            "x" * 100_000,
            "\U0001f600" * 20_000,
        ]
    ),
    st.text(st.characters()),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Zs"]), max_size=20),
)


def assert_well_answered(response: httpx.Response) -> None:
    """The answer is of the documented shape, blames the client for all that is wrong, and shows none of our insides.

    What a client sent it may be shown.
    """
    assert response.status_code in {200, 400, 405, 413, 415}, response.text
    sent, body = f"{response.request.url}{response.request.content!r}", response.json()
    assert body.keys() <= {"data", "errors", "extensions"}
    assert body.get("errors") or "data" in body
    for error in body.get("errors", ()):
        assert error.keys() <= {"message", "locations", "path", "extensions"}
        assert re.fullmatch("[A-Z_]+", error["extensions"]["code"])
        assert error["extensions"]["code"] not in {INTERNAL_SERVER_ERROR, UNAVAILABLE}, error
        assert error["message"]
        assert all(found in sent for found in (match[0] for match in INSIDES.finditer(error["message"]))), error
