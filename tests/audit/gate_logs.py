"""Logs of a small border port: a writer of records, what each of them says, and a day that breaks no rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from landport.audit import GateRecord
from landport.model import gate_facts as facts
from landport.model.border import BorderPort, BorderSide, ChannelRule, GateHours, GatePolicy, ShiftHours

SUNDAY = datetime(2026, 3, 1, tzinfo=UTC)
ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)


def at(hours: float) -> datetime:
    """Hours, with minutes as hundredths, after Sunday midnight: 26.30 is half past two on Monday."""
    whole = int(hours)
    return SUNDAY + timedelta(hours=whole, minutes=round(100 * (hours - whole)))


def border(**changes: Any) -> BorderPort:
    """Four trucks an hour in general and one in perishable, 2 to 12 by UTC; dangerous lends and borrows nothing."""
    rows = [("general", 2, 900), ("perishable", 1, 1800), ("dangerous", 1, 1800)]
    policy = GatePolicy(kappa_percent=50, early_minutes=120, most_active=3, most_waiting=2)
    sides = []
    for place_id, zone, opens in (("OWN", "Asia/Shanghai", 10), ("FAR", "Asia/Tokyo", 11)):
        hours = [
            GateHours(
                weekdays=ALL_WEEK,
                from_minute=60 * opens,
                until_minute=60 * (opens + 10),
                channel=channel,
                lanes=lanes,
                service_seconds=seconds,
            )
            for channel, lanes, seconds in rows
        ]
        shift = ShiftHours(weekdays=(1, 2, 3, 4, 5), from_minute=600, until_minute=1140)
        sides.append(BorderSide(place_id=place_id, zone=zone, hours=tuple(hours), shifts=(shift,)))
    channels = [ChannelRule(channel=c, gives=c != "dangerous", takes=c != "dangerous") for c, _, _ in rows]
    port = BorderPort(border_id="OWN", name="Own", sides=tuple(sides), channels=tuple(channels), policy=policy)
    return replace(port, **changes)


def place(name: str, seat: int) -> facts.Place:
    return facts.Place(window_id=name, seat=seat)


def freed(name: str, seat: int, back: float = 0) -> facts.FreedPlace:
    return facts.FreedPlace(window_id=name, seat=seat, back_at=at(back))


def visit(enterprise_id: str, n: int = 0, **more: Any) -> facts.TruckVisit:
    """Truck `n` of an enterprise; 0: not named yet."""
    plates = {"tractor": f"T{n}", "trailer": f"R{n}"} if n else {}
    return facts.TruckVisit(enterprise_id=enterprise_id, **(plates | more))


class Log:
    """Writes records: whatever is said at an instant is taken by the log at that instant."""

    def __init__(self) -> None:
        self.records: list[GateRecord] = []
        self.windows: dict[str, facts.WindowOpened] = {}

    def say(self, when: float, subject: str, fact: object) -> Log:
        n = len(self.records) + 1
        record = GateRecord(
            position=n,
            event_id=f"E{n:04d}",
            subject=subject,
            fact=fact,
            happened_at=at(when),
            recorded_at=at(when),
            actor="A1",
        )
        self.records.append(record)
        return self

    def publish(self, when: float = 0, **changes: Any) -> Log:
        return self.say(when, "border/OWN", facts.BorderPublished(border=border(**changes)))

    def close(self, when: float, from_hour: float, until_hour: float) -> Log:
        fact = facts.BorderClosed(from_at=at(from_hour), until_at=at(until_hour), why="snow")
        return self.say(when, "border/OWN", fact)

    def open(self, *names: str, when: float = 0, capacity: int | None = None, hours: int = 1) -> Log:
        """Open windows by name: G, P or D for their channel, and the hour after Sunday midnight."""
        for name in names:
            channel = {"G": "general", "P": "perishable", "D": "dangerous"}[name[0]]
            hour, n = int(name[1:]), (4 if name[0] == "G" else 1) if capacity is None else capacity
            self.windows[name] = facts.WindowOpened(
                border_id="OWN", channel=channel, opens_at=at(hour), closes_at=at(hour + hours), capacity=n
            )
            self.say(when, f"window/{name}", self.windows[name])
        return self

    def resize(self, when: float, name: str, capacity: int) -> Log:
        return self.say(when, f"window/{name}", facts.WindowResized(capacity=capacity))

    def lend(self, when: float, name: str, to: str, count: int = 1) -> Log:
        return self.say(when, f"window/{name}", facts.PlacesLent(to_window_id=to, count=count))

    def times(self, name: str) -> dict[str, datetime]:
        return {"opens_at": self.windows[name].opens_at, "closes_at": self.windows[name].closes_at}

    def of(self, name: str) -> dict[str, Any]:
        return {"border_id": "OWN", "channel": self.windows[name].channel}

    def truck(self, when: float, truck: str, fact: object) -> Log:
        return self.say(when, f"appointment/{truck}", fact)

    def hold(self, when: float, truck: str, whose: str, name: str, seat: int = 1, until: float | None = None) -> Log:
        until_at = at(when) + timedelta(seconds=180) if until is None else at(until)
        fact = facts.PlaceHeld(**self.of(name), enterprise_id=whose, takes=place(name, seat), held_until_at=until_at)
        return self.truck(when, truck, fact)

    def book(self, when: float, truck: str, who: facts.TruckVisit, name: str, seat: int = 0, **changes: Any) -> Log:
        """Book a place; seat 0: that which is held."""
        takes = place(name, seat) if seat else None
        fact = facts.AppointmentBooked(**self.of(name), window_id=name, **self.times(name), visit=who, takes=takes)
        return self.truck(when, truck, replace(fact, **changes))

    def wait(self, when: float, truck: str, who: facts.TruckVisit, name: str) -> Log:
        fact = facts.PlaceAwaited(**self.of(name), window_id=name, **self.times(name), visit=who)
        return self.truck(when, truck, fact)

    def offer(self, when: float, truck: str, name: str, seat: int = 1) -> Log:
        return self.truck(when, truck, facts.PlaceOffered(**self.times(name), takes=place(name, seat)))

    def queue(self, when: float, truck: str, who: facts.TruckVisit) -> Log:
        return self.truck(when, truck, facts.TruckQueued(border_id="OWN", channel="general", visit=who))

    def move(
        self, when: float, truck: str, old: tuple[str, int], new: tuple[str, int], kind: type = facts.AppointmentShifted
    ) -> Log:
        """Shift, or reschedule."""
        fact = kind(**self.times(new[0]), takes=place(*new), frees=freed(*old), why="snow")
        return self.truck(when, truck, fact)

    def change(self, when: float, truck: str, who: facts.TruckVisit, why: str = "") -> Log:
        return self.truck(when, truck, facts.VisitChanged(visit=who, why=why))

    def cancel(self, when: float, truck: str, old: tuple[str, int, float] | None = None, **changes: Any) -> Log:
        fact = facts.AppointmentCancelled(frees=freed(*old) if old else None, **changes)
        return self.truck(when, truck, fact)

    def miss(self, when: float, truck: str, old: tuple[str, int, float], cool: float | None = None, **more: Any) -> Log:
        until_at = None if cool is None else at(cool)
        fact = facts.WindowMissed(window_id=old[0], frees=freed(*old), cool_down_until_at=until_at, **more)
        return self.truck(when, truck, fact)

    def present(self, when: float, truck: str, who: facts.TruckVisit, name: str) -> Log:
        opens_at = self.times(name)["opens_at"]
        fact = facts.TruckPresented(channel=self.windows[name].channel, window_id=name, opens_at=opens_at, visit=who)
        return self.truck(when, truck, fact)

    def call(
        self, when: float, truck: str, who: facts.TruckVisit, name: str, waited: int = 0, seat: int = 0, **more: Any
    ) -> Log:
        takes, channel = place(name, seat) if seat else None, more.pop("channel", "general")
        fact = facts.TruckCalled(
            window_id=name, **self.times(name), channel=channel, visit=who, waited_minutes=waited, takes=takes, **more
        )
        return self.truck(when, truck, fact)

    def check_in(self, when: float, truck: str, name: str, *, is_first: bool = True) -> Log:
        return self.truck(when, truck, facts.TruckCheckedIn(window_id=name, method="by_hand", is_first=is_first))

    def clear(self, when: float, truck: str, stayed: int) -> Log:
        return self.truck(when, truck, facts.TruckCleared(stayed_minutes=stayed))

    def apply(self, when: float, name: str, expected: float, shift: str = "in_hours") -> Log:
        fact = facts.ApplicationMade(
            border_id="OWN",
            enterprise_id="F1",
            declaration="",
            direction="out",
            hs="0808",
            goods="apples",
            expected_at=at(expected),
            shift=shift,
        )
        return self.say(when, f"application/{name}", fact)

    def decide(self, when: float, name: str, fact: object) -> Log:
        return self.say(when, f"application/{name}", fact)


def opened(*names: str, **changes: Any) -> Log:
    """Publish the port and open windows."""
    return Log().publish(**changes).open(*names)


def good() -> Log:
    """A day with holds, a waiting list, a reschedule, a walk-up, a closure with its shift, and all that trucks do."""
    one, three, four, five, six, walk = (visit(f"F{f}", n) for f, n in ((1, 1), (2, 3), (2, 4), (2, 5), (3, 6), (4, 7)))
    one = replace(one, application_id="A1")
    log = opened("G26", "G27", "G28", "G29", "P26", "P27", "P28")
    log.apply(0.05, "A1", 26.30).decide(0.06, "A1", facts.ApplicationAccepted(reference="C9"))
    log.hold(0.10, "t1", "F1", "G26").book(0.12, "t1", one, "G26")
    log.hold(0.14, "t2", "F1", "G26", 2)
    log.truck(0.16, "t2", facts.HoldEnded(frees=freed("G26", 2, 0.20)))
    log.book(3, "t3", three, "G26", 2).book(3.01, "t4", four, "G26", 3).book(3.02, "t5", five, "G26", 4)
    log.wait(3.30, "t6", six, "G26")
    log.cancel(4, "t4", ("G26", 3, 4.10)).offer(4, "t6", "G26", 3)
    log.move(5, "t5", ("G26", 4), ("G27", 1), facts.AppointmentRescheduled)
    log.book(6, "t9", visit(""), "G29", 1)
    log.close(20, 26, 28)
    log.move(20, "t1", ("G26", 1), ("G28", 1)).move(20, "t3", ("G26", 2), ("G28", 2))
    log.move(20, "t6", ("G26", 3), ("G28", 3)).move(20, "t5", ("G27", 1), ("G28", 4))
    for name in ("G26", "G27", "P26", "P27"):
        log.resize(20, name, 0)
    log.lend(20.10, "P28", "G28")
    log.change(21, "t5", replace(five, tractor="T55"))
    log.say(27.30, "border/OWN", facts.BorderReopened(at=at(27.30))).resize(27.30, "G27", 2)
    log.queue(27.30, "t7", walk).present(27.30, "t7", walk, "G28").present(27.40, "t1", one, "G28")
    log.cancel(27.45, "t5", ("G28", 4, 27.50), is_late=True)
    log.call(27.50, "t1", one, "G28", 10).call(28.05, "t7", walk, "G28", 35, 5)
    log.check_in(28.10, "t1", "G28", is_first=False).truck(28.15, "t1", facts.InspectionBegun())
    log.call(28.16, "t3", three, "G28").check_in(28.17, "t3", "G28")
    log.truck(28.20, "t1", facts.TruckHeld(why="papers")).clear(28.40, "t1", 60)
    log.check_in(28.41, "t7", "G28", is_first=False)
    log.truck(28.50, "t7", facts.TruckTurnedBack(why="no permit", stayed_minutes=80))
    log.truck(28.55, "t5", facts.CheckInFlagged(checked_in_at=at(28.30), why="cancelled after printing"))
    log.check_in(28.55, "t5", "G28")
    log.clear(29.02, "t3", 45)
    log.miss(30, "t6", ("G28", 3, 30))
    return log
