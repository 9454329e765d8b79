"""What is kept of documents, and what is left of them for the garbage collector."""

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any
from weakref import ref

import pytest

from registrations.graphql.cache import Doorkeeper, SegmentedLRU
from registrations.graphql.context import Context
from registrations.graphql.operations.documents import DOCUMENTS_KEPT, Document, Documents, InvalidDocument
from registrations.graphql.operations.execution import Execution, OperationRequest
from tests.support.viewers import staff

TEXT = "query Q($id: ID!) { registration(id: $id) { ...F } } fragment F on Registration { user { id } }"


def run(documents: Documents, text: str) -> Document:
    """The document that is found, as if an operation of it was then executed for somebody who is signed in."""
    document = documents.find(text)
    documents.keep(text, document)
    return document


@pytest.fixture
def no_collections() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collections")
def test_of_a_document_that_came_once_nothing_is_left() -> None:
    documents = Documents(introspection=True)
    gc.collect()
    document = documents.find(TEXT)
    is_left = ref(document.ast)
    del document
    assert is_left() is None
    assert gc.collect() == 0


@pytest.mark.parametrize("name", ["defer", "stream"])
def test_incremental_delivery_is_unknown_in_unions_too(name: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        Documents(introspection=True).find(
            f'mutation {{ assignGrade(input: {{registrationId: "x", gradePercentage: 1}}) {{ __typename @{name} }} }}'
        )
    [error] = refused.value.errors
    assert error["message"] == f"`@{name}` is not available: leave it out, an answer comes as a whole."


def test_a_document_is_kept_from_the_second_time_on() -> None:
    documents = Documents(introspection=True)
    first, second, third = (run(documents, TEXT) for _ in range(3))
    assert (first is second, second is third) == (False, True)


def test_a_document_that_nothing_is_run_of_is_not_kept() -> None:
    documents = Documents(introspection=True)
    assert len({id(document) for document in [documents.find(TEXT) for _ in range(4)]}) == 4


def test_a_key_is_admitted_when_it_comes_again_among_the_last() -> None:
    doorkeeper = Doorkeeper(2)
    admitted = [doorkeeper.admits(key) for key in ("a", "b", "a", "c", "d", "b", "d")]
    assert admitted == [False, False, True, False, False, False, True]


def test_what_is_used_once_pushes_out_only_what_was_used_once() -> None:
    values = SegmentedLRU[int](2, 1_000)
    for number in range(10):
        values.put(f"used {number}", number)
        assert values.get(f"used {number}") == number
    for number in range(10):
        values.put(f"once {number}", number)
    kept = [key for key in (f"{kind} {number}" for kind in ("used", "once") for number in range(10)) if values.get(key)]
    assert kept == ["used 8", "used 9", "once 8", "once 9"]


def test_of_what_is_used_again_what_was_not_for_longest_goes() -> None:
    values = SegmentedLRU[int](2, 1_000)
    for key in ("a", "b", "a", "c"):
        if values.get(key) is None:
            values.put(key, 1)
            values.get(key)
    assert [values.get(key) for key in ("a", "b", "c")] == [1, None, 1]


def test_values_are_kept_up_to_so_many_characters_of_keys() -> None:
    values = SegmentedLRU[int](100, 10)
    for key in ("aaaa", "bbbb", "cccc", "d" * 20):
        values.put(key, 1)
        assert values.get(key) == 1
    assert [values.get(key) for key in ("aaaa", "bbbb", "cccc", "d" * 20)] == [None, None, None, 1]


def test_a_document_that_clients_use_is_kept_however_many_others_come_once() -> None:
    documents = Documents(introspection=True)
    kept = [run(documents, "{ __typename }") for _ in range(3)][-1]
    for number in range(2 * DOCUMENTS_KEPT):
        run(documents, f"{{ a{number}: __typename }}")
    assert documents.find("{ __typename }") is kept


async def test_only_what_is_executed_for_somebody_who_is_signed_in_is_kept() -> None:
    nothing: Any = None
    stranger, known = partial(Context, nothing, nothing, None), partial(Context, nothing, nothing, staff())
    execution = Execution()
    for query, context, is_kept in (
        ("{ __typename }", stranger, False),
        ("{ nothing }", known, False),
        ("{ __typename }", known, True),
    ):
        for _ in range(3):
            await execution.run(OperationRequest(query), context())
        assert (query in execution._documents._kept) is is_kept
