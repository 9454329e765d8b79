"""What is kept of documents, and what is left of them for the garbage collector."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from registrations.graphql.compiled.cache import Doorkeeper
from registrations.graphql.documents import Documents, InvalidDocument

TEXT = "query Q($id: ID!) { registration(id: $id) { ...F } } fragment F on Registration { user { id } }"


@pytest.fixture
def no_collections() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collections")
def test_of_a_document_that_came_once_nothing_is_left() -> None:
    documents = Documents(introspection=True)
    gc.collect()
    document, _ = documents.find(TEXT)
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
    assert [error["message"] for error in refused.value.errors] == [f"Unknown directive '@{name}'."]


def test_a_document_is_kept_from_the_second_time_on() -> None:
    documents = Documents(introspection=True)
    (first, _), (second, _), (third, _) = (documents.find(TEXT) for _ in range(3))
    assert (first is second, second is third) == (False, True)


def test_a_key_is_admitted_when_it_comes_again_among_the_last() -> None:
    doorkeeper = Doorkeeper(2)
    admitted = [doorkeeper.admits(key) for key in ("a", "b", "a", "c", "d", "b", "d")]
    assert admitted == [False, False, True, False, False, False, True]
