"""Queries that nobody would write: of all that the schema has, in every way that GraphQL has to say it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
    is_composite_type,
)

from registrations.graphql.contract.schema import GRAPHQL_SCHEMA
from tests.support.population import ALL_IDS, COURSES, CURSORS, OFFERINGS, REGISTRATIONS, USERS, VIEWERS

DEEPEST = 8
LONG = 30  # fields, from which on a document comes to its end
NODE: Any = GRAPHQL_SCHEMA.type_map["Node"]
KINDS = GRAPHQL_SCHEMA.get_possible_types(NODE)
INSTANTS = ("2026-05-01T12:00:00Z", "2026-04-28T12:00:00.000001+00:00", "2026-04-26T00:00:00+02:00")

IDS: Mapping[str, tuple[str, ...]] = {
    "registration": tuple(record.id for record in REGISTRATIONS),
    "user": tuple(record.id for record in USERS),
    "userId": tuple(record.id for record in USERS),
    "availableToUserId": tuple(record.id for record in USERS),
    "offering": tuple(record.id for record in OFFERINGS),
    "offeringId": tuple(record.id for record in OFFERINGS),
    "courseId": tuple(record.id for record in COURSES),
}
WRONG: tuple[Any, ...] = (5, -1, 2.5, 1e300, True, "x", "", "\0", [], ["x", None], [[1]], {}, {"x": 1}, 2**31)


class Name(str):
    """A string that stands in a document without quotes, such as a value of an enum."""


@dataclass(frozen=True)
class Query:
    """What a client sends, and the number of the viewer who does."""

    document: str
    variables: dict[str, Any]
    operation_name: str | None
    viewer: int  # of `VIEWERS`


def written(dice: Random) -> Query:
    return _Writer(dice).query()


@dataclass
class _Variable:
    type: str
    default: str | None


@dataclass
class _Writer:
    """Writes one document after the dice."""

    dice: Random
    _fragments: dict[str, tuple[Any, str]] = field(default_factory=dict, init=False)
    _variables: dict[str, _Variable] = field(default_factory=dict, init=False)
    _values: dict[str, Any] = field(default_factory=dict, init=False)
    # A key means the same throughout the document, but for those of root fields, so that all its fields can be merged.
    _meanings: tuple[dict[str, tuple[str, str]], ...] = field(default_factory=lambda: ({}, {}), init=False)
    _aliases: float = field(default=0.04, init=False)
    _length: int = field(default=0, init=False)

    def query(self) -> Query:
        self._aliases = 0.9 if self._chance(0.15) else 0.04
        assert GRAPHQL_SCHEMA.query_type
        selection = self._selection(GRAPHQL_SCHEMA.query_type, 1, items=self.dice.choice((1, 1, 1, 2, 3)))
        operations = [self._operation("Q" if self._chance(0.5) else "", selection)]
        name = "Q" if operations[0].startswith("query Q") and self._chance(0.7) else None
        if self._chance(0.1):
            name = self.dice.choice(("Q", "Q", "R", "Lists", "Missing", None))
            operations = [self._operation("Q", selection), *self._others(selection, name)]
        if not self._variables and not name and len(operations) == 1 and self._chance(0.3):
            operations = [selection]
        fragments = [f"fragment {name} on {on} {body}" for name, (on, body) in self._fragments.items()]
        parts = [*operations, *fragments]
        self.dice.shuffle(parts)
        return Query("\n".join(parts), self._values, name, self.dice.randrange(len(VIEWERS)))

    def _others(self, selection: str, asked: str | None) -> Iterable[str]:
        """One with other defaults, and one in which a variable of the first is of another type."""
        for variable in self._variables.values():
            if variable.default and self._chance(0.5):
                variable.default = variable.default.replace("true", "false")
        yield self._operation("R", selection)
        name = self.dice.choice([*self._variables, "v0"])
        if asked == "Lists":
            self._values[name] = self.dice.choice((list(ALL_IDS[::9]), ALL_IDS[0], ALL_IDS[:200]))
        yield f"query Lists(${name}: [ID!]!) {{ nodes(ids: ${name}) {{ id }} }}"

    def _operation(self, name: str, selection: str) -> str:
        variables = [
            f"${name}: {variable.type}" + (f" = {variable.default}" if variable.default else "")
            for name, variable in self._variables.items()
        ]
        return f"query {name}{'(' + ', '.join(variables) + ')' if variables else ''} {selection}"

    def _selection(self, on: Any, depth: int, items: int | None = None) -> str:
        if items is None:
            items = self.dice.choice((1, 1, 2, 2, 3, 4, 6)) if self._length < LONG else 1
        self._length += items
        selected = [self._selected(on, depth) for _ in range(items)]
        return "{ " + " ".join(selected) + " }"

    def _selected(self, on: Any, depth: int) -> str:
        dice = self.dice.random() if self._length < LONG else 1.0
        if dice < 0.06:
            return self.dice.choice(("", "", "", "kind: ")) + "__typename" + self._switch()
        if dice < (0.5 if on is NODE else 0.12):
            if self._chance(0.1 if on is NODE else 0.4):
                return f"...{self._switch()} {self._selection(on, depth)}"
            condition = self.dice.choice(KINDS if on is NODE else (on, on, on, *on.interfaces))
            return f"... on {condition}{self._switch()} {self._selection(condition, depth)}"
        if dice < 0.2:
            return f"...{self._fragment(on, depth)}{self._switch()}"
        return self._field(on, depth)

    def _fragment(self, on: Any, depth: int) -> str:
        """The name of a fragment that may be spread in the type."""
        if self._chance(0.08) and (on is NODE or NODE in getattr(on, "interfaces", ())):
            # A type condition that holds for some of what is there, or for all.
            on = self.dice.choice(KINDS) if on is NODE else NODE
        usable = [name for name, (of, body) in self._fragments.items() if of is on and body]
        if usable and self._chance(0.6):
            return self.dice.choice(usable)
        name = f"F{len(self._fragments)}"
        self._fragments[name] = (on, "")  # is being written: who spreads it now makes a circle
        self._fragments[name] = (on, self._selection(on, depth))
        return name

    def _field(self, on: Any, depth: int) -> str:
        name, definition = self.dice.choice([item for item in on.fields.items() if self._is_wanted(on, depth, *item)])
        key, meanings = name, self._meanings[depth == 1]
        if name in meanings and self._chance(0.5 if definition.args else 0.06):
            key = f"a{len(meanings)}"
        elif self._chance(self._aliases):
            key = self.dice.choice((f"a{len(meanings)}", "__a", "None", "title", "id", "r", "pageInfo"))
        if key not in meanings:
            meanings[key] = name, self._arguments(name, definition)
        name, arguments = meanings[key]
        if name not in on.fields:
            return "__typename"  # the key means a field of other types
        type_ = get_named_type(on.fields[name].type)
        below = " " + self._selection(type_, depth + 1) if is_composite_type(type_) else ""
        return f"{'' if key == name else f'{key}: '}{name}{arguments}{self._switch()}{below}"

    def _is_wanted(self, on: Any, depth: int, name: str, definition: GraphQLField) -> bool:
        if depth > DEEPEST and is_composite_type(get_named_type(definition.type)) and "id" in on.fields:
            return False
        return name != "registrations" or depth <= DEEPEST - 3

    def _switch(self) -> str:
        if not self._chance(0.05):
            return ""
        order = self.dice.choice((("skip",), ("include",), ("include",), ("skip", "include"), ("include", "skip")))
        return "".join(f" @{name}(if: {self._condition_value(name)})" for name in order)

    def _condition_value(self, name: str) -> str:
        if self._chance(0.4):
            return "true" if self._chance(0.7) is (name == "include") else "false"
        return self._variable(
            GraphQLNonNull(GRAPHQL_SCHEMA.type_map["Boolean"]), lambda: self.dice.choice((True, False))
        )

    def _arguments(self, of: str, definition: GraphQLField) -> str:
        given = []
        for name, argument in definition.args.items():
            is_required = isinstance(argument.type, GraphQLNonNull)
            chance = 0.99 if is_required else 0.06 if name in {"last", "before"} else 0.2
            if self._chance(chance):
                given.append(f"{name}: {self._argument(argument.type, of if name == 'id' else name)}")
        return f"({', '.join(given)})" if given else ""

    def _argument(self, type_: Any, name: str) -> str:
        if self._chance(0.3):
            return self._variable(type_, lambda: self._value(type_, name))
        nullable = get_nullable_type(type_)
        if isinstance(nullable, GraphQLInputObjectType) and self._chance(0.9):
            fields = (f"{key}: {self._argument(of.type, key)}" for key, of in self._some_fields(nullable))
            return "{" + ", ".join(fields) + "}"
        return printed(self._value(type_, name))

    def _variable(self, type_: Any, value: Callable[[], Any]) -> str:
        """A variable that may stand where the type is expected."""
        same = [name for name, variable in self._variables.items() if variable.type == str(type_)]
        if same and self._chance(0.5):
            return f"${self.dice.choice(same)}"
        name = f"v{len(self._variables)}"
        is_required, written = isinstance(type_, GraphQLNonNull), str(type_)
        default = printed(value()) if self._chance(0.25) else None
        if is_required and default and self._chance(0.7):
            written = written[:-1]
        self._variables[name] = _Variable(written, default)
        dice = self.dice.random()
        missing = 0.3 if default or not is_required else 0.02
        if dice < missing:
            pass
        elif dice < missing + (0.015 if is_required else 0.08):
            self._values[name] = None
        elif dice < missing + 0.1:
            self._values[name] = self.dice.choice(WRONG)
        else:
            self._values[name] = value()
        return f"${name}"

    def _value(self, type_: Any, name: str) -> Any:
        if self._chance(0.01):
            return self.dice.choice(WRONG)
        if not isinstance(type_, GraphQLNonNull) and self._chance(0.06):
            return None
        nullable = get_nullable_type(type_)
        if isinstance(nullable, GraphQLList):
            amount = 101 if self._chance(0.01) else self.dice.choice((0, 1, 1, 2, 3))
            return [self._value(nullable.of_type, name) for _ in range(amount)]
        if isinstance(nullable, GraphQLInputObjectType):
            return {key: self._value(of.type, key) for key, of in self._some_fields(nullable)}
        if isinstance(nullable, GraphQLEnumType):
            return Name(self.dice.choice(list(nullable.values)))
        return self._scalar(nullable.name, name)

    def _some_fields(self, type_: GraphQLInputObjectType) -> list[tuple[str, Any]]:
        return [
            (name, of)
            for name, of in type_.fields.items()
            if self._chance(0.97 if isinstance(of.type, GraphQLNonNull) else 0.15)
        ]

    def _scalar(self, type_: str, name: str) -> Any:
        match type_:
            case "Int":
                return self.dice.choice((0, 1, 1, 2, 2, 3, 3, 5, 7, 20, 100, 100, 101, -1))
            case "Boolean":
                return self.dice.choice((True, False))
            case "DateTime":
                return self.dice.choice((*INSTANTS, *INSTANTS, "2026-05-01"))
            case "ID":
                known = IDS.get(name, ALL_IDS)
                return self.dice.choice((*known, *known, *ALL_IDS[::4], "0" * 32, "no id", ""))
            case "String" if name in {"after", "before"}:
                return self.dice.choice((*CURSORS, "", "no cursor"))
            case _:
                return self.dice.choice(("a", "b", "%", "", "Ä", "no such"))

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share


def printed(value: Any) -> str:
    """The value as a literal."""
    if isinstance(value, Name):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {printed(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(printed, value)) + "]"
    return json.dumps(value)
