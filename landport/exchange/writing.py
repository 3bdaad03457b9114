"""Nouns of a scenario as table rows, in the order of the dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from landport.errors import InputError, Problem
from landport.exchange.holidays import holiday_rows
from landport.exchange.hours import hours_rows
from landport.exchange.live import disarm
from landport.exchange.reading import dictionary
from landport.exchange.services import leg_rows, service_rows
from landport.exchange.settings import MEANINGS, YEARS
from landport.model.scenario import FAR_MINUTES, Scenario, World
from landport.model.services import Service
from landport.reference import table
from landport.units import instant_of

Cell = str | int | float
Values = Iterator[tuple[Any, ...]]

_NUMBERS: Final = frozenset({"int", "ints", "decimal", "grams", "cents", "minutes"})
_DIGITS: Final = 15
"""Digits that a number keeps in Excel."""


def text_rows(name: str, scenario: Scenario, world: World) -> Iterator[Sequence[str]]:
    """List a table as the texts of a CSV file, header first, formulas disarmed."""
    columns = dictionary()[name]
    yield [c.column for c in columns]
    writers = [_writer(c) for c in columns]
    for row in _ROWS[name](scenario, Clock(scenario, world)):
        yield [write(value) for write, value in zip(writers, row, strict=True)]


def sheet_rows(name: str, scenario: Scenario, world: World) -> Iterator[Sequence[Cell]]:
    """List a table as cells of a sheet: as `text_rows`, numbers as numbers where Excel keeps all their digits."""
    numeric = [c.type in _NUMBERS for c in dictionary()[name]]
    for r, row in enumerate(text_rows(name, scenario, world)):
        yield [_number(cell) if r and is_number else cell for cell, is_number in zip(row, numeric, strict=True)]


def dictionary_rows() -> Iterator[Sequence[str]]:
    """List what every column of every table means, header first."""
    heads = ("table", "column", "type", "unit", "required", "low", "high", "choices", "refers_to", "meaning")
    yield heads
    for key, meaning in MEANINGS.items():
        yield ("scenario", key, *[""] * (len(heads) - 3), meaning)
    for name, columns in dictionary().items():
        for c in columns:
            ends = (_end(c, c.low), _end(c, c.high))
            what = (name, c.column, c.type, c.unit, str(int(c.required)))
            yield (*what, *ends, "|".join(c.choices), c.refers_to, c.meaning)


def written_tables(scenario: Scenario) -> list[str]:
    """Name the tables that a scenario has rows for; `bookings` always."""
    return [name for name in dictionary() if name == "bookings" or getattr(scenario, _FIELDS.get(name, name))]


class Clock:
    """Instants in the local time of the place where they happen.

    Raises
    ------
    InputError
        `input`: the scenario starts, or something in it happens, so far off that no file could say it.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self._start_at = scenario.start_at
        if scenario.start_at.year not in YEARS:
            expected = f"expected a start in the years {YEARS[0]} to {YEARS[-1]}"
            said = scenario.start_at.isoformat()
            raise InputError.of([Problem(file=scenario.name, key="start_at", value=said, expected=expected)])
        self._name = scenario.name
        self._places = world.network.places
        self.services: Mapping[str, Service] = {
            **world.network.services,
            **{s.service_id: s for s in scenario.services},
        }

    def at(self, minute: int, place_id: str) -> datetime:
        """Turn a minute into an instant in the zone of a place."""
        if abs(minute) > FAR_MINUTES:
            expected = f"expected minutes within ten years of start_at; this is at {place_id}"
            raise InputError.of([Problem(file=self._name, value=str(minute), expected=expected)])
        return instant_of(minute, self._start_at).astimezone(ZoneInfo(self._places[place_id].timezone))


def _bookings(scenario: Scenario, clock: Clock) -> Values:
    for b in scenario.bookings:
        yield (
            *(b.booking_id, b.shipper, b.consignee, b.kind, b.origin_id, b.at_id, b.destination_id),
            *(clock.at(b.ready_at, b.at_id), clock.at(b.due_at, b.destination_id)),
            *(b.container_type, b.n_containers or None, b.goods_id, b.hs, b.gng_code),
            *(b.declared_kg if b.kind == "FCL" else None, b.weighed_kg, b.value_usd_cents, b.priority, b.may_split),
            *(b.temperature_min_c, b.temperature_max_c, b.un_class, b.un_number, b.is_released),
        )


def _items(scenario: Scenario, _clock: Clock) -> Values:
    for i in scenario.items:
        yield (
            *(i.item_id, i.booking_id, i.goods_id, i.length_mm, i.width_mm, i.height_mm, i.mass_g, i.weighed_g),
            *(i.count, i.vertical, i.max_layers, i.max_on_top_g, i.unload_order or None, i.is_rigid),
        )


def _orders(scenario: Scenario, clock: Clock) -> Values:
    for o in scenario.orders:
        yield (
            *(o.order_id, o.number, o.issuer, o.place_id, o.towards_id),
            *(clock.at(o.from_at, o.place_id), clock.at(o.until_at, o.place_id)),
            *(o.hs_prefixes, o.un_classes, o.container_types, o.max_trains_per_day),
            *(o.max_teu_per_day, o.usd_cents_per_teu or None, o.text),
        )


def _supply(scenario: Scenario, _clock: Clock) -> Values:
    for s in scenario.supply:
        yield (s.supply_id, s.place_id, date.fromisoformat(s.day_on), s.resource, s.count, s.shift)


def _departures(scenario: Scenario, clock: Clock) -> Values:
    for d in scenario.departures:
        first = clock.services[d.service_id].legs[0].from_id
        leaves = None if d.departs_at is None else clock.at(d.departs_at, first)
        yield (d.departure_id, d.service_id, d.status, leaves, d.free_teu, d.plugs)


_ROWS: Final[dict[str, Callable[[Scenario, Clock], Values]]] = {
    "bookings": _bookings,
    "items": _items,
    "orders": _orders,
    "supply": _supply,
    "departures": _departures,
    "holidays": lambda scenario, _: holiday_rows(scenario),
    "hours": lambda scenario, _: hours_rows(scenario),
    "services": lambda scenario, _: service_rows(scenario),
    "service_legs": lambda scenario, _: leg_rows(scenario),
}
_FIELDS: Final = {"service_legs": "services"}


def _writer(column: table.Column) -> Callable[[Any], str]:
    plain = column.type in _NUMBERS or column.type in ("instant", "date", "flag", "clock", "closing")

    def write(value: Any) -> str:
        if value is None or value == "":
            return ""
        text = table.format_cell(column, value)
        return text if plain else disarm(text)

    return write


def _number(text: str) -> Cell:
    if not text or len(text) > _DIGITS or "/" in text:
        return text
    return float(text) if "." in text else int(text)


def _end(column: table.Column, value: float | None) -> str:
    if value is None:
        return ""
    return table.format_cell(column, value if column.type == "decimal" else int(value))
