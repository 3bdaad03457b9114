"""A plan in the making: who rides what, what room is left, and moving boxes that must get off."""

from __future__ import annotations

from dataclasses import dataclass, field

from landport.assemble.batches import Batch, Option, Problem
from landport.model.plans import PlannedContainer


@dataclass(frozen=True, slots=True)
class Box:
    """A container with its batch."""

    container: PlannedContainer
    batch: Batch


@dataclass(slots=True)
class State:
    """Assignment of boxes to options, and what the rows have left.

    Parameters
    ----------
    running
        Decided trains that run.
    banned
        (container, departure) pairs that cannot be: the wagon plan had no place.
    thin
        TEU that trains had which were cancelled below their minimum.
    """

    problem: Problem
    running: set[str]
    room: list[int]
    chosen: dict[str, Option] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    banned: set[tuple[str, str]] = field(default_factory=set)
    rejections: dict[str, str] = field(default_factory=dict)
    thin: dict[str, int] = field(default_factory=dict)
    _on: dict[str, set[str]] = field(default_factory=dict)

    def put(self, box: Box, option: Option) -> None:
        """Let a box take an option."""
        self.chosen[box.container.container_id] = option
        for departure_id in option.trains:
            self._on.setdefault(departure_id, set()).add(box.container.container_id)
        for row, amount in option.uses.items():
            self.room[row] -= amount

    def take(self, container_id: str) -> Box:
        """Take a box off its option."""
        option = self.chosen.pop(container_id)
        for departure_id in option.trains:
            self._on[departure_id].discard(container_id)
        for row, amount in option.uses.items():
            self.room[row] += amount
        return self.boxes[container_id]

    def fits(self, box: Box, option: Option) -> bool:
        """Tell whether an option has room for a box, on trains that run and that can load it."""
        rides = all(d in self.running for d in option.trains)
        allowed = all((box.container.container_id, d) not in self.banned for d in option.trains)
        return rides and allowed and all(self.room[row] >= amount for row, amount in option.uses.items())

    def replace(self, box: Box) -> bool:
        """Give a box its cheapest option with room, if one costs less than leaving it."""
        for option in sorted(box.batch.options, key=lambda o: o.usd_cents):
            if option.usd_cents < box.batch.left_cents and self.fits(box, option):
                self.put(box, option)
                return True
        return False

    def riders(self, departure_id: str) -> list[str]:
        """List the containers on a train, in order of id."""
        return sorted(self._on.get(departure_id, ()))

    def fullest_teu(self, departure_id: str) -> int:
        """TEU on the fullest leg of a decided train."""
        on_leg: dict[int, int] = {}
        for container_id in self.riders(departure_id):
            for stretch in self.chosen[container_id].way.stretches:
                if stretch.departure_id == departure_id:
                    for seq in range(stretch.first_leg, stretch.last_leg + 1):
                        on_leg[seq] = on_leg.get(seq, 0) + self.boxes[container_id].batch.teu
        return max(on_leg.values(), default=0)
