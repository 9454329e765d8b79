"""From the contract's names to Python's."""

import re
from functools import cache


@cache
def snake_case(name: str) -> str:
    return re.sub("([A-Z])", lambda capital: f"_{capital[0].lower()}", name)
