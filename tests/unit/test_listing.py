import pytest

from registrations.domain.listing import InvalidPaging, Position, Window, window
from tests.support.records import NOW

HERE = Position(NOW, "65ade781cc98d136543678191005431a")
THERE = Position(None, "75ade781cc98d136543678191005431a")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, Window(15)),
        (0, None, Window(0)),
        (1, None, Window(1)),
        (100, None, Window(100)),
        (None, 0, Window(0, from_end=True)),
        (None, 1, Window(1, from_end=True)),
        (None, 100, Window(100, from_end=True)),
    ],
)
def test_a_window_has_fifteen_records_from_the_start_unless_asked_otherwise(
    first: int | None, last: int | None, expected: Window
) -> None:
    assert window(first, None, last, None) == expected


@pytest.mark.parametrize(("first", "last"), [(None, None), (7, None), (None, 7)])
def test_a_window_lies_between_both_places_whichever_end_it_starts_from(first: int | None, last: int | None) -> None:
    assert window(first, HERE, last, THERE) == Window(first or last or 15, last is not None, HERE, THERE)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (5, 5, "Pass `first` or `last`, not both."),
        (0, 0, "Pass `first` or `last`, not both."),
        (-1, None, "Pass a `first` from 0 to 100; it was -1."),
        (101, None, "Pass a `first` from 0 to 100; it was 101."),
        (None, -1, "Pass a `last` from 0 to 100; it was -1."),
        (None, 101, "Pass a `last` from 0 to 100; it was 101."),
    ],
)
def test_what_cannot_be_paged_is_refused_with_what_to_pass_instead(
    first: int | None, last: int | None, message: str
) -> None:
    with pytest.raises(InvalidPaging) as refused:
        window(first, None, last, None)
    assert str(refused.value) == message
