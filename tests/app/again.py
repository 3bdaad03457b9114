"""A small port to plan again, and a program that does so with everything at once and prints the rules it breaks."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from landport import exchange
from landport.app.before import Again
from landport.app.planning import Order
from landport.app.tonight import Judged, tonight
from landport.exchange.example import example
from landport.model.plans import Hand, Plan
from landport.model.scenario import Scenario
from landport.model.services import DepartureNote
from landport.reference import load

WORLD = load.world()
ORDER = Order(seed=3)
DAY = 1440


def port() -> Scenario:
    """The example with freight for two whole trains, and groupage that trucks bring."""
    made = example(WORLD)
    boxes, pieces, others = made.bookings
    bookings = (
        replace(boxes, n_containers=70),
        replace(pieces, may_split=True, origin_id="UMC", at_id="UMC"),
        replace(others, booking_id="B0003"),
        replace(
            boxes, booking_id="B0004", n_containers=60, ready_at=boxes.ready_at + 2 * DAY, due_at=boxes.due_at + 3 * DAY
        ),
    )
    items = tuple(replace(i, count=20 * i.count) for i in made.items)
    return replace(made, bookings=bookings, items=items, digest="0123456789ab")


def again(plan: Plan, week: Scenario, *hands: Hand, freeze: int = DAY, cost: int = 20_000) -> Judged:
    """Plan the week again from a plan."""
    order = Again(
        previous=plan,
        digest=exchange.plan_digest(plan),
        freeze_minutes=freeze,
        change_usd_cents=cost,
        hands=hands,
    )
    return tonight(week, WORLD, ORDER, again=order)


def trains(plan: Plan) -> list[str]:
    """Assembly trains that run and carry boxes, the fullest first."""
    found: dict[str, int] = {}
    for ride in plan.rides:
        found[ride.departure_id] = found.get(ride.departure_id, 0) + 1
    run = {r.departure_id for r in plan.runs if r.status == "run"}
    return sorted(run & found.keys(), key=lambda d: (-found[d], d))


def on(plan: Plan, departure_id: str) -> list[str]:
    return sorted(r.subject_id for r in plan.rides if r.departure_id == departure_id)


def cancelled(week: Scenario, departure_id: str) -> Scenario:
    """The week without a departure."""
    note = DepartureNote(departure_id=departure_id, service_id=departure_id.partition("@")[0], status="cancelled")
    rest = tuple(n for n in week.departures if n.departure_id != departure_id)
    return replace(week, departures=(*rest, note), digest="abcdef012345")


def pin(container_id: str = "", departure_id: str = "") -> Hand:
    return Hand(container_id=container_id, departure_id=departure_id, what="pin")


def ban(container_id: str = "", departure_id: str = "") -> Hand:
    return Hand(container_id=container_id, departure_id=departure_id, what="ban")


def main() -> None:
    """Cancel a train, ban a box from another, pin one onto a third; frozen for days. Prints the rules that break.

    The box with a pin is of a booking of which others ride the third: it can be there in time.
    """
    week = port()
    first = tonight(week, WORLD, ORDER).plan
    booked = {box.container_id: box.booking_ids for box in first.containers}
    gone, other, third, pinned = next(
        (gone, other, third, c)
        for gone, other, third in permutations(trains(first), 3)
        for c in on(first, other)[1:]
        if booked[c] in {booked[x] for x in on(first, third)}
    )
    hands = (ban(on(first, other)[0], other), pin(pinned, third))
    judged = again(first, cancelled(week, gone), *hands, freeze=3 * DAY, cost=100)
    print(" ".join(sorted({v.code for v in judged.violations})))


if __name__ == "__main__":
    main()
