"""The keys of an issuer: which of a document are taken, and when the document is read again."""

import asyncio
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm

from registrations.auth.jwks import FLOOR_SECONDS, MAXIMUM_AGE_SECONDS, IssuersKeys
from registrations.auth.keys import NoKeys, read_jwks
from registrations.domain.outage import Unavailable

Jwk = dict[str, Any]


def a_key(key_id: str | None = "k", **given: Any) -> Jwk:
    """A public key on P-256, which no other is equal to."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    named = {} if key_id is None else {"kid": key_id}
    return ECAlgorithm.to_jwk(public, as_dict=True) | named | given


def on_curve(curve: ec.EllipticCurve, **given: Any) -> Jwk:
    return ECAlgorithm.to_jwk(ec.generate_private_key(curve).public_key(), as_dict=True) | {"kid": "k"} | given


def document(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


@pytest.fixture(scope="module")
def private_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def rsa_jwk(private_rsa: rsa.RSAPrivateKey) -> Jwk:
    return RSAAlgorithm.to_jwk(private_rsa.public_key(), as_dict=True) | {"kid": "k"}


def algorithm(jwk: Jwk) -> str:
    [key] = read_jwks(document(jwk)).values()
    return str(key.algorithm_name)


def test_each_key_is_for_one_algorithm_the_one_it_names_or_that_of_its_type(rsa_jwk: Jwk) -> None:
    assert algorithm(rsa_jwk) == "RS256"
    assert algorithm({**rsa_jwk, "alg": "PS384"}) == "PS384"
    assert algorithm(on_curve(ec.SECP384R1())) == "ES384"
    assert algorithm(on_curve(ec.SECP521R1(), alg="ES512")) == "ES512"
    for edwards, alg in ((ed25519.Ed25519PrivateKey, {}), (ed448.Ed448PrivateKey, {"alg": "EdDSA"})):
        assert algorithm(OKPAlgorithm.to_jwk(edwards.generate().public_key(), as_dict=True) | alg) == "EdDSA"


def test_what_else_a_key_says_of_itself_does_no_harm() -> None:
    jwk = a_key(use="sig", key_ops=["verify"], x5c=["MIIB"], x5u="https://attacker.example", unknown={"x": None})
    assert algorithm(jwk) == "ES256"
    assert algorithm(a_key(use="sig", key_ops=["sign", "verify"])) == "ES256"


UNUSABLE: dict[str, object] = {
    "null": None,
    "a number": 5,
    "a text": "x",
    "a list": [],
    "empty": {},
    "symmetric": HMACAlgorithm.to_jwk(b"a secret that is long enough for HS256", as_dict=True),
    "symmetric, with an algorithm": HMACAlgorithm.to_jwk(b"x" * 32, as_dict=True) | {"alg": "RS256"},
    "symmetric, with nothing in it": {"kty": "oct", "alg": "HS256"},
    "for encryption": a_key(use="enc"),
    "for nothing known": a_key(use=["sig"]),
    "for operations that are none of ours": a_key(key_ops=["encrypt", "deriveKey"]),
    "for operations that are a number": a_key(key_ops=5),
    "on another curve": on_curve(ec.SECP256K1()),
    "on another curve, named": on_curve(ec.SECP256K1(), alg="ES256K"),
    "on another curve than its algorithm's": on_curve(ec.SECP384R1(), alg="ES256"),
    "on P-256K for ES256": on_curve(ec.SECP256K1(), alg="ES256"),
    "no point of its curve": a_key(x="A" * 43),
    "of an unknown type": a_key(kty="XX"),
    "of a type that is a list": a_key(kty=["EC"]),
    "of another type than its algorithm's": a_key(alg="RS256"),
    "for no algorithm": a_key(alg="none"),
    "for an unknown algorithm": a_key(alg="ES1"),
    "for a symmetric algorithm": a_key(alg="HS256"),
    "for algorithms that are a list": a_key(alg=["ES256"]),
    "for an algorithm that is a number": a_key(alg=5),
    "with a name that is a list": a_key(kid=["k"]),
    "with a name that is a number": a_key(kid=5),
    "with a coordinate that is a number": a_key(x=5),
    "with a coordinate too few": {name: value for name, value in a_key().items() if name != "y"},
    "with no text": {"kty": "RSA", "n": "é", "e": "AQAB"},
}


@pytest.mark.parametrize("unusable", UNUSABLE.values(), ids=UNUSABLE)
def test_a_key_that_is_not_for_tokens_is_left_out_and_takes_no_other_along(unusable: object) -> None:
    assert read_jwks(document(unusable)) == {}
    assert list(read_jwks(document(unusable, a_key("good"), unusable))) == ["good"]


def test_a_key_that_is_too_short_or_was_published_with_its_private_part_is_left_out(
    private_rsa: rsa.RSAPrivateKey,
) -> None:
    bits = 1024
    short = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, bits).public_key(), as_dict=True)
    private_ec = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    private = RSAAlgorithm.to_jwk(private_rsa, as_dict=True) | {"key_ops": ["verify"]}
    assert read_jwks(document(short, private_ec, private)) == {}


def test_of_keys_with_the_same_name_the_last_that_is_for_tokens_counts() -> None:
    first, second = a_key(), a_key()
    found = read_jwks(document(first, second, a_key(use="enc")))
    assert [key._jwk_data for key in found.values()] == [second]


@pytest.mark.parametrize(
    ("no_document", "told"),
    [
        (b"", "it is no JSON"),
        (b"<!doctype html><title>Sign in</title>", "it is no JSON"),
        (b"\xff\xfe\x00", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"null", "it is no JWKS document"),
        (b"[]", "it is no JWKS document"),
        (b"{}", "it is no JWKS document"),
        (b'{"keys": {"k": {}}}', "it is no JWKS document"),
        (b'{"keys": "k"}', "it is no JWKS document"),
        (b'{"issuer": "https://issuer.example", "jwks_uri": "https://issuer.example/jwks"}', "it is no JWKS document"),
        (document(a_key()) + b" " * 5_000_000, "it has more than 1024 KiB"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_what_is_no_document_of_keys_is_refused_with_the_reason(no_document: bytes, told: str) -> None:
    with pytest.raises(NoKeys) as refused:
        read_jwks(no_document)
    assert str(refused.value) == told


class Issuer:
    """Publishes keys; how often they were read is counted. While it hangs, who reads waits; None is an outage."""

    def __init__(self, *keys: Jwk) -> None:
        self.keys: tuple[Jwk, ...] | None = keys
        self.reads = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def __call__(self) -> bytes:
        self.reads += 1
        await self.answers.wait()
        if self.keys is None:
            raise NoKeys("it is away")
        return document(*self.keys)


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def named(keys: IssuersKeys, *key_ids: str | None) -> list[Jwk | None]:
    found = [await keys.find(key_id) for key_id in key_ids]
    return [key._jwk_data if key else None for key in found]


def is_current(keys: IssuersKeys, jwk: Jwk) -> bool:
    key = keys.current(jwk["kid"])
    return key is not None and key._jwk_data == jwk


async def test_a_key_is_current_from_when_it_was_read_until_it_is_to_be_read_again(clock: Clock) -> None:
    one, two = a_key("one"), a_key("two")
    keys = IssuersKeys(issuer := Issuer(one), clock)
    assert keys.current("one") is None
    await keys.find("one")
    assert is_current(keys, one)
    assert keys.current("two") is None
    clock.now += MAXIMUM_AGE_SECONDS - 0.1
    assert is_current(keys, one)
    clock.now += 0.1
    assert keys.current("one") is None
    issuer.keys = (two,)
    await keys.find("one")
    assert keys.current("one") is None
    assert is_current(keys, two)


async def test_keys_are_read_once_when_the_first_is_asked_for(clock: Clock) -> None:
    one, two, nameless = a_key("one"), a_key("two"), a_key(None)
    keys = IssuersKeys(issuer := Issuer(one, two, nameless), clock)
    assert issuer.reads == 0
    assert await named(keys, "two", "one", None, "two") == [two, one, nameless, two]
    assert issuer.reads == 1


async def test_a_key_that_is_new_is_found_and_made_up_names_do_not_have_the_issuer_asked_each_time(
    clock: Clock,
) -> None:
    one, two = a_key("one"), a_key("two")
    keys = IssuersKeys(issuer := Issuer(one), clock)
    assert await named(keys, "one", "x", None) == [one, None, None]
    issuer.keys = (one, two)
    clock.now += FLOOR_SECONDS - 0.1
    assert await named(keys, "two", *"xyz") == [None] * 4
    assert issuer.reads == 1
    clock.now += 0.1
    assert await named(keys, "two", *"xyz") == [two, None, None, None]
    assert issuer.reads == 2


async def test_who_comes_while_keys_are_read_waits_for_the_same_reading(clock: Clock) -> None:
    one = a_key("one")
    keys = IssuersKeys(issuer := Issuer(one), clock)
    issuer.answers.clear()
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(named(keys, name)) for name in ("one", "x") * 20]
        await asyncio.sleep(0)
        issuer.answers.set()
    assert [task.result() for task in waiting] == [[one], [None]] * 20
    assert issuer.reads == 1


async def test_an_issuer_that_hangs_holds_up_one_who_has_a_key_and_not_all(clock: Clock) -> None:
    one = a_key("one")
    keys = IssuersKeys(issuer := Issuer(one), clock)
    await keys.find("one")
    clock.now += MAXIMUM_AGE_SECONDS
    issuer.answers.clear()
    async with asyncio.TaskGroup() as group:
        held_up = group.create_task(named(keys, "one"))
        await asyncio.sleep(0)
        assert await named(keys, "one", "one") == [one, one]
        assert is_current(keys, one)
        assert not held_up.done()
        issuer.answers.set()
    assert (held_up.result(), issuer.reads) == ([one], 2)


async def test_who_gives_up_waiting_leaves_the_next_one_in_order(clock: Clock) -> None:
    keys = IssuersKeys(issuer := Issuer(one := a_key("one")), clock)
    issuer.answers.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(keys.find("one"), timeout=0)
    issuer.answers.set()
    clock.now += FLOOR_SECONDS
    assert await named(keys, "one") == [one]


async def test_a_key_that_was_withdrawn_is_trusted_no_longer_than_the_maximum_age(clock: Clock) -> None:
    one, two = a_key("one"), a_key("two")
    keys = IssuersKeys(issuer := Issuer(one, two), clock)
    assert await named(keys, "one") == [one]
    issuer.keys = (two,)
    clock.now += MAXIMUM_AGE_SECONDS - 0.1
    assert await named(keys, "one") == [one]
    clock.now += 0.1
    assert await named(keys, "one", "two") == [None, two]
    issuer.keys = ()
    clock.now += MAXIMUM_AGE_SECONDS
    with pytest.raises(Unavailable):
        await keys.find("two")


async def test_while_the_issuer_is_away_its_keys_are_kept_and_it_is_asked_at_intervals(clock: Clock) -> None:
    one, two = a_key("one"), a_key("two")
    keys = IssuersKeys(issuer := Issuer(one), clock)
    await keys.find("one")
    issuer.keys = None
    clock.now += MAXIMUM_AGE_SECONDS
    for _ in range(3):
        assert await named(keys, "one", "one", "two") == [one, one, None]
        assert is_current(keys, one)
        clock.now += FLOOR_SECONDS
    assert issuer.reads == 4
    issuer.keys = (two,)
    assert await named(keys, "one", "two") == [None, two]


async def test_an_issuer_who_never_answered_is_an_outage_that_ends_by_itself(clock: Clock) -> None:
    keys = IssuersKeys(issuer := Issuer(one := a_key("one")), clock)
    issuer.keys = None
    for _ in range(3):
        with pytest.raises(Unavailable):
            await keys.find("one")
    issuer.keys = (one,)
    clock.now += FLOOR_SECONDS
    assert await named(keys, "one") == [one]
    assert issuer.reads == 2
