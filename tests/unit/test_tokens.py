"""Which tokens are taken, and what whoever sends another one is told. Each attack is on a token that would be taken."""

import asyncio
import base64
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm, get_default_algorithms

from registrations.auth.keys import SecretKey
from registrations.auth.tokens import TOKENS_KEPT, Authenticator, InvalidToken, mint
from registrations.domain.access import Scope, Viewer
from registrations.domain.outage import Unavailable

SECRET = "a secret that only the issuer and the gateway know"
HMAC_KEY = SECRET.encode()
ISSUER = "https://issuer.example"
AUDIENCE = "https://registrations.example"
ADA, BEN = "a" * 32, "b" * 32
PAST, FUTURE = 1_700_000_000, 4_000_000_000
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": ADA, "iat": PAST, "exp": FUTURE}
HEADER = {"alg": "HS256", "typ": "at+jwt"}

ALGORITHMS = get_default_algorithms()
NO_JWT = "The token is not a valid JWT."
WRONG_SIGNATURE = "The token's signature is wrong."
WRONG_ALGORITHM = "The token is signed with an algorithm that its key is not for."
WRONG_KIND = "The token is of a kind that is not taken here: an access token is needed."
UNKNOWN_KEY = "The token is signed with a key that is not known here."
EXPIRED = "The token has expired."
TOO_EARLY = "The token is not valid yet."
OTHER_AUDIENCE = "The token is for another audience."
OTHER_ISSUER = "The token is from another issuer."
WRONG_SCOPE = "The token's `scope` has to be a string with spaces between scopes, or a list of strings."


class KeyRing:
    """Public keys by id, as an issuer would have them now."""

    def __init__(self, **keys: jwt.PyJWK) -> None:
        self.keys = keys

    async def find(self, key_id: str | None, /) -> jwt.PyJWK | None:
        if not self.keys:
            raise Unavailable
        return self.current(key_id)

    def current(self, key_id: str | None, /) -> jwt.PyJWK | None:
        return self.keys.get(key_id or "")


def encoded(part: object) -> str:
    """A segment: bytes as they are, anything else as JSON."""
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: object = CLAIMS, header: object = HEADER, key: Any = HMAC_KEY, algorithm: str = "HS256") -> str:
    """Signed by the algorithm, whatever the header says."""
    signed = f"{encoded(header)}.{encoded(claims)}"
    return f"{signed}.{encoded(ALGORITHMS[algorithm].sign(signed.encode(), key))}"


async def viewer(text: str) -> Viewer:
    return await Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE).viewer(text)


async def refusal(authenticator: Authenticator, text: str) -> str:
    with pytest.raises(InvalidToken) as refused:
        await authenticator.viewer(text)
    return str(refused.value)


async def refusal_of(text: str) -> str:
    """Why a gateway with the secret does not take the token."""
    return await refusal(Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE), text)


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def ring(rsa_key: rsa.RSAPrivateKey, ec_key: ec.EllipticCurvePrivateKey) -> KeyRing:
    return KeyRing(
        r=jwt.PyJWK(RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True)),
        e=jwt.PyJWK(ECAlgorithm.to_jwk(ec_key.public_key(), as_dict=True)),
    )


@pytest.fixture
def with_ring(ring: KeyRing) -> Authenticator:
    return Authenticator(ring, ISSUER, AUDIENCE)


async def test_a_token_stands_for_the_user_and_the_scopes_that_it_names() -> None:
    assert await viewer(token()) == Viewer(ADA)
    scopes = "registrations:read openid  registrations:grade REGISTRATIONS:EJECT registrations:register,"
    assert await viewer(token({**CLAIMS, "scope": scopes})) == Viewer(ADA, frozenset({Scope.READ, Scope.GRADE}))


