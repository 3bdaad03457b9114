"""Whose turn it is: of boxes that are alike, the first booked rides, and arrives first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from landport.assemble.state import Box, State
from landport.model.plans import WagonLoad


def in_turn(state: State, wagons: Sequence[WagonLoad]) -> list[WagonLoad]:
    """Give the ways of boxes that are alike to the first booked first, the earliest arrival first; answer the wagons.

    Notes
    -----
    Boxes are alike that could stand for each other in every rule and at every price: same type, masses, places, ready
    and due minutes, priority and goods. Costs, trains and wagons stay as they are; only names change. Groupage boxes
    are each unlike any other. A plan made again keeps who rode what. Audited by `BOX_TURN`.
    """
    now: dict[str, str] = {}
    for alike in _alike(state):
        riding = [box for box in alike if box.container.container_id in state.chosen]
        options = {box.container.container_id: state.chosen[box.container.container_id] for box in riding}
        earliest = sorted(options, key=lambda c: (options[c].way.arrives_at, options[c].usd_cents, c))
        for box, before in zip(alike, earliest, strict=False):
            now[before] = box.container.container_id
        moved = [c for c in earliest if now[c] != c]
        waiting = [box.container.container_id for box in alike[len(earliest) :]]
        freed = [box.container.container_id for box in alike if box.container.container_id not in options]
        reasons = {new: state.rejections.get(old) for new, old in zip(waiting, freed, strict=True)}
        for container_id in moved:
            state.take(container_id)
        for container_id in moved:
            state.put(state.boxes[now[container_id]], options[container_id])
        for container_id, why in reasons.items():
            if why is not None:
                state.rejections[container_id] = why
    return [replace(w, container_ids=tuple(now.get(c, c) for c in w.container_ids)) for w in wagons]


def _alike(state: State) -> Iterator[list[Box]]:
    """List the groups of two boxes or more that are alike, the first booked first in each."""
    bookings, kept = state.problem.resources.pricing.bookings, state.problem.resources.kept
    turn = {booking_id: i for i, booking_id in enumerate(bookings)}
    groups: dict[tuple[object, ...], list[Box]] = {}
    for container_id, box in state.boxes.items():
        c = box.container
        if c.master_id or kept is not None or not bookings.keys() >= set(c.booking_ids):
            continue
        goods = tuple(
            (b.hs, b.gng_code, b.un_class, b.un_number, b.temperature_min_c, b.temperature_max_c)
            for b in (bookings[booking_id] for booking_id in c.booking_ids)
        )
        key = (c.container_type, c.cargo_kg, c.gross_kg, c.at_id, c.destination_id, c.ready_at, c.due_at, c.priority)
        if container_id in state.chosen or box.batch.options:
            groups.setdefault((*key, goods), []).append(box)
    for alike in groups.values():
        if len(alike) > 1:
            yield sorted(alike, key=lambda b: (turn[b.container.booking_ids[0]], b.container.container_id))
