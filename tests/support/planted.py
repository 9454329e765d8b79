"""Faults to plant: a module without one of the conditions under which it refuses something."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType


def without_checks(module: ModuleType, exception: str) -> Mapping[str, ModuleType]:
    """For each condition that leads to `raise exception`, by its line and text: the module as if it never held."""
    source = inspect.getsource(module)
    return {
        f"{condition.lineno}: {ast.unparse(condition)}": _executed(_with_false(source, condition))
        for condition in _conditions(ast.parse(source), exception)
    }


def _conditions(tree: ast.Module, exception: str) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and [ast.unparse(statement) for statement in node.body] == [f"raise {exception}"]:
            yield from node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]


def _with_false(source: str, condition: ast.expr) -> str:
    lines = source.splitlines(keepends=True)
    assert condition.end_lineno
    start = sum(map(len, lines[: condition.lineno - 1])) + condition.col_offset
    end = sum(map(len, lines[: condition.end_lineno - 1])) + (condition.end_col_offset or 0)
    return f"{source[:start]}False{source[end:]}"


def _executed(source: str) -> ModuleType:
    module = ModuleType("without a check")
    exec(source, vars(module))  # noqa: S102 - our own source
    return module
