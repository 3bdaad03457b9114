"""What would free the boxes that are left: for each the cheapest ways it does not take, and what bars them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landport.assemble.bars import Yards, bars_of, stay_cents, way_cents
from landport.assemble.batches import Option, priced
from landport.assemble.caps import TrainCap
from landport.assemble.state import Box, State
from landport.assemble.swaps import swap
from landport.model.equipment import WagonType
from landport.model.itinerary import OtherTerms, Refusal, rides
from landport.model.journeys import cents
from landport.model.plans import Bar, PlannedContainer, Remedy, Ride, WagonLoad
from landport.model.result import Limit
from landport.model.tariff import rounded

MOST = 3
"""Remedies named for a container: its cheapest, beside one that moves another container."""

TRIED = 24
"""Ways of a container, the cheapest first, whose wagons are tried out."""

SWAPS = 60
"""Groups of equal containers for which it is asked who could make room: each asks all who ride."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of a box, perhaps under other terms, with what bars it.

    Parameters
    ----------
    usd_cents
        Of the way, and of lifting the bars once that is known.
    """

    box: PlannedContainer
    option: Option
    bars: tuple[Bar, ...]
    usd_cents: int


class Remedies:
    """Remedies of a finished plan.

    Parameters
    ----------
    state
        The plan. While ways are tried it is changed, and put back.
    wagons
        Its consists.
    caps
        Limits on trains, of all that the plan decides on.
    other_terms
        Asked about boxes that have no way at all; None: nobody to ask.
    """

    def __init__(
        self,
        state: State,
        wagon_types: Mapping[str, WagonType],
        wagons: Sequence[WagonLoad],
        caps: Sequence[TrainCap],
        other_terms: OtherTerms | None = None,
    ) -> None:
        self._state, self._caps, self._other_terms = state, caps, other_terms
        self._yards = Yards(state, wagon_types, wagons)
        self._n_swaps = 0

    def of(self, left: Mapping[str, Refusal], limit: Limit) -> tuple[Remedy, ...]:
        """List what would free each container that is left, in their order, the cheapest first.

        Parameters
        ----------
        limit
            When its seconds are over, the rest is not sought; effort does not matter.

        Notes
        -----
        Everything else is taken as planned, so remedies of two containers may be for the same room. Equal containers
        of a batch share one search. Each way is priced as the plan would price it; wagons are loaded again with the
        box among them. Audited by `audit` (remedies).
        """
        others, boxes = {} if limit.is_over() else self._other_ways(left), self._state.boxes
        key_of = {c: self._key(c) for c in left}
        first = {key_of[c]: boxes[c] for c in reversed(list(left))}
        ways: dict[tuple[object, ...], list[_Way]] = {}
        for key, box in first.items():
            ways[key] = [] if limit.is_over() else self._ways(box, others.get(box.container.container_id, ()))
        waiting: Counter[str] = Counter()
        for container_id, key in key_of.items():
            for departure_id in {b.departure_id for way in ways[key] for b in way.bars if b.kind == "run"}:
                waiting[departure_id] += boxes[container_id].batch.teu
        found: dict[tuple[object, ...], list[Remedy]] = {}
        for key, box in first.items():
            shared = [self._shared(way, waiting) for way in ways[key]]
            found[key] = [] if limit.is_over() else self._of_box(box, shared)
        return tuple(_renamed(remedy, c) for c, key in key_of.items() for remedy in found[key])

    def _key(self, container_id: str) -> tuple[object, ...]:
        """Name the containers that one search serves: equal ones that the same trains could not load."""
        batch = self._state.boxes[container_id].batch
        banned = tuple(sorted(d for c, d in self._state.banned if c == container_id))
        return (id(batch), *banned) if batch.options else (container_id,)

    def _other_ways(self, left: Mapping[str, Refusal]) -> dict[str, list[_Way]]:
        """Ask for ways under other terms of the boxes that have none."""
        bare = {c: why for c, why in left.items() if not self._state.boxes[c].batch.options}
        if not bare or self._other_terms is None:
            return {}
        found: dict[str, list[_Way]] = {}
        resources = self._state.problem.resources
        for container_id, terms in self._other_terms(bare).items():
            for term in terms:
                for way in term.ways:
                    option = priced(term.box, way, resources)
                    option = replace(option, usd_cents=way_cents(self._state, term.box, option))
                    found.setdefault(container_id, []).append(_Way(term.box, option, term.bars, option.usd_cents))
        self._state.room += [row.room for row in resources.rows[len(self._state.room) :]]
        return found

    def _ways(self, box: Box, others: Sequence[_Way]) -> list[_Way]:
        """List the ways of a box with what bars them."""
        left_cents, own = stay_cents(self._state, box.container), box.container
        plain = [replace(option, usd_cents=way_cents(self._state, own, option)) for option in box.batch.options]
        ways = [_Way(own, option, (), option.usd_cents) for option in plain]
        return [self._barred(way, left_cents) for way in (*ways, *others)]

    def _shared(self, way: _Way, waiting: Mapping[str, int]) -> _Way:
        """Fill in who waits for trains that are cancelled; the box bears its share of their fixed cost."""
        problem, teu = self._state.problem, self._state.boxes[way.box.container_id].batch.teu
        bars = []
        for bar in way.bars:
            if bar.kind == "run":
                taken = waiting[bar.departure_id]
                share = rounded(problem.fixed_cents(bar.departure_id) * teu, taken)
                bar = replace(bar, taken=taken, lacks=max(0, bar.limit - taken), usd_cents=share)
            bars.append(bar)
        return replace(way, bars=tuple(bars), usd_cents=way.option.usd_cents + sum(bar.usd_cents for bar in bars))

    def _of_box(self, box: Box, ways: list[_Way]) -> list[Remedy]:
        """Choose the cheapest remedies of a box, one with a single bar among them, and who could make room."""
        left_cents = stay_cents(self._state, box.container)
        ways.sort(key=_rank)
        chosen: list[_Way] = []
        seen = set()
        for way in ways[:TRIED]:
            if len(chosen) >= MOST and (_n_things(way) > 1 or any(_n_things(w) == 1 for w in chosen)):
                continue
            lacking = self._yards.bars(way.box, way.option)
            if lacking is None:
                continue
            full = replace(way, bars=(*way.bars, *lacking))
            key = frozenset(
                (b.kind, b.departure_id, b.leg, b.at_id, b.order_id, b.day_on, b.other_id) for b in full.bars
            )
            if full.bars and key not in seen:
                seen.add(key)
                chosen.append(full)
        if len(chosen) > MOST:
            chosen[MOST - 1 :] = chosen[-1:]
        found = [_remedy(way, left_cents) for way in chosen]
        return sorted([*found, *self._swapped(ways, left_cents)], key=lambda r: (-r.saves_usd_cents, len(r.bars)))

    def _barred(self, way: _Way, left_cents: int) -> _Way:
        """Add what bars a way in the plan, and by when it had to be due, or how much dearer it is than leaving."""
        option, bars = way.option, list(way.bars)
        lifted = {bar.order_id for bar in bars if bar.kind == "order"}
        bars += [b for b in bars_of(self._state, option, self._caps) if not b.order_id or b.order_id not in lifted]
        later = any(bar.kind == "due" for bar in bars)
        box = way.box
        if option.usd_cents >= left_cents or later:
            box, option, more = self._cheaper(way, left_cents)
            bars = [*(b for b in bars if b.kind != "due"), *more]
        return _Way(box, option, tuple(bars), option.usd_cents)

    def _cheaper(self, way: _Way, left_cents: int) -> tuple[PlannedContainer, Option, list[Bar]]:
        """Find the least hours by which a way must be due later to cost less than leaving; else say it is too dear.

        A box that nobody may bring so late is promised for the day it would come in time.
        """
        pricing = self._state.problem.resources.pricing
        original = self._state.boxes[way.box.container_id].container
        hours = -(-max(0, way.option.way.arrives_at - original.due_at) // 60)
        latest = pricing.rules.milli("max_late_days") * 1440 // 1000

        def at(later: int) -> tuple[PlannedContainer, int]:
            box = replace(way.box, due_at=original.due_at + 60 * later)
            return box, cents(pricing.journey(box, way.option.way))

        low = -(-max(0, way.option.way.arrives_at - original.due_at - latest) // 60)
        high = hours
        if at(high)[1] >= left_cents or not hours:
            box, cost = at(low)
            dear = Bar(kind="dear", limit=left_cents, taken=cost, lacks=cost + 1 - left_cents)
            due = [Bar(kind="due", lacks=low)] if low else []
            return box, replace(way.option, usd_cents=cost), [*due, dear]
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if at(middle)[1] < left_cents else (middle + 1, high)
        box, cost = at(high)
        return box, replace(way.option, usd_cents=cost), [Bar(kind="due", lacks=high)] if high else []

    def _swapped(self, ways: Sequence[_Way], left_cents: int) -> Iterator[Remedy]:
        """Find who would make room on the cheapest way that lacks only that."""
        for way in ways[:MOST]:
            terms = [b for b in way.bars if b.kind in ("order", "due", "container_type", "cargo")]
            if self._n_swaps >= SWAPS or terms or any(b.kind == "dear" for b in way.bars):
                continue
            self._n_swaps += 1
            found = swap(self._state, self._yards, way.box, way.option)
            if found is not None:
                bar, other = found
                usd_cents = way.option.usd_cents + bar.usd_cents
                moved = rides(other.container_id, other.option.way) if other.option is not None else ()
                remedy = _remedy(_Way(way.box, way.option, (bar,), usd_cents), left_cents)
                yield replace(remedy, rides=(*remedy.rides, *moved))
                return


def _rank(way: _Way) -> tuple[int, int, int]:
    return way.usd_cents, len(way.bars), way.option.way.arrives_at


def _n_things(way: _Way) -> int:
    """Count what bars a way, the legs of a train taken together."""
    return len({(b.kind, b.departure_id, b.at_id, b.order_id, b.day_on) for b in way.bars})


def _remedy(way: _Way, left_cents: int) -> Remedy:
    return Remedy(
        container_id=way.box.container_id,
        bars=way.bars,
        rides=rides(way.box.container_id, way.option.way),
        usd_cents=way.usd_cents,
        saves_usd_cents=left_cents - way.usd_cents,
    )


def _renamed(remedy: Remedy, container_id: str) -> Remedy:
    """Give a remedy of a box to one that is equal to it."""
    own = remedy.container_id

    def named(ride: Ride) -> Ride:
        return replace(ride, subject_id=container_id) if ride.subject_id == own else ride

    return replace(remedy, container_id=container_id, rides=tuple(named(ride) for ride in remedy.rides))
