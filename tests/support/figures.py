"""What a scrape of /metrics brought."""

from prometheus_client.parser import text_string_to_metric_families

Figures = dict[tuple[str, ...], float]


def read(text: str, name: str) -> Figures:
    """The samples of a name by their labels' values, in the order of the labels' names."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }
