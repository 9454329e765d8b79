"""Counters and histograms in plain numbers, of which Prometheus gets samples when it asks.

Those of prometheus_client would take a lock for each number that a request changes.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from operator import add
from typing import TypeAlias

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BOUNDS = (*map(str, SECONDS), "+Inf")

Labels: TypeAlias = tuple[str, ...]
Rows: TypeAlias = Iterable[tuple[Iterable[str], Iterable[float]]]
"""Numbers by labels, which may come from JSON."""


class Numbers(dict[Labels, list[float]]):
    """Numbers by labels, all zero for labels that are new."""

    length: int

    def __init__(self, name: str, documentation: str, *labels: str) -> None:
        super().__init__()
        self.name = name
        self.documentation = documentation
        self.labels = labels

    def __missing__(self, labels: Labels) -> list[float]:
        numbers = self[labels] = [0] * self.length
        return numbers

    def add(self, rows: Rows) -> None:
        for labels, numbers in rows:
            key = tuple(labels)
            self[key] = list(map(add, self[key], numbers))


class Counter(Numbers):
    length = 1

    def inc(self, *labels: str) -> None:
        self[labels][0] += 1

    def family(self) -> Metric:
        family = CounterMetricFamily(self.name, self.documentation, labels=self.labels)
        for labels, (count,) in self.items():
            family.add_metric(labels, count)
        return family


class Histogram(Numbers):
    """A number of durations for each bucket, and at the end the sum of all durations."""

    length = len(BOUNDS) + 1

    def observe(self, seconds: float, *labels: str) -> None:
        numbers = self[labels]
        numbers[bisect_left(SECONDS, seconds)] += 1
        numbers[-1] += seconds

    def family(self) -> Metric:
        family = HistogramMetricFamily(self.name, self.documentation, labels=self.labels)
        for labels, (*counts, total) in self.items():
            family.add_metric(labels, list(zip(BOUNDS, accumulate(counts), strict=True)), total)
        return family