@pytest.mark.parametrize("subject", ["grading-service", ADA.upper(), f"{ADA} ", "\0", "x" * 5_000])
async def test_who_is_no_user_has_what_the_scopes_allow(subject: str) -> None:
    claims = {**CLAIMS, "sub": subject, "scope": "registrations:eject"}
    service = await viewer(token(claims))
    assert service == Viewer(subject, frozenset({Scope.EJECT}))
    assert service.user_id is None


@pytest.mark.parametrize(
    "granted",
    [
        "openid registrations:read",
        ["registrations:read", "openid"],
        ["registrations:read", "registrations:read", "registrations:grade registrations:eject"],
    ],
)
@pytest.mark.parametrize("name", ["scp", "permissions", "https://issuer.example/scopes"])
async def test_the_scopes_are_in_the_claim_that_the_settings_name(name: str, granted: object) -> None:
    authenticator = Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE, name)
    reader = Viewer(ADA, frozenset({Scope.READ}))
    claims = {**CLAIMS, name: granted, "scope": "registrations:eject"}
    assert await authenticator.viewer(token(claims)) == reader
    assert await authenticator.viewer(token({**CLAIMS, "scope": "registrations:eject"})) == Viewer(ADA)
    told = f"The token's `{name}` has to be a string with spaces between scopes, or a list of strings."
    assert await refusal(authenticator, token({**CLAIMS, name: 5})) == told


async def test_the_first_token_without_a_known_scope_is_logged_with_the_names_of_its_claims(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "registrations")
    authenticator = Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE)
    await authenticator.viewer(token({**CLAIMS, "scope": "openid registrations:read"}))
    assert caplog.messages == []
    for subject in (ADA, BEN):
        await authenticator.viewer(token({**CLAIMS, "sub": subject, "scp": ["registrations:read"]}))
    [record] = caplog.records
    assert record.levelname == "INFO"
    assert record.getMessage() == (
        "A token brought no scope that is known here. REGISTRATIONS_AUTH_SCOPE_CLAIM names the claim scope; "
        "the token's claims are aud, exp, iat, iss, scp, sub."
    )


@pytest.mark.parametrize("scope_claim", ["scope", "scp"])
async def test_a_token_of_our_own_is_taken(scope_claim: str) -> None:
    ours = mint(SECRET, ISSUER, AUDIENCE, ADA, [Scope.REGISTER], lifetime=60, scope_claim=scope_claim)
    authenticator = Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE, scope_claim)
    assert await authenticator.viewer(ours) == Viewer(ADA, frozenset({Scope.REGISTER}))
    assert jwt.get_unverified_header(ours) == {"alg": "HS256", "typ": "at+jwt"}


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [AUDIENCE]},
        {"aud": ["https://other.example", AUDIENCE]},
        {"exp": FUTURE + 0.5},
        {"exp": 10**30},
        {"exp": 1e300},
        {"iat": 0},
        {"iat": PAST + 0.5},
        {"nbf": PAST},
        {"scope": ""},
        {"scope": []},
        {"unknown": {"x": [1, None]}},
    ],
    ids=str,
)
async def test_claims_may_be_written_as_the_standard_allows(claims: dict[str, Any]) -> None:
    assert await viewer(token({**CLAIMS, **claims})) == Viewer(ADA)


