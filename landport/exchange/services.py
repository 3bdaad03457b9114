"""Rows of `services` and `service_legs` as a scenario's own services, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landport.exchange.reading import LEG_COLUMNS, SERVICE_COLUMNS, Reading, Table
from landport.model.scenario import Scenario
from landport.model.services import Service
from landport.reference import load
from landport.units import parse_weekdays

Row = dict[str, Any]


def read_services(reading: Reading) -> tuple[tuple[Service, ...], frozenset[str]]:
    """Read the scenario's own services with their legs; complaints go to the reading.

    Returns
    -------
    tuple[tuple[Service, ...], frozenset[str]]
        Services that have legs, and the ids of all rows, wrong ones too.
    """
    table = reading.open("services")
    rows: dict[str, tuple[int | None, Row]] = {}
    for values in table:
        row = dict(zip(SERVICE_COLUMNS, values, strict=True))
        rows[row["service_id"]] = (table.number, row)
        _check_service(row, table)
    legs = reading.open("service_legs", remember="service_id")
    stretches = _legs(legs, table)
    for service_id, (number, _) in rows.items():
        if service_id not in legs.seen:
            expected = "expected at least one row of service_legs"
            table.wrong_at(number, "service_id", service_id, expected)
    joined = load.services_from((row for _, row in rows.values()), stretches)
    return tuple(s for s in joined.values() if s.legs and s.legs[0].from_id), frozenset(table.seen)


def service_rows(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """List the rows of `services`, in the order of `SERVICE_COLUMNS`."""
    for s in scenario.services:
        clock = f"{s.depart_minute // 60:02}:{s.depart_minute % 60:02}"
        yield (
            *(s.service_id, s.name, s.mode, s.group, s.operation, tuple(map(str, s.weekdays)), s.every_n_weeks),
            *(s.week_offset, clock, s.cut_off_minutes, s.min_teu // 2, s.fixed_usd_cents),
        )


def leg_rows(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """List the rows of `service_legs`, in the order of `LEG_COLUMNS`."""
    for service in scenario.services:
        for leg in service.legs:
            yield (
                *(f"{service.service_id}/{leg.seq}", service.service_id),
                *(leg.seq, leg.from_id, leg.to_id, leg.mode, leg.gauge_mm or None, leg.train_class),
                *(leg.line_ids, leg.length_km, leg.running_minutes, leg.dwell_minutes, leg.capacity_teu),
                *(_thousand(leg.max_length_mm), _thousand(leg.max_gross_kg), _thousand(leg.max_cargo_kg)),
                *(leg.co2_rate, leg.usd_cents_per_teu),
            )


def _thousand(value: int) -> float | None:
    return value / 1000 if value else None


def _check_service(row: Row, table: Table) -> None:
    try:
        parse_weekdays(";".join(row["weekdays"]))
    except ValueError as error:
        table.wrong("weekdays", str(error))
        row["weekdays"] = ()
    if not 0 <= row["week_offset"] < row["every_n_weeks"]:
        table.wrong("week_offset", f"expected 0 to {row['every_n_weeks'] - 1}, less than every_n_weeks")


def _legs(table: Table, services: Table) -> list[Row]:
    legs = []
    last: dict[str, Row] = {}
    for values in table:
        leg = dict(zip(LEG_COLUMNS, values, strict=True))
        leg["from_id"], leg["to_id"] = table.place("from_id"), table.place("to_id")
        if leg["service_id"] not in services.seen:
            table.wrong("service_id", "expected a service_id of the table services")
        _check_chain(leg, last.get(leg["service_id"]), table)
        last[leg["service_id"]] = leg
        legs.append(leg)
    return legs


def _check_chain(leg: Row, previous: Row | None, table: Table) -> None:
    seq = 1 if previous is None else previous["seq"] + 1
    if leg["seq"] != seq:
        table.wrong("seq", f"expected {seq}: the legs of a service stand in order from 1")
    elif previous and leg["from_id"] != previous["to_id"]:
        table.wrong("from_id", f"expected {previous['to_id']}, where the leg before ends")
