"""What changed between two plans, as data: containers, trains, wagons, money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerChange:
    """A container that the second plan treats otherwise than the first.

    Parameters
    ----------
    container_id, was_id
        Its id in the second and in the first plan; empty where that has no such container.
    what
        moved (other rides), left (rode before), taken (was left before), reason (left both times, for another reason),
        new or gone (only one plan has it).
    before, after
        Departures that it rides, in order, `truck` for a truck on demand; empty: none.
    arrives_before_at, arrives_after_at
        Minute of its arrival; None: it is not moved.
    usd_cents_before, usd_cents_after
        All its charges, weights included.
    code, why
        Why it is left in the second plan; empty where it is not.
    """

    container_id: str
    was_id: str
    booking_ids: tuple[str, ...]
    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    arrives_before_at: int | None
    arrives_after_at: int | None
    usd_cents_before: int
    usd_cents_after: int
    code: str = ""
    why: str = ""

    @property
    def later_minutes(self) -> int | None:
        """How much later it arrives; None where one of the plans does not move it."""
        if self.arrives_before_at is None or self.arrives_after_at is None:
            return None
        return self.arrives_after_at - self.arrives_before_at


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseChange:
    """Pieces of an item that are in no container, where their number changed.

    Parameters
    ----------
    why
        Why they are left in the second plan; empty where none is.
    """

    booking_id: str
    item_id: str
    count_before: int
    count_after: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainChange:
    """A hub train on which the plans differ.

    Parameters
    ----------
    before, after
        run, cancelled, or empty: the plan does not decide on it.
    why
        Why the second plan cancels it, in its words.
    """

    departure_id: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChange:
    """What both plans charge of one kind."""

    kind: str
    usd_cents_before: int
    usd_cents_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Everything in which two plans differ.

    Parameters
    ----------
    name_before, name_after
        What their weeks are called.
    is_same_week, is_same_reference, is_same_rules
        Whether they were made from the same scenario, over the same tables, under the same rules.
    n_before, n_after
        Containers of each.
    n_same
        Containers that ride as before, or are left as before for the same reason.
    n_retimed
        Of these, those whose trains now arrive at another minute.
    n_repacked
        Groupage containers that both have, with other pieces inside.
    n_other_wagon
        Containers on the same assembled train, on a wagon of another type or with other containers.
    late_minutes_before, late_minutes_after
        Lateness of all containers together.
    """

    name_before: str
    name_after: str
    is_same_week: bool
    is_same_reference: bool
    is_same_rules: bool
    n_before: int
    n_after: int
    n_same: int
    n_retimed: int
    n_repacked: int
    n_other_wagon: int
    n_late_before: int
    n_late_after: int
    late_minutes_before: int
    late_minutes_after: int
    containers: tuple[ContainerChange, ...]
    loose: tuple[LooseChange, ...]
    trains: tuple[TrainChange, ...]
    kinds: tuple[KindChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is planned changed; what plans are called and cost may still differ."""
        moved = self.containers or self.loose or self.trains
        return not (moved or self.n_repacked or self.n_other_wagon or self.n_retimed)

    def count(self, what: str) -> int:
        """Count the containers of one kind of change."""
        return sum(change.what == what for change in self.containers)
