from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from typer.testing import CliRunner

from registrations.cli import app

SCHEMA = Path(__file__).parents[2] / "schema.graphql"


def test_the_schema_of_the_repository_is_the_one_that_the_code_prints() -> None:
    printed = CliRunner().invoke(app, ["schema"])
    assert printed.exit_code == 0
    assert printed.stdout == SCHEMA.read_text(), "run: registrations schema > schema.graphql"


def test_everything_in_the_schema_that_frontends_use_is_described() -> None:
    own = {name: type_ for name, type_ in build_schema(SCHEMA.read_text()).type_map.items() if name[:2] != "__"}
    nameless = [name for name, type_ in own.items() if not type_.description]
    for name, type_ in own.items():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            nameless += [f"{name}.{field}" for field, of in type_.fields.items() if not of.description]
        if isinstance(type_, GraphQLEnumType) and name != "ErrorCode":
            nameless += [f"{name}.{value}" for value, of in type_.values.items() if not of.description]
    assert nameless == []