async def test_clocks_may_differ_by_seconds() -> None:
    now = int(time.time())
    for claims in ({"exp": now - 1}, {"iat": now + 3}, {"nbf": now + 3}):
        assert await viewer(token({**CLAIMS, **claims})) == Viewer(ADA)
    for claims, told in (({"exp": now - 6}, EXPIRED), ({"iat": now + 60}, TOO_EARLY), ({"nbf": now + 60}, TOO_EARLY)):
        assert await refusal_of(token({**CLAIMS, **claims})) == told


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        *(({name: None}, f"The token has no `{name}`.") for name in ("exp", "iat", "aud", "iss", "sub")),
        ({"exp": PAST}, EXPIRED),
        ({"exp": 0}, EXPIRED),
        ({"exp": -1}, EXPIRED),
        ({"exp": -(10**30)}, EXPIRED),
        ({"exp": False}, EXPIRED),
        ({"exp": str(PAST)}, EXPIRED),
        ({"exp": str(FUTURE)}, "The token's `exp` has to be a number of seconds."),
        ({"exp": "never"}, NO_JWT),
        ({"exp": "9" * 5_000}, NO_JWT),
        ({"exp": float("nan")}, NO_JWT),
        ({"exp": float("inf")}, NO_JWT),
        ({"exp": [FUTURE]}, NO_JWT),
        ({"exp": {}}, NO_JWT),
        ({"iat": FUTURE}, TOO_EARLY),
        ({"iat": str(PAST)}, "The token's `iat` has to be a number of seconds."),
        ({"iat": True}, "The token's `iat` has to be a number of seconds."),
        ({"iat": float("nan")}, NO_JWT),
        ({"nbf": FUTURE}, TOO_EARLY),
        ({"nbf": str(PAST)}, "The token's `nbf` has to be a number of seconds."),
        ({"nbf": False}, "The token's `nbf` has to be a number of seconds."),
        ({"nbf": None}, NO_JWT),
        ({"nbf": float("-inf")}, NO_JWT),
        ({"aud": "https://other.example"}, OTHER_AUDIENCE),
        ({"aud": AUDIENCE.upper()}, OTHER_AUDIENCE),
        ({"aud": f"{AUDIENCE}/"}, OTHER_AUDIENCE),
        ({"aud": ["https://other.example"]}, OTHER_AUDIENCE),
        ({"aud": [AUDIENCE, 5]}, OTHER_AUDIENCE),
        ({"aud": [[AUDIENCE]]}, OTHER_AUDIENCE),
        ({"aud": {AUDIENCE: 1}}, OTHER_AUDIENCE),
        ({"aud": 5}, OTHER_AUDIENCE),
        ({"aud": True}, OTHER_AUDIENCE),
        ({"aud": ""}, "The token has no `aud`."),
        ({"aud": []}, "The token has no `aud`."),
        ({"iss": "https://other.example"}, OTHER_ISSUER),
        ({"iss": f"{ISSUER}/"}, OTHER_ISSUER),
        ({"iss": ""}, OTHER_ISSUER),
        ({"iss": [ISSUER]}, OTHER_ISSUER),
        ({"iss": 5}, OTHER_ISSUER),
        ({"sub": ""}, "The token has no `sub`."),
        ({"sub": "\ud800"}, "The token's `sub` has half a surrogate pair."),
        ({"sub": 5}, NO_JWT),
        ({"sub": [ADA]}, NO_JWT),
        ({"jti": 5}, NO_JWT),
        ({"scope": None}, WRONG_SCOPE),
        ({"scope": ["registrations:read", 5]}, WRONG_SCOPE),
        ({"scope": [["registrations:read"]]}, WRONG_SCOPE),
        ({"scope": {"registrations:read": True}}, WRONG_SCOPE),
        ({"scope": 5}, WRONG_SCOPE),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_claims_that_are_missing_wrong_or_of_another_type_are_refused(claims: dict[str, Any], told: str) -> None:
    assert await refusal_of(token({**CLAIMS, **claims})) == told


async def test_a_claim_that_is_missing_is_named() -> None:
    for name in ("exp", "iat", "aud", "iss", "sub"):
        assert await refusal_of(token({key: CLAIMS[key] for key in CLAIMS if key != name})) == (
            f"The token has no `{name}`."
        )


