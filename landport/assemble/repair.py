"""After the program: load wagons, move boxes that found no place, cancel trains below their minimum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile

from landport.assemble.batches import Option
from landport.assemble.exact_wagons import form_exactly
from landport.assemble.resources import Resources
from landport.assemble.state import State
from landport.assemble.wagons import Consist, Rider, Train, Yard, form
from landport.model.equipment import WagonType
from landport.model.plans import PlannedContainer, WagonLoad
from landport.model.result import Limit

ROUNDS = 6
"""Rounds in which boxes that must get off may board another train; later ones stay behind."""


def repair(state: State, wagon_types: Mapping[str, WagonType], *, limit: Limit | None = None) -> list[WagonLoad]:
    """Make a state hold in the yard: every box on a wagon, every train above its minimum.

    Parameters
    ----------
    limit
        Of the search for the best loading of a train that leaves boxes the quick way; None or effort 1: no search.

    Notes
    -----
    Each round cancels trains below their minimum (or tops them up where that pays), lets boxes without a way board what
    has room, forms all consists and takes off what found no wagon. After `ROUNDS` rounds nothing boards any more, so it
    ends: every further round has fewer boxes on trains.
    """
    for turn in range(1_000_000):
        off = _cancel_thin(state, top_up=turn < ROUNDS)
        boarded = _board(state) if turn < ROUNDS else False
        consists = formed(state, wagon_types, limit)
        for departure_id, consist in consists.items():
            for container, why in consist.rejected:
                state.banned.add((container.container_id, departure_id))
                state.rejections[container.container_id] = f"{departure_id}: {why}"
                if container.container_id in state.chosen:
                    state.take(container.container_id)
                    off = True
        if not (off or boarded or _idle(state)):
            return [w for d, consist in consists.items() for w in consist.loads(d)]
    raise AssertionError("repair always ends: each round past ROUNDS takes boxes off trains")


def _board(state: State) -> bool:
    """Give boxes without a way the cheapest one with room, the first due first; tell whether one found any."""
    waiting = [box for c, box in state.boxes.items() if c not in state.chosen]
    waiting.sort(key=lambda box: (box.container.due_at, -box.container.priority, box.container.container_id))
    return sum(state.replace(box) for box in waiting) > 0


def _idle(state: State) -> bool:
    """Cancel trains nobody rides; tell whether there was one."""
    idle = {d for d in state.running if not state.riders(d)}
    state.running -= idle
    return bool(idle)


def _cancel_thin(state: State, *, top_up: bool) -> bool:
    """Cancel the trains below their minimum, taking their boxes off; tell whether there was one."""
    thin = False
    for departure_id in sorted(state.running):
        teu, least = state.fullest_teu(departure_id), state.problem.min_teu(departure_id)
        if teu < least and not (top_up and _top_up(state, departure_id)):
            thin = True
            state.running.discard(departure_id)
            state.thin[departure_id] = teu
            for container_id in state.riders(departure_id):
                state.take(container_id)
    return thin


def _top_up(state: State, departure_id: str) -> bool:
    """Bring a train to its minimum with boxes that wait or that other trains can spare; tell whether it got there.

    Cheapest moves first, together at most as dear as cancelling, all its boxes left behind. Other trains keep their own
    minimum. What was moved stays moved only if the train gets there.
    """
    least = state.problem.min_teu(departure_id)
    before = dict(state.chosen)
    spared = sum(state.boxes[c].batch.left_cents - before[c].usd_cents for c in state.riders(departure_id))
    spared -= state.problem.fixed_cents(departure_id)
    for extra, container_id, option in _moves_onto(state, departure_id):
        if extra > spared:
            break
        box = state.boxes[container_id]
        old = state.chosen.get(container_id)
        if old is not None and any(state.fullest_teu(d) - box.batch.teu < state.problem.min_teu(d) for d in old.trains):
            continue
        if old is not None:
            state.take(container_id)
        if state.fits(box, option):
            state.put(box, option)
            spared -= extra
        elif old is not None:
            state.put(box, old)
        if state.fullest_teu(departure_id) >= least:
            return True
    _undo(state, before)
    return False


def _undo(state: State, before: Mapping[str, Option]) -> None:
    """Put every box where it was."""
    for container_id in [c for c, option in state.chosen.items() if before.get(c) is not option]:
        state.take(container_id)
    for container_id, option in before.items():
        if container_id not in state.chosen:
            state.put(state.boxes[container_id], option)


def _moves_onto(state: State, departure_id: str) -> list[tuple[int, str, Option]]:
    """List (extra cost, container, option) of boxes not on a train that could ride it, cheapest first."""
    moves = []
    for container_id, box in state.boxes.items():
        old = state.chosen.get(container_id)
        if old is not None and departure_id in old.trains:
            continue
        now = box.batch.left_cents if old is None else old.usd_cents
        onto = [o for o in box.batch.options if departure_id in o.trains]
        if onto:
            best = min(onto, key=lambda o: o.usd_cents)
            moves.append((best.usd_cents - now, container_id, best))
    return sorted(moves, key=lambda m: m[:2])


def formed(state: State, wagon_types: Mapping[str, WagonType], limit: Limit | None = None) -> dict[str, Consist]:
    """Form the consists of the trains that the hub assembles, day by day from one stock of wagons.

    Trains of other yards are assembled there, not by this plan.
    """
    resources = state.problem.resources
    pricing = resources.pricing
    stocks: dict[tuple[str, str], dict[str, int] | None] = {}
    consists = {}
    for departure_id in state.problem.decided:
        if departure_id not in state.running or not resources.is_formed_here(departure_id):
            continue
        run = pricing.departures[departure_id]
        here = (pricing.service(departure_id).legs[0].from_id, resources.day_of(run))
        yard = yard_of(resources, departure_id, wagon_types)
        yard = replace(yard, stock=stocks.setdefault(here, yard.stock))
        riders, train = at_first_stop(state, departure_id), train_of(resources, departure_id)
        if resources.kept is not None:
            consists[departure_id] = resources.kept.formed(departure_id, riders, train, yard)
        elif limit is None or limit.effort <= 1:
            consists[departure_id] = form(riders, train, yard)
        else:
            consists[departure_id] = form_exactly(riders, train, yard, limit=replace(limit, effort=1))
    return consists


def yard_of(resources: Resources, departure_id: str, wagon_types: Mapping[str, WagonType]) -> Yard:
    """Answer the yard in which a train is formed, with all its wagons of that railway day."""
    pricing = resources.pricing
    here = pricing.service(departure_id).legs[0].from_id, resources.day_of(pricing.departures[departure_id])
    stock = {s.resource: s.count for s in resources.supply if (s.place_id, s.day_on) == here and s.is_wagons}
    return Yard(wagon_types, pricing.container_types, pricing.rules, stock or None)


def train_of(resources: Resources, departure_id: str) -> Train:
    """Lay out what a train's wagons must keep on its legs up to the first change of gauge."""
    run, service = resources.pricing.departures[departure_id], resources.pricing.service(departure_id)
    legs = takewhile(lambda leg: leg.gauge_mm == service.legs[0].gauge_mm, service.legs)
    return Train(tuple((leg, resources.on(run, leg)) for leg in legs), resources.longest_mm(run, service))


