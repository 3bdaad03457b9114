"""Who would have to make room for a box that is left, where that one would go, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from landport.assemble.bars import Yards, boarding, placed, stay_cents, way_cents
from landport.assemble.batches import Option
from landport.assemble.state import State
from landport.model.plans import Bar, PlannedContainer

TRIED = 8
"""Containers that may make room, the cheapest to move first, for which it is tried out whether trains then hold."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A container that makes room.

    Parameters
    ----------
    option
        Its other way; None: it would be left.
    usd_cents
        What that costs more than its way now.
    """

    container_id: str
    option: Option | None
    usd_cents: int


def swap(state: State, yards: Yards, box: PlannedContainer, option: Option) -> tuple[Bar, Swap] | None:
    """Find the container whose leaving opens a way at the least cost; None: no single one would do.

    Notes
    -----
    Only where the way lacks nothing but room on trains that run. Trains keep their minimum, yards their wagons.
    """
    lacking = {row: amount - state.room[row] for row, amount in option.uses.items() if state.room[row] < amount}
    if not lacking or any(d not in state.running for d in option.trains):
        return None
    with boarding(state, box, option):
        found = [_moved(state, container_id) for container_id in _riders(state, box, lacking)]
    found.sort(key=lambda s: (s.usd_cents, s.container_id))
    for one in found[:TRIED]:
        if _holds(state, yards, box, option, one):
            bar = Bar(kind="swap", other_id=one.container_id, usd_cents=one.usd_cents)
            return placed(state, min(lacking), bar), one
    return None


def _riders(state: State, box: PlannedContainer, lacking: dict[int, int]) -> list[str]:
    """List the containers that take enough of everything that lacks, and that nobody holds where they are."""
    kept = state.problem.resources.kept
    return [
        container_id
        for container_id, option in state.chosen.items()
        if container_id != box.container_id
        and (kept is None or container_id not in kept.held)
        and all(option.uses.get(row, 0) >= amount for row, amount in lacking.items())
    ]


def _moved(state: State, container_id: str) -> Swap:
    """Find what a container would do if it had to leave its way: its cheapest other one with room, or stay."""
    old = state.chosen[container_id]
    box = state.take(container_id)
    best: Option | None = None
    for option in sorted(box.batch.options, key=lambda o: o.usd_cents):
        if option.usd_cents < box.batch.left_cents and option is not old and state.fits(box, option):
            best = option
            break
    state.put(box, old)
    cents = stay_cents(state, box.container) if best is None else way_cents(state, box.container, best)
    return Swap(container_id, best, cents - way_cents(state, box.container, old))


def _holds(state: State, yards: Yards, box: PlannedContainer, option: Option, one: Swap) -> bool:
    """Try a swap: every train keeps its minimum, every yard has the wagons."""
    old = state.chosen[one.container_id]
    with boarding(state, box, option):
        other = state.take(one.container_id)
        if one.option is not None:
            state.put(other, one.option)
        days = {day for o in (option, one.option) if o is not None for day in yards.days(o)}
        trains = {d for o in (old, one.option, option) if o is not None for d in o.trains}
        holds = all(state.fullest_teu(d) >= state.problem.min_teu(d) for d in trains)
        holds = holds and all(yards.loads(day) for day in sorted(days))
        if one.option is not None:
            state.take(one.container_id)
        state.put(other, old)
    return holds
