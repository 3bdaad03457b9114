"""What is written is read back equal, as a folder and as a workbook, whatever the texts say."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landport import exchange
from landport.exchange.example import example
from landport.exchange.live import disarm, rearm
from landport.exchange.reading import dictionary
from landport.model.bookings import SHIFTED, Booking, CargoItem, NightSupply, RestrictionOrder
from landport.model.places import OpeningHours
from landport.model.scenario import Scenario, World
from landport.model.services import DepartureNote, Holiday, Service
from landport.reference import load

WORLD = load.world()
START = datetime(2022, 7, 18, tzinfo=UTC)
MINUTES = st.integers(-10_000, 100_000)
PLACES = st.sampled_from(sorted(WORLD.network.places))
GOODS = st.sampled_from(["", *sorted(load.goods())])
TYPES = sorted(WORLD.container_types)
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"])
TEXTS = st.one_of(
    st.sampled_from(
        ["=1+1", "'=1+1", "''=1", "@SUM(A1)", "-5", "+7", "'tis", "a,b;c\td", '"', '=HYPERLINK("x")', "TRUE"]
    ),
    st.sampled_from(
        [
            "two\nlines",
            "two\r\nlines",
            "two\rlines",
            "1e5",
            "0012",
            "_x0041_",
            "Ürümqi 乌鲁木齐 Урумчи",
            "http://a.b",
            "#",
            "2022-07-18",
        ]
    ),
    st.text(LETTERS, max_size=20),
)
IDS = st.text(LETTERS, min_size=1, max_size=8)


@st.composite
def bookings(draw: st.DrawFn, booking_id: str, kind: str) -> Booking:
    ready = draw(MINUTES)
    at, to = draw(st.lists(PLACES, min_size=2, max_size=2, unique=True))
    cold = sorted(draw(st.lists(st.integers(-40, 60), min_size=2, max_size=2)))
    is_cold, is_dangerous, is_fcl = draw(st.booleans()), draw(st.booleans()), kind == "FCL"
    weighed = st.none() | st.integers(1, 60_000)
    hs = draw(st.sampled_from(["0808", "3924", "8517"]))
    return Booking(
        booking_id=booking_id,
        shipper=draw(TEXTS),
        consignee=draw(TEXTS),
        kind=kind,
        origin_id=draw(PLACES),
        at_id=at,
        destination_id=to,
        ready_at=ready,
        due_at=ready + draw(st.integers(1, 100_000)),
        container_type=draw(st.sampled_from(TYPES)) if is_fcl else "",
        n_containers=draw(st.integers(1, 5000)) if is_fcl else 0,
        goods_id=draw(GOODS),
        hs=hs,
        gng_code=draw(st.sampled_from(["", f"{hs}1000", f"{hs}1300", "99211000"])),
        declared_kg=draw(st.integers(0, 60_000)) if is_fcl else 0,
        weighed_kg=draw(weighed) if is_fcl else None,
        value_usd_cents=draw(st.integers(0, 10**13)),
        priority=draw(st.integers(0, 3)),
        may_split=draw(st.booleans()),
        temperature_min_c=cold[0] if is_cold else None,
        temperature_max_c=cold[1] if is_cold else None,
        un_class="6.1" if is_dangerous else "",
        un_number="UN1263" if is_dangerous else "",
        is_released=draw(st.booleans()),
    )


@st.composite
def items(draw: st.DrawFn, item_id: str, booking_id: str) -> CargoItem:
    sizes, grams = st.integers(1, 20_000), st.integers(1, 60_000_000)
    return CargoItem(
        item_id=item_id,
        booking_id=booking_id,
        goods_id=draw(GOODS),
        length_mm=draw(sizes),
        width_mm=draw(sizes),
        height_mm=draw(sizes),
        mass_g=draw(grams),
        weighed_g=draw(st.none() | grams),
        count=draw(st.integers(1, 1_000_000)),
        vertical=draw(st.sampled_from(["h", "l", "w", "lw", "lh", "wh", "lwh"])),
        max_layers=draw(st.integers(1, 100)),
        max_on_top_g=draw(st.integers(0, 60_000_000)),
        unload_order=draw(st.integers(0, 1_000_000)),
        is_rigid=draw(st.booleans()),
    )


@st.composite
def orders(draw: st.DrawFn, order_id: str) -> RestrictionOrder:
    from_at = draw(MINUTES)
    trains, teu = draw(st.none() | st.integers(0, 1000)), draw(st.none() | st.integers(0, 1_000_000))
    is_quota = trains is None and teu is not None
    return RestrictionOrder(
        order_id=order_id,
        number=draw(IDS),
        issuer=draw(IDS),
        place_id=draw(PLACES),
        towards_id=draw(st.just("") | PLACES),
        from_at=from_at,
        until_at=from_at + draw(st.integers(1, 10_000)),
        hs_prefixes=tuple(draw(st.lists(st.sampled_from(["07", "0808", "86"]), max_size=2))),
        un_classes=tuple(draw(st.lists(st.sampled_from(["1.4S", "3", "6.1"]), max_size=2))),
        container_types=tuple(draw(st.lists(st.sampled_from(TYPES), max_size=2))),
        max_trains_per_day=trains,
        text=draw(TEXTS),
        max_teu_per_day=teu if is_quota else None,
        usd_cents_per_teu=draw(st.integers(0, 10_000_000)) if is_quota else 0,
    )


@st.composite
def supplies(draw: st.DrawFn, supply_id: str, day: date) -> NightSupply:
    """Draw a row; only lifts and gauge changes may be those of a shift."""
    resource = draw(st.sampled_from(["track", "NX70A", "lift", "gauge-change"]))
    shift = draw(st.sampled_from(["", "night", "day"])) if resource in SHIFTED else ""
    count = draw(st.integers(0, 100_000))
    return NightSupply(
        supply_id=supply_id, place_id="URC", day_on=str(day), resource=resource, count=count, shift=shift
    )


@st.composite
def departures(draw: st.DrawFn, n: int) -> DepartureNote:
    service_id = draw(st.sampled_from(sorted(WORLD.network.services)))
    n_legs, rooms = len(WORLD.network.services[service_id].legs), st.integers(0, 1000)
    free = draw(st.none() | rooms | st.tuples(*[rooms] * n_legs)) if n_legs > 1 else draw(st.none() | rooms)
    day = date(2022, 7, 18) + timedelta(days=draw(st.integers(0, 40)))
    plugs = draw(st.none() | st.integers(0, 1000))
    if draw(st.booleans()):
        status = draw(st.sampled_from(["run", "cancelled"]))
        day += timedelta(days=50 * n)
        return DepartureNote(
            departure_id=f"{service_id}@{day}", service_id=service_id, status=status, free_teu=free, plugs=plugs
        )
    noon = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)  # the same day everywhere on the network
    return DepartureNote(
        departure_id=f"{service_id}@{day}+{n + 1}",
        service_id=service_id,
        status="extra",
        departs_at=int((noon - START).total_seconds()) // 60,
        free_teu=free,
        plugs=plugs,
    )


@st.composite
def calendars(draw: st.DrawFn, service: Service) -> Service:
    """Give a service holidays and dates, or none."""
    day = st.none() | st.dates(date(1990, 1, 1), date(2199, 12, 31))
    first, last = draw(day), draw(day)
    if first and last:
        first, last = min(first, last), max(first, last)
    countries = draw(st.lists(st.sampled_from(["CN", "KZ", "RU"]), max_size=3, unique=True))
    return replace(service, no_run_on=tuple(countries), valid_from=first, valid_to=last)


@st.composite
def holidays(draw: st.DrawFn) -> tuple[Holiday, ...]:
    keys = st.tuples(st.sampled_from(["CN", "KZ", "RU"]), st.dates(date(2013, 1, 1), date(2032, 1, 1)))
    drawn = draw(st.lists(keys, max_size=4, unique=True))
    return tuple(Holiday(holiday_id=f"H{n}", country=c, day_on=d, name=draw(IDS)) for n, (c, d) in enumerate(drawn))


@st.composite
def hours(draw: st.DrawFn, hours_id: str) -> OpeningHours:
    opens, closes = draw(st.integers(0, 1439)), draw(st.integers(1, 1440))
    days = draw(st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True))
    return OpeningHours(
        hours_id=hours_id,
        place_id=draw(PLACES),
        weekdays=tuple(sorted(days)),
        opens_minute=opens,
        closes_minute=closes if closes != opens else 1440,
    )


def trains_of(hub_id: str) -> tuple[Service, ...]:
    """Give a hub an assembly train of its own, without which it is none."""
    one = next(s for s in WORLD.network.services.values() if s.group == "assembly")
    if one.legs[0].from_id == hub_id:
        return ()
    first, *others = one.legs
    return (replace(one, service_id="HOME", legs=(replace(first, from_id=hub_id), *others)),)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    ids = draw(st.lists(IDS, max_size=6, unique=True))
    booked = [draw(bookings(i, draw(st.sampled_from(["FCL", "LCL"])))) for i in ids]
    groupage = [b.booking_id for b in booked if b.kind == "LCL"]
    owners = groupage + (draw(st.lists(st.sampled_from(groupage), max_size=4)) if groupage else [])
    days = draw(st.lists(st.dates(date(2022, 7, 1), date(2022, 8, 1)), max_size=3, unique=True))
    plan_days = draw(st.integers(1, 14))
    hub_id = draw(st.just("URC") | PLACES)
    own = draw(st.sampled_from([(), example(WORLD).services, tuple(WORLD.network.services.values())[:5]]))
    own = tuple(draw(calendars(service)) for service in own)
    return Scenario(
        name=draw(IDS),
        start_at=START,
        now_at=draw(st.integers(-7 * 1440, plan_days * 1440 - 1)),
        hub_id=hub_id,
        plan_days=plan_days,
        horizon_days=draw(st.integers(plan_days, 366)),
        bookings=tuple(booked),
        items=tuple(draw(items(f"I{n}", owner)) for n, owner in enumerate(owners)),
        orders=tuple(draw(orders(f"O{n}")) for n in range(draw(st.integers(0, 2)))),
        supply=tuple(draw(supplies(f"S{n}", day)) for n, day in enumerate(days)),
        departures=tuple(draw(departures(n)) for n in range(draw(st.integers(0, 3)))),
        services=(*(s for s in own if s.group != "assembly" or s.legs[0].from_id == hub_id), *trains_of(hub_id)),
        holidays=draw(holidays()),
        hours=tuple(draw(hours(f"H{n}")) for n in range(draw(st.integers(0, 3)))),
        note=draw(TEXTS),
        is_balanced=draw(st.booleans()),
    )


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenario=scenarios())
def test_a_scenario_survives_the_round_trip(name: str, scenario: Scenario) -> None:
    """read(write(s)) == s, digest included, for folders and workbooks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        exchange.write_scenario(scenario, path, WORLD)
        found, _ = exchange.read_scenario(path, WORLD)
        assert found == replace(scenario, digest=exchange.digest(scenario))
        assert sorted(p.name for p in Path(folder).iterdir()) == [name]


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
def test_the_same_scenario_gives_the_same_bytes(tmp_path: Path, world: World, name: str) -> None:
    """Writing is deterministic, byte for byte."""
    for turn in ("a", "b"):
        exchange.write_scenario(example(world), tmp_path / turn / name, world)
    files = [p for p in (tmp_path / "a").rglob("*") if p.is_file()]
    assert files
    for file in files:
        assert file.read_bytes() == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()


