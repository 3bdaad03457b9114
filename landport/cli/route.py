"""`landport route`: every way from here to there, with its price, emissions and odds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from landport.app.settings import MOST_SEED
from landport.cli import common, route_plain
from landport.errors import AuditFailed, InputError

if TYPE_CHECKING:
    from landport.app.routing import Routed, RouteOrder
    from landport.model.edits import NetworkEdit
    from landport.model.network import Network
    from landport.model.places import Place
    from landport.model.scenario import Scenario, World
    from landport.route import Asked

MOST_FEU = 1_000
MOST_CHOICES = 100
MOST_SAMPLES = 1_000_000
OF_PLAIN = {"origin", "destination", "timetable", "at", "eps", "json", "quiet", "verbose", "log_json"}
"""Parameters that go with a plain timetable."""

From = Annotated[str, typer.Argument(help="Place: id, name, alias or code, in any language.", metavar="FROM")]
To = Annotated[str, typer.Argument(help="The same.", metavar="TO")]
Edits = list[str] | None


def run(
    context: typer.Context,
    origin: From,
    destination: To,
    *,
    ready: Annotated[
        str | None, typer.Option(help="Day or local time at FROM; an offset is fine. Default: now.")
    ] = None,
    due: Annotated[str | None, typer.Option(help="Day or local time at TO by which it must be there.")] = None,
    tonnes: Annotated[
        str | None, typer.Option(help="Cargo in all boxes. Default: 21 a box, the most that trains in China take.")
    ] = None,
    feu: Annotated[int, typer.Option(min=1, max=MOST_FEU, help="How many boxes.")] = 1,
    container: Annotated[str, typer.Option(help="Type of the boxes, e.g. 40HC, 20GP.")] = "40HC",
    goods: Annotated[
        list[str] | None, typer.Option(help="HS code of what is inside, for restriction orders. Again for more.")
    ] = None,
    un_class: Annotated[list[str] | None, typer.Option(help="UN class of dangerous goods inside, e.g. 3.")] = None,
    by: Annotated[str, typer.Option(help="Sort by time, cost, co2 or odds.")] = "time",
    most: Annotated[int, typer.Option(min=1, max=MOST_CHOICES, help="Choices shown; the ones that differ most.")] = 6,
    as_of: Annotated[str | None, typer.Option(help="Day whose lines are open. Default: that of --ready.")] = None,
    open_: Annotated[
        Edits, typer.Option("--open", help="What if this line were open: id, or A-B. Again for more.")
    ] = None,
    close: Annotated[Edits, typer.Option(help="What if this line or place were closed.")] = None,
    slow: Annotated[Edits, typer.Option(help="What if it took longer: HRG=1.5, KHG-TOR=2.")] = None,
    gauge: Annotated[Edits, typer.Option(help="What if the line had this gauge: KHG-TOR=1520.")] = None,
    capacity: Annotated[Edits, typer.Option(help="What if a train took at most so many TEU there: HRG-ALT=40.")] = None,
    week: Annotated[Path | None, typer.Option(help="Week whose departures, services and orders count.")] = None,
    timetable: Annotated[Path | None, typer.Option(help="Folder with stops.csv and departures.csv, instead.")] = None,
    at: Annotated[int | None, typer.Option(help="With --timetable: minute at which the load is ready.")] = None,
    eps: Annotated[str, typer.Option(help="0: exact. 1: leave out what is at most 12 h, $100, 80 kg better.")] = "1",
    samples: Annotated[int, typer.Option(min=0, max=MOST_SAMPLES, help="Draws for the odds; 0: none.")] = 10_000,
    seed: Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Same seed, same odds.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Find every way from here to there that no other beats: times, cost, emissions, odds."""
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    share = chosen_eps(eps)
    if timetable is not None:
        expect_plain(context)
        route_plain.run(origin, destination, timetable, at, share=share, json=json, quiet=quiet)
        return
    if at is not None:
        raise InputError("bad-option", "--at goes with --timetable; here it is --ready", ("--at",))
    expect_page(html, week)
    from landport.reference import load

    world = load.world()
    edits = {"open": open_, "close": close, "slow": slow, "gauge": gauge, "capacity": capacity}
    loaded = Loaded(chosen_type(container, world), feu, chosen_kg(tonnes), *chosen_goods(goods, un_class))
    times = Times(ready, due, as_of)
    order = order_of(origin, destination, times, loaded, edits, read_week(week, world), world)
    asked = asked_of(by, due, most, share)
    order = replace(order, asked=asked, samples=samples, seed=settings.seed if seed is None else seed)
    show(make(order, world, quiet=quiet or json), world, html, json=json, quiet=quiet)


