"""Boxes of a consignment note: number, names in three languages, place on the sheet, and what is written into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from landport.exchange.note import NoteBorder, NoteContainer, NoteDraft, NoteGoods, NoteParty, NoteStation
from landport.units import usd_text

WIDE: Final = 60
"""Columns of the grid; a box takes a whole number of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of the sheet.

    Parameters
    ----------
    number
        On the form; empty: a box of the draft alone.
    names
        English, Russian, Chinese.
    columns
        Of `WIDE`.
    write
        What stands in it, lines with line feeds between.
    """

    number: str
    names: tuple[str, str, str]
    columns: int
    write: Callable[[NoteDraft], str]


def _box(number: str, english: str, russian: str, chinese: str, columns: int, write: Callable[[NoteDraft], str]) -> Box:
    return Box(number=number, names=(english, russian, chinese), columns=columns, write=write)


def _party(party: NoteParty) -> str:
    return "\n".join(filter(None, (party.name, party.address, party.country, party.contact)))


def _station(station: NoteStation) -> str:
    return "\n".join(filter(None, (station.name, station.name_ru, station.name_zh, f"({station.railway})")))


def _border(border: NoteBorder) -> str:
    def named(station: NoteStation) -> str:
        names = " · ".join(filter(None, (station.name, station.name_ru, station.name_zh)))
        return f"{names} ({station.railway}) {station.code}".rstrip()

    return f"{named(border.exit)} – {named(border.entry)}"


def _payers(draft: NoteDraft) -> str:
    paying = {payer.railway: payer for payer in draft.payers}
    rows = []
    for railway in draft.railways:
        payer = paying.get(railway)
        rows.append(f"{railway}: {payer.name} {payer.code}".rstrip() if payer else f"{railway}: ")
    return "\n".join(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """A row across boxes 20 to 24: text, class of dangerous goods, GNG/NHM code, mass."""

    text: str
    dangerous: str = ""
    code: str = ""
    mass: str = ""


def load_rows(draft: NoteDraft) -> list[LoadRow]:
    """List goods, containers with their seals, and sums."""
    rows = [_goods(goods) for goods in draft.goods]
    if len(rows) > 1:
        count = sum(goods.packages for goods in draft.goods)
        mass = sum(goods.gross_kg for goods in draft.goods)
        rows.append(LoadRow(text=f"Total · Итого · 合计: {count:,}", mass=f"{mass:,}"))
    rows += [_container(container) for container in draft.containers]
    tare = sum(container.tare_kg for container in draft.containers)
    if tare:
        rows.append(LoadRow(text="Tare · Тара · 皮重", mass=f"{tare:,}"))
    gross = sum(container.gross_kg for container in draft.containers)
    if gross:
        rows.append(LoadRow(text="Gross · Брутто · 总重", mass=f"{gross:,}"))
    return rows


def _goods(goods: NoteGoods) -> LoadRow:
    packed = f"{goods.packages:,} {goods.package_kind}".strip() if goods.packages else ""
    dangerous = " ".join(filter(None, (goods.un_number, goods.un_class)))
    return LoadRow(
        text=", ".join(filter(None, (goods.description, packed))),
        dangerous=f"X {dangerous}" if dangerous else "",
        code=goods.gng_code or "–",
        mass=f"{goods.gross_kg:,}" if goods.gross_kg else "–",
    )


def _container(container: NoteContainer) -> LoadRow:
    size = f"{container.length_ft}'" if container.length_ft else ""
    sealed = f"seals · пломбы · 封印 {', '.join(container.seals)}" if container.seals else ""
    named = " ".join(filter(None, (container.number, container.iso_type, size)))
    return LoadRow(text="; ".join(filter(None, (named, sealed))))


def _nothing(_draft: NoteDraft) -> str:
    return ""


Row = tuple[float, tuple[Box, ...]]
"""Height in points, and boxes from left to right."""

ROWS: Final[tuple[Row, ...]] = (
    (
        82,
        (
            _box("1", "Sender", "Отправитель", "发货人", 23, lambda d: _party(d.sender)),
            _box("2", "Code", "Код", "代码", 7, lambda d: d.sender.code),
            _box(
                "7", "Sender's statements", "Заявления отправителя", "发货人声明", 20, lambda d: "\n".join(d.statements)
            ),
            _box(
                *("8", "Reference, contract", "Ссылка, договор", "编号、合同", 10),
                lambda d: "\n".join(filter(None, (d.consignment_id, d.contract))),
            ),
        ),
    ),
    (
        82,
        (
            _box("4", "Consignee", "Получатель", "收货人", 23, lambda d: _party(d.consignee)),
            _box("5", "Code", "Код", "代码", 7, lambda d: d.consignee.code),
            _box("9", "Documents attached", "Приложенные документы", "随附文件", 30, lambda d: "\n".join(d.documents)),
        ),
    ),
    (
        70,
        (
            _box("16", "Place of acceptance", "Место приёма", "接收地", 20, lambda d: _station(d.departure)),
            _box("17", "Code", "Код", "车站代码", 10, lambda d: d.departure.code),
            _box("10", "Place of delivery", "Место доставки", "交付地", 20, lambda d: _station(d.destination)),
            _box("12", "Station code", "Код станции", "车站代码", 10, lambda d: d.destination.code),
        ),
    ),
    (
        92,
        (
            _box(
                "60",
                "Route: border stations",
                "Путь: пограничные станции",
                "径路：国境站",
                34,
                lambda d: "\n".join(map(_border, d.borders)),
            ),
            _box("18", "Payers, railway by railway", "Плательщики по железным дорогам", "各铁路付费人", 26, _payers),
        ),
    ),
    (40, (_box("19", "Wagons", "Вагоны", "车号", 60, lambda d: " · ".join(d.wagons)),)),
    (
        168,
        (
            _box(
                "20",
                "Goods, packages, containers, seals",
                "Груз, места, контейнеры, пломбы",
                "货物、件数、箱、封印",
                36,
                _nothing,
            ),
            _box("22", "RID / SMGS 2", "РИД / СМГС 2", "危险品", 7, _nothing),
            _box("23", "GNG/NHM", "ГНГ/НХМ", "品名代码", 8, _nothing),
            _box("24", "Mass, kg", "Масса, кг", "重量", 9, _nothing),
        ),
    ),
    (
        52,
        (
            _box("26", "Customs", "Отметки таможни", "海关记载", 36, _nothing),
            _box(
                *("27", "Value declared", "Ценность груза", "声明价格", 24),
                lambda d: f"USD {usd_text(d.value_usd_cents)}" if d.value_usd_cents else "",
            ),
        ),
    ),
    (
        52,
        (
            _box(
                "29",
                "Drawn up: place, date",
                "Составлено: место, дата",
                "填写地点、日期",
                20,
                lambda d: f"{d.departure.name}\n{d.drawn_on.isoformat()}",
            ),
            _box("66", "Contractual carrier", "Договорный перевозчик", "缔约承运人", 22, lambda d: d.carrier),
            _box("69", "Consignment no. (by the carrier)", "Отправка № (перевозчик)", "批号（承运人）", 18, _nothing),
        ),
    ),
)
"""The sheet from top to bottom; the columns of each row add up to `WIDE`."""

LOAD: Final = "20"
"""Box in whose row `load_rows` stand."""

LACKS: Final = ("Missing (grey boxes)", "Не хватает (серые графы)", "缺少（灰色栏）")
"""Heads the list of what the draft lacks."""

TITLE: Final = ("Consignment note", "Накладная", "运单")
FORM_NAMES: Final = {
    "CIM/SMGS": ("CIM/SMGS", "ЦИМ/СМГС", "国际货约/国际货协"),
    "SMGS": ("SMGS", "СМГС", "国际货协"),
    "CIM": ("CIM", "ЦИМ", "国际货约"),
}
MARK: Final = "DRAFT · ПРОЕКТ · 草稿"
"""Stands on every sheet: it is no contract."""
