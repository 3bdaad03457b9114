"""Rows of `services` and `service_legs` as a scenario's own services, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from landport.exchange.reading import LEG_COLUMNS, SERVICE_COLUMNS, Reading, Table
from landport.model.scenario import Scenario
from landport.model.services import Service
from landport.reference import load
from landport.units import parse_weekdays

Row = dict[str, Any]

YARD_GAUGE_MM: Final = 1435
"""Gauge of the wagons that the hub forms trains of."""


def read_services(reading: Reading, hub_id: str) -> tuple[tuple[Service, ...], frozenset[str] | None]:
    """Read the scenario's own services with their legs; complaints go to the reading.

    Parameters
    ----------
    hub_id
        The assembly yard; empty: unknown.

    Returns
    -------
    tuple[tuple[Service, ...], frozenset[str] | None]
        Services that have legs, and the ids of all rows, wrong ones too; None: some rows could not be read.
    """
    table = reading.open("services")
    rows: dict[str, tuple[int | None, Row]] = {}
    for values in table:
        row = dict(zip(SERVICE_COLUMNS, values, strict=True))
        rows[row["service_id"]] = (table.number, row)
        _check_service(row, table)
    legs = reading.open("service_legs", remember="service_id")
    stretches = _legs(legs, table, [r.rate_id for r in reading.world.rules.rates if r.basis])
    for service_id, (number, _) in rows.items():
        if legs.is_whole and service_id not in legs.seen:
            expected = "expected at least one row of service_legs"
            table.wrong_at(number, "service_id", service_id, expected)
    joined = load.services_from((row for _, row in rows.values()), stretches)
    for service_id, service in joined.items():
        _check_yard(service, rows[service_id][0], hub_id, table)
    named = frozenset(table.seen) if table.is_whole else None
    return tuple(s for s in joined.values() if s.legs and s.legs[0].from_id), named


def service_rows(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """List the rows of `services`, in the order of `SERVICE_COLUMNS`."""
    for s in scenario.services:
        clock = f"{s.depart_minute // 60:02}:{s.depart_minute % 60:02}"
        yield (
            *(s.service_id, s.name, s.mode, s.group, s.operation, tuple(map(str, s.weekdays)), s.every_n_weeks),
            *(s.week_offset, clock, s.cut_off_minutes, s.min_teu // 2, s.fixed_usd_cents),
            *(s.no_run_on, s.valid_from, s.valid_to),
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
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        table.wrong("valid_to", "expected valid_from or a later day")


def _check_yard(service: Service, number: int | None, hub_id: str, table: Table) -> None:
    first = service.legs[0] if service.legs else None
    if service.group != "assembly" or first is None or first.seq != 1 or "" in (first.from_id, hub_id):
        return  # another group, or said already
    if (first.from_id, first.mode, first.gauge_mm) != (hub_id, "rail", YARD_GAUGE_MM):
        leaves = f"{first.from_id} by {first.mode}" + (f" on {first.gauge_mm} mm" if first.gauge_mm else "")
        formed = f"only trains that leave the hub {hub_id} on {YARD_GAUGE_MM} mm are assembled of its wagons"
        expected = f"expected another group, e.g. feeder or onward: {formed}; this one leaves {leaves}"
        table.wrong_at(number, "group", service.group, expected)


def _legs(table: Table, services: Table, factors: Collection[str]) -> list[Row]:
    legs = []
    last: dict[str, Row] = {}
    for values in table:
        leg = dict(zip(LEG_COLUMNS, values, strict=True))
        leg["from_id"], leg["to_id"] = table.place("from_id"), table.place("to_id")
        if services.is_whole and leg["service_id"] not in services.seen:
            table.wrong("service_id", "expected a service_id of the table services")
        table.among("co2_factor", leg["co2_factor"], factors)
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
