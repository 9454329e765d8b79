"""Each list of the contract can be read, as any viewer, and each of its sort orders comes from an index."""

from enum import StrEnum

import pytest
from sqlalchemy import ColumnElement, Text

from registrations.domain.access import Scope, Viewer
from registrations.domain.listing import Order
from registrations.domain.records import ORDER_FIELDS
from registrations.graphql.plans.fields import SOURCE, Connection
from registrations.storage.statements.keyset import as_it_is
from registrations.storage.statements.lists import LISTS, RecordList, count_statement, page_statement
from registrations.storage.statements.rows import Column
from registrations.storage.statements.sql import DIALECT
from tests.support.samples import CONNECTIONS

ORDERS = [(list_, field) for list_ in LISTS.values() for field in ORDER_FIELDS[list_.columns.record_type]]


@pytest.mark.parametrize("name", CONNECTIONS)
@pytest.mark.parametrize("viewer", [Viewer("0" * 32), Viewer("service"), Viewer("service", frozenset({Scope.READ}))])
def test_a_list_has_statements_for_every_viewer(name: str, viewer: Viewer) -> None:
    connection: Connection = CONNECTIONS[name].extensions[SOURCE]
    query = connection.arguments()
    page, _ = page_statement(query, (Column("id"),), connection.parent)
    count, _ = count_statement(viewer.visible(query.filter), connection.parent)
    assert (page.sql.text[:6], count.sql.text[:6]) == ("SELECT", "SELECT")


def text_of(expression: ColumnElement[object] | str) -> str:
    assert not isinstance(expression, str)
    return str(expression.compile(dialect=DIALECT, compile_kwargs={"include_table": False, "literal_binds": True}))


@pytest.mark.parametrize(("list_", "field"), ORDERS, ids=lambda one: str(one) if isinstance(one, StrEnum) else "")
def test_a_sort_order_has_an_index(list_: RecordList[object], field: StrEnum) -> None:
    table, in_order = list_.columns.source, list_.sorted(Order(field, descending=False), ())
    wanted = [text_of(in_order.sort_key(table.c[field])), "id"]
    assert wanted in [[text_of(part) for part in index.expressions] for index in table.indexes], "see storage/tables.py"


@pytest.mark.parametrize(("list_", "field"), ORDERS, ids=lambda one: str(one) if isinstance(one, StrEnum) else "")
def test_text_is_sorted_in_the_same_order_whatever_the_locale_of_the_database(
    list_: RecordList[object], field: StrEnum
) -> None:
    is_text = isinstance(list_.columns.source.c[field].type, Text)
    assert (list_.sorted(Order(field, descending=False), ()).sort_key is not as_it_is) is is_text
