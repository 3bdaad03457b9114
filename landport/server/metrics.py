"""Metrics in the format of Prometheus, in a registry of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the classes of latency, seconds."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are told apart; a client may invent others."""


class Metrics:
    """What is counted while a server runs."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "landport_requests",
            "Answers by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "landport_request_seconds",
            "Seconds until the answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Show a number that is read when somebody asks."""
        Gauge(name, text, registry=self._registry).set_function(read)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        key = (method if method in METHODS else "other", route, status)
        found = self._known.get(key)
        if found is None:
            found = (self._requests.labels(key[0], route, str(status)), self._seconds.labels(route))
            self._known[key] = found
        found[0].inc()
        found[1].observe(seconds)

    def text(self) -> bytes:
        """Write them down."""
        return generate_latest(self._registry)
