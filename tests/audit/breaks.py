"""The smallest change of an answer, its week or its world that breaks exactly one rule of choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from landport.model.bookings import RestrictionOrder
from landport.model.edits import NetworkEdit, WhatIf
from landport.model.itinerary import Itinerary, Refusal, Stretch
from landport.model.places import OpeningHours, Places
from landport.model.plans import Charge
from landport.model.rules import TrainRule
from landport.model.services import Holiday, Service, ServiceLeg
from landport.units import instant_of
from tests.audit.answers import Case, answer, choice, found, gauge_changes, odds, trip, truck, week

TRIPS = (
    trip("SHZ", "AST"),  # feeders to the hub and trucks at the end
    trip("URC", "ALM"),  # many ways
    trip("URC", "TBS"),  # over the Caspian
    trip("BUD", "MIL"),  # a hub train boarded on its way
)

NEW_LINE = "R-KHG-TOR-1435"


@cache
def ways() -> dict[str, tuple[Itinerary, ...]]:
    """Let `route` answer every question."""
    return found(TRIPS, week())


def clean(n: int = 0) -> Case:
    """An answer with all its choices that breaks no rule."""
    return answer(TRIPS[n], ways()[TRIPS[n].trip_id], week()), week().scenario, week().world


def one(n: int, fits: Callable[[Itinerary], bool] = lambda _: True) -> Case:
    """An answer with one choice only, the first that fits."""
    way = next(w for w in ways()[TRIPS[n].trip_id] if fits(w))
    return answer(TRIPS[n], [way], week()), week().scenario, week().world


def by_truck(train: str = "P-") -> Case:
    """By truck to the hub, then by a train over a break of gauge: of others, or of the hub (U-)."""
    asked, laid = trip("SHZ", "ALM"), week()
    straight = (way.stretches[0] for way in ways()["URC-ALM"] if len(way.stretches) == 1)
    ride = next(stretch for stretch in straight if stretch.departure_id.startswith(train))
    way = Itinerary(stretches=(truck("SHZ", "URC", 0, laid), ride), transfer_ids=("URC-road-rail1435",))
    return answer(asked, [way], laid), laid.scenario, laid.world


def answered() -> Case:
    """A question that is refused."""
    return _told(by_truck(), choices=(), n_found=0, refusal=_wait())


def with_odds(**changes: Any) -> Case:
    """The same with odds, changed as said."""
    told, scenario, world = by_truck()
    only = told.choices[0]
    return replace(told, is_due=True, choices=(replace(only, odds=odds(only, **changes)),)), scenario, world


def edited(case: Case, *edits: NetworkEdit, services: Iterable[Service] = ()) -> Case:
    """Say that an answer was given under edits; it still is the old answer."""
    return replace(case[0], what_if=WhatIf(name="x", edits=edits, services=tuple(services))), *case[1:]


def assumed(**changes: Any) -> Service:
    """A daily train over a line that an edit opens, changed as said: of the service or of its leg."""
    line = next(row for row in week().world.network.lines if row.line_id == NEW_LINE)
    like = next(s for s in week().world.network.services.values() if s.operation == "bought" and s.mode == "rail")
    leg = {
        "seq": 1,
        "from_id": line.from_id,
        "to_id": line.to_id,
        "gauge_mm": 1435,
        "line_ids": (NEW_LINE,),
        "length_km": line.length_km,
        "running_minutes": line.running_minutes,
        "dwell_minutes": 0,
        "usd_cents_per_teu": round(line.length_km * 0.55 * 100 / 2),
    }
    plain = replace(like.legs[0], **leg | {key: changes.pop(key) for key in [*changes] if key in leg})
    return replace(like, **{"service_id": "NEW-KHG-TOR", "legs": (plain,), "fixed_usd_cents": 0, **changes})


def opened(**changes: Any) -> Case:
    """An answer under an opened line, with a train assumed on it."""
    return edited(by_truck(), NetworkEdit(action="open", subject_id=NEW_LINE), services=(assumed(**changes),))


def _told(case: Case, **changes: Any) -> Case:
    return replace(case[0], **changes), *case[1:]


def _asked(case: Case, **changes: Any) -> Case:
    return _told(case, trip=replace(case[0].trip, **changes))


def _chosen(case: Case, **changes: Any) -> Case:
    """Change the first choice."""
    return _told(case, choices=(replace(case[0].choices[0], **changes), *case[0].choices[1:]))


def _ridden(case: Case, n: int, **changes: Any) -> Case:
    """Change a stretch of the first choice."""
    way = case[0].choices[0].itinerary
    stretches = tuple(replace(s, **changes) if i == n else s for i, s in enumerate(way.stretches))
    return _chosen(case, itinerary=replace(way, stretches=stretches))


def _planned(case: Case, **changes: Any) -> Case:
    return case[0], replace(case[1], **changes), case[2]


def _in_network(case: Case, **changes: Any) -> Case:
    return *case[:2], replace(case[2], network=replace(case[2].network, **changes))


def _departure(case: Case) -> str:
    return next(s.departure_id for s in case[0].choices[0].itinerary.stretches if s.departure_id)


def _service(case: Case) -> Service:
    """The first service that is ridden."""
    return week().pricing.service(_departure(case))


def _leg(case: Case) -> ServiceLeg:
    """The first leg that is ridden."""
    first = next(s for s in case[0].choices[0].itinerary.stretches if s.departure_id)
    return _service(case).legs[first.first_leg - 1]


def _gap() -> Case:
    """The middle of a way is missing, and all that it costs."""
    case = one(2, lambda way: len(way.stretches) == 3)
    told = case[0].choices[0]
    first, _, last = told.itinerary.stretches
    way = Itinerary(stretches=(first, last), transfer_ids=told.itinerary.transfer_ids[:1])
    kept = tuple(c for c in told.charges if c.kind != "handling")
    kept = (kept[0], kept[2])
    sums = {"usd_cents": sum(c.usd_cents for c in kept), "gco2e": sum(c.gco2e for c in kept)}
    return _chosen(case, itinerary=way, charges=kept, gauge_changes=gauge_changes(way, week()), **sums)


def _circle() -> Case:
    """By truck there, back and there again."""
    asked, laid = trip("SHZ", "URC"), week()
    stretches: list[Stretch] = []
    for ends in (("SHZ", "URC"), ("URC", "SHZ"), ("SHZ", "URC")):
        stretches.append(truck(*ends, stretches[-1].arrives_at + 1440 if stretches else 0, laid))
    way = Itinerary(stretches=tuple(stretches), transfer_ids=("URC-road-road", "SHZ-road-road"))
    return answer(asked, [way], laid), laid.scenario, laid.world


def _train_of_the_past() -> Case:
    """Now is after the hub train left its first stop, and before it is boarded."""
    case = one(3, lambda way: way.stretches[0].departure_id.startswith("U-MIL-E"))
    leaves = case[0].choices[0].itinerary.departs_at
    return _planned(_asked(case, ready_at=0), now_at=leaves)


def _at_a_border() -> Case:
    """Where boxes change trains would be a border that no train starts or ends at."""
    case = one(1, lambda way: way.stretches[0].to_id == "LZH")
    places = case[2].network.places
    at = Places([replace(p, kind="border") if p.place_id == "LZH" else p for p in places.values()])
    services = case[2].network.services.values()
    kept = {s.service_id: s for s in services if "LZH" not in (s.legs[0].from_id, s.legs[-1].to_id)}
    return _in_network(case, places=at, services=kept)


def _late_box() -> Case:
    """The cut-off of the train is a day longer than the boxes are there before it."""
    case = by_truck()
    first, second = case[0].choices[0].itinerary.stretches
    minutes = second.departs_at - first.arrives_at + 1
    return _planned(case, services=(replace(_service(case), cut_off_minutes=minutes),))


def _slow_transfer() -> Case:
    """The work between truck and train takes a minute longer than there is."""
    case = by_truck()
    way = case[0].choices[0].itinerary
    minutes = way.stretches[1].departs_at - way.stretches[0].arrives_at + 1
    rows = case[2].network.transfers
    longer = tuple(replace(t, minutes=minutes) if t.transfer_id == way.transfer_ids[0] else t for t in rows)
    return _in_network(case, transfers=longer)


def _closed_yard() -> Case:
    """The yard of the change opens a minute too late for its work."""
    case = by_truck()
    way = case[0].choices[0].itinerary
    work = next(t for t in case[2].network.transfers if t.transfer_id == way.transfer_ids[0])
    latest = way.stretches[1].departs_at - work.minutes + 1
    opens = instant_of(latest, case[1].start_at).astimezone(ZoneInfo(case[2].network.places[work.place_id].timezone))
    minute = 60 * opens.hour + opens.minute
    hours = OpeningHours(
        hours_id="H",
        place_id=work.place_id,
        weekdays=(opens.isoweekday(),),
        opens_minute=minute,
        closes_minute=(minute + 60) % 1440 or 1440,
    )
    return _planned(case, hours=(hours,))


def _unopened() -> Case:
    """A line of the train is under construction."""
    case = by_truck()
    line_id = _leg(case).line_ids[-1]
    lines = case[2].network.lines
    return _in_network(
        case, lines=tuple(replace(row, status="planned") if row.line_id == line_id else row for row in lines)
    )


def _limited(**changes: Any) -> Case:
    """A dated rule bars the boxes from the legs of a train."""
    case = by_truck()
    plain = TrainRule(
        rule_id="X",
        train_class=_leg(case).train_class,
        valid_from=None,
        valid_to=None,
        rule="max_box_gross_kg",
        operator="<",
        milli=21_900_000,
        unit="kg",
        applies_to="40ft",
    )
    rules = replace(case[2].rules, train_rules=(*case[2].rules.train_rules, replace(plain, **changes)))
    return *case[:2], replace(case[2], rules=rules)


def _open_top() -> Case:
    """Open tops ride where they are forbidden."""
    case = _asked(by_truck(), container_type="40OT")
    return *case[:2], _limited(rule="forbid_open_top", milli=1000)[2]


def order(case: Case, **changes: Any) -> RestrictionOrder:
    """An order against all that leaves the first station of the first train."""
    plain = RestrictionOrder(
        order_id="O9",
        number="99",
        issuer="KTZ",
        place_id=_leg(case).from_id,
        towards_id="",
        from_at=0,
        until_at=10**6,
        hs_prefixes=(),
        un_classes=(),
        container_types=(),
        max_trains_per_day=None,
        text="nothing goes",
    )
    return replace(plain, **changes)


def ordered(case: Case, **changes: Any) -> Case:
    """Let an order be in force, changed as said."""
    return _planned(case, orders=(order(case, **changes),))


def tolled(**changes: Any) -> Case:
    """Four TEU pass under a quota at 15 USD each; their charge is changed as said."""
    case = ordered(by_truck(), max_teu_per_day=4, usd_cents_per_teu=1_500)
    told = case[0].choices[0]
    paid = Charge(subject_id=case[0].trip.trip_id, kind="quota", quantity=4, rate_id="O9", usd_cents=6_000, gco2e=0)
    lines = (*told.charges, replace(paid, **changes))
    return _chosen(case, charges=lines, usd_cents=sum(c.usd_cents for c in lines))


def _worse() -> Case:
    """A way is listed that arrives later than the first and costs the same or more."""
    case = clean(1)
    best = case[0].choices[0]
    made = [choice(w, case[0].trip, week(), 2) for w in ways()[case[0].trip.trip_id]]
    pair = next(
        other
        for other in made
        if other.itinerary.arrives_at > best.itinerary.arrives_at
        and other.usd_cents >= best.usd_cents
        and other.gco2e >= best.gco2e
        and other.gauge_changes >= best.gauge_changes
    )
    return _told(case, choices=(best, pair))


def _again() -> Case:
    """A choice is listed twice."""
    case = by_truck()
    return _told(case, choices=(case[0].choices[0], replace(case[0].choices[0], number=2)), n_found=2)


def _charged(**changes: Any) -> Case:
    """A charge and the sums say something else."""
    case = by_truck()
    told = case[0].choices[0]
    lines = (*told.charges[:-1], replace(told.charges[-1], **changes))
    sums = {"usd_cents": sum(c.usd_cents for c in lines), "gco2e": sum(c.gco2e for c in lines)}
    return _chosen(case, charges=lines, **sums)


def _twice_charged() -> Case:
    case = by_truck()
    told = case[0].choices[0]
    extra = told.charges[-1]
    sums = {"usd_cents": told.usd_cents + extra.usd_cents, "gco2e": told.gco2e + extra.gco2e}
    return _chosen(case, charges=(*told.charges, extra), **sums)


def _narrow() -> Case:
    """An edit leaves no room, and no other price: bought trains have no share of a fixed cost."""
    case = by_truck()
    return edited(case, NetworkEdit(action="capacity", subject_id=_leg(case).line_ids[0], value=3))


def _slow(**changes: Any) -> Case:
    case = by_truck()
    return edited(
        case, NetworkEdit(**{"action": "slow", "subject_id": _leg(case).line_ids[0], "value": 2000} | changes)
    )


def _closed(subject_id: str) -> Case:
    return edited(by_truck(), NetworkEdit(action="close", subject_id=subject_id))


def _noted(**changes: Any) -> Case:
    case = by_truck()
    departure_id = _departure(case)
    kept = tuple(n for n in case[1].departures if n.departure_id != departure_id)
    old = next(n for n in case[1].departures if n.departure_id == departure_id)
    return _planned(case, departures=(*kept, replace(old, **changes)))


def _scarce() -> Case:
    """One of the legs ridden has less room than the others."""
    case = by_truck()
    ridden = _leg(case)
    return _noted(free_teu=tuple(3 if leg.seq == ridden.seq else 90 for leg in _service(case).legs))


def _holiday() -> Case:
    """The service keeps a holiday of the week on the day on which it is ridden."""
    case = one(0, lambda way: all("+" not in s.departure_id for s in way.stretches))
    day = date.fromisoformat(_departure(case).rpartition("@")[2])
    closed = Holiday(holiday_id="H1", country="MN", day_on=day, name="closed")
    return _planned(case, services=(replace(_service(case), no_run_on=("MN",)),), holidays=(closed,))


def _wait() -> Refusal:
    return Refusal(state="waiting", code="no-connection", why="nothing leads there")


def _edit(action: str, subject_id: str, value: int = 0) -> Case:
    return edited(by_truck(), NetworkEdit(action=action, subject_id=subject_id, value=value))


def _sorted_wrongly() -> Case:
    case = clean(1)
    turned = case[0].choices[::-1]
    return _told(case, choices=tuple(replace(c, number=n) for n, c in enumerate(turned, 1)))


def _unknown_road() -> Case:
    """A truck on demand crosses a border."""
    asked, laid = trip("YIN", "ALM"), week()
    way = Itinerary(stretches=(replace(truck("YIN", "URC", 0, laid), to_id="ALM"),), transfer_ids=())
    only = replace(by_truck()[0].choices[0], itinerary=way, charges=(), usd_cents=0, gco2e=0, gauge_changes=0)
    told = replace(answer(asked, [], laid), choices=(only,), n_found=1)
    return told, laid.scenario, laid.world


def _road_closed() -> Case:
    """The only road of the truck is closed."""
    lines = [r for r in week().world.network.lines if r.mode == "road" and "SHZ" in (r.from_id, r.to_id)]
    return edited(by_truck(), *(NetworkEdit(action="close", subject_id=r.line_id) for r in lines))


BREAKS: tuple[tuple[str, str, Callable[[], Case]], ...] = (
    ("CHOICE_TRIP", "unknown box", lambda: _asked(by_truck(), container_type="40XX")),
    ("CHOICE_TRIP", "no box", lambda: _told(answered(), trip=replace(answered()[0].trip, n_boxes=0))),
    ("CHOICE_TRIP", "unknown place", lambda: _told(answered(), trip=replace(answered()[0].trip, at_id="XXX"))),
    ("CHOICE_NONE", "refused as well", lambda: _told(by_truck(), refusal=_wait())),
    ("CHOICE_NONE", "nothing", lambda: _told(answered(), refusal=None)),
    ("CHOICE_NONE", "advice", lambda: _told(by_truck(), advice=("Ask a day later.",))),
    ("CHOICE_NONE", "no reason", lambda: _told(answered(), refusal=replace(_wait(), why=" "))),
    ("CHOICE_NONE", "no state", lambda: _told(answered(), refusal=replace(_wait(), state="lost"))),
    ("CHOICE_NUMBER", "from 2", lambda: _chosen(by_truck(), number=2)),
    ("CHOICE_NUMBER", "found fewer", lambda: _told(by_truck(), n_found=0)),
    ("CHOICE_SORTED", "turned", _sorted_wrongly),
    ("CHOICE_SORTED", "by time", lambda: _told(clean(1), order_by="time")),
    ("CHOICE_SORTED", "by luck", lambda: _told(by_truck(), order_by="luck")),
    ("CHOICE_FRONT", "worse", _worse),
    ("CHOICE_FRONT", "again", _again),
    ("CHOICE_DUE", "share", lambda: with_odds(stranded=-0.1)),
    ("CHOICE_DUE", "nan", lambda: with_odds(stranded=float("nan"))),
    ("CHOICE_DUE", "samples", lambda: with_odds(n_samples=0)),
    ("CHOICE_DUE", "error", lambda: with_odds(by_due_error=0.03)),
    ("CHOICE_DUE", "no error", lambda: with_odds(by_due_error=None)),
    ("CHOICE_DUE", "not asked", lambda: _told(with_odds(), is_due=False)),
    ("CHOICE_DUE", "p90 first", lambda: with_odds(p90_at=1)),
    ("CHOICE_DUE", "p90 never", lambda: with_odds(p90_at=None)),
    ("CHOICE_DUE", "p50 too late", lambda: with_odds(p50_at=30 * 1440, p90_at=30 * 1440)),
    ("CHOICE_DUE", "stranded", lambda: with_odds(stranded=0.2)),
    ("CHOICE_DUE", "risks", lambda: with_odds(risks=())),
    ("CHOICE_EDIT", "unknown line", lambda: _edit("open", "R-XXX")),
    ("CHOICE_EDIT", "unknown action", lambda: _edit("bless", NEW_LINE)),
    ("CHOICE_EDIT", "opened place", lambda: _edit("open", "URC")),
    ("CHOICE_EDIT", "unknown gauge", lambda: _edit("gauge", NEW_LINE, 1000)),
    ("CHOICE_EDIT", "timeless", lambda: _edit("slow", NEW_LINE)),
    ("CHOICE_EDIT", "no room", lambda: _edit("capacity", "KHG", 0)),
    ("CHOICE_NEW", "km", lambda: opened(length_km=1)),
    ("CHOICE_NEW", "minutes", lambda: opened(running_minutes=1)),
    ("CHOICE_NEW", "price", lambda: opened(usd_cents_per_teu=1)),
    ("CHOICE_NEW", "gauge", lambda: opened(gauge_mm=1520, usd_cents_per_teu=6497)),
    ("CHOICE_NEW", "ends", lambda: opened(to_id="URC")),
    ("CHOICE_NEW", "closed line", lambda: edited(by_truck(), services=[assumed()])),
    ("CHOICE_NEW", "known id", lambda: opened(service_id=_service(by_truck()).service_id)),
    ("CHOICE_NEW", "of the hub", lambda: opened(operation="hub")),
    ("CHOICE_CHAIN", "a gap", _gap),
    ("CHOICE_CHAIN", "nothing ridden", lambda: _nothing_ridden()),
    ("CHOICE_START", "not ready", lambda: _asked(by_truck(), ready_at=1)),
    ("CHOICE_START", "past", lambda: _planned(by_truck(), now_at=1)),
    ("CHOICE_START", "elsewhere", lambda: _asked(by_truck(), at_id="KHG")),
    ("CHOICE_PAST", "", _train_of_the_past),
    ("CHOICE_END", "", lambda: _asked(by_truck(), destination_id="KHG")),
    ("CHOICE_CIRCLE", "", _circle),
    ("CHOICE_RUN", "minute", lambda: _ridden(by_truck(), 1, arrives_at=8793)),
    ("CHOICE_RUN", "no run", lambda: _ridden(by_truck(), 1, departure_id="P-CDULDZ-W@2025-02-29")),
    ("CHOICE_RUN", "no leg", lambda: _ridden(by_truck(), 1, last_leg=99)),
    ("CHOICE_RUN", "truck's legs", lambda: _ridden(by_truck(), 0, last_leg=1)),
    ("CHOICE_RUN", "horizon", lambda: _planned(by_truck(), horizon_days=0)),
    ("CHOICE_RUN", "cancelled", lambda: _noted(status="cancelled")),
    ("CHOICE_RUN", "holiday", _holiday),
    ("CHOICE_RUN", "slow line", lambda: _slow()),
    ("CHOICE_CUT_OFF", "", _late_box),
    ("CHOICE_TRANSFER", "time", _slow_transfer),
    ("CHOICE_TRANSFER", "closed", _closed_yard),
    (
        "CHOICE_TRANSFER",
        "slow place",
        lambda: edited(by_truck("U-"), NetworkEdit(action="slow", subject_id="URC", value=10_000)),
    ),
    ("CHOICE_TRANSFER", "other row", lambda: _renamed(("URC-rail1435-rail1435",))),
    ("CHOICE_TRANSFER", "too few", lambda: _renamed(())),
    ("CHOICE_TRANSFER", "no row", lambda: _in_network(by_truck(), transfers=())),
    ("CHOICE_YARD", "", _at_a_border),
    ("CHOICE_TRUCK", "minute", lambda: _ridden(by_truck(), 0, arrives_at=163)),
    ("CHOICE_TRUCK", "border", _unknown_road),
    ("CHOICE_TRUCK", "slow road", lambda: _edit("slow", _road_of_truck(), 2000)),
    ("CHOICE_GAUGE", "", lambda: _chosen(by_truck(), gauge_changes=0)),
    ("CHOICE_OPEN", "", _unopened),
    ("CHOICE_CLOSED", "line", lambda: _closed(_leg(by_truck()).line_ids[0])),
    ("CHOICE_CLOSED", "place", lambda: _closed("URC")),
    ("CHOICE_CLOSED", "road", _road_closed),
    ("CHOICE_ROOM", "noted", lambda: _noted(free_teu=3)),
    ("CHOICE_ROOM", "noted on a leg", _scarce),
    ("CHOICE_ROOM", "edited line", _narrow),
    ("CHOICE_ROOM", "edited place", lambda: _edit("capacity", "URC", 3)),
    ("CHOICE_LIMIT", "mass", _limited),
    ("CHOICE_LIMIT", "open top", _open_top),
    ("CHOICE_ORDER", "all", lambda: ordered(by_truck())),
    ("CHOICE_ORDER", "cargo", lambda: ordered(by_truck(), hs_prefixes=("84",), container_types=("40HC",))),
    ("CHOICE_ORDER", "class", lambda: ordered(_asked(by_truck(), un_classes=("1.4S",)), un_classes=("1.4",))),
    ("CHOICE_ORDER", "no hub train", lambda: _stopped()),
    ("CHOICE_ORDER", "quota", lambda: ordered(by_truck(), max_teu_per_day=3)),
    ("CHOICE_CHARGE", "km", lambda: _charged(quantity=1)),
    ("CHOICE_CHARGE", "grams", lambda: _charged(gco2e=1)),
    ("CHOICE_CHARGE", "one box", lambda: _charged(rate_id="X")),
    ("CHOICE_CHARGE", "twice", _twice_charged),
    ("CHOICE_CHARGE", "fewer boxes", lambda: _asked(by_truck(), n_boxes=1)),
    ("CHOICE_CHARGE", "no quota", lambda: ordered(by_truck(), max_teu_per_day=4, usd_cents_per_teu=1_500)),
    ("CHOICE_CHARGE", "wrong quota", lambda: tolled(usd_cents=1_500)),
    ("CHOICE_CHARGE", "quota of another order", lambda: tolled(rate_id="O8")),
    ("CHOICE_CHARGE", "quota of other cargo", lambda: _spared(hs_prefixes=("0807",))),
    ("CHOICE_CHARGE", "quota not in force", lambda: _spared(until_at=1)),
    ("CHOICE_SUM", "cents", lambda: _chosen(by_truck(), usd_cents=1)),
    ("CHOICE_SUM", "grams", lambda: _chosen(by_truck(), gco2e=1)),
)
"""Code, what is wrong, and the case."""


def _nothing_ridden() -> Case:
    only = by_truck()[0].choices[0]
    empty = replace(only, itinerary=Itinerary(stretches=(), transfer_ids=()), charges=(), gauge_changes=0)
    return _told(by_truck(), choices=(replace(empty, usd_cents=0, gco2e=0),))


def _spared(**changes: Any) -> Case:
    """A quota is charged that these boxes do not pass under."""
    case = tolled()
    return _planned(case, orders=(replace(case[1].orders[0], **changes),))


def _renamed(transfer_ids: tuple[str, ...]) -> Case:
    case = by_truck()
    return _chosen(case, itinerary=replace(case[0].choices[0].itinerary, transfer_ids=transfer_ids))


def _road_of_truck() -> str:
    ends = {"SHZ", "URC"}
    return next(r.line_id for r in week().network.lines if r.mode == "road" and {r.from_id, r.to_id} == ends)


def _stopped() -> Case:
    case = one(3, lambda way: way.stretches[0].departure_id.startswith("U-MIL-E"))
    return ordered(case, place_id="URC", max_trains_per_day=0, from_at=-(10**6))
