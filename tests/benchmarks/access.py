"""Who asks: settings that the gateway needs to know it, and the header that every request carries, to any server."""

from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {}  # environment of the gateway
HEADERS: Mapping[str, str] = {"content-type": "application/json"}
