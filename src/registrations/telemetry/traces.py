"""Whether the environment asks for traces. Otherwise OpenTelemetry is not even imported."""

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, distribution

ASKING = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")


class TracingImpossible(Exception):
    """The environment asks for traces that can't be sent; the text says what to do, in a line."""


def traces_wanted(environment: Mapping[str, str], find: Callable[[str], object] = distribution) -> bool:
    """Whether variables of OpenTelemetry say where traces go. Raises `TracingImpossible`."""
    asking = next((name for name in ASKING if environment.get(name)), None)
    exporter = environment.get("OTEL_TRACES_EXPORTER") or "otlp"
    if asking is None or exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if exporter != "otlp":
        raise TracingImpossible(f"OTEL_TRACES_EXPORTER is {exporter}: only otlp and none are known.")
    try:
        find("opentelemetry-exporter-otlp-proto-http")
    except PackageNotFoundError:
        remedy = "install registrations-gateway[tracing], or unset it."
        raise TracingImpossible(f"{asking} asks for traces: {remedy}") from None
    return True
