"""One booking as a program gives it, in JSON: checked as the table `bookings` is, all problems at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from landport.errors import InputError, LandportError, Problem, shown
from landport.exchange.freight import MAX_LAYERS, bears_g, booking_of
from landport.exchange.live import CONTROL
from landport.exchange.reading import MOST
from landport.model.bookings import Booking, CargoItem
from landport.model.facts import BookedGoods
from landport.model.scenario import FAR_MINUTES, World
from landport.reference import load, table
from landport.units import instant_of

FILE: Final = "booking"
"""What problems call the document."""

MOST_ITEMS: Final = 5_000
"""Rows of cargo items that one booking may have."""

LONGEST: Final = 200
"""Characters that an id or a text may have."""

_MINUTE: Final = timedelta(minutes=1)
_KEYS: Final = {
    "shipper_id": "shipper",
    "consignee_id": "consignee",
    "origin_id": "origin",
    "at_id": "at",
    "destination_id": "destination",
    "goods_id": "goods",
    "value_usd_cents": "value_usd",
    "is_released": "released",
}
_ITEM_KEYS: Final = {
    "goods_id": "goods",
    "mass_g": "mass_kg",
    "weighed_g": "weighed_kg",
    "max_on_top_g": "max_on_top_kg",
    "is_rigid": "rigid",
}
_NONE: Final = ("n_containers", "unload_order")
"""Keys of which 0 says what nothing says, as booked goods have it."""

_WHOLE: Final = {"grams": "g", "cents": "cents"}
_OPEN: Final = ("forwarder_id", "items")
_ITEM_OPEN: Final = ("booking_id",)

_Read = Callable[[object], object]


class Desk:
    """Reads bookings; made once for a world, since its tables are long.

    Parameters
    ----------
    world
        What places and equipment bookings may name.
    """

    def __init__(self, world: World) -> None:
        known = {
            "containers.container_type": {name.casefold(): name for name in world.container_types},
            "goods.goods_id": {goods_id: goods_id for goods_id in load.goods()},
        }
        columns = table.dictionary("scenario_columns.csv")
        self.world = world
        self.types = known["containers.container_type"]
        self.goods = _readers(columns["bookings"], _KEYS, [f.name for f in fields(BookedGoods)], _OPEN, known)
        self.items = _readers(columns["items"], _ITEM_KEYS, [f.name for f in fields(CargoItem)], _ITEM_OPEN, known)

    def read(self, given: Mapping[str, Any], *, now: datetime) -> BookedGoods:
        """Read a booking.

        Parameters
        ----------
        given
            Fields of `BookedGoods` by name, as JSON has them. `at_id` may be left out: the origin. So may what a row of
            the table `bookings` may leave empty.

        Raises
        ------
        InputError
            `input`: every wrong value is listed, with its key.
        """
        problems: list[Problem] = []
        now = now.replace(second=0, microsecond=0)  # minutes are counted from it
        row = _Row(self, "", dict(given), now, problems)
        row.values.setdefault("at_id", given.get("origin_id"))
        row.cells["booking_id"] = ""
        row.read(self.goods, (*_KEYS, *_OPEN))
        booking = booking_of(row) if row.is_whole else None
        items = _items(self, given.get("items"), now, problems)
        if booking is not None:
            _check_items(booking.kind, items, problems)
        if problems or booking is None:
            raise InputError.of(problems)
        return goods_of(booking, items, now, str(given.get("forwarder_id") or ""))


def goods_of(booking: Booking, items: tuple[CargoItem, ...], start_at: datetime, forwarder_id: str) -> BookedGoods:
    """Write a booking with instants for minutes; shipper and consignee are ids."""
    same: dict[str, Any] = {name: getattr(booking, name) for name in _SAME}
    return BookedGoods(
        **same,
        ready_at=instant_of(booking.ready_at, start_at),
        due_at=instant_of(booking.due_at, start_at),
        shipper_id=booking.shipper,
        consignee_id=booking.consignee,
        forwarder_id=forwarder_id,
        items=items,
    )


def booking_from(consignment_id: str, goods: BookedGoods, start_at: datetime) -> Booking:
    """Write booked goods as a booking of a week, minutes from its start; seconds are cut off."""
    same = {name: getattr(goods, name) for name in _SAME}
    minutes = {name: (getattr(goods, name) - start_at) // _MINUTE for name in ("ready_at", "due_at")}
    return Booking(booking_id=consignment_id, shipper=goods.shipper_id, consignee=goods.consignee_id, **same, **minutes)


_SAME: Final = tuple(
    f.name for f in fields(Booking) if f.name in {g.name for g in fields(BookedGoods)} - {"ready_at", "due_at"}
)


@dataclass(frozen=True, slots=True)
class _Reader:
    column: str
    type: str
    read: _Read


def _readers(
    columns: tuple[table.Column, ...],
    renamed: Mapping[str, str],
    names: list[str],
    others: tuple[str, ...],
    known: Mapping[str, Mapping[str, str]],
) -> dict[str, _Reader]:
    """Make the reader of every key from the column that stands for it in a file."""
    by_name = {c.column: c for c in columns}
    found = {}
    for key in names:
        if key in others:
            continue
        column = by_name[renamed.get(key, key)]
        refers = known.get(column.refers_to)
        if column.type in _WHOLE:
            most = MOST.get(f"bookings.{column.column}") if column.high is None else column.high
            column = replace(column, type="int", unit=_WHOLE[column.type], high=most)
        if column.type == "id" and key == "item_id":
            column = replace(column, required=False)
        found[key] = _Reader(column.column, column.type, _reader(column, refers))
    return found


def _reader(column: table.Column, known: Mapping[str, str] | None) -> _Read:
    read = table.reader(column, None)

    def checked(value: object) -> object:
        _expect_type(column.type, value)
        found = read(value)
        if known is None or found is None:
            return found
        name = known.get(str(found).casefold(), known.get(str(found)))
        if name is None:
            of, _, what = column.refers_to.partition(".")
            raise ValueError(f"expected a {what} of the table {of}")
        return name

    return checked


def _expect_type(kind: str, value: object) -> None:
    """Refuse a value of JSON that a file would have let pass: a number for a text, a flag for a number."""
    if value is None:
        return
    if kind == "int":
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("expected a whole number, e.g. 12")
    elif kind == "flag":
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
    elif not isinstance(value, str | datetime) or (isinstance(value, datetime) and kind != "instant"):
        raise ValueError("expected text")
    if isinstance(value, str) and (len(value) > LONGEST or CONTROL.search(value)):
        raise ValueError(f"expected text of at most {LONGEST} characters, without control characters")


class _Row:
    """A document as a row of a table: its cells by column, problems by key."""

    def __init__(self, desk: Desk, prefix: str, values: dict[str, Any], now: datetime, problems: list[Problem]) -> None:
        self.desk = desk
        self.prefix = prefix
        self.values = values
        self.now = now
        self.problems = problems
        self.is_whole = True
        self.cells: dict[str, Any] = {}
        self._keys: dict[str, str] = {}

    def read(self, readers: Mapping[str, _Reader], known: tuple[str, ...]) -> None:
        """Read every key; those that are unknown or wrong become problems."""
        for key in self.values.keys() - readers.keys() - set(known):
            self._say(str(key)[:LONGEST], None, f"expected no such key; known are {', '.join(readers)}")
        for key, reader in readers.items():
            self._keys[reader.column] = key
            value = self.values.get(key)
            try:
                self.cells[reader.column] = reader.read(None if value == 0 and key in _NONE else value)
            except ValueError as error:
                self.cells[reader.column] = None
                self._say(key, self.values.get(key), str(error))

    def _say(self, key: str, value: object, expected: str) -> None:
        self.is_whole = False
        said = None if value is None else shown(value)
        self.problems.append(Problem(file=FILE, key=f"{self.prefix}{key}", value=said, expected=expected))

    def cell(self, column: str) -> Any:
        return self.cells[column]

    def wrong(self, column: str, expected: str) -> None:
        self._say(self._keys[column], self.values.get(self._keys[column]), expected)

    def place(self, column: str) -> str:
        try:
            return self.desk.world.network.places.resolve(self.cells[column]).place_id
        except LandportError as error:
            self.wrong(column, f"expected a place; {error.message}")
            return ""

    def container_type(self, column: str) -> str:
        return self.cells[column] or ""

    def minute(self, column: str) -> int:
        minute: int = (self.cells[column] - self.now + _MINUTE / 2) // _MINUTE
        if abs(minute) <= FAR_MINUTES:
            return minute
        self.wrong(column, "expected an instant within ten years from now")
        return FAR_MINUTES + 1 if minute > 0 else -FAR_MINUTES - 1

    def check(self, column: str, rule: Callable[[str], str], text: str) -> str:
        if not text:
            return ""
        try:
            return rule(text)
        except ValueError as error:
            self.wrong(column, str(error))
            return ""


def _items(desk: Desk, given: object, now: datetime, problems: list[Problem]) -> tuple[CargoItem, ...]:
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or len(given) > MOST_ITEMS:
        expected = f"expected a list of at most {MOST_ITEMS:,} cargo items"
        problems.append(Problem(file=FILE, key="items", expected=expected))
        return ()
    found: list[CargoItem] = []
    for n, one in enumerate(given):
        if not isinstance(one, Mapping):
            problems.append(Problem(file=FILE, key=f"items.{n}", value=shown(one), expected="expected a cargo item"))
            continue
        row = _Row(desk, f"items.{n}.", dict(one), now, problems)
        row.read(desk.items, (*_ITEM_KEYS, *_ITEM_OPEN))
        if row.is_whole:
            found.append(_item(row.cells, n))
    doubled = sorted(i for i, n in Counter(i.item_id for i in found).items() if n > 1)
    problems += [Problem(file=FILE, key="items", value=i, expected="expected each item_id once") for i in doubled]
    return tuple(found)


def _item(cells: Mapping[str, Any], n: int) -> CargoItem:
    layers = cells["max_layers"] or MAX_LAYERS
    mass_g, weighed_g, top_g = cells["mass_kg"], cells["weighed_kg"], cells["max_on_top_kg"]
    return CargoItem(
        item_id=cells["item_id"] or str(n + 1),
        booking_id="",
        goods_id=cells["goods"] or "",
        length_mm=cells["length_mm"],
        width_mm=cells["width_mm"],
        height_mm=cells["height_mm"],
        mass_g=mass_g,
        weighed_g=weighed_g,
        count=cells["count"],
        vertical=cells["vertical"] or "h",
        max_layers=layers,
        max_on_top_g=bears_g(layers, weighed_g or mass_g) if top_g is None else top_g,
        unload_order=cells["unload_order"] or 0,
        is_rigid=bool(cells["rigid"]),
    )


def _check_items(kind: str, items: tuple[CargoItem, ...], problems: list[Problem]) -> None:
    expected = ""
    if kind == "LCL" and not items and not any((p.key or "").startswith("items") for p in problems):
        expected = "expected at least one cargo item: an LCL booking says what the hub packs"
    elif kind == "FCL" and items:
        expected = "expected none: an FCL booking is packed by its shipper"
    if expected:
        problems.append(Problem(file=FILE, key="items", expected=expected))
