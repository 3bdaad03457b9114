"""The smallest log of a border port that breaks each rule, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from landport.audit import GateRecord
from landport.model import gate_facts as facts
from landport.model.border import GateHours
from tests.audit.gate_logs import ALL_WEEK, Log, at, border, freed, opened, place, visit

F1, F2, F3 = visit("F1", 1), visit("F2", 2), visit("F3", 3)
Records = list[GateRecord]


def policy(**changes: Any) -> dict[str, Any]:
    return {"policy": replace(border().policy, **changes)}


def last(log: Log, **changes: Any) -> Log:
    """Change the last record."""
    log.records[-1] = replace(log.records[-1], **changes)
    return log


def told(log: Log, **changes: Any) -> Log:
    """Change what the last record says."""
    return last(log, fact=replace(log.records[-1].fact, **changes))


def booked(*names: str, **changes: Any) -> Log:
    """Truck 1 of F1 has the first place of general, Monday 2 h."""
    return opened("G26", "G27", *names, **changes).book(1, "t1", F1, "G26", 1)


def called(**changes: Any) -> Log:
    return booked(**changes).call(26, "t1", F1, "G26")


def arrived() -> Log:
    return called().check_in(26.10, "t1", "G26")


def holed() -> Log:
    """A record lacks a field."""
    fact = object.__new__(facts.BorderClosed)
    object.__setattr__(fact, "why", "snow")
    return opened().say(1, "border/OWN", fact)


def hours(**changes: Any) -> dict[str, Any]:
    """Change the hours of the far side."""
    own, far = border().sides
    return {"sides": (own, replace(far, **changes))}


def cooled(*, cool: float | None, days: int = 60) -> Log:
    """F1 misses two windows."""
    log = opened("G26", "G27", **policy(strikes=2, strike_days=days)).book(0.10, "t1", F1, "G26", 1)
    log.book(0.11, "t2", visit("F1", 2), "G27", 1)
    return log.miss(28, "t1", ("G26", 1, 28)).miss(29, "t2", ("G27", 1, 29), cool)


def waiting() -> Log:
    """F1 and F2 wait for the place of P26 that F3 gives back."""
    log = opened("P26", "P27").book(1, "t3", F3, "P26", 1).wait(2, "t1", F1, "P26").wait(3, "t2", F2, "P26")
    return log.cancel(4, "t3", ("P26", 1, 4.10))


def shut(**changes: Any) -> Log:
    """Two trucks have places in a window in a closure."""
    log = opened("G26", "G28", "G29", **changes).book(1, "t1", F1, "G26", 1).book(1, "t2", F2, "G26", 2)
    return log.close(5, 26, 28).resize(5, "G26", 0 if changes else 2)


def shifting(first: str, second: str, *, late: float = 5) -> Log:
    """Two trucks are shifted, each to the first free place."""
    log = opened("G26", "G28", "G29").book(1, "t1", F1, "G26", 1).book(1, "t2", F2, "G26", 2).close(5, 26, 28)
    log.move(5, "t1", ("G26", 1), (first, 1)).move(5, "t2", ("G26", 2), (second, 2)).resize(5, "G26", 0)
    return log


def twice_shut(first: str, second: str) -> Log:
    """A truck that a closure moved to the window of one who booked it, and both move on."""
    log = opened("G26", "G28", "G30", "G31").book(1, "t2", F2, "G28", 1).book(2, "t1", F1, "G26", 1)
    log.close(5, 26, 28).move(5, "t1", ("G26", 1), ("G28", 2)).resize(5, "G26", 0)
    log.close(6, 28, 30).move(6, "t2", ("G28", 1), (first, 1)).move(6, "t1", ("G28", 2), (second, 1))
    return log.resize(6, "G28", 0)


def relieved(who: str, *, whose: facts.TruckVisit | None = None) -> Log:
    """Of two who wait for a window that is shut, one gets a place in the next, for which somebody may wait."""
    log = waiting().close(5, 26, 27).resize(5, "P26", 0)
    if whose is not None:
        log.wait(5, "t4", whose, "P27")
    return log.offer(5, who, "P27")


def applied(*decisions: object, shift: str = "in_hours", expected: float = 26.30, **changes: Any) -> Log:
    log = opened(**changes).apply(1, "A1", expected, shift)
    for decision in decisions:
        log.decide(2, "A1", decision)
    return log


def cleared(decision: object) -> Log:
    """A truck is cleared; its application was decided upon."""
    who = replace(F1, application_id="A1")
    log = opened("G26").apply(1, "A1", 26.30).decide(2, "A1", decision).book(3, "t1", who, "G26", 1)
    return log.call(26, "t1", who, "G26").check_in(26.10, "t1", "G26").clear(26.20, "t1", 10)


def many(*capacities: int) -> Log:
    """Windows of a day have so many places."""
    log = opened()
    for n, capacity in enumerate(capacities):
        log.open(f"G{26 + n}", capacity=capacity)
    return log


NO_SUCH = GateHours(weekdays=ALL_WEEK, from_minute=0, until_minute=1441, channel="general", lanes=1, service_seconds=60)
ACCEPTED, DECLINED = facts.ApplicationAccepted(), facts.ApplicationDeclined(why="no")
RESCHEDULED = facts.AppointmentRescheduled

BREAKS: list[tuple[str, str, Callable[[], Log]]] = [
    ("GATE_RECORD", "type", lambda: opened().say(1, "border/OWN", "snow")),
    ("GATE_RECORD", "missing", holed),
    ("GATE_RECORD", "field", lambda: told(opened("G26"), capacity="4")),
    ("GATE_RECORD", "negative", lambda: told(opened("G26"), capacity=-1)),
    ("GATE_RECORD", "no zone", lambda: told(opened("G26"), opens_at=datetime(2026, 3, 2))),  # noqa: DTZ001
    ("GATE_RECORD", "subject", lambda: last(opened("G26"), subject="border/G26")),
    ("GATE_RECORD", "twice", lambda: last(opened("G26"), event_id="E0001")),
    ("GATE_RECORD", "order", lambda: last(opened("G26"), position=1)),
    ("GATE_RECORD", "clock", lambda: opened().publish(1, **hours(zone="Mars/Olympus"))),
    ("GATE_RECORD", "long day", lambda: opened().publish(1, **hours(hours=(NO_SUCH,)))),
    ("GATE_RECORD", "name", lambda: opened().publish(1, border_id="FAR")),
    ("GATE_RECORD", "no sides", lambda: opened().publish(1, sides=())),
    ("GATE_UNKNOWN", "border", lambda: Log().open("G26")),
    ("GATE_UNKNOWN", "closed", lambda: Log().close(1, 26, 27)),
    ("GATE_UNKNOWN", "window", lambda: opened().resize(1, "G26", 1)),
    ("GATE_UNKNOWN", "application", lambda: opened().decide(1, "A1", ACCEPTED)),
    ("GATE_UNKNOWN", "visit", lambda: opened("G26").book(1, "t1", visit("F1", application_id="A1"), "G26", 1)),
    ("GATE_UNKNOWN", "place", lambda: told(opened("G26").hold(1, "t1", "F1", "G26"), takes=place("G99", 1))),
    ("GATE_STATE", "nothing", lambda: opened().cancel(1, "t1")),
    ("GATE_STATE", "again", lambda: booked().queue(2, "t1", F1)),
    ("GATE_STATE", "over", lambda: arrived().clear(26.20, "t1", 10).truck(26.30, "t1", facts.InspectionBegun())),
    ("GATE_STATE", "skipped", lambda: called().clear(26.20, "t1", 0)),
    ("GATE_STATE", "at the gate twice", lambda: arrived().check_in(26.20, "t1", "G26")),
    ("GATE_STATE", "called twice", lambda: called().call(26.20, "t1", F1, "G26")),
    ("GATE_STATE", "offered", lambda: opened("G26").queue(1, "t1", F1).offer(2, "t1", "G26")),
    ("GATE_COPY", "times", lambda: told(booked(), opens_at=at(27), closes_at=at(28))),
    ("GATE_COPY", "channel", lambda: told(booked(), channel="perishable")),
    ("GATE_COPY", "visit", lambda: told(called(), visit=F2)),
    ("GATE_COPY", "check-in", lambda: told(arrived(), window_id="G27")),
    ("GATE_COPY", "presented", lambda: told(booked().present(25, "t1", F1, "G26"), window_id="G27")),
    ("GATE_COPY", "other channel", lambda: booked("P27").move(2, "t1", ("G26", 1), ("P27", 1), RESCHEDULED)),
    ("GATE_ANSWERED", "made twice", lambda: applied().apply(2, "A1", 26.30)),
    ("GATE_ANSWERED", "accepted twice", lambda: applied(ACCEPTED, ACCEPTED)),
    ("GATE_ANSWERED", "declined, too", lambda: applied(ACCEPTED, DECLINED)),
    ("GATE_ANSWERED", "withdrawn", lambda: applied(facts.ApplicationWithdrawn(), ACCEPTED)),
    ("GATE_ANSWERED", "withdrawn twice", lambda: applied(*[facts.ApplicationWithdrawn()] * 2)),
    ("GATE_WINDOW", "twice", lambda: opened("G26", "G26")),
    ("GATE_WINDOW", "no time", lambda: opened().open("G26", hours=0)),
    ("GATE_WINDOW", "long", lambda: opened().open("G26", hours=26)),
    ("GATE_WINDOW", "overlap", lambda: opened("G27").open("G26", hours=2)),
    ("GATE_WINDOW", "channel", lambda: opened("G26", channels=border().channels[1:])),
    ("GATE_HOURS", "own night", lambda: opened("G25")),
    ("GATE_HOURS", "far side", lambda: opened("G26", **hours(hours=()))),
    ("GATE_HOURS", "resized", lambda: opened().open("G25", capacity=0).resize(1, "G25", 1)),
    ("GATE_HOURS", "day off", lambda: opened("G26", **hours(closed_on=(date(2026, 3, 2),)))),
    ("GATE_KAPPA", "opened", lambda: many(6)),
    ("GATE_KAPPA", "resized", lambda: opened("G26").resize(1, "G26", 6)),
    ("GATE_KAPPA", "lent, too", lambda: opened("G26", "P26", **policy()).lend(3, "P26", "G26").resize(4, "G26", 7)),
    ("GATE_DAY", "", lambda: many(5, 5)),
    ("GATE_CLOSED", "free places", lambda: opened("G26").close(1, 26, 27)),
    ("GATE_CLOSED", "too many left", lambda: opened("G26").close(1, 26.30, 27)),
    ("GATE_CLOSED", "opened", lambda: opened().close(1, 26, 28).open("G26", when=2)),
    ("GATE_CLOSED", "taken", lambda: told(opened("G26").close(1, 26, 28).resize(1, "G26", 0).resize(
        28, "G26", 1).hold(29, "t1", "F1", "G26"))),
    ("GATE_RELEASE", "", lambda: opened("P26", "G26").lend(1.59, "P26", "G26")),
    ("GATE_LENT", "other time", lambda: opened("P26", "G27").lend(3, "P26", "G27")),
    ("GATE_LENT", "taken", lambda: opened("P26", "G26").book(1, "t1", F1, "P26", 1).lend(3, "P26", "G26")),
    ("GATE_LENT", "to itself", lambda: opened("G26").lend(3, "G26", "G26")),
    ("GATE_LENDER", "gives", lambda: opened("D26", "G26").lend(3, "D26", "G26")),
    ("GATE_LENDER", "takes", lambda: opened("D26", "G26").lend(3, "G26", "D26")),
    ("GATE_FULL", "booked", lambda: opened("P26").book(1, "t1", F1, "P26", 1).book(2, "t2", F2, "P26", 2)),
    ("GATE_FULL", "resized", lambda: booked().resize(2, "G26", 0)),
    ("GATE_FULL", "called", lambda: opened("P26").book(1, "t1", F1, "P26", 1).queue(2, "t2", F2).call(
        26, "t2", F2, "P26", 1440, 2)),
    ("GATE_SEAT", "", lambda: booked().book(2, "t2", F2, "G26", 1)),
    ("GATE_FREED", "", lambda: booked().cancel(2, "t1", ("G26", 2, 3))),
    ("GATE_FREED", "not its own", lambda: booked().book(2, "t2", F2, "G26", 2).cancel(2, "t1", ("G26", 2, 3))),
    ("GATE_PLACE", "none", lambda: opened("G26").book(1, "t1", F1, "G26")),
    ("GATE_PLACE", "two", lambda: opened("G26").hold(1, "t1", "F1", "G26").book(1.01, "t1", F1, "G26", 2)),
    ("GATE_PLACE", "elsewhere", lambda: opened("G26", "G27").hold(1, "t1", "F1", "G26").book(1.01, "t1", F1, "G27")),
    ("GATE_PLACE", "called", lambda: opened("G26").queue(25, "t2", F2).call(26, "t2", F2, "G26", 60)),
    ("GATE_PLACE", "left", lambda: told(called(), frees=freed("G26", 1))),
    ("GATE_BACK", "", lambda: booked().cancel(2, "t1", ("G26", 1, 2.10)).book(2.09, "t2", F2, "G26", 1)),
    ("GATE_BACK", "held", lambda: booked().cancel(2, "t1", ("G26", 1, 2.10)).hold(2.09, "t2", "F2", "G26", 1)),
    ("GATE_HOLD_ONE", "", lambda: opened("G26").hold(1, "t1", "F1", "G26").hold(1.02, "t2", "F1", "G26", 2)),
    ("GATE_HOLD_LONG", "", lambda: opened("G26").hold(1, "t1", "F1", "G26", until=1.04)),
    ("GATE_HOLD_USED", "late", lambda: opened("G26").hold(1, "t1", "F1", "G26").book(1.04, "t1", F1, "G26")),
    ("GATE_HOLD_USED", "other", lambda: opened("G26").hold(1, "t1", "F1", "G26").book(1.01, "t1", F2, "G26")),
    ("GATE_VEHICLE", "tractor", lambda: booked().book(2, "t2", replace(F2, tractor="T1"), "G27", 1)),
    ("GATE_VEHICLE", "trailer", lambda: booked().book(2, "t2", replace(F2, trailer="R1"), "G27", 1)),
    ("GATE_VEHICLE", "swapped", lambda: booked().book(2, "t2", F2, "G27", 1).change(
        3, "t2", replace(F2, tractor="T1"))),
    ("GATE_VEHICLE", "walk-up", lambda: booked().queue(25, "t2", F1).call(26, "t2", F1, "G26", 60, 2)),
    ("GATE_VEHICLE", "offered", lambda: booked().wait(2, "t2", F1, "G27").offer(3, "t2", "G27")),
    ("GATE_VEHICLE", "container", lambda: opened("G26").book(1, "t1", visit("", container_ids=("C1",)), "G26", 1).book(
        2, "t2", visit("", container_ids=("C1",)), "G26", 2)),
    ("GATE_TRAILER", "", lambda: booked().change(2, "t1", replace(F1, trailer="R9"))),
    ("GATE_TRAILER", "enterprise", lambda: booked().change(2, "t1", replace(F1, enterprise_id="F2"), "sold")),
    ("GATE_SHARE", "", lambda: booked(**policy(most_share_percent=49)).book(1, "t2", visit("F1", 2), "G26", 2)),
    ("GATE_SHARE", "rescheduled", lambda: booked(**policy(most_share_percent=49)).book(
        1, "t2", visit("F1", 2), "G27", 2).move(2, "t1", ("G26", 1), ("G27", 1), RESCHEDULED)),
    ("GATE_ACTIVE", "", lambda: booked(**policy(most_active=1)).book(2, "t2", visit("F1", 2), "G27", 2)),
    ("GATE_COOL", "", lambda: cooled(cool=101).open("G98", when=30).book(100.59, "t3", F1, "G98", 1)),
    ("GATE_FREE", "", lambda: booked("G28").move(2, "t1", ("G26", 1), ("G27", 1), RESCHEDULED).move(
        3, "t1", ("G27", 1), ("G28", 1), RESCHEDULED)),
    ("GATE_CHANGE", "", lambda: booked().move(25.01, "t1", ("G26", 1), ("G27", 1), RESCHEDULED)),
    ("GATE_LATE", "not late", lambda: booked().cancel(23.59, "t1", ("G26", 1, 24), is_late=True)),
    ("GATE_LATE", "late", lambda: booked().cancel(24.01, "t1", ("G26", 1, 25))),
    ("GATE_LATE", "queued", lambda: opened().queue(1, "t1", F1).cancel(2, "t1", is_late=True, had_come=True)),
    ("GATE_STRIKES", "none", lambda: cooled(cool=None)),
    ("GATE_STRIKES", "short", lambda: cooled(cool=100)),
    ("GATE_STRIKES", "too early", lambda: cooled(cool=101, days=0)),
    ("GATE_STRIKES", "late", lambda: booked(**policy(strikes=1)).cancel(25, "t1", ("G26", 1, 26), is_late=True)),
    ("GATE_STRIKES", "no strike", lambda: booked(**policy(strikes=1)).cancel(
        2, "t1", ("G26", 1, 3), cool_down_until_at=at(74))),
    ("GATE_LIST", "", lambda: opened("P26").wait(1, "t1", F1, "P26").wait(2, "t2", F2, "P26").wait(3, "t3", F3, "P26")),
    ("GATE_WAITING", "order", lambda: waiting().offer(4, "t2", "P26")),
    ("GATE_WAITING", "other window", lambda: waiting().offer(4, "t1", "P27")),
    ("GATE_WAITING", "out of a closure", lambda: relieved("t2")),
    ("GATE_WAITING", "another's window", lambda: relieved("t1", whose=F3)),
    ("GATE_EARLIER", "", lambda: booked("G28").move(2, "t1", ("G26", 1), ("G27", 1)).move(
        3, "t1", ("G27", 1), ("G26", 1))),
    ("GATE_ORDER", "", lambda: shifting("G29", "G28")),
    ("GATE_ORDER", "windows", lambda: twice_shut("G30", "G31")),
    ("GATE_MOVED", "", lambda: opened("G26", "G27").book(1, "t1", F1, "G26", 1).close(2, 26, 28).resize(
        2, "G27", 0).resize(2, "G26", 1).resize(28, "G27", 1).move(29, "t1", ("G26", 1), ("G27", 1))),
    ("GATE_EARLY", "", lambda: booked().call(23.59, "t1", F1, "G26")),
    ("GATE_EARLY", "walk-up", lambda: opened("G26").queue(23, "t1", F1).call(23.59, "t1", F1, "G26", 59, 1)),
    ("GATE_CHECK_IN", "not called", lambda: booked().check_in(26, "t1", "G26")),
    ("GATE_CHECK_IN", "cancelled", lambda: booked().cancel(3, "t1", ("G26", 1, 4)).check_in(26, "t1", "G26")),
    ("GATE_CHECK_IN", "unknown", lambda: opened("G26").check_in(26, "t1", "G26")),
    ("GATE_DECLINED", "", lambda: cleared(DECLINED)),
    ("GATE_GRACE", "window", lambda: booked().miss(27.59, "t1", ("G26", 1, 28))),
    ("GATE_GRACE", "called", lambda: called().miss(26.59, "t1", ("G26", 1, 28))),
    ("GATE_WAITED", "", lambda: booked().present(25, "t1", F1, "G26").call(26, "t1", F1, "G26", 59)),
    ("GATE_WAITED", "unseen", lambda: booked().call(26, "t1", F1, "G26", 1)),
    ("GATE_WAITED", "walk-up", lambda: opened("G26").queue(25, "t1", F1).call(26, "t1", F1, "G26", 0, 1)),
    ("GATE_STAYED", "", lambda: arrived().clear(26.20, "t1", 20)),
    ("GATE_STAYED", "turned back", lambda: arrived().truck(26.20, "t1", facts.TruckTurnedBack(why="no"))),
    ("GATE_SEEN", "at the gate", lambda: told(arrived(), is_first=False)),
    ("GATE_SEEN", "walk-up", lambda: opened().queue(1, "t1", F1).cancel(2, "t1")),
    ("GATE_SEEN", "cancelled", lambda: booked().cancel(2, "t1", ("G26", 1, 3), had_come=True)),
    ("GATE_SEEN", "missed", lambda: called().miss(27, "t1", ("G26", 1, 28), had_come=True)),
    ("GATE_SHIFT", "in hours", lambda: applied(shift="out_of_hours")),
    ("GATE_SHIFT", "Sunday", lambda: applied(expected=2.30)),
    ("GATE_SHIFT", "night", lambda: applied(expected=35)),
    ("GATE_SHIFT", "word", lambda: applied(shift="night")),
]  # fmt: skip
