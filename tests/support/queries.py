"""Operations that nobody would write: of all that the contract has, in every way that GraphQL has to say it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Literal, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_object_type,
    is_union_type,
)

from tests.support.oracle.orders import BY_TITLE, Order
from tests.support.oracle.schema import SCHEMA
from tests.support.population import ALL_IDS, CURSORS, MOMENT, NEWEST_FIRST, ORDERS, VIEWERS
from tests.support.records import DAY, NOW
from tests.support.values import ANY_CURSOR, GRADES, IDS, INSTANTS, SIZES, TEXTS, WORDS, WRONG, Name, printed

OperationType: TypeAlias = Literal["query", "mutation"]

DEEPEST = 8
DEEPEST_INTROSPECTION = 4
LONG: Mapping[OperationType, int] = {"query": 20, "mutation": 40}  # fields, from which on a document comes to its end
QUERY: Any = SCHEMA.query_type
ROOTS: Mapping[OperationType, Any] = {"query": QUERY, "mutation": SCHEMA.mutation_type}
INTROSPECTION: Mapping[str, GraphQLField] = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
# Their order is that in which a schema was put together, and no client's business.
WITHOUT_ORDER = {"types", "possibleTypes"}

CLOCKS = (NOW, NOW, NOW - DAY, NOW - DAY - MOMENT, NOW + 40 * DAY)
"""When requests may be answered: at the ends of windows of registration, beyond them, and much later."""


@dataclass(frozen=True)
class Request:
    """What a client sends, the number of the viewer who does, and when."""

    document: str
    variables: dict[str, Any]
    operation_name: str | None = None
    viewer: int = len(VIEWERS) - 1  # of `VIEWERS`
    now: datetime = NOW

    @property
    def operation(self) -> tuple[str, dict[str, Any], str | None]:
        return self.document, self.variables, self.operation_name


def written(dice: Random, type_: OperationType = "query") -> Request:
    return _Writer(dice, type_).request()


def possible_types(on: Any) -> set[Any]:
    return set(SCHEMA.get_possible_types(on)) if is_abstract_type(on) else {on}


def alike(on: Any) -> list[Any]:
    """The types that fragments in a selection of the type may be on."""
    return [
        type_
        for name, type_ in SCHEMA.type_map.items()
        if is_composite_type(type_) and not name.startswith("__") and possible_types(type_) & possible_types(on)
    ]


ALIKE = {name: alike(type_) for name, type_ in SCHEMA.type_map.items() if is_composite_type(type_)}


@dataclass
class _Variable:
    type: str
    default: str | None


@dataclass
class _Writer:
    """Writes one document after the dice."""

    dice: Random
    type: OperationType
    _fragments: dict[str, tuple[Any, str]] = field(default_factory=dict, init=False)
    _variables: dict[str, _Variable] = field(default_factory=dict, init=False)
    _values: dict[str, Any] = field(default_factory=dict, init=False)
    # A key means the same throughout the document, so that its fields can be merged; those of each root by themselves.
    _meanings: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict, init=False)
    _ids: dict[str, list[str]] = field(default_factory=dict, init=False)
    _order: Order = field(default=NEWEST_FIRST, init=False)
    _aliases: float = field(default=0.04, init=False)
    _length: int = field(default=0, init=False)

    def request(self) -> Request:
        self._aliases = 0.9 if self._chance(0.15) else 0.04
        selection = self._selection(ROOTS[self.type], 1)
        name = "Q" if self._chance(0.5) else None
        operations = [self._operation(name or "", selection)]
        if self._chance(0.3):
            name = None
        if self._chance(0.1):
            name = self.dice.choice(("Q", "Q", "R", "Lists", "Missing", None))
            operations = [self._operation("Q", selection), *self._others(selection, name)]
        if self.type == "query" and not self._variables and not name and len(operations) == 1 and self._chance(0.3):
            operations = [selection]
        fragments = [f"fragment {name} on {on} {body}" for name, (on, body) in self._fragments.items()]
        parts = [*operations, *fragments]
        self.dice.shuffle(parts)
        return Request("\n".join(parts), self._values, name, self._viewer(), self.dice.choice(CLOCKS))

    def _viewer(self) -> int:
        if self._chance(0.5 if self.type == "mutation" else 0.3):
            return len(VIEWERS) - self.dice.choice((1, 2, 3))  # those who may do most
        return self.dice.randrange(len(VIEWERS))

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
        return f"{self.type} {name}{'(' + ', '.join(variables) + ')' if variables else ''} {selection}"

    def _selection(self, on: Any, depth: int) -> str:
        items = self._items(on, depth) if self._length < LONG[self.type] else 1
        self._length += items
        selected = [self._selected(on, depth) for _ in range(items)]
        return "{ " + " ".join(selected) + " }"

    def _items(self, on: Any, depth: int) -> int:
        if depth == 1:
            return self.dice.choice((1, 1, 1, 2, 3) if on is QUERY else (1, 1, 2))
        return self.dice.choice((2, 3, 4) if is_union_type(on) else (1, 1, 2, 2, 3, 4, 6))

    def _selected(self, on: Any, depth: int) -> str:
        if self._length >= LONG[self.type]:
            return self._field(on, depth)
        dice = self.dice.random()
        if dice < 0.06:
            return self.dice.choice(("", "", "", "kind: ")) + "__typename" + self._switch()
        if is_abstract_type(on):
            dice *= 0.4 if hasattr(on, "fields") else 0.2
        if dice < 0.12:
            if self._chance(0.1 if is_abstract_type(on) else 0.4):
                return f"...{self._switch()} {self._selection(on, depth)}"
            condition = self._condition(on)
            return f"... on {condition}{self._switch()} {self._selection(condition, depth)}"
        if dice < 0.2:
            return f"...{self._fragment(on, depth)}{self._switch()}"
        return self._field(on, depth)

    def _condition(self, on: Any) -> Any:
        """A type that holds for all that is there, or for some of it."""
        if is_abstract_type(on) and self._chance(0.9):
            return self.dice.choice([type_ for type_ in ALIKE[on.name] if type_ is not on])
        return self.dice.choice((on, on, *ALIKE.get(on.name, ())))

    def _fragment(self, on: Any, depth: int) -> str:
        """The name of a fragment that may be spread in the type."""
        if self._chance(0.08):
            on = self._condition(on)
        usable = [name for name, (of, body) in self._fragments.items() if of is on and body]
        if usable and self._chance(0.6):
            return self.dice.choice(usable)
        name = f"F{len(self._fragments)}"
        self._fragments[name] = (on, "")  # is being written: who spreads it now makes a circle
        self._fragments[name] = (on, self._selection(on, depth))
        return name

    def _field(self, on: Any, depth: int) -> str:
        fields = self._fields(on, depth)
        if not fields:
            return "__typename"
        lists = [item for item in fields.items() if "after" in item[1].args]
        name, definition = self.dice.choice([*fields.items(), *lists, *lists])
        key, meanings = name, self._meanings.setdefault(on.name if on in ROOTS.values() else "", {})
        if name in meanings and self._chance(0.5 if definition.args else 0.06):
            key = f"a{len(meanings)}"
        elif self._chance(self._aliases):
            key = self.dice.choice((f"a{len(meanings)}", "__a", "None", "title", "id", "r", "pageInfo"))
        if key not in meanings:
            meanings[key] = name, self._arguments(name, definition)
        name, arguments = meanings[key]
        if name not in fields:
            return "__typename"  # the key means a field of other types
        selected = self._written(key, name, arguments, fields[name], depth)
        if fields[name].args and is_composite_type(get_named_type(fields[name].type)) and self._chance(0.08):
            again = f"b{len(meanings)}"
            meanings[again] = name, arguments
            selected += " " + self._written(again, name, arguments, fields[name], depth)
        return selected

    def _written(self, key: str, name: str, arguments: str, definition: GraphQLField, depth: int) -> str:
        type_ = get_named_type(definition.type)
        below = " " + self._selection(type_, depth + 1) if is_composite_type(type_) else ""
        return f"{'' if key == name else f'{key}: '}{name}{arguments}{self._switch()}{below}"

    def _fields(self, on: Any, depth: int) -> Mapping[str, GraphQLField]:
        """The fields that may be selected so deep."""
        if on is QUERY and self._chance(0.03):
            return INTROSPECTION
        if on.name.startswith("__"):
            return {
                name: definition
                for name, definition in on.fields.items()
                if name not in WITHOUT_ORDER
                if depth <= DEEPEST_INTROSPECTION or not is_composite_type(get_named_type(definition.type))
            }
        fields: dict[str, GraphQLField] = getattr(on, "fields", {})
        if is_object_type(on) and depth > 1 and on is not QUERY:
            lists = DEEPEST - 3
            fields = {
                name: definition
                for name, definition in fields.items()
                if depth <= (lists if definition.args else DEEPEST)
                or not is_composite_type(get_named_type(definition.type))
            }
        return fields

    def _switch(self) -> str:
        if not self._chance(0.05):
            return ""
        order = self.dice.choice((("skip",), ("include",), ("include",), ("skip", "include"), ("include", "skip")))
        return "".join(f" @{name}(if: {self._condition_value(name)})" for name in order)

    def _condition_value(self, name: str) -> str:
        if self._chance(0.4):
            return "true" if self._chance(0.7) is (name == "include") else "false"
        return self._variable(GraphQLNonNull(SCHEMA.type_map["Boolean"]), lambda: self.dice.choice((True, False)))

    def _arguments(self, of: str, definition: GraphQLField) -> str:
        if "orderBy" in definition.args:
            self._order = self.dice.choice((NEWEST_FIRST, *ORDERS[1:]))
        elif "after" in definition.args:
            self._order = BY_TITLE
        given = [
            f"{name}: {self._argument(definition.args[name].type, of if name == 'id' else name)}"
            for name in self._argument_names(definition)
        ]
        return f"({', '.join(given)})" if given else ""

    def _argument_names(self, definition: GraphQLField) -> list[str]:
        """The arguments that are given. Lists are mostly asked for by `first` or by `last`, and in one order."""
        chances = {"first": 0.25, "orderBy": 0.95 if self._order is not NEWEST_FIRST else 0.1, "filter": 0.4}
        if self._chance(0.25):
            chances |= {"first": 0.06, "last": 0.9}
        return [
            name
            for name, argument in definition.args.items()
            if self._chance(0.99 if isinstance(argument.type, GraphQLNonNull) else chances.get(name, 0.25))
        ]

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
        elif dice < missing + (0.01 if written.endswith("!") else 0.04):
            self._values[name] = None
        elif dice < missing + 0.06:
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
            amount = self.dice.choice((100, 101) if self._chance(0.12) else (0, 1, 1, 1, 2, 3))
            return [self._value(nullable.of_type, name) for _ in range(amount)]
        if isinstance(nullable, GraphQLInputObjectType):
            return {key: self._value(of.type, key) for key, of in self._some_fields(nullable)}
        if isinstance(nullable, GraphQLEnumType):
            return Name(self._enum_value(nullable, name))
        return self._scalar(nullable.name, name)

    def _enum_value(self, type_: GraphQLEnumType, name: str) -> str:
        if name in {"field", "direction"} and self._chance(0.9):
            return self._order.field.upper() if name == "field" else "DESC" if self._order.is_descending else "ASC"
        return self.dice.choice(tuple(map(str, type_.values)))

    def _some_fields(self, type_: GraphQLInputObjectType) -> list[tuple[str, Any]]:
        """Nearly all that have to be given, and few of the others."""
        fields = type_.fields.items()
        optional = [name for name, of in fields if not isinstance(of.type, GraphQLNonNull)]
        few = self.dice.sample(optional, min(len(optional), self.dice.choice((0, 1, 1, 1, 1, 1, 2, 2, 3))))
        return [(name, of) for name, of in fields if (self._chance(0.99) if name not in optional else name in few)]

    def _scalar(self, type_: str, name: str) -> Any:
        match type_:
            case "Int":
                return self.dice.choice(SIZES)
            case "Float":
                return self.dice.choice(GRADES)
            case "Boolean":
                return self.dice.choice((True, False))
            case "DateTime":
                return self.dice.choice((*INSTANTS, "2026-05-01"))
            case "ID":
                return self._id(name)
            case "String" if name in {"after", "before"}:
                return self.dice.choice(CURSORS[self._order] if self._chance(0.9) else ANY_CURSOR)
            case _:
                return self.dice.choice(TEXTS.get(name, WORDS))

    def _id(self, name: str) -> str:
        """One that the document has already, so that its operations meet each other, or a new one."""
        known = self._ids.setdefault(name, [])
        if known and self._chance(0.3):
            return self.dice.choice(known)
        id_ = self.dice.choice(IDS[name] if self._chance(0.8) else (*ALL_IDS[::4], "0" * 32, "no id", ""))
        known.append(id_)
        return id_

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share
