"""Rows of a packing list as bookings: what a row says, what the rows of one booking say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from landport.errors import Remark
from landport.exchange import packing_words as words
from landport.exchange.freight import MAX_G, MAX_LAYERS
from landport.exchange.reading import Table
from landport.model.bookings import CargoItem
from landport.model.facts import BookedGoods
from landport.model.scenario import World
from landport.reference import table
from landport.units import check_container_number, check_hs, check_un_class, check_un_number, kg_ceil, parse_instant

YEARS: Final = (2000, 2100)
"""Years in which days of a packing list lie."""

READY: Final = time(18)
"""When goods are ready on a day that states no time: the end of the working day there."""

_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK: Final = re.compile(r"(.*?)[ T](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")
_BY: Final = re.compile(r"\s*[x×х*＊]\s*", re.IGNORECASE)
_SAME: Final = ("shipper", "consignee", "origin", "destination", "ready", "due")
_WHEN: Final = "expected a day, e.g. 2026-03-02, or an instant with its offset, e.g. 2026-03-02T18:00+08:00"
_goods_class: Final = partial(check_un_class, is_whole=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One booking of a packing list.

    Parameters
    ----------
    shipper, consignee
        Names as the sheet has them; the party ids in `goods` are empty.
    container_numbers
        ISO 6346, of those rows that state one.
    description
        The goods in the sheet's words, row by row.
    rows
        Rows of the sheet that it is made of.
    """

    reference: str
    shipper: str
    consignee: str
    goods: BookedGoods
    container_numbers: tuple[str, ...]
    description: str
    rows: tuple[int, ...]


@dataclass(slots=True)
class Scales:
    """Units that the header states: millimetres of one unit of each column of sizes."""

    of: dict[str, int] = field(default_factory=dict)

    def take(self, column: str, said: str) -> str:
        """Read the unit in a header cell; answers what was expected, or nothing."""
        units = re.findall(r"us\$|\$|[a-z]+|[а-яё]+|[\u4e00-\u9fff]+", said.casefold())
        if column in words.SIZED:
            known = [u for u in units if u in words.MILLIMETRES]
            self.of[column] = words.MILLIMETRES[known[-1]] if known else 0
            return "" if known else "expected its unit in the name of the column: cm or mm, e.g. Length (cm)"
        if column == "gross_kg" and not words.KILOGRAMS & set(units) and words.OTHER_MASSES & set(units):
            return "expected kilograms: write the masses in kg, and kg in the name of the column"
        if column == "value" and not words.DOLLARS & set(units):
            return "expected USD in the name of the column: values are not converted"
        return ""


@dataclass(slots=True)
class _Line:
    """A row: typed cells, and what they mean."""

    row: int
    said: dict[str, Any]
    container_type: str
    container_number: str
    n_containers: int
    gross_g: int
    hs: str
    un_number: str
    un_class: str
    item: CargoItem | None

    @property
    def is_box(self) -> bool:
        """Whether it is a container of its shipper's."""
        return bool(self.container_type or self.container_number)


def listed(rows: Table, world: World, scales: Scales, remarks: list[Remark]) -> tuple[Listed, ...]:
    """Make bookings of rows; complaints go to the reading of the table."""
    lots: dict[str, list[_Line]] = {}
    types = _container_types(world)
    name = ""
    for _ in rows:
        name = rows.cell("reference") or name
        line = _line(rows, name, scales, types)
        lots.setdefault(name, []).append(line)
    return tuple(_booking(name or "1", lines, rows, world, remarks) for name, lines in lots.items())


