"""Which lanes run direct: a search over lanes, feeders and trunks with the cost of all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from landport.assemble.lane_pools import Known, Pools, Terms, Worth, alone_cents
from landport.model.lanes import Course, GatheredTrain, LaneOption

MOST_ROUNDS = 12
"""Rounds over all lanes, destinations, origins and trunks; each but the last has found something."""

PREFIXES = 12
"""Parts of the lanes of a trunk that are tried by the hub."""

MOST_FREED = 24
"""Lanes that are tried direct with all others finding other trains."""

WORTH_TRYING = 0.005
"""Share of the cost by which such a try may be dearer before the rest of the search goes on from it."""

LEAST_GAIN = 0.5
"""Cents a week that a move must save."""


@dataclass(slots=True)
class Mix:
    """A course for every lane.

    Parameters
    ----------
    is_direct
        By lane.
    feeder_of, trunk_of
        Feeder of each origin and trunk of each destination, for the lanes that go by the hub.
    """

    is_direct: list[bool]
    feeder_of: dict[str, str]
    trunk_of: dict[str, str]

    def copy(self) -> Mix:
        """Copy it, to change."""
        return Mix([*self.is_direct], {**self.feeder_of}, {**self.trunk_of})


@dataclass(slots=True)
class Search:
    """Lanes with their options, and what any mix of them costs by formula.

    Parameters
    ----------
    direct_cents
        Of each lane alone; None: it cannot.
    """

    options: Sequence[LaneOption]
    trains: Mapping[str, GatheredTrain]
    worth: Worth
    direct_cents: list[float | None] = field(init=False)
    _known: Known = field(init=False, default_factory=dict)
    _by_pair: list[dict[tuple[str, str], tuple[Course, Terms]]] = field(init=False)
    _from: dict[str, list[int]] = field(init=False, default_factory=dict)
    _to: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the lanes."""
        self._by_pair = [
            {(c.feeder_id, c.trunk_id): (c, Terms.of(o.demand.promise_minutes, c, self.worth)) for c in o.hubs}
            for o in self.options
        ]
        self.direct_cents = [
            alone_cents(o.demand, o.direct, self.trains, self.worth) if o.direct else None for o in self.options
        ]
        for i, option in enumerate(self.options):
            if option.hubs:
                self._from.setdefault(option.demand.from_id, []).append(i)
                self._to.setdefault(option.demand.to_id, []).append(i)

    def start(self, *, direct: bool) -> Mix:
        """Send all lanes one way, as far as they can; each pair of feeder and trunk is the first that is offered."""
        chosen = [bool(o.direct) and (direct or not o.hubs) for o in self.options]
        feeder_of: dict[str, str] = {}
        trunk_of: dict[str, str] = {}
        for option in self.options:
            for course in option.hubs[:1]:
                feeder_of.setdefault(option.demand.from_id, course.feeder_id)
                trunk_of.setdefault(option.demand.to_id, course.trunk_id)
        return Mix(chosen, feeder_of, trunk_of)

    def hub_course(self, mix: Mix, i: int) -> Course | None:
        """Find the course of a lane by the hub; None: there is none."""
        found = self._by_hub(mix, i)
        return found[0] if found else None

    def _by_hub(self, mix: Mix, i: int) -> tuple[Course, Terms] | None:
        """Find the course with its origin's feeder and its destination's trunk, or one with either, or any."""
        demand, by_pair = self.options[i].demand, self._by_pair[i]
        if not by_pair:
            return None
        feeder, trunk = mix.feeder_of[demand.from_id], mix.trunk_of[demand.to_id]
        found = by_pair.get((feeder, trunk))
        if found is None:
            near = (c for (f, t), c in by_pair.items() if f == feeder or t == trunk)
            found = next(near, None) or next(iter(by_pair.values()))
        return found

    def course(self, mix: Mix, i: int) -> Course:
        """Find the course of a lane."""
        option = self.options[i]
        found = option.direct if mix.is_direct[i] else self.hub_course(mix, i)
        assert found is not None, "a lane without any course is not searched"
        return found

    def pools(self, mix: Mix, *, without: int = -1) -> Pools:
        """Pool the lanes that go by the hub, but for one."""
        found = Pools(self.trains, self.worth, self._known)
        for i, option in enumerate(self.options):
            if not mix.is_direct[i] and i != without:
                found.put(self.terms(mix, i), option.demand.teu_milli)
        return found

    def terms(self, mix: Mix, i: int) -> Terms:
        """Read the terms of a lane's course by the hub."""
        found = self._by_hub(mix, i)
        assert found is not None, "a lane that cannot go by the hub is not pooled"
        return found[1]

    def cost(self, mix: Mix) -> float:
        """Answer cents a week of a mix."""
        return Table(self, mix).cost

    def settled(self, mix: Mix) -> Mix:
        """Choose feeders and trunks anew for the lanes that go by the hub, none of which changes its choice."""
        table = Table(self, mix)
        for _ in range(MOST_ROUNDS):
            before = table.cost
            table.route(self._from, self._to)
            if table.cost > before - LEAST_GAIN:
                break
        return table.mix

    def best(self) -> Mix:
        """Search from both pure policies and keep the cheaper end."""
        starts = [self.settled(self.start(direct=False)), self.start(direct=True)]
        mix = min((self._improved(mix) for mix in starts), key=self.cost)
        return self._freed(mix)

    def _freed(self, mix: Mix) -> Mix:
        """Let each of the fattest lanes at the hub go direct and the others find other trains, while that saves.

        Notes
        -----
        A lane that keeps a trunk full for thin ones cannot leave alone, nor can they leave it; together they can.
        """
        best, cost = mix, self.cost(mix)
        fat = sorted(range(len(self.options)), key=lambda i: (-self.options[i].demand.teu_milli, i))
        for i in [i for i in fat if self.may_flip(i)][:MOST_FREED]:
            if best.is_direct[i]:
                continue
            moved = best.copy()
            moved.is_direct[i] = True
            moved = self.settled(moved)
            if self.cost(moved) < cost + abs(cost) * WORTH_TRYING:
                moved = self._improved(moved)
            found = self.cost(moved)
            if found < cost - LEAST_GAIN:
                best, cost = moved, found
        return best

    def _improved(self, mix: Mix) -> Mix:
        table = Table(self, mix)
        for _ in range(MOST_ROUNDS):
            before = table.cost
            for i in range(len(self.options)):
                table.flip([i])
            for members in self._ranked(table.mix):
                for end in sorted({len(members) * n // PREFIXES for n in range(PREFIXES + 1)}):
                    wanted = {i: n >= end for n, i in enumerate(members)}
                    table.flip([i for i, direct in wanted.items() if table.mix.is_direct[i] != direct])
            table.route(self._from, self._to)
            if table.cost > before - LEAST_GAIN:
                break
        return table.mix

    def pairs(self, lanes: Sequence[int], part: int) -> list[str]:
        """List the feeders (0) or trunks (1) that lanes are offered."""
        return sorted({pair[part] for i in lanes for pair in self._by_pair[i]})

    def may_flip(self, i: int) -> bool:
        """Tell whether a lane has both choices."""
        return self.direct_cents[i] is not None and bool(self._by_pair[i])

    def _ranked(self, mix: Mix) -> list[list[int]]:
        """List the lanes of each trunk by what the hub saves a TEU before it gathers, most first.

        Notes
        -----
        Of a trunk whose cost depends on its total alone and is concave in it, the best mix sends the first so many.
        """
        by_trunk: dict[str, list[int]] = {}
        for i in range(len(self.options)):
            if self.may_flip(i):
                by_trunk.setdefault(self.terms(mix, i).trunk_id, []).append(i)
        return [sorted(members, key=lambda i: (-self._saving(mix, i), i)) for members in by_trunk.values()]

    def _saving(self, mix: Mix, i: int) -> float:
        per_teu = (self.direct_cents[i] or 0.0) * 1000 / self.options[i].demand.teu_milli
        return per_teu - self.terms(mix, i).steady_cents


class Table:
    """A mix with its cost; moves are made if they save, and taken back if not."""

    def __init__(self, search: Search, mix: Mix) -> None:
        self._search = search
        self.mix = mix.copy()
        self._pools = search.pools(mix)
        self._alone = sum(search.direct_cents[i] or 0.0 for i, direct in enumerate(mix.is_direct) if direct)
        self.cost = self._pools.total() + self._alone

    def flip(self, lanes: Sequence[int]) -> None:
        """Let lanes choose the other way together."""
        lanes = [i for i in lanes if self._search.may_flip(i)]

        def turn() -> None:
            for i in lanes:
                self.mix.is_direct[i] = not self.mix.is_direct[i]

        if lanes:
            self._tried(lanes, turn, turn)

    def route(self, lanes_from: Mapping[str, Sequence[int]], lanes_to: Mapping[str, Sequence[int]]) -> None:
        """Give each destination its best trunk, then each origin its best feeder."""
        for part, lanes_of, train_of in ((1, lanes_to, self.mix.trunk_of), (0, lanes_from, self.mix.feeder_of)):
            for place_id, lanes in lanes_of.items():
                for train_id in self._search.pairs(lanes, part):
                    before = train_of[place_id]
                    if train_id != before:
                        self._tried(
                            lanes,
                            partial(_set, train_of, place_id, train_id),
                            partial(_set, train_of, place_id, before),
                        )

    def _tried(self, lanes: Sequence[int], make: Callable[[], None], undo: Callable[[], None]) -> None:
        self._put(lanes, -1)
        make()
        self._put(lanes, 1)
        cost = self._pools.total() + self._alone
        if cost < self.cost - LEAST_GAIN:
            self.cost = cost
            return
        self._put(lanes, -1)
        undo()
        self._put(lanes, 1)

    def _put(self, lanes: Sequence[int], sign: int) -> None:
        for i in lanes:
            if self.mix.is_direct[i]:
                self._alone += sign * (self._search.direct_cents[i] or 0.0)
            else:
                self._pools.put(self._search.terms(self.mix, i), sign * self._search.options[i].demand.teu_milli)


def _set(train_of: dict[str, str], place_id: str, train_id: str) -> None:
    train_of[place_id] = train_id
