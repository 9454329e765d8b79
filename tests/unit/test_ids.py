from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.domain.ids import is_id, new_id


def test_the_id_of_the_reference_is_one() -> None:
    assert is_id("65ade781cc98d136543678191005431a") is True


def test_a_new_id_is_a_random_uuid_without_its_dashes() -> None:
    id_ = new_id()
    assert is_id(id_) is True
    assert UUID(id_).version == 4
    assert UUID(id_).hex == id_


def test_new_ids_differ() -> None:
    assert len({new_id() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "65ade781cc98d136543678191005431",
        "65ade781cc98d136543678191005431a0",
        "65ADE781CC98D136543678191005431A",
        "65ade781-cc98-d136-5436-78191005431a",
        "65ade781cc98d136543678191005431g",
        "65ade781cc98d136543678191005431a\n",
        " 65ade781cc98d136543678191005431a",
        "{5ade781cc98d136543678191005431a}",
        "65ade781cc98d13654367819100543" + 2 * "\N{ARABIC-INDIC DIGIT TWO}",
        "65ade781cc98d136543678191005431\0",
    ],
    ids=repr,
)
def test_anything_else_is_not_an_id(text: str) -> None:
    assert is_id(text) is False


@given(st.uuids())
def test_every_uuid_without_dashes_is_an_id(uuid: UUID) -> None:
    assert is_id(uuid.hex) is True


@given(st.text("09afAF-{ \n", min_size=31, max_size=33))
def test_what_is_an_id_is_a_uuid_and_reads_the_same(text: str) -> None:
    assert not is_id(text) or UUID(text).hex == text
