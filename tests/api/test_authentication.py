"""Who is let in over HTTP, and how those who are not are told. Which tokens are taken is in `unit/test_tokens`."""

import json
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from registrations.auth.tokens import mint
from registrations.domain.access import Scope
from registrations.domain.ids import new_id
from registrations.http.loopback import REFUSAL
from registrations.storage.connections.database import Database
from tests.support.database import store, stored_registrations
from tests.support.gateway import AUDIENCE, AUTHENTICATION, ISSUER, SECRET, Gateway, open_gateway
from tests.support.records import a_course, a_registration, a_user, an_offering

VIEWER = {"query": "{ viewer { scopes } }"}
JSON = "application/json"
NEWER = "application/graphql-response+json"
SEND_ONE = "Send one header `Authorization: Bearer <token>`."
NO_JWT = "The token is not a valid JWT."


@pytest.fixture
def gateway(guarded_gateway: Gateway) -> Gateway:
    return guarded_gateway


def a_token(**changes: Any) -> str:
    ours = mint(SECRET, ISSUER, AUDIENCE, new_id(), [Scope.READ], lifetime=600)
    claims = jwt.decode(ours, options={"verify_signature": False}) | changes
    return jwt.encode(claims, SECRET, "HS256")


async def ask(gateway: Gateway, *headers: str, accept: str = JSON, **request: Any) -> httpx.Response:
    """Sends each of these `Authorization` headers."""
    raw = [(b"accept", accept.encode()), *((b"authorization", header.encode("latin-1")) for header in headers)]
    return await gateway.http.request("POST", "/graphql", headers=raw, **({"json": VIEWER} | request))


def refusal(response: httpx.Response) -> str:
    """What a refusal says; all of it has the shape that the standards give it."""
    body = response.json()
    [error] = body.pop("errors")
    assert (response.status_code, body) == (401, {})
    assert error == {"message": error["message"], "extensions": {"code": "UNAUTHENTICATED"}}
    [challenge] = response.headers.get_list("www-authenticate")
    assert challenge == f'Bearer error="invalid_token", error_description="{error["message"]}"'
    return str(error["message"])


async def test_the_settings_name_the_claim_with_the_scopes(database_url: str) -> None:
    async with open_gateway(database_url, **AUTHENTICATION, auth_scope_claim="scp") as gateway:
        response = await ask(gateway, f"Bearer {a_token(scope='', scp=['registrations:eject'])}")
        assert response.json()["data"] == {"viewer": {"scopes": ["registrations:eject"]}}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
async def test_a_token_is_taken_whatever_the_case_of_the_scheme(gateway: Gateway, scheme: str) -> None:
    response = await ask(gateway, f"{scheme} {a_token()}")
    assert response.json()["data"] == {"viewer": {"scopes": ["registrations:read"]}}


@pytest.mark.parametrize(
    "header",
    [
        *(
            "",
            "Bearer",
            "Bearer ",
            "Bearer\t{}",
            "Bearer {} {}",
            "Bearer {},{}",
            "Bearer: {}",
            "Bearer={}",
            " {}",
            "{}",
        ),
        *("Basic YWRhOnNlY3JldA==", "Digest {}", "DPoP {}", "MAC {}", "Token {}", "Bearers {}", "JWT {}"),
        *(
            'Bearer "{}"',
            "Bearer <{}>",
            "Bearer {}\0",
            "Bearer {}\t",
            "Bearer {}\xa0",
            "Bearer {}\x85",
            "Bearer \xa0{}",
        ),
        *("Bearer {}\x0b", "Bearer {}\x1f", "Bearer {}é", "Bearer =", "Bearer {}=x", "B\xe9arer {}", "Bearer {};q=1"),
    ],
)
async def test_what_is_no_bearer_token_is_refused_with_how_to_send_one(gateway: Gateway, header: str) -> None:
    assert refusal(await ask(gateway, header.replace("{}", a_token()))) == SEND_ONE


