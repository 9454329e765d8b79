"""What an operator can set: environment variables, each named `REGISTRATIONS_` and the field in capitals."""

import os
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
