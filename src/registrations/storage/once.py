"""Statements that are written anew for each run, with their values in them."""

from sqlalchemy import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from registrations.storage.sql import DIALECT, Sql


def written_once(statement: ClauseElement) -> Sql:
    """The statement as text, with as many `$` for each list of values as it is long."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler)
    return Sql(str(compiled), tuple(compiled.positiontup or ()), compiled.params)