async def test_two_headers_are_refused_even_if_they_are_the_same(gateway: Gateway) -> None:
    token = a_token()
    for headers in ([f"Bearer {token}"] * 2, [f"Bearer {token}", "Basic x"], ["", f"Bearer {token}"]):
        assert refusal(await ask(gateway, *headers)) == SEND_ONE


async def test_a_header_has_at_most_8_kib(gateway: Gateway) -> None:
    assert refusal(await ask(gateway, f"Bearer {'x' * 8_185}")) == NO_JWT
    assert refusal(await ask(gateway, f"Bearer {'x' * 8_186}")) == "The header `Authorization` has at most 8 KiB."
    assert refusal(await ask(gateway, "x" * 1_000_000)) == "The header `Authorization` has at most 8 KiB."
    long = a_token(padding="x" * 5_500)
    assert len(long) > 7_000
    assert (await ask(gateway, f"Bearer {long}")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"exp": 1}, "The token has expired."),
        ({"aud": "https://other.example"}, "The token is for another audience."),
        ({"iss": "https://other.example"}, "The token is from another issuer."),
        ({"iat": None}, "The token has no `iat`."),
        (
            {"scope": {'"': 1}},
            "The token's `scope` has to be a string with spaces between scopes, or a list of strings.",
        ),
    ],
)
@pytest.mark.parametrize("media_type", [JSON, NEWER])
async def test_a_refusal_says_why_and_nothing_of_what_would_be_right(
    gateway: Gateway, changes: dict[str, Any], told: str, media_type: str
) -> None:
    response = await ask(gateway, f"Bearer {a_token(**changes)}", accept=media_type)
    assert refusal(response) == told
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    for secret in (SECRET, ISSUER, AUDIENCE, "Traceback", "jwt."):
        assert secret not in response.text + str(response.headers)


@pytest.mark.parametrize("media_type", [JSON, NEWER])
async def test_who_sends_no_token_is_told_to_sign_in_once_they_ask_for_records(
    gateway: Gateway, media_type: str
) -> None:
    response = await ask(gateway, accept=media_type)
    assert (response.status_code, response.json()["data"]) == (200, {"viewer": None})
    response = await ask(gateway, accept=media_type, json={"query": "{ registrations { totalCount } }"})
    [error] = response.json()["errors"]
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert error["message"] == "Sign in: send `Authorization: Bearer <token>`."
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_bad_token_is_refused_whatever_else_is_asked_and_however(gateway: Gateway) -> None:
    for request in ({"json": {"query": "{"}}, {"content": b"\xff"}, {"json": {"query": "{ __typename }"}}):
        assert refusal(await ask(gateway, "Bearer x", **request)) == NO_JWT
    get = await gateway.http.get("/graphql", params={"query": "{ __typename }"}, headers={"authorization": "Bearer x"})
    assert refusal(get) == NO_JWT


async def test_a_token_anywhere_else_signs_nobody_in(gateway: Gateway) -> None:
    token = a_token()
    for request in (
        {"params": {"access_token": token}},
        {"json": {**VIEWER, "access_token": token}},
        {"json": {**VIEWER, "extensions": {"authorization": f"Bearer {token}"}}},
    ):
        assert (await ask(gateway, **request)).json()["data"] == {"viewer": None}
    for name, value in (
        ("cookie", f"access_token={token}; authorization=Bearer {token}"),
        ("x-authorization", f"Bearer {token}"),
        ("proxy-authorization", f"Bearer {token}"),
    ):
        response = await gateway.http.post("/graphql", json=VIEWER, headers={name: value})
        assert response.json()["data"] == {"viewer": None}


