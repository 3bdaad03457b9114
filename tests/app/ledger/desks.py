"""A desk to test at: a ledger over a database, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

from landport.app.ledger.desk import Ledger
from landport.app.ledger.projecting import States
from landport.reference import load
from landport.store import Store, open_store

WORLD = cache(load.world)


class Clock:
    """An instant that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@contextmanager
def opened(url: str) -> Iterator[tuple[Ledger, Clock]]:
    """Open a ledger over a database that has its tables."""
    clock = Clock()
    store: Store = open_store(url, clock=clock, projection=States())
    try:
        yield Ledger(store=store, world=WORLD(), clock=clock), clock
    finally:
        store.close()
