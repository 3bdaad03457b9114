"""An empty packing list to send to forwarders, with rows that show how it is filled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from landport.errors import Conflict
from landport.exchange.atomic import whole_file
from landport.exchange.workbook import write_workbook

Row = tuple[str | int | float, ...]

SHEET: Final = "packing list"

HEADER: Final[Row] = (
    "Booking no. / 订舱号 / Номер заявки",
    "Shipper / 发货人 / Отправитель",
    "Consignee / 收货人 / Получатель",
    "Origin / 起运地 / Пункт отправления",
    "Destination / 目的地 / Пункт назначения",
    "Ready date / 备货日期 / Дата готовности",
    "Due date / 交货日期 / Срок доставки",
    "Container type / 柜型 / Тип контейнера",
    "Container no. / 柜号 / Номер контейнера",
    "Packages / 件数 / Количество мест",
    "Packing / 包装 / Вид упаковки",
    "Length / 长 / Длина (cm)",
    "Width / 宽 / Ширина (cm)",
    "Height / 高 / Высота (cm)",
    "Gross weight / 毛重 / Вес брутто (kg)",
    "HS code / 海关编码 / Код ТН ВЭД",
    "Description / 品名 / Наименование груза",
    "UN no. / 联合国编号 / Номер ООН",
    "Class / 危险品类别 / Класс опасности",
    "Value / 货值 / Стоимость (USD)",
)
"""Names of the columns, each in three languages."""

_STEEL: Final = ("LP-0001", "Ningbo Steelware Co.", "ТОО «Алма Торг»", "Urumqi", "阿拉木图", "2026-03-02", "2026-03-20")
_PAINT: Final = ("LP-0002", "乌鲁木齐涂料厂", "Tashkent Bau LLC", "URC", "Ташкент", "2026-03-03", "2026-03-25")
_MORE: Final = ("LP-0002", "", "", "", "", "", "")

EXAMPLES: Final[tuple[Row, ...]] = (
    (*_STEEL, "40HC", "", 1200, "carton", "", "", "", 18400.5, "7323", "Kitchenware", "", "", 62000),
    (*_PAINT, "", "", 24, "pallet", 120, 80, 115.5, 14160, "3208", "油漆", "UN1263", "3", 30500),
    (*_MORE, "", "", 60, "carton", 60, 40, 40, 720, "9603", "Кисти", "", "", 4200),
)
"""Rows to overwrite: a container that its shipper stuffs, and a booking of two lines that the hub packs."""


def write_packing_list_template(path: Path) -> None:
    """Write a packing list of the example rows; the same bytes every time.

    Raises
    ------
    Conflict
        `target-exists`: something lies there already.
    InputError
        `not-writable`: the system refuses to write there.
    """
    if path.exists():
        raise Conflict("target-exists", f"{path} exists already: choose another name or move it away", (str(path),))
    with whole_file(path) as part:
        write_workbook(part, {SHEET: [HEADER, *EXAMPLES]})