async def test_a_mutation_with_a_token_that_is_refused_changes_nothing(gateway: Gateway, database: Database) -> None:
    course, user = a_course(), a_user()
    offering, free = an_offering(course), an_offering(course)
    registration = a_registration(user, offering)
    await store(database, course, user, offering, free, registration)
    mutations = (
        f'ejectRegistration(input: {{registrationId: "{registration.id}"}}) {{ __typename }}',
        f'assignGrade(input: {{registrationId: "{registration.id}", gradePercentage: 90}}) {{ __typename }}',
        f'registerUser(input: {{userId: "{user.id}", offeringId: "{free.id}"}}) {{ __typename }}',
    )
    everything = " ".join(Scope)
    for mutation in mutations:
        for changes in ({"exp": 1}, {"aud": "x"}, {"sub": ""}):
            token = a_token(**{"sub": user.id, "scope": everything, **changes})
            refusal(await ask(gateway, f"Bearer {token}", json={"query": f"mutation {{ {mutation} }}"}))
    assert await stored_registrations(database) == [registration]


def publish(folder: Path, document: object) -> dict[str, Any]:
    """The settings of a gateway for the issuer who publishes the document."""
    (folder / "jwks.json").write_text(json.dumps(document))
    return {"auth_jwks": f"{folder}/jwks.json", "auth_issuer": ISSUER, "auth_audience": AUDIENCE}


async def test_tokens_of_an_issuer_with_public_keys_are_taken(database_url: str, tmp_path: Path) -> None:
    key, attackers = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    settings = publish(tmp_path, {"keys": [ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "k"}]})
    claims = jwt.decode(a_token(), options={"verify_signature": False})
    async with open_gateway(database_url, **settings) as gateway:
        for signer, key_id, status in ((key, "k", 200), (attackers, "k", 401), (key, "x", 401)):
            token = jwt.encode(claims, signer, "ES256", headers={"kid": key_id})
            assert (await ask(gateway, f"Bearer {token}")).status_code == status
        assert refusal(await ask(gateway, f"Bearer {a_token()}")) == (
            "The token is signed with a key that is not known here."
        )


async def test_an_issuer_who_never_answered_is_an_outage_and_no_fault_of_the_token(
    database_url: str, tmp_path: Path
) -> None:
    async with open_gateway(database_url, **publish(tmp_path, {"error": "down for maintenance"})) as gateway:
        for media_type in (JSON, NEWER):
            response = await ask(gateway, f"Bearer {a_token()}", accept=media_type)
            assert (response.status_code, response.headers["retry-after"]) == (503, "2")
            assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
            assert response.json() == {
                "errors": [
                    {
                        "message": "The service is not available at the moment; try again in a while.",
                        "extensions": {"code": "SERVICE_UNAVAILABLE"},
                    }
                ]
            }
        assert (await ask(gateway)).json()["data"] == {"viewer": None}


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/readyz", "/graphql/assets/x", "/nothing"])
async def test_only_who_has_to_sign_in_may_come_by_any_name(database_url: str, path: str) -> None:
    foreign = {"host": "attacker.example"}
    async with open_gateway(database_url) as gateway:
        refused = await gateway.http.get(path, headers=foreign)
        assert (refused.status_code, refused.text) == (403, REFUSAL)
        assert (await gateway.http.get(path)).status_code != 403
    async with open_gateway(database_url, **AUTHENTICATION) as gateway:
        assert (await gateway.http.get(path, headers=foreign)).status_code != 403


async def test_without_authentication_a_page_of_another_domain_changes_nothing(
    database_url: str, database: Database
) -> None:
    course, user = a_course(), a_user()
    registration = a_registration(user, offering := an_offering(course))
    await store(database, course, user, offering, registration)
    mutation = f'mutation {{ ejectRegistration(input: {{registrationId: "{registration.id}"}}) {{ __typename }} }}'
    async with open_gateway(database_url) as gateway:
        foreign = {"host": "attacker.example:8000"}
        response = await gateway.http.post("/graphql", json={"query": mutation}, headers=foreign)
    assert response.status_code == 403
    assert await stored_registrations(database) == [registration]
