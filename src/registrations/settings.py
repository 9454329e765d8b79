"""What an operator can set: environment variables, each named `REGISTRATIONS_` and the field in capitals."""

import os
import re
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_data_dir() -> Path:
    """A folder of the user's; root's server runs as another user, who may not look into root's home."""
    return Path("/var/lib/registrations") if os.geteuid() == 0 else user_data_path("registrations")


def folder(path: str | Path) -> Path:
    """The folder at the path. No shell may have seen it to expand its `~`, and empty it would be the current one."""
    if not str(path):
        raise ValueError("empty; unset it to have the default")
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise ValueError(f"nobody's home is known for {path}") from error


_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")


def origins(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The origins of a list with commas, as browsers write them; or `*` alone, which is any."""
    listed = tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    for origin in listed:
        if listed != ("*",) and not _ORIGIN.fullmatch(origin):
            raise ValueError(
                f"{origin} is no origin: write scheme, host and perhaps port in lower case, such as "
                "https://app.example.org, with commas in between; or * alone, for any"
            )
    return listed


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="REGISTRATIONS_", frozen=True)

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