def expect_page(html: Path | None, week: Path | None) -> None:
    """Refuse a page that cannot be written, or that would be written over the week."""
    from landport import exchange

    if html is not None:
        exchange.expect_writable(html)
        if week is not None:
            exchange.expect_apart({"--html": html}, week)


@dataclass(frozen=True, slots=True)
class Times:
    """Days and times as they were written; None: not given."""

    ready: str | None
    due: str | None
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is to be moved: container type, boxes, kg of cargo in all (None: the usual), and what is inside."""

    container_type: str
    n_boxes: int
    kg: int | None
    cargo_codes: tuple[str, ...]
    un_classes: tuple[str, ...]


def asked_of(by: str, due: str | None, most: int, share: float) -> Asked:
    """Read how choices are made."""
    from landport import route

    minutes, cents, grams = (int(share * e) for e in route.EPS)
    return route.Asked(order_by=chosen_by(by, due), most=most, eps=(minutes, cents, grams))


def order_of(
    origin: str,
    destination: str,
    times: Times,
    loaded: Loaded,
    texts: dict[str, Edits],
    scenario: Scenario | None,
    world: World,
) -> RouteOrder:
    """Turn what was written into a question."""
    from landport.app.routing import RouteOrder

    here, there = world.network.places.resolve(origin), world.network.places.resolve(destination)
    edits = chosen_edits(texts, world.network)
    return RouteOrder(
        origin=here,
        destination=there,
        now=clock(scenario, times, here),
        container_type=loaded.container_type,
        n_boxes=loaded.n_boxes,
        tonnes_kg=loaded.kg,
        cargo_codes=loaded.cargo_codes,
        un_classes=loaded.un_classes,
        ready_at=None if times.ready is None else chosen_instant("--ready", times.ready, here),
        due_at=None if times.due is None else chosen_instant("--due", times.due, there, is_end=True),
        edits=edits,
        name=", ".join(f"{e.action} {e.subject_id}" for e in edits),
        as_of_on=None if times.as_of is None else chosen_day("--as-of", times.as_of),
        scenario=scenario,
    )


def make(order: RouteOrder, world: World, *, quiet: bool) -> Routed:
    """Answer a question and refuse to show an answer that breaks a rule.

    Raises
    ------
    AuditFailed
        `audit-failed`: the answer breaks a rule, which is our bug.
    """
    from landport.app import routing

    with common.progress(quiet=quiet) as notify:
        routed = routing.answer(order, world, notify)
    common.show_remarks(routed.remarks)
    if routed.violations:
        first = "\n".join(f"  {v.code}: {v.message}" for v in routed.violations[:10])
        raise AuditFailed(
            "audit-failed",
            f"our own answer breaks a rule. This is a bug of landport: please report it with the command.\n{first}",
            tuple(sorted({v.code for v in routed.violations})),
        )
    return routed


def show(routed: Routed, world: World, html: Path | None, *, json: bool, quiet: bool) -> None:
    """Print an audited answer as a table or as JSON, and write its page."""
    from landport import exchange, report

    shared = (routed.choices, routed.network, world.rules, routed.scenario.start_at)
    orders = routed.scenario.orders
    if html is not None:
        with exchange.whole_file(html) as part:
            part.write_text(report.route_page(*shared, orders=orders), encoding="utf-8")
    if json:
        common.print_json(report.choices_document(*shared, orders=orders))
    elif not quiet:
        report.show_choices(common.stdout(), *shared, orders=orders)
        if html is not None:
            typer.echo(f"page written to {html}")
    if routed.choices.refusal is not None:
        raise typer.Exit(NO_WAY)


NO_WAY = 3
"""Exit code when there is no way: that of what is infeasible."""


def read_week(week: Path | None, world: World) -> Scenario | None:
    """Read the week that counts, if one is given."""
    if week is None:
        return None
    from landport import exchange

    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    return scenario


def clock(scenario: Scenario | None, times: Times, place: Place) -> datetime:
    """Tell what counts as now: the week's, else the start of the day of --as-of, else the clock."""
    if scenario is not None:
        return scenario.start_at + timedelta(minutes=scenario.now_at)
    if times.as_of is None:
        return datetime.now(UTC).replace(second=0, microsecond=0)
    begins = datetime.combine(chosen_day("--as-of", times.as_of), time(), ZoneInfo(place.timezone))
    asked = begins if times.ready is None else chosen_instant("--ready", times.ready, place)
    return min(begins, asked)


