"""What an operator can set: environment variables, each named `REGISTRATIONS_` and the field in capitals."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from jwt import InvalidKeyError
from jwt.algorithms import HMACAlgorithm
from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from registrations.domain.ids import is_id

SCOPE_CLAIM = "scope"  # RFC 9068
MINIMUM_SECRET = 32  # bytes, as many as the hash of HS256 has (RFC 7518)


def default_data_dir() -> Path:
    """A folder of the user's; root's server runs as another user, who may not look into root's home."""
    return Path("/var/lib/registrations") if os.geteuid() == 0 else user_data_path("registrations")


def folder(path: str | Path) -> Path:
    """The folder at the path, with `~` expanded as a shell would. An empty path would be the working directory."""
    if not str(path):
        raise ValueError("empty; unset it to have the default")
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(f"nobody's home is known for {path}") from error


# With `*` for a label, two more at least: below `*.org` anybody can have a site.
_HOST = r"\*(\.[a-z0-9_-]+){2,}|[a-z0-9._-]+|\[[0-9a-f:.]+\]"
_ORIGIN = re.compile(rf"[a-z][a-z0-9+.-]*://({_HOST})(:\d{{1,5}})?")


def origins(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The origins of a list with commas, as browsers write them, or with `*` for the first label of a host's name.

    `*` alone is any origin.
    """
    listed = tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    for origin in listed:
        if listed != ("*",) and not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin} is no origin: write scheme, host and perhaps port in lower case, such as "
                "https://app.example.org, with commas in between; https://*.preview.example.org is any one label "
                "below preview.example.org; * alone is any origin"
            )
    return listed


def hard_to_guess(secret: SecretStr | None) -> SecretStr | None:
    if secret is None:
        return secret
    if len(secret.get_secret_value().encode()) < MINIMUM_SECRET:
        raise ValueError(f"less than {MINIMUM_SECRET} bytes; `openssl rand -hex 32` makes a good one")
    try:
        HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(secret.get_secret_value())
    except InvalidKeyError as error:
        raise ValueError("a key of another kind; public keys go into a JWKS document") from error
    return secret


def file_or_url(source: str | None) -> str | None:
    """The source of a JWKS document: a file, or a URL whose answer nobody on the way can replace."""
    if source is None or ("://" not in source and Path(source).is_file()):
        return source
    url = urlsplit(source)
    if url.scheme == "https" or (url.scheme == "http" and url.hostname in ("127.0.0.1", "::1", "localhost")):
        return source
    raise ValueError("neither a file nor an https URL")


def record_id(text: str | None) -> str | None:
    if text is not None and not is_id(text):
        raise ValueError("no id of a user: an id has 32 lower-case hexadecimal characters")
    return text


def claim(name: str) -> str:
    """The name of a claim; refusals quote it in a header, which has no room for other characters (RFC 6750)."""
    if not re.fullmatch(r"[!#-\[\]-~]+", name):
        raise ValueError("no name of a claim: write visible ASCII characters without quotation marks and backslashes")
    return name


@dataclass(frozen=True, slots=True)
class Authentication:
    """Tokens of this issuer for this audience are taken, signed with the secret or with a key of the JWKS document.

    Their scopes are in the claim `scope_claim`.
    """

    issuer: str
    audience: str
    scope_claim: str
    secret: str | None = field(repr=False)
    jwks: str | None


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="REGISTRATIONS_", frozen=True, hide_input_in_errors=True)

    database_url: str | None = Field(
        default=None,
        description="PostgreSQL 17 or newer, as libpq writes it; without it the embedded one runs.",
    )
    data_dir: Annotated[Path, BeforeValidator(folder)] = Field(
        default_factory=default_data_dir,
        description="Where the embedded PostgreSQL makes a folder of its own, `postgresql`.",
    )
    pool_size: int = Field(
        default=10, ge=1, description="Connections to PostgreSQL that each worker process holds at most."
    )
    search_seconds: float = Field(
        default=0.25,
        gt=0,
        description="How long PostgreSQL may search for one operation: in filtered lists, and to count.",
    )
    auth_secret: Annotated[SecretStr | None, AfterValidator(hard_to_guess)] = Field(
        default=None, description="Signs tokens by HS256; known to their issuer and the gateway alone."
    )
    auth_jwks: Annotated[str | None, AfterValidator(file_or_url)] = Field(
        default=None, description="File or URL of the JWKS document with the public keys of the tokens' issuer."
    )
    auth_issuer: str | None = Field(default=None, min_length=1, description="What tokens have to say as `iss`.")
    auth_audience: str | None = Field(default=None, min_length=1, description="What tokens have to say as `aud`.")
    auth_scope_claim: Annotated[str, AfterValidator(claim)] = Field(
        default=SCOPE_CLAIM, description="The claim with the scopes of a token."
    )
    viewer: Annotated[str | None, AfterValidator(record_id)] = Field(
        default=None, description="The id of the user who everybody is without authentication."
    )
    graphiql: bool = Field(default=True, description="Whether browsers that open /graphql get GraphiQL.")
    introspection: bool = Field(
        default=True, description="Whether clients may ask for the schema, and errors suggest names from it."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(origins)] = Field(
        default=(), description="Origins whose pages may use the gateway from a browser."
    )
    drain_seconds: float = Field(
        default=1,
        ge=0,
        le=3600,
        description="How long the gateway still takes requests after SIGTERM, while /readyz tells it's draining.",
    )

    @property
    def authentication(self) -> Authentication | None:
        """How tokens are judged; None where nobody is asked to sign in. Raises `ValueError` for half a way."""
        secret = self.auth_secret.get_secret_value() if self.auth_secret else None
        given = (secret, self.auth_jwks, self.auth_issuer, self.auth_audience)
        if not any(given):
            return None
        if secret and self.auth_jwks:
            raise ValueError("set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS, not both")
        if not secret and not self.auth_jwks:
            raise ValueError("set REGISTRATIONS_AUTH_SECRET or REGISTRATIONS_AUTH_JWKS too")
        if not self.auth_issuer or not self.auth_audience:
            raise ValueError("set REGISTRATIONS_AUTH_ISSUER and REGISTRATIONS_AUTH_AUDIENCE too")
        return Authentication(self.auth_issuer, self.auth_audience, self.auth_scope_claim, secret, self.auth_jwks)

    @model_validator(mode="after")
    def _authenticates_fully_or_not_at_all(self) -> Self:
        if self.authentication and self.viewer:
            raise ValueError("REGISTRATIONS_VIEWER is for gateways without authentication: unset it")
        return self