def at_first_stop(state: State, departure_id: str) -> list[Rider]:
    """List who boards a train where it is formed, with where each gets off and what leaving it costs."""
    return [
        rider_of(state, container_id, state.chosen[container_id], stretch.last_leg)
        for container_id in state.riders(departure_id)
        for stretch in state.chosen[container_id].way.stretches
        if stretch.departure_id == departure_id and stretch.first_leg == 1
    ]


def rider_of(state: State, container_id: str, option: Option, last_leg: int) -> Rider:
    """Answer a box as whoever forms a train sees it that it boards by an option."""
    box = state.boxes[container_id]
    along, across = state.problem.moments.get(container_id, (0, 0))
    return Rider(
        box.container,
        last_leg,
        value=max(1, box.batch.left_cents - option.usd_cents),
        un_classes=_un_classes(state, box.container),
        along=along,
        across=across,
    )


def _un_classes(state: State, box: PlannedContainer) -> tuple[str, ...]:
    """Classes of the dangerous goods in a box; of explosives the division."""
    bookings = state.problem.resources.pricing.bookings
    told = {bookings[b].un_class for b in box.booking_ids if b in bookings} - {""}
    return tuple(sorted({c.rstrip("ABCDEFGHJKLNS") if c.startswith("1.") else c for c in told}))
