"""Rows of `bookings` and `items` as nouns, and what must hold between their cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from sys import intern
from typing import Any, Final, Protocol

from landport.exchange.reading import Reading, Table
from landport.model.bookings import Booking, CargoItem
from landport.model.scenario import FAR_MINUTES
from landport.units import check_gng, check_hs, check_un_class, check_un_number

MAX_LAYERS: Final = 100
"""Layers of an item whose cell is empty."""

MAX_G: Final = 60_000_000
"""Most that a piece can be said to bear, as the dictionary has it."""

CHAPTERS_OF_RAILWAYS: Final = ("98", "99")
"""Chapters of GNG/NHM codes that the Harmonized System does not have: the railways' own."""

_goods_class: Final = partial(check_un_class, is_whole=False)

Freight = tuple[tuple[Booking, ...], tuple[CargoItem, ...]]


def read_freight(reading: Reading) -> Freight:
    """Read bookings and their items; complaints go to the reading."""
    table = reading.open("bookings")
    bookings = []
    rows: dict[str, int | None] = {}
    for _ in table:
        booking = booking_of(table)
        rows[booking.booking_id] = table.number
        bookings.append(booking)
    items = reading.open("items", remember="booking_id")
    packed = _items(items, {b.booking_id: b.kind for b in bookings}, table)
    for booking in bookings:
        if booking.kind == "LCL" and items.is_whole and booking.booking_id not in items.seen:
            expected = "expected at least one row of items: an LCL booking says what the hub packs"
            table.wrong_at(rows[booking.booking_id], "booking_id", booking.booking_id, expected)
    return tuple(bookings), packed


class Row(Protocol):
    """A row of bookings, wherever it stands: its cells, and a place to complain about them."""

    def cell(self, column: str) -> Any:
        """Return a typed cell."""

    def wrong(self, column: str, expected: str) -> None:
        """Complain about a cell."""

    def place(self, column: str) -> str:
        """Find the id of the place that a cell names."""

    def container_type(self, column: str) -> str:
        """Return the container type in a cell as it is known."""

    def minute(self, column: str) -> int:
        """Count the minutes from the start to the instant in a cell."""

    def check(self, column: str, rule: Callable[[str], str], text: str) -> str:
        """Put a text through a check of `units`."""


def booking_of(table: Row) -> Booking:
    """Make a booking of a row, and complain about what does not fit together."""
    cell = table.cell
    booking = Booking(
        booking_id=cell("booking_id"),
        shipper=intern(cell("shipper") or ""),
        consignee=intern(cell("consignee") or ""),
        kind=cell("kind"),
        origin_id=table.place("origin"),
        at_id=table.place("at"),
        destination_id=table.place("destination"),
        ready_at=table.minute("ready_at"),
        due_at=table.minute("due_at"),
        container_type=table.container_type("container_type"),
        n_containers=cell("n_containers") or 0,
        goods_id=cell("goods") or "",
        hs=intern(table.check("hs", check_hs, _zeros(cell("hs"), 4))),
        gng_code=table.check("gng_code", check_gng, _zeros(cell("gng_code") or "", 8)),
        declared_kg=cell("declared_kg") or 0,
        weighed_kg=cell("weighed_kg"),
        value_usd_cents=cell("value_usd") or 0,
        priority=cell("priority") or 0,
        may_split=bool(cell("may_split")),
        temperature_min_c=cell("temperature_min_c"),
        temperature_max_c=cell("temperature_max_c"),
        un_class=table.check("un_class", _goods_class, cell("un_class") or ""),
        un_number=table.check("un_number", check_un_number, _un(cell("un_number") or "")),
        is_released=cell("released") is not False,
    )
    _check_kind(booking, table)
    _check_booking(booking, table)
    return booking


def _check_kind(booking: Booking, table: Row) -> None:
    fcl_only = {
        "container_type": booking.container_type,
        "n_containers": booking.n_containers,
        "declared_kg": booking.declared_kg,
    }
    if booking.kind == "FCL":
        for column in fcl_only:
            if table.cell(column) in (None, ""):
                table.wrong(column, "expected a value: an FCL booking states container type, count and declared kg")
        return
    for column, value in {**fcl_only, "weighed_kg": booking.weighed_kg}.items():
        if value:
            table.wrong(column, "expected nothing: the size and mass of an LCL booking stand in items")


def _check_booking(booking: Booking, table: Row) -> None:
    if -FAR_MINUTES <= booking.due_at <= booking.ready_at <= FAR_MINUTES:  # else it is said already
        table.wrong("due_at", "expected an instant after ready_at")
    if booking.at_id and booking.at_id == booking.destination_id:
        table.wrong("destination", "expected another place than `at`, where the goods are")
    code = booking.gng_code
    if code and code[:2] not in CHAPTERS_OF_RAILWAYS and not code.startswith(booking.hs):
        table.wrong("gng_code", f"expected a code of the heading in hs: eight digits that begin with {booking.hs}")
    low, high = booking.temperature_min_c, booking.temperature_max_c
    if low is not None and high is not None and low > high:
        table.wrong("temperature_min_c", f"expected at most temperature_max_c, {high}")
    if booking.un_number and not table.cell("un_class"):
        table.wrong("un_class", f"expected the class of {booking.un_number}")


def _items(table: Table, kinds: dict[str, str], bookings: Table) -> tuple[CargoItem, ...]:
    found = []
    for row in table:
        item_id, booking_id, goods_id, length, width, height, mass_g, weighed_g, count, vertical, *more = row
        most, top_g, order, is_rigid = more
        layers = most or MAX_LAYERS
        on_top_g = bears_g(layers, weighed_g or mass_g) if top_g is None else top_g
        item = CargoItem(
            item_id=item_id,
            booking_id=intern(booking_id),
            goods_id=intern(goods_id or ""),
            length_mm=length,
            width_mm=width,
            height_mm=height,
            mass_g=mass_g,
            weighed_g=weighed_g,
            count=count,
            vertical=intern(vertical or "h"),
            max_layers=layers,
            max_on_top_g=on_top_g,
            unload_order=order or 0,
            is_rigid=bool(is_rigid),
        )
        if kinds.get(booking_id) != "LCL":
            _check_owner(booking_id, kinds, table, bookings)
        found.append(item)
    return tuple(found)


def _check_owner(booking_id: str, kinds: dict[str, str], table: Table, bookings: Table) -> None:
    if booking_id in kinds:
        table.wrong("booking_id", f"expected an LCL booking; {booking_id} is FCL, which its shipper packs")
    elif bookings.is_there and bookings.is_whole and booking_id not in bookings.seen:
        table.wrong("booking_id", "expected a booking_id of the table bookings")


def bears_g(layers: int, piece_g: int) -> int:
    """Answer the mass that a piece bears of which nothing is said: its layers, and no more than a cell can say."""
    return min((layers - 1) * piece_g, MAX_G)


def _zeros(code: str, n_digits: int) -> str:
    # Excel turns 0808 into the number 808
    return code.zfill(n_digits) if code.isdigit() and len(code) == n_digits - 1 else code


def _un(number: str) -> str:
    return f"UN{number.zfill(4)}" if number.isdigit() and len(number) <= 4 else number