def _line(rows: Table, name: str, scales: Scales, types: Mapping[str, str]) -> _Line:
    cell = rows.cell
    container_type = types.get(_bare(cell("container_type")), "") if cell("container_type") else ""
    if cell("container_type") and not container_type:
        rows.wrong("container_type", "expected a type of container, e.g. 40HC, 20GP or 45G1")
        container_type = "?"
    hs = rows.check("hs", _heading, cell("hs") or "")
    if not cell("hs"):
        rows.wrong("hs", "expected an HS code of four digits or more, e.g. 8517")
    line = _Line(
        row=int(cell(words.ROW)),
        said={column: cell(column) for column in (*_SAME, "goods", "value")},
        container_type=container_type,
        container_number=rows.check("container_number", check_container_number, cell("container_number") or ""),
        n_containers=cell("n_containers") or 1,
        gross_g=cell("gross_kg") or 0,
        hs=hs,
        un_number=rows.check("un_number", check_un_number, _un(cell("un_number") or "")),
        un_class=rows.check("un_class", _goods_class, cell("un_class") or ""),
        item=None,
    )
    if not line.gross_g:
        rows.wrong("gross_kg", "expected kilograms, more than 0, e.g. 1250.5")
    if not (line.is_box or cell("container_number")):
        line.item = _item(rows, name, line, scales)
    elif line.n_containers > 1 and line.container_number:
        rows.wrong("n_containers", "expected 1 in a row that states the number of a container")
    return line


