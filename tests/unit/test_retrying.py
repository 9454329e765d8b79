"""Changes that conflict with concurrent ones are tried again."""

from inspect import getmembers, iscoroutinefunction

import pytest

from registrations.service.registrations import RegistrationService

CHANGES = [name for name, _ in getmembers(RegistrationService, iscoroutinefunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_the_service_is_retried(name: str) -> None:
    assert hasattr(getattr(RegistrationService, name), "__wrapped__"), f"decorate {name} with @retried"
