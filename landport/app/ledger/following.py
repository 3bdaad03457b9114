"""Use case follow: what became of a subject, as people ask for it: state, history, readiness, deviations, ETA."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.desk import Ledger, Principal, seen
from landport.errors import InputError
from landport.model.events import split
from landport.store import View, log
from landport.track.states import ContainerState, TrainState


def follow(ledger: Ledger, view: View, who: Principal, subject: str) -> dict[str, Any]:
    """Tell what became of a subject.

    Returns
    -------
    dict[str, Any]
        JSON: subject, status, position, state, history; of a container also readiness, deviations and eta; of a train
        its deviations.

    Raises
    ------
    InputError
        `bad-subject`.
    NotFound
        `unknown-KIND`.
    """
    try:
        kind, subject_id = split(subject)
    except ValueError as error:
        raise InputError("bad-subject", f"{subject[:80]!r}: {error}", (subject,)) from None
    found = seen(view, who, kind, subject_id)
    history = log.of_subject(view, subject)
    told: dict[str, Any] = {
        "subject": subject,
        "status": found.status,
        "position": found.position,
        "state": msgspec.json.decode(found.document),
        "history": [_said(event) for event in history] if who.owner is None else [_shown(e) for e in history],
    }
    return told | status_of(ledger, view, reads.STATES.state(kind, found.document))


def status_of(ledger: Ledger, view: View, state: Any) -> dict[str, Any]:
    """Say of a container how ready and how late it is, and of a train how late; of others nothing."""
    now = ledger.clock()
    if isinstance(state, ContainerState):
        trains = trains_of(view, state)
        return {
            "readiness": asdict(track.readiness(state)),
            "deviations": [asdict(d) for d in track.deviations(state, now, trains)],
            "eta": asdict(track.eta(state, now, trains)),
        }
    if isinstance(state, TrainState):
        return {"deviations": [asdict(d) for d in track.deviations(state, now)]}
    return {}


def trains_of(view: View, state: ContainerState) -> dict[str, TrainState]:
    """Read the trains of a container's plan, and those that it rode."""
    ids = {r.departure_id for r in (state.plan.rides if state.plan else ())} | {r.departure_id for r in state.rides}
    found = {d: reads.known(view, "train", d) for d in sorted(ids - {""})}
    return {d: train for d, train in found.items() if isinstance(train, TrainState)}


def open_tasks(view: View, who: Principal) -> list[dict[str, Any]]:
    """List the tasks that somebody has to see to, oldest first.

    Raises
    ------
    NotPermitted
        `not-permitted`: forwarders have none.
    """
    who.expect_may("read")
    if who.owner is not None:
        return []
    tasks = reads.everything(view, "task", statuses=("open", "proposed")).values()
    return [msgspec.to_builtins(task) for task in tasks]


def _said(event: Any) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "stream": event.stream,
        "type": event.type,
        "happened_at": event.happened_at,
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "payload": event.payload,
    }


def _shown(event: Any) -> dict[str, Any]:
    """Say to a forwarder what happened, but not who of the port did it, nor with which other freight."""
    return {key: value for key, value in _said(event).items() if key not in ("actor", "payload")}