@pytest.mark.parametrize(
    "claims",
    [
        *(b"", b"null", b"5", b'"x"', b"[]", b"{", b"\xff", b"[" * 2_000, b'{"exp": 1' + b"0" * 5_000 + b"}"),
        json.dumps([CLAIMS]).encode(),
        json.dumps(CLAIMS).encode() + b"{}",
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_claims_that_are_no_json_object_are_refused(claims: bytes) -> None:
    assert await refusal_of(token(claims)) == NO_JWT


async def test_of_what_is_there_twice_the_last_counts_as_the_standard_says() -> None:
    once = json.dumps(CLAIMS)[:-1]
    assert await viewer(token(f'{once}, "sub": "{BEN}"}}'.encode())) == Viewer(BEN)
    assert await refusal_of(token(f'{once}, "exp": 1}}'.encode())) == EXPIRED
    assert await refusal_of(token(header=b'{"alg": "HS256", "alg": "none"}')) == WRONG_ALGORITHM


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "none ", "", "\0none"])
@pytest.mark.parametrize("signature", ["", "AA"])
async def test_nothing_is_taken_unsigned(algorithm: str, signature: str) -> None:
    unsigned = f"{encoded({'alg': algorithm, 'typ': 'at+jwt'})}.{encoded(CLAIMS)}.{signature}"
    assert await refusal_of(unsigned) == WRONG_ALGORITHM


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ({"typ": "at+jwt"}, WRONG_ALGORITHM),
        *(({**HEADER, "alg": algorithm}, WRONG_ALGORITHM) for algorithm in ("HS384", "hs256", "RS256", "x", "")),
        *(({**HEADER, "alg": algorithm}, WRONG_ALGORITHM) for algorithm in (["HS256"], {"HS256": 1}, True, 5)),
        *(({**HEADER, "typ": kind}, WRONG_KIND) for kind in ("id+jwt", "logout+jwt", "JOSE", "")),
        ({**HEADER, "typ": 5}, WRONG_KIND),
        ({**HEADER, "typ": ["at+jwt"]}, WRONG_KIND),
        ({**HEADER, "crit": ["exp"], "exp": 1}, NO_JWT),
        ({**HEADER, "crit": []}, NO_JWT),
        ({**HEADER, "crit": "b64"}, NO_JWT),
        ({**HEADER, "crit": None}, NO_JWT),
        ({**HEADER, "crit": ["b64"], "b64": True}, WRONG_KIND),
        ({**HEADER, "crit": ["b64"], "b64": False}, NO_JWT),
        ({**HEADER, "b64": False}, NO_JWT),
        *(({**HEADER, "kid": key_id}, NO_JWT) for key_id in (5, True, ["r"], {"r": 1}, 1.5)),
        ({**HEADER, "kid": None}, NO_JWT),
        *((header, NO_JWT) for header in (b"", b"null", b"5", b"[]", b'"HS256"', b"{", b"\xff\xfe", b"[" * 2_000)),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_headers_that_are_wrong_or_ask_for_more_than_is_understood_are_refused(header: object, told: str) -> None:
    assert await refusal_of(token(header=header)) == told


@pytest.mark.parametrize("kind", ["JWT", "jwt", "AT+JWT", "application/at+jwt", None])
async def test_the_kind_of_an_access_token_may_be_written_in_many_ways(kind: str | None) -> None:
    assert await viewer(token(header={"alg": "HS256", "typ": kind})) == Viewer(ADA)
    assert await viewer(token(header={"alg": "HS256"})) == Viewer(ADA)


async def test_a_payload_outside_of_the_token_is_refused() -> None:
    header = encoded({**HEADER, "crit": ["b64"], "b64": False})
    for detached in (f"{header}..{encoded(b'x')}", f"{encoded({**HEADER, 'b64': False})}..{encoded(b'x')}"):
        assert await refusal_of(detached) in (WRONG_KIND, NO_JWT)


