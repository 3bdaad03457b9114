"""Scenarios as files: a folder of CSV tables or one Excel workbook, read and written without loss."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from landport.errors import InputError, Problem, Remark
from landport.exchange.atomic import whole_file, whole_folder
from landport.exchange.caps import CAPS, Caps
from landport.exchange.freight import read_freight
from landport.exchange.holidays import read_holidays
from landport.exchange.hours import read_hours
from landport.exchange.reading import Reading, dictionary, in_order
from landport.exchange.services import read_services
from landport.exchange.settings import MONDAY, ScenarioSettings, setting_cells, settings_of, settings_toml
from landport.exchange.source import DICTIONARY, SETTINGS, Source, open_source, strangers
from landport.exchange.text import Unreadable, write_csv
from landport.exchange.workbook import write_workbook
from landport.exchange.writing import Clock, dictionary_rows, sheet_rows, text_rows, written_tables
from landport.exchange.yard import read_departures, read_orders, read_supply
from landport.model.scenario import Scenario, World
from landport.model.services import Service
from landport.units import minute_of

_CHUNK: Final = 10_000
_SINCE: Final = (
    b',"is_released":true}\n',
    b',"unload_order":0,"is_rigid":false}\n',
    b',"max_teu_per_day":null,"usd_cents_per_teu":0}\n',
    b',"shift":""}\n',
    b',"plugs":null}\n',
    b',"no_run_on":[],"valid_from":null,"valid_to":null}\n',
)
"""How the JSON of rows ends that say nothing new: booking, item, order, supply, departure, service.