def _item(rows: Table, name: str, line: _Line, scales: Scales) -> CargoItem:
    cell = rows.cell
    sizes = _sizes(rows, scales)
    count = cell("packages") or 0
    if not count:
        rows.wrong("packages", "expected how many pieces, or a type of container if the shipper stuffs it")
    is_rigid = str(cell("package_kind") or "").casefold().startswith(words.PALLETS)
    mass_g = -(-line.gross_g // max(count, 1))
    return CargoItem(
        item_id=f"{name or 1}-{line.row}",
        booking_id=name or "1",
        goods_id="",
        length_mm=sizes[0],
        width_mm=sizes[1],
        height_mm=sizes[2],
        mass_g=mass_g,
        weighed_g=None,
        count=count,
        vertical="h",
        max_layers=MAX_LAYERS,
        max_on_top_g=min((MAX_LAYERS - 1) * mass_g, MAX_G),
        is_rigid=is_rigid,
    )


def _sizes(rows: Table, scales: Scales) -> tuple[int, int, int]:
    """Read the size of a piece in whole millimetres, rounded up."""
    cell = rows.cell
    together = cell("dimensions")
    if together and not any(cell(c) for c in words.SIZED[:3]):
        parts = _BY.split(together.strip())
        try:
            numbers = [float(part.replace(",", ".")) for part in parts]
        except ValueError:
            numbers = []
        if len(numbers) != 3 or not all(0 < n <= 100_000 for n in numbers):
            rows.wrong("dimensions", "expected length, width and height of a piece, e.g. 120x80x100")
            return 0, 0, 0
        a, b, c = (_mm(n, scales.of.get("dimensions", 0)) for n in numbers)
        return a, b, c
    for column in words.SIZED[:3]:
        if cell(column) is None:
            rows.wrong(column, "expected the size of a piece: cargo that the hub packs needs length, width and height")
    a, b, c = (_mm(cell(column) or 0.0, scales.of.get(column, 0)) for column in words.SIZED[:3])
    return a, b, c


def _mm(number: float, scale: int) -> int:
    return -int(-round(number * scale, 3) // 1)


def _booking(name: str, lines: list[_Line], rows: Table, world: World, remarks: list[Remark]) -> Listed:
    said = {column: _agreed(column, lines, rows, name) for column in _SAME}
    places = {c: _place(c, said[c], rows, world) for c in ("origin", "destination")}
    if places["origin"] and places["origin"] == places["destination"]:
        _wrong(rows, said["destination"], "destination", "expected another place than the origin")
    ready = _instant("ready", said["ready"], rows, _zone(world, places["origin"]), READY)
    due = _instant("due", said["due"], rows, _zone(world, places["destination"]), None)
    if ready and due and due <= ready:
        _wrong(rows, said["due"], "due", "expected a day after the one on which the goods are ready")
    kind = _kind(lines, rows)
    un_number, un_class = _dangerous(lines, rows)
    heaviest = max(lines, key=lambda line: line.gross_g)
    if len({line.hs for line in lines}) > 1:
        text = f"booking {name} has goods of several HS headings; {heaviest.hs}, of the heaviest row, stands for all"
        remarks.append(Remark("several-goods", text, (name,)))
    container_type, n_containers, declared_kg = _boxes(name, lines, rows, remarks) if kind == "FCL" else ("", 0, 0)
    goods = BookedGoods(
        kind=kind,
        shipper_id="",
        consignee_id="",
        forwarder_id="",
        origin_id=places["origin"],
        at_id=places["origin"],
        destination_id=places["destination"],
        ready_at=ready or _NEVER,
        due_at=due or _NEVER,
        container_type=container_type,
        n_containers=n_containers,
        goods_id="",
        hs=heaviest.hs,
        gng_code="",
        declared_kg=declared_kg,
        weighed_kg=None,
        value_usd_cents=sum(line.said["value"] or 0 for line in lines),
        priority=0,
        may_split=False,
        temperature_min_c=None,
        temperature_max_c=None,
        un_class=un_class,
        un_number=un_number,
        is_released=True,
        items=tuple(line.item for line in lines if line.item is not None),
    )
    return Listed(
        reference=name,
        shipper=said["shipper"][1] if said["shipper"] else "",
        consignee=said["consignee"][1] if said["consignee"] else "",
        goods=goods,
        container_numbers=_once(line.container_number for line in lines),
        description="; ".join(_once(line.said["goods"] or "" for line in lines)),
        rows=tuple(line.row for line in lines),
    )


_NEVER: Final = datetime(YEARS[0], 1, 1, tzinfo=UTC)
_Said = tuple[int, str] | None


def _agreed(column: str, lines: list[_Line], rows: Table, name: str) -> _Said:
    """Find what the rows of a booking say in a column, and in which row; they say the same, or nothing."""
    first: _Said = None
    for line in lines:
        text = line.said[column]
        if not text:
            continue
        if first is None:
            first = (line.row, text)
        elif text.casefold() != first[1].casefold():
            expected = f"expected {first[1]}, as in row {first[0]}: rows of booking {name} say the same or nothing"
            rows.wrong_at(line.row, column, text, expected)
    if first is None and column in words.NEEDED:
        rows.wrong_at(lines[0].row, column, None, f"expected a value in one row of booking {name}")
    return first


def _wrong(rows: Table, said: _Said, column: str, expected: str) -> None:
    rows.wrong_at(said[0] if said else None, column, said[1] if said else None, expected)


def _place(column: str, said: _Said, rows: Table, world: World) -> str:
    if said is None:
        return ""
    place_id, expected = rows.find_place(said[1])
    if expected:
        _wrong(rows, said, column, expected)
    return place_id


def _zone(world: World, place_id: str) -> ZoneInfo:
    return ZoneInfo(world.network.places[place_id].timezone if place_id else "UTC")


def _instant(column: str, said: _Said, rows: Table, zone: ZoneInfo, clock: time | None) -> datetime | None:
    """Read a day or an instant; a day ends at `clock`, or with the day itself."""
    if said is None:
        return None
    try:
        return _when(said[1], zone, clock)
    except (ValueError, OverflowError):
        _wrong(rows, said, column, _WHEN)
        return None


def _when(text: str, zone: ZoneInfo, clock: time | None) -> datetime:
    text = text.strip()
    if (day := _day(text)) is not None:
        start = datetime.combine(day, clock or time(), zone)
        return (start if clock else datetime.combine(day + timedelta(days=1), time(), zone)).astimezone(UTC)
    if (match := _CLOCK.fullmatch(text)) and (day := _day(match[1])) is not None:
        return datetime.combine(day, time(int(match[2]), int(match[3])), zone).astimezone(UTC)
    instant = parse_instant(text).astimezone(UTC)
    if not YEARS[0] <= instant.year < YEARS[1]:
        raise ValueError(_WHEN)
    return instant.replace(second=0, microsecond=0)


def _day(text: str) -> date | None:
    """Read a day; None: it is none."""
    if match := _DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    if not YEARS[0] <= year < YEARS[1]:
        raise ValueError(_WHEN)
    return date(year, month, day)


def _kind(lines: list[_Line], rows: Table) -> str:
    boxes = [line for line in lines if line.is_box]
    if not boxes or len(boxes) == len(lines):
        return "FCL" if boxes else "LCL"
    for line in lines:
        if not line.is_box:
            expected = "expected a container in every row of a booking, or in none: book loose pieces apart"
            rows.wrong_at(line.row, "container_type", None, expected)
    return "FCL"


def _boxes(name: str, lines: list[_Line], rows: Table, remarks: list[Remark]) -> tuple[str, int, int]:
    """Find type, count and cargo of one container; rows with the same number are the same container."""
    kind = next((line.container_type for line in lines if line.container_type), "")
    if not kind:
        rows.wrong_at(lines[0].row, "container_type", None, "expected the type of the container, e.g. 40HC")
    grams: dict[object, int] = {}
    counts: dict[object, int] = {}
    for line in lines:
        key: object = line.container_number or line.row
        grams[key] = grams.get(key, 0) + line.gross_g
        counts[key] = line.n_containers
        if line.container_type not in ("", "?", kind) and kind != "?":
            expected = f"expected {kind}: a booking has one type of container"
            rows.wrong_at(line.row, "container_type", line.container_type, expected)
    masses = {kg_ceil(-(-g // counts[key])) for key, g in grams.items()}
    if len(masses) > 1:
        text = f"containers of booking {name} have {min(masses):,} to {max(masses):,} kg; the heaviest stands for all"
        remarks.append(Remark("heaviest-taken", text, (name,)))
    return kind, sum(counts.values()), max(masses)


def _dangerous(lines: list[_Line], rows: Table) -> tuple[str, str]:
    """Find the one UN number of a booking, and its class."""
    number, un_class = "", ""
    for line in lines:
        if line.un_number and number and line.un_number != number:
            expected = f"expected {number}: book dangerous goods of different UN numbers apart"
            rows.wrong_at(line.row, "un_number", line.un_number, expected)
        if line.un_class and un_class and line.un_class != un_class:
            expected = f"expected {un_class}: book dangerous goods of different classes apart"
            rows.wrong_at(line.row, "un_class", line.un_class, expected)
        number, un_class = number or line.un_number, un_class or line.un_class
    if number and not un_class:
        row = next(line.row for line in lines if line.un_number)
        rows.wrong_at(row, "un_class", None, f"expected the class of {number}")
    return number, un_class


def _container_types(world: World) -> dict[str, str]:
    """Name each type by its id, its ISO 6346 code and what people call it."""
    codes = {row["iso_code"]: row["container_type"] for row in table.records("containers") if row["iso_code"]}
    named = {**codes, **words.CONTAINERS, **{kind: kind for kind in world.container_types}}
    return {_bare(name): kind for name, kind in named.items()}


def _bare(text: str) -> str:
    return re.sub(r"[\s'’′\"-]|ft|feet|尺|英尺", "", text.casefold())


def _heading(text: str) -> str:
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch("[0-9]{3,10}", digits):
        raise ValueError("expected an HS code of four to ten digits, e.g. 8517 or 8517.13")
    return check_hs((digits if len(digits) % 2 == 0 else f"0{digits}")[:4])


def _un(text: str) -> str:
    return f"UN{text.zfill(4)}" if text.isascii() and text.isdigit() and len(text) <= 4 else text


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