TAKEN = token()
HEAD, BODY, SIGNATURE = TAKEN.split(".")
SAME_BYTES = SIGNATURE[:-1] + chr(ord(SIGNATURE[-1]) + 1)  # its last two bits mean nothing


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, NO_JWT) for text in ("", ".", "..", "...", "x", HEAD, f"{HEAD}.{BODY}")),
        (f".{BODY}.{SIGNATURE}", NO_JWT),
        (f"{HEAD}..{SIGNATURE}", WRONG_SIGNATURE),
        (f"{HEAD}.{BODY}.", WRONG_SIGNATURE),
        (f"{HEAD}.{BODY}.AA", WRONG_SIGNATURE),
        (TAKEN[:-1], NO_JWT),
        (TAKEN[:-2], NO_JWT),
        (TAKEN[:-3], WRONG_SIGNATURE),
        *(
            (f"{TAKEN}{end}", NO_JWT)
            for end in (".", "..", ".x", "\n", " ", "\0", "==", "===", "é", "\u2028", "\ud800")
        ),
        *((f"{start}{TAKEN}", NO_JWT) for start in (".", "\n", " ", "\0", "\ufeff")),
        (f"{HEAD}.{BODY}.{BODY}.{SIGNATURE}", NO_JWT),
        (f"{HEAD}.{BODY}.x.{BODY}.{SIGNATURE}", NO_JWT),
        (f"{HEAD}.{BODY}.{SIGNATURE[:20]}\n{SIGNATURE[20:]}", NO_JWT),
        (f"{HEAD}=.{BODY}.{SIGNATURE}", NO_JWT),
        (f"{HEAD}.{BODY}.{SIGNATURE[:-1]}!", NO_JWT),
        (f"{HEAD}.{BODY}.{SIGNATURE[:-1]}+", NO_JWT),
        (f"{HEAD}.{BODY}.{SAME_BYTES}", NO_JWT),
        (f"{HEAD}.{encoded({**CLAIMS, 'sub': BEN})}.{SIGNATURE}", WRONG_SIGNATURE),
        (f"{encoded({'alg': 'HS256'})}.{BODY}.{SIGNATURE}", WRONG_SIGNATURE),
        (json.dumps({"payload": BODY, "protected": HEAD, "signature": SIGNATURE}), NO_JWT),
    ],
)
async def test_what_is_not_exactly_a_signed_token_is_refused(text: str, told: str) -> None:
    assert await refusal_of(text) == told


async def test_an_encrypted_token_is_refused() -> None:
    header = encoded({"alg": "dir", "enc": "A256GCM", "zip": "DEF"})
    assert await refusal_of(f"{header}..{encoded(b'iv')}.{encoded(b'text')}.{encoded(b'tag')}") == NO_JWT


async def test_another_secret_is_refused() -> None:
    for secret in (b"", b"\0", SECRET.encode()[:-1], f"{SECRET}\n".encode()):
        assert await refusal_of(token(key=secret)) == WRONG_SIGNATURE


async def test_each_public_key_is_for_tokens_of_its_algorithm(
    with_ring: Authenticator, rsa_key: rsa.RSAPrivateKey, ec_key: ec.EllipticCurvePrivateKey
) -> None:
    for key_id, algorithm, key in (("r", "RS256", rsa_key), ("e", "ES256", ec_key)):
        signed = token(header={"alg": algorithm, "kid": key_id}, key=key, algorithm=algorithm)
        assert await with_ring.viewer(signed) == Viewer(ADA)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "PS384"])
async def test_of_a_family_only_the_keys_own_algorithm_is_taken(
    with_ring: Authenticator, rsa_key: rsa.RSAPrivateKey, algorithm: str
) -> None:
    for said, told in ((algorithm, WRONG_ALGORITHM), ("RS256", WRONG_SIGNATURE)):
        signed = token(header={"alg": said, "kid": "r"}, key=rsa_key, algorithm=algorithm)
        assert await refusal(with_ring, signed) == told


