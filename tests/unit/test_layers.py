"""What each layer may import: of the project, and from outside of it. A new import that is wanted is added here."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import registrations

ROOT = Path(registrations.__file__).parent
STANDARD_LIBRARY = sys.stdlib_module_names | {"_typeshed"}


class Allowed(NamedTuple):
    inside: set[str]
    outside: set[str]


LAYERS = {
    "domain": Allowed({"domain"}, set()),
    "settings": Allowed({"domain"}, {"jwt", "platformdirs", "pydantic", "pydantic_settings"}),
    "storage": Allowed({"storage", "domain", "settings"}, {"alembic", "asyncpg", "sqlalchemy", "sqlmodel"}),
    "service": Allowed({"service", "domain", "storage"}, set()),
    "graphql": Allowed({"graphql", "domain", "service"}, {"graphql", "orjson", "strawberry"}),
    "auth": Allowed({"auth", "domain", "settings"}, {"httpx", "jwt"}),
    "http": Allowed({"http", "graphql", "auth", "domain", "telemetry"}, {"orjson", "starlette"}),
    "telemetry": Allowed({"telemetry"}, {"opentelemetry", "orjson", "prometheus_client", "starlette", "structlog"}),
    "server": Allowed({"protocol", "telemetry"}, {"uvicorn"}),
    "protocol": Allowed(set(), {"httptools", "uvicorn"}),
    "stopping": Allowed(set(), set()),
    "data": Allowed(
        {"data", "domain", "storage", "settings"},
        {"asyncpg", "pydantic", "pydantic_core", "rich"},
    ),
}
FREE = {"__init__", "app", "cli"}  # they put the layers together

MODULES = {
    str(path.relative_to(ROOT)): path
    for path in sorted(ROOT.rglob("*.py"))
    if path.relative_to(ROOT).with_suffix("").parts[0] not in FREE
}


def imported(path: Path) -> Iterator[list[str]]:
    """The dotted names that a module imports, absolute as this project writes them, each as its parts."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"relative import in line {node.lineno}"
            assert node.level == 0, f"relative import in line {node.lineno}"
            yield from ([*node.module.split("."), alias.name] for alias in node.names)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_to_its_right(module: str) -> None:
    allowed = LAYERS[Path(module).with_suffix("").parts[0]]
    names = list(imported(MODULES[module]))
    inside = {parts[1] for parts in names if parts[0] == "registrations"}
    outside = {parts[0] for parts in names} - {"registrations"} - STANDARD_LIBRARY
    assert Allowed(inside - allowed.inside, outside - allowed.outside) == Allowed(set(), set())


ROOMS = {"plans": {"plans"}, "contract": {"plans", "contract"}, "operations": {"plans", "contract", "operations"}}
"""Of each folder of `graphql`, those that it may import; besides, the modules that stand beside them."""


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("graphql/")])
def test_a_module_of_graphql_imports_only_folders_to_its_right(module: str) -> None:
    room = Path(module).parts[1]
    names = [parts[2] for parts in imported(MODULES[module]) if parts[:2] == ["registrations", "graphql"]]
    assert {name for name in names if name in ROOMS} - ROOMS.get(room, set()) == set()
