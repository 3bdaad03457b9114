"""Whether a plan still holds when it is committed: what it was made from, and what happened since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from landport import exchange
from landport.app.ledger.desk import Ledger
from landport.app.ledger.excepting import places_of
from landport.app.ledger.week import Now, is_off
from landport.errors import Conflict
from landport.model.bookings import Booking, RestrictionOrder
from landport.model.facts import ContainerPlanned
from landport.model.plans import Plan, Ride
from landport.model.scenario import Scenario

STILL: Final = ("planned", "waiting", "gated_in", "unloaded", "gated_out", "withdrawn")
"""Statuses in which a container can be given other rides."""

NEVER_MOVED: Final = ("planned", "waiting", "withdrawn")
"""Statuses of a container that nobody has seen yet."""

LISTED: Final = 20
"""Ids that a message lists."""


def expect_current(ledger: Ledger, plan: Plan, scenario: Scenario, now: Now, previous: Plan | None) -> None:
    """Refuse a plan that was made from something else than what is now.

    Raises
    ------
    Conflict
        `stale-plan`: lists the consignments that changed, the trains that run no more, or the orders issued since that
        its rides pass; or another plan was committed since.
    """
    if scenario.start_at != now.scenario.start_at:
        raise _stale("it is of another week", ())
    if previous is not None:
        _expect_from(plan, previous, now)
    bookings = {b.booking_id: b for b in now.scenario.bookings}
    items = _by_booking(now.scenario)
    had = _by_booking(scenario)
    named = {c for box in plan.containers for c in box.booking_ids}
    changed = [
        b.booking_id
        for b in scenario.bookings
        if b.booking_id in named
        and (_is_other(b, bookings.get(b.booking_id)) or items.get(b.booking_id) != had.get(b.booking_id))
    ]
    if changed:
        raise _stale(f"changed since: {_listed(changed)}", changed)
    off = {d for d, t in now.trains.items() if is_off(t)}
    ahead = [r for r in plan.rides if r.departs_at >= now.scenario.now_at]
    gone = sorted({r.departure_id for r in ahead} & off)
    if gone:
        raise _stale(f"cancelled since: {_listed(gone)}", gone)
    known = {o.order_id: o for o in scenario.orders}
    new = [o for o in now.scenario.orders if known.get(o.order_id) != o]
    passed = [o.order_id for o in new if any(_passes(ledger, ride, o) for ride in ahead)]
    if passed:
        raise _stale(f"orders issued since: {_listed(passed)}", passed)


def _passes(ledger: Ledger, ride: Ride, order: RestrictionOrder) -> bool:
    """Tell whether a ride touches the place of an order while it is in force, whatever is inside."""
    is_in_force = ride.arrives_at >= order.from_at and ride.departs_at < order.until_at
    return is_in_force and order.place_id in places_of(ledger, ride.departure_id, ride.from_id, ride.to_id)


def _is_other(had: Booking, now: Booking | None) -> bool:
    """Tell whether a booking is other than it was planned; whose it is, customs and a smaller mass change no plan."""
    if now is None or now.cargo_kg > had.cargo_kg:
        return True
    same: dict[str, Any] = {"shipper": "", "consignee": "", "is_released": True, "declared_kg": 0, "weighed_kg": None}
    return replace(had, **same) != replace(now, **same)


def _expect_from(plan: Plan, previous: Plan, now: Now) -> None:
    if plan.replanned is not None and plan.replanned.digest == exchange.plan_digest(previous):
        return
    if plan.replanned is not None:
        raise _stale("another plan was committed since", (now.week.plan_digest,))
    moved = [c for c, s in now.containers.items() if s.status not in NEVER_MOVED]
    if moved:
        raise _stale(f"made afresh, though containers of the plan before moved: {_listed(moved)}", moved)


def expect_still(changed: Mapping[str, ContainerPlanned], now: Now) -> None:
    """Refuse other rides for containers that are loaded or under way, unless their train is stopped."""
    states = {c: now.containers[c] for c in changed if c in now.containers}
    moved = [
        c
        for c, s in states.items()
        if s.status not in STILL and not s.exceptions and s.plan is not None and s.plan.rides != changed[c].rides
    ]
    if moved:
        raise _stale(f"moved since: {_listed(moved)}", moved)


def _by_booking(scenario: Scenario) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in scenario.items:
        found.setdefault(item.booking_id, []).append(item)
    return found


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return f"{', '.join(ids[:LISTED])}{more}"


def _stale(why: str, about: Iterable[str]) -> Conflict:
    return Conflict("stale-plan", f"the plan does not fit what is now: {why}; plan again", about)
