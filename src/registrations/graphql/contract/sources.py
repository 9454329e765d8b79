"""Where the value of each field comes from: said where the field is declared, and bound to the schema here.

A field that is declared by `field_from(source, …)` has that source. A field that is declared by `strawberry.field(…)`
is the column of its name, in the type of a record, or the attribute of its name, in the type of a problem.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import strawberry
from graphql import GraphQLField, GraphQLInputObjectType, GraphQLObjectType, GraphQLString, get_named_type
from strawberry.types.arguments import convert_argument
from strawberry.types.field import StrawberryField

from registrations.domain import problems
from registrations.graphql.plans.arguments import CONVERT
from registrations.graphql.plans.fields import SOURCE, Attribute, ColumnField, Source
from registrations.graphql.text import check_storable
from registrations.service.reads import KINDS

DEFINITION = "strawberry-definition"


class NoSource(TypeError):
    """A field of the schema does not say where its value comes from."""


def field_from(source: Source, description: str) -> Any:
    """A field of an output type with that source. Its arguments are those of the source's function, if it has one."""
    arguments: Any = getattr(source, "arguments", None)
    return strawberry.field(resolver=arguments, description=description, metadata={SOURCE: source})


def bind_sources(schema: strawberry.Schema) -> None:
    """Gives each field of the schema its source, and what converts its arguments. Raises `NoSource`."""
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for definition in type_.fields.values():
                definition.extensions[SOURCE] = _source(type_.name, definition.extensions[DEFINITION])
                definition.extensions[CONVERT] = _converter(schema, definition)


def _source(type_name: str, declared: StrawberryField) -> Source:
    name = declared.python_name
    if SOURCE in declared.metadata:
        source: Source = declared.metadata[SOURCE]
        return source
    if type_name in KINDS and name in {column.name for column in fields(KINDS[type_name])}:
        return ColumnField(name)
    if hasattr(getattr(problems, type_name, None), name):
        return Attribute(name)
    raise NoSource(f"{type_name}.{name} has no source: declare it by `field_from(source, description)`.")


def _converter(schema: strawberry.Schema, definition: GraphQLField) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """From the coerced arguments of a field to those that its function is called with."""
    config, registry = schema.config, schema.schema_converter.scalar_registry
    declared: StrawberryField = definition.extensions[DEFINITION]
    arguments = {config.name_converter.from_argument(argument): argument for argument in declared.arguments}
    texts = [name for name, argument in definition.args.items() if _has_text(get_named_type(argument.type), set())]

    def convert(values: dict[str, Any]) -> dict[str, Any]:
        for name in texts:
            for path, text in _texts(name, values.get(name), get_named_type(definition.args[name].type)):
                check_storable(text, path)
        return {
            arguments[name].python_name: convert_argument(value, arguments[name].type, registry, config)
            for name, value in values.items()
        }

    return convert


def _has_text(type_: Any, known: set[str]) -> bool:
    """Whether a value of the type may be or hold text, which has to be storable."""
    if not isinstance(type_, GraphQLInputObjectType) or type_.name in known:
        return type_ is GraphQLString
    known.add(type_.name)
    return any(_has_text(get_named_type(field.type), known) for field in type_.fields.values())


def _texts(name: str, value: Any, type_: Any) -> Iterator[tuple[str, str]]:
    """All text in the value, with the name of the field that holds it."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(name, item, type_)
    elif isinstance(value, dict):
        for field, inner in value.items():
            if field in type_.fields:
                yield from _texts(field, inner, get_named_type(type_.fields[field].type))
    elif type_ is GraphQLString and isinstance(value, str):
        yield name, value
