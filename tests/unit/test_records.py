from dataclasses import FrozenInstanceError, astuple
from typing import Any

import pytest

from registrations.domain.records import OfferingFilter, Record, RegistrationFilter
from tests.support.records import a_course, a_registration, a_user, an_offering


@pytest.mark.parametrize(
    "record", [a_user(), a_course(), an_offering(), a_registration()], ids=lambda one: type(one).__name__
)
def test_the_fields_of_a_record_are_given_by_name_so_that_no_two_of_them_are_mixed_up(record: Record) -> None:
    make: Any = type(record)
    with pytest.raises(TypeError, match="positional argument"):
        make(*astuple(record))


@pytest.mark.parametrize("filter_type", [RegistrationFilter, OfferingFilter])
def test_the_conditions_of_a_filter_are_given_by_name(filter_type: Any) -> None:
    with pytest.raises(TypeError, match="positional argument"):
        filter_type(("a",))


def test_records_are_values_that_nobody_changes() -> None:
    registration: Any = a_registration()
    with pytest.raises(FrozenInstanceError):
        registration.status = "PASSED"
