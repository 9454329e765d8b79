"""Origins of pages (RFC 6454), and which of them may use the gateway."""

import re
from collections.abc import Collection

LABEL = "[a-z0-9_-]+"


class AllowedOrigins:
    """The origins of a setting: each as it is, or with `*` for one label of its host; or `*` alone for any origin."""

    def __init__(self, origins: Collection[str]) -> None:
        self.are_all = "*" in origins
        self.pattern = "|".join(re.escape(origin).replace(r"\*", LABEL) for origin in origins)
        self._matches = re.compile(self.pattern).fullmatch

    def allow(self, origin: str) -> bool:
        return origin != "" and (self.are_all or self._matches(origin) is not None)
