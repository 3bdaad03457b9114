"""How full things are by the auditor's own count: what each box takes of what has a limit, and the limits."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from landport.audit.case import Case
from landport.audit.orders import handed_over, hit_minutes
from landport.audit.times import Run, railway_day
from landport.audit.work import border_row, lifted, needs_power, regauged, shift_of
from landport.model.bookings import RestrictionOrder
from landport.model.plans import Bar, PlannedContainer, Price
from landport.model.rules import TrainRule

WORK = ("track", "lift", "gauge-change")
"""What a place may have beside wagons."""

OF_TRAINS = ("tracks", "trains", "border")
"""Limits on how many trains run."""


class Spot(NamedTuple):
    """Something with a limit: a leg of a departure, or a place, transfer or order on a day."""

    kind: str
    departure_id: str
    leg: int
    at_id: str
    order_id: str
    day_on: str


def spot_of(said: Price | Bar) -> Spot:
    """Read what a price or a bar is of."""
    return Spot(said.kind, said.departure_id, said.leg, said.at_id, said.order_id, said.day_on)


class Fullness:
    """Counts what the boxes of a case take, box by box and together.

    Parameters
    ----------
    case
        A plan; or what-if journeys alone.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._days: dict[tuple[str, Spot], frozenset[str]] = {}
        self.uses: dict[str, Counter[Spot]] = {}
        for box in case.containers.values():
            self._ride(box)
            self._pass(box)
        self._work()
        self.taken: Counter[Spot] = Counter()
        for uses in self.uses.values():
            self.taken.update(uses)

    def _take(self, box: PlannedContainer, spot: Spot, amount: int) -> None:
        self.uses.setdefault(box.container_id, Counter())[spot] += amount

    def _ride(self, box: PlannedContainer) -> None:
        """Count what a box takes of legs."""
        case, teu = self.case, self.case.teu([box])
        with_wagon = box.gross_kg + case.milli("wagon_tare_t_per_feu") * teu // 2
        amounts = {"teu": teu, "cargo_kg": box.gross_kg, "gross_kg": with_wagon}
        if needs_power(case, box):
            amounts["plugs"] = 1
        for ride in case.rides_of.get(box.container_id, ()):
            ridden = case.ridden(ride) if ride.departure_id else None
            for leg in () if ridden is None else ridden.legs:
                for kind, amount in amounts.items():
                    self._take(box, Spot(kind, ride.departure_id, leg + 1, "", "", ""), amount)

    def _pass(self, box: PlannedContainer) -> None:
        """Count what a box takes of quotas."""
        for order in self.case.scenario.orders:
            if order.max_teu_per_day is not None:
                for minute in handed_over(self.case, order, box):
                    self._take(box, Spot("quota", "", 0, "", order.order_id, self._day(minute)), self.case.teu([box]))

    def _work(self) -> None:
        """Count lifts, gauge changes (of a day and of a shift) and transfers."""
        case = self.case
        lifts = (("lift", *work) for work in lifted(case))
        for kind, place_id, minute, box in (*lifts, *(("gauge-change", *work) for work in regauged(case))):
            day = self._day(minute)
            for when in (day, f"{day} {shift_of(minute, case.scenario.start_at)}"):
                self._take(box, Spot(kind, "", 0, place_id, "", when), 1 if kind == "lift" else case.teu([box]))
        for change in case.changes:
            of = case.containers.get(change.journey.subject_id)
            if change.transfer is not None and of is not None:
                day = self._day(change.arrive.arrives_at)
                self._take(of, Spot("transfer", "", 0, change.transfer.transfer_id, "", day), case.teu([of]))

    def _day(self, minute: int) -> str:
        return railway_day(minute, self.case.scenario.start_at).isoformat()

    # ---- limits ------------------------------------------------------------------------------------

    def full(self, spot: Spot) -> tuple[int, int] | None:
        """Answer limit and what is taken; None: there is no such thing, or it has no limit."""
        limit = self.limit(spot)
        if limit is None:
            return None
        if spot.kind == "wagons":
            formed = self._formed(spot)
            return limit, sum(load.departure_id in formed for load in self.case.plan.wagons)
        if spot.kind in OF_TRAINS:
            return limit, sum(self._passes(run, spot) for run in self.case.running.values())
        return limit, self.taken[spot]

    def limit(self, spot: Spot) -> int | None:
        """Find the limit of something; None: there is no such thing, or nobody set one."""
        where = (bool(spot.departure_id), spot.leg > 0, bool(spot.at_id), bool(spot.order_id), bool(spot.day_on))
        if where == (True, True, False, False, False):
            return self._of_leg(spot)
        if where == (False, False, True, False, True):
            return self._of_place(spot)
        if where == (False, False, False, True, True):
            order = order_of(self.case, spot.order_id)
            limits = {} if order is None else {"quota": order.max_teu_per_day, "trains": order.max_trains_per_day}
            return limits.get(spot.kind)
        return None

    def _of_leg(self, spot: Spot) -> int | None:
        """Masses limit only trains that the plan itself runs or cancels: of others it does not know all boxes."""
        case, run = self.case, self.case.timetable.run(spot.departure_id)
        if run is None or not 1 <= spot.leg <= len(run.service.legs):
            return None
        leg, row = spot.leg - 1, run.service.legs[spot.leg - 1]
        if spot.kind == "teu":
            return _positions(case, run, leg)
        if spot.kind == "plugs":
            return run.plugs
        stated = {"cargo_kg": row.max_cargo_kg, "gross_kg": row.max_gross_kg}.get(spot.kind)
        if stated is None or not case.is_decided(run):
            return None
        rules = case.limits("max_cargo_t" if spot.kind == "cargo_kg" else "max_gross_t", run, leg)
        return min([*([stated] if stated > 0 else []), *map(_greatest, rules)], default=None)

    def _of_place(self, spot: Spot) -> int | None:
        day, _, shift = spot.day_on.partition(" ")
        supply = [r for r in self.case.scenario.supply if (r.place_id, r.day_on) == (spot.at_id, day)]
        if spot.kind == "wagons":
            counts = [] if shift else [r.count for r in supply if r.resource not in WORK]
        elif spot.kind in ("transfer", "border"):
            rows = [t for t in self.case.world.network.transfers if t.transfer_id == spot.at_id]
            most = [t.teu_per_day if spot.kind == "transfer" else t.trains_per_day for t in rows]
            counts = [n for n in most if n is not None]
        else:
            resource = "track" if spot.kind == "tracks" else spot.kind
            counts = [r.count for r in supply if r.resource in WORK and (r.resource, r.shift) == (resource, shift)]
        return sum(counts) if counts else None

    def _formed(self, spot: Spot) -> set[str]:
        """Hub trains of a yard that run on a railway day."""
        running = self.case.running.items()
        return {
            d
            for d, run in running
            if (run.service.legs[0].from_id, self._day(run.departs_at[0])) == (spot.at_id, spot.day_on)
        }

    def _passes(self, run: Run, spot: Spot) -> bool:
        """Tell whether a train counts under a limit on trains."""
        return spot.day_on in self.days(run, spot)

    def days(self, run: Run, spot: Spot) -> frozenset[str]:
        """List the railway days on which a train counts under a limit on trains, whatever its day."""
        key = run.departure_id, spot._replace(day_on="")
        if key not in self._days:
            self._days[key] = frozenset(self._counted(run, spot))
        return self._days[key]

    def _counted(self, run: Run, spot: Spot) -> set[str]:
        legs = run.service.legs
        if spot.kind == "tracks":
            return {self._day(run.departs_at[0])} if legs[0].from_id == spot.at_id else set()
        if spot.kind == "trains":
            order = order_of(self.case, spot.order_id)
            hits = (() if order is None else hit_minutes(order, run, leg) for leg in range(len(legs)))
            return {self._day(minute) for minutes in hits for minute in minutes}
        rows = {at: border_row(self.case, legs[at], legs[at + 1]) for at in range(len(legs) - 1)}
        return {self._day(run.arrives_at[at]) for at, row in rows.items() if row is not None and row[0] == spot.at_id}


def order_of(case: Case, order_id: str) -> RestrictionOrder | None:
    """Find an order."""
    return next((order for order in case.scenario.orders if order.order_id == order_id), None)


def _greatest(rule: TrainRule) -> int:
    return rule.milli - (rule.operator == "<")


def _positions(case: Case, run: Run, leg: int) -> int:
    room = run.service.legs[leg].capacity_teu
    if run.free_teu is not None:
        room = min(room, run.free_teu[leg])
    rules = case.limits("max_boxes_feu", run, leg) if run.service.operation == "hub" else ()
    return min([room, *(2 * _greatest(r) // 1000 for r in rules)])