@pytest.mark.parametrize(
    "as_secret",
    [
        lambda key: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        lambda key: key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
        lambda key: key.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        lambda key: key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        lambda key: RSAAlgorithm.to_jwk(key).encode(),
        lambda _: b"",
    ],
    ids=["PEM", "PEM without its last line's end", "PKCS1", "DER", "JWK", "nothing"],
)
@pytest.mark.parametrize("said", ["HS256", "RS256"])
async def test_a_public_key_is_never_taken_for_a_secret(
    with_ring: Authenticator, rsa_key: rsa.RSAPrivateKey, as_secret: Callable[[rsa.RSAPublicKey], bytes], said: str
) -> None:
    signed = token(header={"alg": said, "kid": "r"}, key=as_secret(rsa_key.public_key()))
    assert await refusal(with_ring, signed) == (WRONG_ALGORITHM if said == "HS256" else WRONG_SIGNATURE)


async def test_a_signature_of_zeros_is_wrong(with_ring: Authenticator) -> None:
    for key_id, algorithm, length in (("e", "ES256", 64), ("e", "ES256", 63), ("e", "ES256", 0), ("r", "RS256", 256)):
        signed = f"{encoded({'alg': algorithm, 'kid': key_id})}.{encoded(CLAIMS)}.{encoded(bytes(length))}"
        assert await refusal(with_ring, signed) == WRONG_SIGNATURE


async def test_keys_that_a_token_brings_along_or_points_to_are_not_looked_at(
    with_ring: Authenticator, ec_key: ec.EllipticCurvePrivateKey
) -> None:
    attackers = ec.generate_private_key(ec.SECP256R1())
    brought = {
        "jwk": ECAlgorithm.to_jwk(attackers.public_key(), as_dict=True),
        "jku": "https://attacker.example/jwks.json",
        "x5u": "https://attacker.example/x5u.pem",
        "x5c": ["MIIB"],
        "x5t": "AA",
        "zip": "DEF",
        "cty": "JWT",
    }
    header = {"alg": "ES256", "kid": "e", **brought}
    assert await with_ring.viewer(token(header=header, key=ec_key, algorithm="ES256")) == Viewer(ADA)
    assert await refusal(with_ring, token(header=header, key=attackers, algorithm="ES256")) == WRONG_SIGNATURE
    del header["kid"]
    assert await refusal(with_ring, token(header=header, key=attackers, algorithm="ES256")) == UNKNOWN_KEY


