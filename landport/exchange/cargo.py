"""Cargo to load as one table: rows as cargo items, and the consignments they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from landport.errors import InputError, Problem, Remark
from landport.exchange.caps import CAPS, Caps
from landport.exchange.reading import Reading, Table, in_order
from landport.exchange.single import one_table
from landport.model.bookings import Booking, CargoItem
from landport.model.scenario import World
from landport.units import check_un_class, check_un_number

ANY_LAYERS: Final = 1_000_000
"""Layers of an item whose cell is empty: more than any container is high in mm."""

ANY_G: Final = 1_000_000_000
"""What a piece bears whose cell is empty."""

NEVER_DUE: Final = 1_000_000_000
"""When a consignment is due whose cells are empty: after all others."""

LOOSE: Final = "loose"
"""Names the booking of pieces that belong to no consignment."""

SIDES: Final = "lwh"

_AGREED: Final = (
    *("consignee", "temperature_min_c", "temperature_max_c", "un_class", "un_number"),
    *("unload_order", "due", "released", "split"),
)
"""Columns in which all rows of a consignment must say the same, or nothing."""

_goods_class: Final = partial(check_un_class, is_whole=False)

Cargo = tuple[tuple[Booking, ...], tuple[CargoItem, ...]]


@dataclass(slots=True)
class _Lot:
    """What the rows of one consignment say, and in which row: by column."""

    booking_id: str
    said: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int | None] = field(default_factory=dict)


def read_cargo(
    path: Path, world: World, *, may_split: bool = False, caps: Caps = CAPS
) -> tuple[Cargo, tuple[Remark, ...]]:
    """Read the cargo to load from a CSV file, or from a sheet of an .xlsx workbook.

    Parameters
    ----------
    may_split
        Whether a consignment may be spread over containers whose rows do not say so.

    Returns
    -------
    tuple[Cargo, tuple[Remark, ...]]
        Bookings and cargo items in the order of the rows, and what was ignored. Rows of a consignment are one booking;
        those without are bookings that may be split, one for all rows that say the same of goods, consignee, unloading
        and due date.

    Raises
    ------
    InputError
        `input`: every wrong row is listed.

    Notes
    -----
    Of a workbook the sheet `cargo` is read, or else the first one. O(rows).
    """
    reading = one_table(path, "cargo", world, caps)
    table = reading.open("cargo")
    lots: dict[object, _Lot] = {}
    read = [_row(table, lots) for _ in table]
    for lot in lots.values():
        _check_lot(lot, table)
    if not read and not reading.problems:
        expected = "expected at least one row of cargo below the names of the columns"
        reading.problems.append(Problem(file=path.name, expected=expected))
    _raise(reading)
    _name_loose(lots)
    bookings = tuple(_booking(lot, may_split=may_split) for lot in lots.values())
    return (bookings, tuple(_owned(item, lot) for lot, item in read)), tuple(reading.remarks)


def _row(table: Table, lots: dict[object, _Lot]) -> tuple[_Lot, CargoItem]:
    said = _said(table)
    name = table.cell("consignment")
    key: object = name or tuple(said.items())
    lot = lots.setdefault(key, _Lot(name or ""))
    for column, value in said.items():
        if value is None:
            continue
        if lot.said.setdefault(column, value) != value:
            first = f"{lot.said[column]}, as in row {lot.rows[column]}"
            table.wrong(column, f"expected {first}: rows of consignment {name} say the same or nothing")
        lot.rows.setdefault(column, table.number)
    return lot, _item(table)


def _said(table: Table) -> dict[str, Any]:
    """Collect what a row says of its consignment; None where it says nothing."""
    said = {column: table.cell(column) for column in _AGREED}
    un_number = said["un_number"] or ""
    if un_number.isdigit() and len(un_number) <= 4:
        un_number = f"UN{un_number.zfill(4)}"
    said["un_number"] = table.check("un_number", check_un_number, un_number) or None
    un_class = said["un_class"] or ""
    said["un_class"] = table.check("un_class", _goods_class, un_class) or un_class or None
    return said


def _item(table: Table) -> CargoItem:
    cell = table.cell
    layers, bears_g = cell("max_layers"), cell("max_on_top_kg")
    vertical = str(cell("vertical")).casefold()
    if set(vertical) - set(SIDES):
        table.wrong("vertical", f"expected letters of {SIDES}, the dimensions that may stand vertical, e.g. h or lwh")
    elif cell("rigid") and "h" not in vertical:
        table.wrong("vertical", "expected h among them: a rigid pallet stands upright")
    return CargoItem(
        item_id=cell("item"),
        booking_id="",
        goods_id="",
        length_mm=cell("length_mm"),
        width_mm=cell("width_mm"),
        height_mm=cell("height_mm"),
        mass_g=cell("mass_kg"),
        weighed_g=None,
        count=cell("count"),
        vertical="".join(s for s in SIDES if s in vertical),
        max_layers=ANY_LAYERS if layers is None else layers,
        max_on_top_g=ANY_G if bears_g is None else bears_g,
        is_rigid=bool(cell("rigid")),
    )


def _check_lot(lot: _Lot, table: Table) -> None:
    said = lot.said
    low, high = said.get("temperature_min_c"), said.get("temperature_max_c")
    if low is not None and high is not None and low > high:
        expected = f"expected at most temperature_max_c, {high}"
        table.wrong_at(lot.rows["temperature_min_c"], "temperature_min_c", str(low), expected)
    if said.get("un_number") and not said.get("un_class"):
        expected = f"expected the class of {said['un_number']}"
        table.wrong_at(lot.rows["un_number"], "un_class", None, expected)


def _raise(reading: Reading) -> None:
    if reading.problems:
        raise InputError.of(in_order(reading.problems))


def _name_loose(lots: Mapping[object, _Lot]) -> None:
    """Name the bookings of pieces without a consignment as no consignment is named."""
    taken = {lot.booking_id for lot in lots.values()}
    n = 1
    for lot in lots.values():
        while not lot.booking_id:
            name = LOOSE if n == 1 else f"{LOOSE}-{n}"
            n += 1
            if name not in taken:
                lot.booking_id = name
                lot.said["split"] = lot.said.get("split", True)


def _booking(lot: _Lot, *, may_split: bool) -> Booking:
    said = lot.said
    return Booking(
        booking_id=lot.booking_id,
        shipper="",
        consignee=said.get("consignee", ""),
        kind="LCL",
        origin_id="",
        at_id="",
        destination_id="",
        ready_at=0,
        due_at=said.get("due", NEVER_DUE),
        container_type="",
        n_containers=0,
        goods_id="",
        hs="",
        gng_code="",
        declared_kg=0,
        weighed_kg=None,
        value_usd_cents=0,
        priority=0,
        may_split=said.get("split", may_split),
        temperature_min_c=said.get("temperature_min_c"),
        temperature_max_c=said.get("temperature_max_c"),
        un_class=said.get("un_class", ""),
        un_number=said.get("un_number", ""),
        is_released=said.get("released", True),
    )


def _owned(item: CargoItem, lot: _Lot) -> CargoItem:
    return replace(item, booking_id=lot.booking_id, unload_order=lot.said.get("unload_order", 0))