@given(TEXTS)
def test_disarming_is_undone(text: str) -> None:
    """No text is live after disarming, and rearming gives it back."""
    assert rearm(disarm(text)) == text
    assert disarm(text)[:1] not in ("=", "+", "-", "@", "\t", "\r") or not text


def test_no_formula_reaches_a_file(tmp_path: Path, world: World) -> None:
    """Text that a spreadsheet would run is written disarmed in CSV, and as plain text in Excel."""
    evil = '=HYPERLINK("http://evil","x")'
    first = example(world).bookings[0]
    scenario = replace(example(world), bookings=(replace(first, shipper=evil),), items=())
    exchange.write_scenario(scenario, tmp_path / "week", world)
    exchange.write_scenario(scenario, tmp_path / "week.xlsx", world)
    with (tmp_path / "week" / "bookings.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["shipper"] == "'" + evil
    with zipfile.ZipFile(tmp_path / "week.xlsx") as book:
        sheets = b"".join(book.read(n) for n in book.namelist() if "worksheets" in n)
    assert b"<f>" not in sheets
    assert b"hyperlink" not in sheets.lower().replace(b"=hyperlink", b"")


OPEN = OpeningHours(hours_id="H", place_id="ALM", weekdays=(1,), opens_minute=480, closes_minute=1200)


def test_digest_tells_scenarios_apart_and_forgives_words(world: World) -> None:
    """Every fact counts; name and note do not."""
    one = example(world)
    assert exchange.digest(replace(one, name="other", note="", digest="")) == one.digest
    others = [
        replace(one, now_at=1),
        replace(one, hub_id="SHZ"),
        replace(one, bookings=one.bookings[:1]),
        replace(one, items=one.items[::-1]),
        replace(one, orders=()),
        replace(one, orders=(*one.orders[:2], replace(one.orders[2], max_teu_per_day=8))),
        replace(one, orders=(*one.orders[:2], replace(one.orders[2], max_teu_per_day=8, usd_cents_per_teu=1))),
        replace(one, supply=()),
        replace(one, departures=()),
        replace(one, services=()),
        replace(one, is_balanced=True),
        replace(one, holidays=(Holiday(holiday_id="H", country="CN", day_on=date(2022, 7, 20), name="x"),)),
        replace(one, hours=(OPEN,)),
        replace(one, hours=(replace(OPEN, closes_minute=1440),)),
        replace(one, hours=(replace(OPEN, weekdays=(1, 2)),)),
        replace(one, services=(replace(one.services[0], no_run_on=("CN",)), *one.services[1:])),
        replace(one, services=(replace(one.services[0], valid_to=date(2022, 7, 20)), *one.services[1:])),
        replace(one, departures=(replace(one.departures[0], free_teu=(1, 2)), *one.departures[1:])),
        replace(one, departures=(replace(one.departures[0], plugs=3), *one.departures[1:])),
        replace(one, supply=(replace(one.supply[0], shift="day"), *one.supply[1:])),
        replace(one, bookings=(one.bookings[0], replace(one.bookings[1], is_released=False), one.bookings[2])),
        replace(one, items=(*one.items[:2], replace(one.items[2], unload_order=1))),
        replace(one, items=(*one.items[:2], replace(one.items[2], is_rigid=True))),
    ]
    assert len({exchange.digest(s) for s in [one, *others]}) == len(others) + 1


def test_weeks_that_use_no_new_column_keep_their_digest(world: World) -> None:
    """Plans made before there were release, unloading order, rigid pallets and quotas still belong to their week."""
    assert example(world).digest == "2be87f0bdfa1"


@pytest.mark.parametrize(("said", "is_released"), [("", True), ("1", True), ("yes", True), ("0", False), ("no", False)])
def test_release_order_and_rigid_pallets_are_read(week: Path, world: World, said: str, is_released: bool) -> None:
    """An empty cell is what there was before; a file without the columns reads the same."""
    before = exchange.read_scenario(week, world)[0]
    texts = {name: (week / f"{name}.csv").read_text(encoding="utf-8") for name in ("bookings", "items")}
    for name, columns in (("bookings", ["released"]), ("items", ["unload_order", "rigid"])):
        rows = list(csv.DictReader(texts[name].splitlines()))
        kept = [column for column in rows[0] if column not in columns]
        lines = [",".join(row[column] for column in kept) for row in ({c: c for c in kept}, *rows)]
        (week / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    assert exchange.read_scenario(week, world)[0] == before
    lines = texts["bookings"].splitlines()
    lines[2] = f"{lines[2].rpartition(',')[0]},{said}"
    (week / "bookings.csv").write_text("\n".join(lines), encoding="utf-8")
    lines = texts["items"].splitlines()
    lines[1] = f"{lines[1].rsplit(',', 2)[0]},2,{said}"
    (week / "items.csv").write_text("\n".join(lines), encoding="utf-8")
    found = exchange.read_scenario(week, world)[0]
    assert [b.is_released for b in found.bookings] == [True, is_released, True]
    assert [i.unload_order for i in found.items] == [2, 0, 0]
    assert [i.is_rigid for i in found.items] == [said in ("1", "yes"), False, False]


def test_instants_are_written_in_the_local_time_of_their_place(week: Path) -> None:
    """A planner reads Beijing time in Urumqi and Almaty's time in Almaty."""
    first = (week / "bookings.csv").read_text(encoding="utf-8").splitlines()[1]
    assert "2022-07-18T10:00+08:00,2022-07-28T18:00+06:00" in first


def test_the_writer_follows_the_dictionary() -> None:
    """Rows are written in the dictionary's order; a new column there must be written, too."""
    widths = {name: len(columns) for name, columns in dictionary().items()}
    assert widths == {
        "bookings": 24,
        "items": 14,
        "orders": 14,
        "supply": 6,
        "departures": 6,
        "holidays": 4,
        "hours": 5,
        "services": 15,
        "service_legs": 18,
    }