In JSON no text holds a line feed.
"""


def read_scenario(path: Path, world: World, *, caps: Caps = CAPS) -> tuple[Scenario, tuple[Remark, ...]]:
    """Read a scenario from a folder with `scenario.toml` and CSV tables, or from an .xlsx workbook.

    Parameters
    ----------
    world
        What places, equipment and services the scenario may name.

    Returns
    -------
    tuple[Scenario, tuple[Remark, ...]]
        The scenario with its digest, and what was ignored or differs.

    Raises
    ------
    InputError
        `input`: every wrong row of every table is listed. `newer-schema`: written by a newer landport.

    Notes
    -----
    Tables are streamed; memory is what the nouns take. O(rows). Instants with seconds go to the nearest minute.
    """
    with _no_cycle_search():
        scenario, remarks = _read(open_source(path, caps), world)
        return replace(scenario, digest=digest(scenario)), remarks


def write_scenario(scenario: Scenario, path: Path, world: World) -> None:
    """Write a scenario as a folder, or as a workbook when the path ends with .xlsx; whole or not at all.

    Parameters
    ----------
    world
        Gives the zones of places: instants are written as ISO 8601 in the local time of the place where they
        happen (`due_at` at the destination, settings at the hub but `start_at` in UTC), with its offset.

    Raises
    ------
    InputError
        `not-writable`: the system refuses. `too-many-rows`: more than an Excel sheet holds. `input`: an instant is
        so far off that reading would refuse it.

    Notes
    -----
    `read_scenario` gives back an equal scenario, provided its texts are as reading leaves them: without spaces
    around them or control characters. Of an existing folder the scenario's own files are replaced, others kept.
    """
    _write(scenario, path, world, documented=False)


def write_documented(scenario: Scenario, path: Path, world: World) -> None:
    """Write a scenario as `write_scenario` does, and beside it what every column of every table means."""
    _write(scenario, path, world, documented=True)


def digest(scenario: Scenario) -> str:
    """Fingerprint what a scenario says, however it is written down: 12 hex digits.

    Notes
    -----
    SHA-256 over the JSON of its nouns, in table order; name, note and digest do not count. Facts that came later
    (`is_balanced`, holidays, hours and `_SINCE`) count where they differ from what was taken for granted before, so
    that weeks written then keep their digest.
    """
    total = hashlib.sha256()
    head: list[object] = [
        scenario.start_at,
        scenario.now_at,
        scenario.hub_id,
        scenario.plan_days,
        scenario.horizon_days,
    ]
    head += ["balanced"] if scenario.is_balanced else []
    total.update(msgspec.json.encode(head))
    tables: Sequence[Sequence[Any]] = (
        scenario.bookings,
        scenario.items,
        scenario.orders,
        scenario.supply,
        scenario.departures,
        scenario.services,
        *((scenario.holidays,) if scenario.holidays else ()),
        *((scenario.hours,) if scenario.hours else ()),
    )
    encoder = msgspec.json.Encoder()
    for rows in tables:
        for first in range(0, len(rows), _CHUNK):
            lines = encoder.encode_lines(rows[first : first + _CHUNK])
            for end in _SINCE:
                lines = lines.replace(end, b"}\n")
            total.update(lines)
        total.update(b"\n")
    return total.hexdigest()[:12]


def _write(scenario: Scenario, path: Path, world: World, *, documented: bool) -> None:
    settings = _settings_of(scenario, world)
    tables = written_tables(scenario)
    if path.suffix.lower() == ".xlsx":
        sheets = {
            SETTINGS: (("key", "value"), *setting_cells(settings)),
            **{name: sheet_rows(name, scenario, world) for name in tables},
            **({DICTIONARY: dictionary_rows()} if documented else {}),
        }
        with whole_file(path) as part:
            write_workbook(part, sheets)
        return
    names = {SETTINGS: "toml", DICTIONARY: "csv", **dict.fromkeys(dictionary(), "csv")}
    owned = frozenset(f"{name}.{ending}" for name, ending in names.items() if documented or name != DICTIONARY)
    with whole_folder(path, owned) as part:
        (part / f"{SETTINGS}.toml").write_text(settings_toml(settings), encoding="utf-8", newline="\n")
        for name in tables:
            write_csv(part / f"{name}.csv", text_rows(name, scenario, world))
        if documented:
            write_csv(part / f"{DICTIONARY}.csv", dictionary_rows())


def _settings_of(scenario: Scenario, world: World) -> ScenarioSettings:
    clock = Clock(scenario, world)
    return ScenarioSettings(
        name=scenario.name,
        start_at=scenario.start_at,
        now_at=clock.at(scenario.now_at, scenario.hub_id),
        hub=scenario.hub_id,
        plan_days=scenario.plan_days,
        horizon_days=scenario.horizon_days,
        reference=world.reference_digest,
        note=scenario.note,
        balance=scenario.is_balanced,
    )


def _read(source: Source, world: World) -> tuple[Scenario, tuple[Remark, ...]]:
    problems: list[Problem] = []
    remarks = strangers(source, tuple(dictionary()))
    problems += source.doubles((SETTINGS, *dictionary()))
    settings = _settings(source, problems, remarks)
    is_dated = not any(p.file == source.file(SETTINGS) and p.key in (None, "start_at") for p in problems)
    start_at = settings.start_at if is_dated or settings.start_at != MONDAY else settings.now_at
    reading = Reading(source, world, start_at, problems, remarks, is_dated=is_dated)
    hub_id = _hub(settings, reading, source)
    if "bookings" not in source.tables():
        expected = f"expected this table in {source.where}; a scenario has at least its bookings"
        problems.append(Problem(file=source.file("bookings"), expected=expected))
    bookings, items = read_freight(reading)
    services, named = read_services(reading, hub_id)
    _check_hub(settings.hub, hub_id, services, reading, source)
    holidays = read_holidays(reading)
    closed = world.network.holidays | {(h.country, h.day_on) for h in holidays}
    scenario = Scenario(
        name=settings.name,
        start_at=settings.start_at,
        now_at=0 if problems else minute_of(settings.now_at, settings.start_at),
        hub_id=hub_id,
        plan_days=settings.plan_days,
        horizon_days=settings.horizon_days,
        bookings=bookings,
        items=items,
        orders=read_orders(reading),
        supply=read_supply(reading),
        departures=read_departures(reading, services, named, closed),
        services=services,
        holidays=holidays,
        hours=read_hours(reading),
        note=settings.note,
        is_balanced=settings.balance,
    )
    if problems:
        raise InputError.of(in_order(problems))
    if settings.reference not in ("", world.reference_digest):
        text = f"it was written over reference tables {settings.reference}; these are {world.reference_digest}"
        remarks.append(Remark("other-reference", text, (settings.reference, world.reference_digest)))
    return scenario, (*remarks, *source.remarks)


def _settings(source: Source, problems: list[Problem], remarks: list[Remark]) -> ScenarioSettings:
    wrong: list[Problem] = []
    try:
        raw = source.settings(problems)
    except Unreadable as error:
        problems.append(error.problem)
        return ScenarioSettings()
    settings = settings_of(raw, source.file(SETTINGS), wrong, remarks)
    said = {p.key for p in problems}
    problems += [p for p in wrong if p.key not in said]
    return settings


def _hub(settings: ScenarioSettings, reading: Reading, source: Source) -> str:
    if not settings.hub:
        return ""
    hub_id, expected = reading.place(settings.hub)
    if expected:
        problem = Problem(file=source.file(SETTINGS), key="hub", value=settings.hub, expected=expected)
        reading.problems.append(problem)
    return hub_id


def _check_hub(said: str, hub_id: str, services: Sequence[Service], reading: Reading, source: Source) -> None:
    """Complain about a hub where no assembly train starts, unless a service that might is wrong itself."""
    by_id = {**reading.world.network.services, **{s.service_id: s for s in services}}
    starts = {s.legs[0].from_id for s in by_id.values() if s.group == "assembly" and s.legs}
    own = {source.file("services"), source.file("service_legs")}
    if not hub_id or hub_id in starts or any(p.file in own for p in reading.problems):
        return
    expected = f"expected a place where trains of the group assembly start: {', '.join(sorted(starts))}"
    expected += "; for another hub give such trains in services"
    reading.problems.append(Problem(file=source.file(SETTINGS), key="hub", value=said, expected=expected))


@contextmanager
def _no_cycle_search() -> Iterator[None]:
    # Millions of new nouns make Python look for cycles again and again, a third of all time; nouns have none.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
