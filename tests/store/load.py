"""Requests with keys, to be cut short: by a power loss or a kill. Run as a program, it says what was acknowledged."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from random import Random
from typing import Any

from sqlalchemy import text

from landport.store import EVERYBODY, Store, answers, log, verify
from tests.store.counting import draft, opened


def request(n: int, rng: Random) -> Callable[[Any], str]:
    """Make a request with a key: an event about a train, sometimes on the connection, too."""
    drafts = [draft(f"container/C{rng.randrange(9)}", n=n, about=("train/D1",), said="x" * rng.randrange(1500))]
    asks = rng.random() < 0.3

    def work(tx):
        if answers.replayed(tx, f"K{n}", "h") is not None:
            return "replayed"
        if asks:
            tx.connection.execute(text("SELECT 1"))
        tx.append(drafts)
        answers.keep(tx, f"K{n}", "h", b"{}")
        return "done"

    return work


def ask_all(store: Store, seed: int, numbers: Iterable[int]) -> dict[int, Future[str]]:
    """Ask for requests by number; now and then wait, so that batches differ in size."""
    rng, asked = Random(seed), {}
    for n in numbers:
        asked[n] = store.write("t1", "A1", request(n, rng), key=f"K{n}")
        if rng.random() < 0.2:
            asked[n].exception()
    return asked


def done(store: Store) -> Counter[int]:
    """Count how often each request is in the log."""
    found: Counter[int] = Counter()
    after = 0
    while events := store.read("t1", lambda view, after=after: log.since(view, after)):
        found.update(e.payload["n"] for e in events)
        after = events[-1].position
    return found


def judge(store: Store, seed: int, acknowledged: set[int], n_requests: int) -> str:
    """Look at what is left after a loss, and ask for everything again under the same keys."""
    if not acknowledged <= set(done(store)):
        return "lost"
    if store.read(EVERYBODY, verify.verify).n_findings:
        return "not whole"
    for asked in ask_all(store, seed, range(n_requests)).values():
        asked.result()
    is_once = done(store) == dict.fromkeys(range(n_requests), 1)
    return "whole" if is_once and not store.read(EVERYBODY, verify.verify).n_findings else "doubled"


def main(url: str, seed: int, first: int = 0) -> None:
    """Write without end from a number on, and print the number of each request once it is acknowledged."""
    store = opened(url, batch=Random(seed).randrange(1, 12))

    def say(n: int, future: Future[str]) -> None:
        if future.exception() is None:
            sys.stdout.write(f"{n}\n")
            sys.stdout.flush()

    rng, n = Random(seed), first
    while True:
        future = store.write("t1", "A1", request(n, rng), key=f"K{n}")
        future.add_done_callback(lambda f, n=n: say(n, f))
        if rng.random() < 0.2:
            future.exception()
        n += 1
        if n % 500 == 0:
            future.exception()  # no more than that wait


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
