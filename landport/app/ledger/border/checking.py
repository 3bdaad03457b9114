"""Use case check: the independent auditor reads the whole log of a tenant's border ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from landport import track
from landport.app.ledger.desk import Ledger, Principal
from landport.audit import GateRecord, Violation, check_border
from landport.store import View, log

KINDS: Final = ("border", "window", "application", "appointment")
"""Kinds of streams that the auditor reads."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the auditor says: how many records it read, and every rule that they break."""

    n_records: int
    violations: tuple[Violation, ...]


def check(ledger: Ledger, who: Principal, notify: Callable[[str], None] | None = None) -> Checked:
    """Judge everything that ever happened at the tenant's border ports.

    Parameters
    ----------
    notify
        Told of each stage.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("gate")
    tell = notify or (lambda _: None)
    tell("read the log")
    history = ledger.store.read(who.tenant_id, lambda view: list(_records(view)))
    tell("check")
    return Checked(len(history), check_border(history))


def _records(view: View) -> Iterator[GateRecord]:
    """Read the log from its beginning, some events at a time."""
    position = 0
    while events := log.since(view, position):
        for event in events:
            if event.stream.partition("/")[0] in KINDS:
                yield GateRecord(
                    position=event.position,
                    event_id=event.event_id,
                    subject=event.stream,
                    fact=track.fact_of(event),
                    happened_at=event.happened_at,
                    recorded_at=event.recorded_at,
                    actor=event.actor,
                )
        position = events[-1].position
