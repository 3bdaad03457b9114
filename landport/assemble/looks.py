"""Another look for boxes that were left or ride dear: ways that the room of the plan at hand leaves open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from landport.assemble._bound import least_whole
from landport.assemble.batches import Batch, Option, priced
from landport.assemble.flow import Flow
from landport.assemble.repair import repair
from landport.assemble.state import Box, State
from landport.model.equipment import WagonType
from landport.model.itinerary import Itinerary, MoreWays, Room
from landport.model.orders import Move, passages
from landport.model.plans import WagonLoad
from landport.model.result import Limit
from landport.units import railway_day

LOOKS = 3
"""Most times that further ways are asked for; each takes room that the next must do without."""

SCARCE_TEU = 2
"""A leg with less room than this is told to whoever looks for ways."""

DEAR_PCT = 20
"""A box whose way costs this much more than its cheapest one is offered further ways."""

LIGHTEST_KG = 5_000
"""A train that can carry no more than this has no room for any box worth a journey."""


def look_again(
    state: State,
    flow: Flow,
    wagons: list[WagonLoad],
    wagon_types: Mapping[str, WagonType],
    more_ways: MoreWays,
    limit: Limit,
) -> tuple[list[WagonLoad], int]:
    """Offer further ways to boxes that were left or ride dear, and let them board.

    Returns
    -------
    tuple[list[WagonLoad], int]
        Wagons of the trains, and US cents that no choice among all ways offered so far costs less than.

    Notes
    -----
    The relaxation is not solved again: its row prices bound the greater choice, too. Each box that was offered more
    lowers the bound by what its best new way would have saved at those prices.
    """
    more = _More(state, flow, more_ways)
    for _ in range(LOOKS):
        left = [box for c, box in state.boxes.items() if c not in state.chosen and box.batch.options]
        if not left or limit.is_over():
            break
        more.offer(left)
        before = len(state.chosen)
        wagons = repair(state, wagon_types, limit=limit)
        if len(state.chosen) <= before:
            break
    dear = _dear(state)
    if dear and not limit.is_over():
        more.offer(dear)
        if sum(_move(state, box.container.container_id) for box in dear):
            wagons = repair(state, wagon_types, limit=limit)
    _regroup(state)
    saved = sum(more.saved.values())
    return wagons, least_whole(flow.relaxed + saved) if saved else flow.bound


class _More:
    """Offers further ways, and keeps count of what they would have saved.

    Parameters
    ----------
    saved
        US cents, at most 0, by container: how far its best further way undercuts what the relaxation pays for it.
    """

    def __init__(self, state: State, flow: Flow, more_ways: MoreWays) -> None:
        self.saved: dict[str, float] = {}
        self._state, self._flow, self._more_ways = state, flow, more_ways
        self._batch_of = {c.container_id: b for b, batch in enumerate(state.problem.batches) for c in batch.containers}
        self._trains = {d: t for t, d in enumerate(state.problem.decided)}

    def offer(self, boxes: Sequence[Box]) -> None:
        """Ask for ways where there is room, and give each box those that it did not have."""
        found: dict[str, tuple[Itinerary, ...]] = {}
        room, full = _room(self._state), _full_quotas(self._state)
        for named, some in self._by_quota(boxes, full).items():
            open_room = _closed(self._state, {order_id: full[order_id] for order_id in named}, room)
            found |= self._more_ways([box.container for box in some], open_room).choices
        for box in boxes:
            container_id = box.container.container_id
            batch, teu = self._batch_of[container_id], box.batch.teu
            new = _offer(self._state, box, found)
            best = min((self._flow.prices.reduced(o, batch, teu, self._trains) for o in new), default=0.0)
            self.saved[container_id] = min(self.saved.get(container_id, 0.0), best)

    def _by_quota(self, boxes: Sequence[Box], full: Collection[str]) -> dict[tuple[str, ...], list[Box]]:
        """Sort boxes by the full quotas that they count under."""
        pricing = self._state.problem.resources.pricing
        found: dict[tuple[str, ...], list[Box]] = {}
        for box in boxes:
            named = [order.order_id for order in pricing.quotas_of(box.container)] if full else []
            found.setdefault(tuple(order_id for order_id in named if order_id in full), []).append(box)
        return found


def _dear(state: State) -> list[Box]:
    """List boxes that ride much dearer than the cheapest of their ways, the dearest first."""
    extra = {}
    for container_id, option in state.chosen.items():
        least = min(o.usd_cents for o in state.boxes[container_id].batch.options)
        if 100 * option.usd_cents > (100 + DEAR_PCT) * least:
            extra[container_id] = option.usd_cents - least
    return [state.boxes[c] for c in sorted(extra, key=lambda c: (-extra[c], c))]


def _move(state: State, container_id: str) -> bool:
    """Let a box change to its cheapest way with room; tell whether it did. Trains keep their minimum."""
    old = state.chosen[container_id]
    state.take(container_id)
    if not state.replace(state.boxes[container_id]):
        state.put(state.boxes[container_id], old)
    new = state.chosen[container_id]
    thinned = any(state.fullest_teu(d) < state.problem.min_teu(d) for d in old.trains if d not in new.trains)
    if new.usd_cents < old.usd_cents and not thinned:
        return True
    state.take(container_id)
    state.put(state.boxes[container_id], old)
    return False


def _room(state: State) -> Room:
    """List the legs that are full or nearly so, and every leg of the trains that do not run."""
    problem, room = state.problem, {}
    for row, free in zip(problem.resources.rows, state.room, strict=True):
        if row.what == "teu" and free < SCARCE_TEU:
            room[row.departure_id, row.seq] = free
        elif row.what in {"cargo_kg", "gross_kg"} and free < LIGHTEST_KG:
            room[row.departure_id, row.seq] = 0
    for departure_id in problem.resources.tonight():
        if departure_id not in state.running:
            legs = problem.resources.pricing.service(departure_id).legs
            room |= {(departure_id, leg.seq): 0 for leg in legs}
    return room


def _full_quotas(state: State) -> dict[str, dict[str, int]]:
    """List the TEU left of quotas that are full or nearly so: by order, then by railway day."""
    found: dict[str, dict[str, int]] = {}
    for row, free in zip(state.problem.resources.rows, state.room, strict=True):
        if row.what == "quota" and free < SCARCE_TEU:
            found.setdefault(row.order_id, {})[row.departure_id] = free
    return found


def _closed(state: State, full: Mapping[str, Mapping[str, int]], room: Room) -> Room:
    """Take from a room the legs by which a box may pass under full quotas; each leg is looked at alone."""
    resources = state.problem.resources
    room = dict(room)
    for order in resources.pricing.quotas if full else ():
        for departure_id, run in resources.pricing.departures.items() if order.order_id in full else ():
            for leg, timed in zip(resources.pricing.service(departure_id).legs, run.legs, strict=True):
                move = Move(leg.from_id, leg.to_id, timed.departs_at, timed.arrives_at)
                days = {railway_day(minute, resources.start_at).isoformat() for minute in passages(order, [move])}
                for day in days & full[order.order_id].keys():
                    key = departure_id, leg.seq
                    room[key] = min(room.get(key, SCARCE_TEU), full[order.order_id][day])
    return room


def _offer(state: State, box: Box, found: Mapping[str, tuple[Itinerary, ...]]) -> list[Option]:
    """Give a box the ways it did not have, as a batch of its own; answer them."""
    known = {option.way for option in box.batch.options}
    resources = state.problem.resources
    new = [
        priced(box.container, way, resources) for way in found.get(box.container.container_id, ()) if way not in known
    ]
    state.room += [row.room for row in resources.rows[len(state.room) :]]
    if new:
        batch = Batch((box.container,), box.batch.teu, box.batch.left_cents, (*box.batch.options, *new))
        state.boxes[box.container.container_id] = Box(box.container, batch)
    return new


def _regroup(state: State) -> None:
    """Let the problem's batches be those that the boxes have now."""
    alone = [box for box in state.boxes.values() if len(box.batch.containers) == 1]
    own = {box.container.container_id for box in alone}
    kept = [
        replace(batch, containers=tuple(c for c in batch.containers if c.container_id not in own))
        for batch in state.problem.batches
    ]
    state.problem = replace(state.problem, batches=(*(b for b in kept if b.containers), *(box.batch for box in alone)))
