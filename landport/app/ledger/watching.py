"""Events for a reader: what of the log somebody may see. The port sees all, a forwarder what concerns its freight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from landport.app.ledger.desk import Principal
from landport.model.events import Event
from landport.store import View, log, states

OWN_KINDS: Final = ("consignment", "container", "quote", "application", "appointment", "enterprise")
"""Kinds of subjects that a forwarder may own."""

LOOKED: Final = 50
"""Pages that are looked through for one that holds something."""

INWARD: Final = frozenset({"plan", "task", "week", "order"})
"""Kinds whose streams are the port's own business."""


def events(view: View, who: Principal, *, after: int = 0, most: int = 100) -> tuple[list[Event], int]:
    """List what happened after a position, oldest first; what is not theirs to see is passed over, some pages of it.

    Returns
    -------
    tuple[list[Event], int]
        Those that somebody may see, and the position up to which the log was looked through.
    """
    seen: list[Event] = []
    for _ in range(LOOKED):
        found = log.since(view, after, most=most)
        after = found[-1].position if found else after
        seen = visible(view, who.owner, found)
        if seen or len(found) < most:
            break
    return seen, after


def history(
    view: View, who: Principal, kind: str, subject_id: str, *, after: int = 0, most: int = 100
) -> tuple[list[Event], int]:
    """List what happened to a subject, oldest first; whether it may be seen is asked before.

    Returns
    -------
    tuple[list[Event], int]
        As `events`.
    """
    found = log.of_subject(view, f"{kind}/{subject_id}", after=after, most=most)
    last = found[-1].position if found else after
    return visible(view, who.owner, found), last


def visible(view: View, owner: str | None, found: Sequence[Event]) -> list[Event]:
    """Keep what a party may see: events in or about its subjects, without others' subjects; None: the port sees all."""
    if owner is None:
        return list(found)
    named = {s for event in found for s in _named(event) if s.partition("/")[0] in OWN_KINDS}
    mine = states.owned(view, sorted(named), owner) if named else frozenset()
    seen = [event for event in found if _concerns(event, mine)]
    return [_without_others(event, mine, owner) for event in seen]


def _concerns(event: Event, mine: frozenset[str]) -> bool:
    if event.stream.partition("/")[0] in INWARD:
        return False
    return event.stream in mine or any(subject in mine for subject in event.about)


def _named(event: Event) -> Iterable[str]:
    yield event.stream
    yield from event.about
    yield from (f"consignment/{c}" for c in event.payload.get("consignment_ids", ()))


def _without_others(event: Event, mine: frozenset[str], owner: str) -> Event:
    about = tuple(s for s in event.about if s in mine or s.partition("/")[0] not in OWN_KINDS)
    payload: dict[str, Any] = dict(event.payload)
    if "consignment_ids" in payload:
        payload["consignment_ids"] = [c for c in payload["consignment_ids"] if f"consignment/{c}" in mine]
    for whose in ("forwarder_id", "enterprise_id"):  # whose the box was before, or who brings it over a border
        if payload.get(whose, owner) != owner:
            payload[whose] = ""
    if "visit" in payload and event.stream not in mine:
        payload["visit"] = _brought(payload["visit"], mine)
    return replace(event, about=about, payload=payload)


def _brought(visit: dict[str, Any], mine: frozenset[str]) -> dict[str, Any]:
    """Keep what the owner of a container may know of a truck of others that brings it: plates, and its own boxes."""
    boxes = [c for c in visit.get("container_ids", ()) if f"container/{c}" in mine]
    return {name: visit.get(name, "") for name in ("tractor", "trailer", "departure_id")} | {"container_ids": boxes}