@pytest.mark.parametrize(
    "key_id",
    [
        *("", "E", "e ", "e\0", "../../dev/null", "/dev/null", "file:///etc/passwd", "https://attacker.example/key"),
        *("e' OR '1'='1", "e' UNION SELECT 'AA", "| id", "$(id)", "__class__", "\ud800", "é", "x" * 5_000),
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_the_id_of_a_key_names_one_of_the_issuers_and_nothing_else(
    with_ring: Authenticator, ec_key: ec.EllipticCurvePrivateKey, key_id: str
) -> None:
    signed = token(header={"alg": "ES256", "kid": key_id}, key=ec_key, algorithm="ES256")
    assert await refusal(with_ring, signed) == UNKNOWN_KEY


async def test_a_token_is_taken_until_its_key_is_withdrawn_or_another_has_its_name(
    ring: KeyRing, with_ring: Authenticator, ec_key: ec.EllipticCurvePrivateKey
) -> None:
    signed = token(header={"alg": "ES256", "kid": "e"}, key=ec_key, algorithm="ES256")
    assert await with_ring.viewer(signed) == await with_ring.viewer(signed) == Viewer(ADA)
    same = ring.keys.pop("e")
    assert await refusal(with_ring, signed) == UNKNOWN_KEY
    another = ec.generate_private_key(ec.SECP256R1()).public_key()
    ring.keys["e"] = jwt.PyJWK(ECAlgorithm.to_jwk(another, as_dict=True))
    assert await refusal(with_ring, signed) == WRONG_SIGNATURE
    ring.keys["e"] = same
    assert await with_ring.viewer(signed) == Viewer(ADA)
    ring.keys.clear()
    with pytest.raises(Unavailable):
        await with_ring.viewer(signed)


async def test_a_token_is_known_once_it_was_taken_until_it_expires_or_its_key_changes(
    ring: KeyRing, with_ring: Authenticator, ec_key: ec.EllipticCurvePrivateKey
) -> None:
    header = {"alg": "ES256", "kid": "e"}
    lasting = token(header=header, key=ec_key, algorithm="ES256")
    expired = token({**CLAIMS, "exp": int(time.time()) - 3}, header, ec_key, "ES256")  # as clocks may differ
    assert with_ring.known(lasting) is None
    for text in (lasting, expired):
        assert await with_ring.viewer(text) == Viewer(ADA)
    assert with_ring.known(lasting) == Viewer(ADA)
    assert with_ring.known(lasting[:-1]) is None
    assert with_ring.known(expired) is None
    ring.keys["e"] = jwt.PyJWK(ECAlgorithm.to_jwk(ec_key.public_key(), as_dict=True))
    assert with_ring.known(lasting) is None
    ring.keys.clear()
    assert with_ring.known(lasting) is None


async def until_it_is_refused(authenticator: Authenticator, text: str) -> None:
    while True:
        await authenticator.viewer(text)
        await asyncio.sleep(0.05)


async def test_a_token_that_was_taken_is_refused_when_it_has_expired() -> None:
    authenticator = Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE)
    about_to_expire = token({**CLAIMS, "exp": int(time.time()) - 3})  # within what clocks may differ
    assert await authenticator.viewer(about_to_expire) == Viewer(ADA)
    with pytest.raises(InvalidToken, match=EXPIRED):
        await asyncio.wait_for(until_it_is_refused(authenticator, about_to_expire), timeout=10)


async def test_more_tokens_than_are_remembered_are_taken() -> None:
    authenticator = Authenticator(SecretKey(SECRET), ISSUER, AUDIENCE)
    tokens = [token({**CLAIMS, "jti": str(number)}) for number in range(TOKENS_KEPT + 1)]
    assert {await authenticator.viewer(text) for text in (*tokens, *tokens[:2])} == {Viewer(ADA)}


class SlowKeys(SecretKey):
    """The secret, which whoever asks for it in a hurry gets first."""

    def __init__(self) -> None:
        super().__init__(SECRET)
        self.open = asyncio.Event()
        self.open.set()

    async def find(self, key_id: str | None, /) -> jwt.PyJWK | None:
        if key_id == "slow":
            await self.open.wait()
        return await super().find(key_id)

    def current(self, key_id: str | None, /) -> jwt.PyJWK | None:
        return super().current(key_id) if key_id != "slow" or self.open.is_set() else None


async def test_a_token_that_others_push_out_while_its_key_is_looked_for_is_taken() -> None:
    authenticator = Authenticator(keys := SlowKeys(), ISSUER, AUDIENCE)
    slow = token(header={**HEADER, "kid": "slow"})
    await authenticator.viewer(slow)
    keys.open.clear()
    waiting = asyncio.create_task(authenticator.viewer(slow))
    await asyncio.sleep(0)
    for number in range(TOKENS_KEPT):
        await authenticator.viewer(token({**CLAIMS, "jti": str(number)}))
    keys.open.set()
    assert await waiting == Viewer(ADA)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=5,
)
OF_HEADERS = st.dictionaries(st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "cty", "jwk"]), JSON)
OF_CLAIMS = st.dictionaries(st.sampled_from(["exp", "iat", "nbf", "aud", "iss", "sub", "jti", "scope"]), JSON)


@settings(deadline=None)
@given(header=OF_HEADERS, claims=OF_CLAIMS, text=st.text(st.characters(exclude_categories=())))
def test_whatever_a_token_is_it_stands_for_somebody_or_is_refused(
    header: dict[str, Any], claims: dict[str, Any], text: str
) -> None:
    async def judge() -> None:
        for any_token in (token({**CLAIMS, **claims}), token({**CLAIMS, **claims}, {**HEADER, **header}), text):
            with suppress(InvalidToken):
                await viewer(any_token)

    asyncio.run(judge())