def chosen_by(text: str, due: str | None) -> str:
    """Check what choices are sorted by."""
    from landport.route import ORDERS

    if text not in ORDERS:
        raise _wrong("--by", text, f"expected one of {', '.join(ORDERS)}")
    if text == "odds" and due is None:
        raise _wrong("--by", text, "needs --due: the odds are of being there by then")
    return text


def chosen_eps(text: str) -> float:
    """Read by how much of the usual a way left out may be better."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text):
        raise _wrong("--eps", text, "expected 0 (exact), 1 (the usual) or a number between or above, e.g. 0.5")
    return float(text)


def chosen_kg(text: str | None) -> int | None:
    """Read tonnes as whole kg, rounded up."""
    from landport.units import parse_kg

    if text is None:
        return None
    try:
        grams = parse_kg(text)
    except ValueError as error:
        raise _wrong("--tonnes", text, "expected tonnes, e.g. 18 or 18.5") from error
    if not 0 < grams <= 10**9:
        raise _wrong("--tonnes", text, "expected more than 0 and at most 1,000,000 t")
    return grams


def chosen_goods(codes: Edits, classes: Edits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read HS codes and classes of dangerous goods."""
    from landport.units import check_hs, check_un_class

    found: dict[str, list[str]] = {"--goods": [], "--un-class": []}
    for option, given, check in (("--goods", codes, check_hs), ("--un-class", classes, check_un_class)):
        for text in given or ():
            try:
                found[option].append(check(text.strip()))
            except ValueError as error:
                raise _wrong(option, text, str(error)) from error
    return tuple(sorted(set(found["--goods"]))), tuple(sorted(set(found["--un-class"])))


def chosen_type(text: str, world: World) -> str:
    """Find a container type, whatever its case."""
    found = {t.casefold(): t for t in world.container_types}.get(text.strip().casefold())
    if found is None:
        raise _wrong("--container", text, f"expected one of {', '.join(world.container_types)}")
    return found


def chosen_instant(option: str, text: str, place: Place, *, is_end: bool = False) -> datetime:
    """Read a day or a time, local at a place unless it says otherwise; a day is its start, or with `is_end` its end."""
    zone = ZoneInfo(place.timezone)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
        day = chosen_day(option, text) + timedelta(days=is_end)
        return datetime.combine(day, time(), zone)
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise _wrong(option, text, "expected a day or a time such as 2026-03-02 or 2026-03-02T08:15") from error
    _expect_known_year(option, text, instant)
    instant = instant if instant.tzinfo else instant.replace(tzinfo=zone)
    if instant.astimezone(UTC).replace(second=0, microsecond=0) != instant:
        raise _wrong(option, text, "expected a whole minute, without seconds")
    return instant


def chosen_day(option: str, text: str) -> date:
    """Read a day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise _wrong(option, text, "expected a day such as 2026-03-02") from error
    _expect_known_year(option, text, day)
    return day


def _expect_known_year(option: str, text: str, day: date) -> None:
    if not 1950 <= day.year <= 2200:
        raise _wrong(option, text, "expected a year from 1950 to 2200")


def chosen_edits(texts: dict[str, Edits], network: Network) -> tuple[NetworkEdit, ...]:
    """Read all edits; every wrong one of an action is named."""
    from landport.model.edit_texts import edits_from

    return tuple(edit for action, given in texts.items() for edit in edits_from(action, given or (), network))


def expect_plain(context: typer.Context) -> None:
    """Refuse options that a plain timetable knows nothing of, wherever they were written."""
    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in OF_PLAIN and _is_written(context, parameter.name or "")
    ]
    if given:
        raise InputError(
            "bad-option", f"{', '.join(given)}: not with --timetable, which has minutes and places of its own", given
        )


def _is_written(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _wrong(option: str, text: str, expected: str) -> InputError:
    return InputError("bad-option", f"{option} {text or repr(text)}: {expected}", (option,))
