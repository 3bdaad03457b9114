"""What a forwarder's packing list calls its columns, in English, Chinese and Russian, and what its cells mean."""

from __future__ import annotations

from typing import Final

from landport.reference.table import Column

TABLE: Final = "packing_list"

ROW: Final = "number_of_the_row"
"""Column that the reader adds: the row as the spreadsheet counts it."""


def _column(name: str, kind: str, meaning: str, *, low: float | None = None, high: float | None = None) -> Column:
    return Column(
        table=TABLE,
        column=name,
        type=kind,
        unit="",
        required=False,
        low=low,
        high=high,
        choices=(),
        refers_to="",
        meaning=meaning,
        source="house",
    )


COLUMNS: Final = (
    _column("reference", "text", "Your name of the booking; empty: that of the row above"),
    _column("shipper", "text", "Who sends the goods"),
    _column("consignee", "text", "Who receives them"),
    _column("origin", "text", "Place where they are, by id or name"),
    _column("destination", "text", "Place where they go, by id or name"),
    _column("ready", "text", "Day on which they are ready, such as 2026-03-02, or an instant with its offset"),
    _column("due", "text", "Day on which they must be there, or an instant with its offset"),
    _column("container_type", "text", "Type such as 40HC, 40HQ or 45G1; says that the shipper stuffs the container"),
    _column("container_number", "text", "ISO 6346 number, if it is known"),
    _column("n_containers", "int", "How many such containers; empty: one", low=1, high=500),
    _column("packages", "int", "How many pieces", low=1, high=1_000_000),
    _column("package_kind", "text", "Such as carton or pallet"),
    _column("length", "decimal", "Of one piece; the header says cm or mm", low=0.001, high=100_000),
    _column("width", "decimal", "Of one piece", low=0.001, high=100_000),
    _column("height", "decimal", "Of one piece", low=0.001, high=100_000),
    _column("dimensions", "text", "All three instead, such as 120x80x100"),
    _column("gross_kg", "grams", "Gross mass of all pieces of the row", low=1, high=10**9),
    _column("hs", "text", "HS code, four to ten digits"),
    _column("goods", "text", "What it is"),
    _column("un_number", "text", "UN number of dangerous goods"),
    _column("un_class", "text", "Their class"),
    _column("value", "cents", "Value of the row; the header says USD", low=0, high=10**13),
    _column(ROW, "id", "Row of the sheet"),
)
"""What is read; all but the last stand in the sheet, in any order."""

NEEDED: Final = ("consignee", "origin", "destination", "ready", "due", "gross_kg", "hs")
"""Columns without which no booking can be made; the reference may be missing: then the sheet is one booking."""

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "reference": (
        *("booking reference", "booking no", "booking number", "booking", "reference", "ref", "ref no", "shipment no"),
        *("consignment", "order no", "po no", "po number", "订舱号", "订单号", "提单号", "运单号", "编号", "委托编号"),
        *("номер заявки", "заявка", "номер бронирования", "заказ", "номер заказа", "№ заявки", "отправка"),
    ),
    "shipper": (
        *("shipper", "sender", "consignor", "exporter", "发货人", "托运人", "发货方", "发货单位"),
        *("отправитель", "грузоотправитель", "экспортер", "экспортёр"),
    ),
    "consignee": (
        *("consignee", "receiver", "importer", "buyer", "收货人", "收货方", "收货单位"),
        *("получатель", "грузополучатель", "импортер", "импортёр"),
    ),
    "origin": (
        *("origin", "from", "place of receipt", "place of loading", "loading station", "departure station", "pol"),
        *("起运地", "起运站", "发站", "始发站", "装货地", "起始地", "出发地"),
        *("пункт отправления", "станция отправления", "место погрузки", "откуда"),
    ),
    "destination": (
        *(
            "destination",
            "to",
            "place of delivery",
            "final destination",
            "destination station",
            "arrival station",
            "pod",
        ),
        *("目的地", "到站", "目的站", "卸货地", "交货地"),
        *("пункт назначения", "станция назначения", "место доставки", "место назначения", "куда"),
    ),
    "ready": (
        *("ready", "ready date", "ready at", "cargo ready", "cargo ready date", "crd", "pickup date"),
        *("货好日期", "备货日期", "备妥日期", "就绪日期", "提货日期"),
        *("дата готовности", "готовность", "готовность груза"),
    ),
    "due": (
        *("due", "due date", "due at", "deadline", "latest arrival", "delivery date", "required delivery date"),
        *("交货日期", "要求到达日期", "到货期限", "最晚到达", "期限"),
        *("срок доставки", "дата доставки", "доставить до", "срок"),
    ),
    "container_type": (
        *(
            "container type",
            "ctr type",
            "cntr type",
            "size type",
            "size/type",
            "type/size",
            "type",
            "equipment",
            "柜型",
            "箱型",
            "集装箱类型",
        ),
        *("тип контейнера", "тип кнт"),
    ),
    "container_number": (
        *(
            "container number",
            "container no",
            "container",
            "ctr no",
            "cntr no",
            "柜号",
            "箱号",
            "集装箱号",
            "集装箱号码",
        ),
        *("номер контейнера", "контейнер", "№ контейнера", "кнт"),
    ),
    "n_containers": (
        *("containers", "number of containers", "qty of containers", "柜量", "箱量", "箱数", "集装箱数量"),
        *("количество контейнеров", "кол-во контейнеров"),
    ),
    "packages": (
        *("packages", "number of packages", "no of packages", "pkgs", "ctns", "cartons", "pieces", "pcs", "qty"),
        *("quantity", "colli", "件数", "箱数量", "数量", "包装件数"),
        *("количество мест", "кол-во мест", "места", "мест", "количество"),
    ),
    "package_kind": (
        *("package kind", "kind of packages", "packing", "packaging", "package type", "包装", "包装种类", "包装类型"),
        *("包装方式", "вид упаковки", "упаковка", "род упаковки"),
    ),
    "length": ("length", "l", "长", "长度", "длина", "д"),
    "width": ("width", "w", "宽", "宽度", "ширина", "ш"),
    "height": ("height", "h", "高", "高度", "высота", "в"),
    "dimensions": (
        *("dimensions", "dimension", "size", "dims", "measurement", "lxwxh", "l x w x h", "尺寸", "长宽高", "外形尺寸"),
        *("размеры", "габариты", "размер", "дхшхв", "д х ш х в"),
    ),
    "gross_kg": (
        *(
            "gross kg",
            "gross weight",
            "gross mass",
            "gross",
            "g.w",
            "gw",
            "g.wt",
            "total gross weight",
            "毛重",
            "总毛重",
        ),
        *("вес брутто", "масса брутто", "брутто", "общий вес брутто"),
    ),
    "hs": (
        *(
            "hs",
            "hs code",
            "hscode",
            "h.s code",
            "h.s",
            "customs code",
            "commodity code",
            "海关编码",
            "税号",
            "商品编码",
            "hs编码",
        ),
        *("код тн вэд", "тн вэд", "тнвэд", "код тнвэд"),
    ),
    "goods": (
        *("goods", "description", "goods description", "description of goods", "commodity", "cargo", "品名", "货名"),
        *("货物名称", "商品名称", "货物描述", "中文品名", "наименование груза", "наименование товара", "наименование"),
        *("описание", "описание груза", "груз", "товар"),
    ),
    "un_number": (
        "un number",
        "un no",
        "un",
        "unno",
        "联合国编号",
        "un编号",
        "危险品编号",
        "номер оон",
        "оон",
        "№ оон",
    ),
    "un_class": (
        *("un class", "class", "imo class", "dg class", "hazard class", "危险品类别", "危险类别", "危险等级"),
        *("класс опасности", "класс"),
    ),
    "value": (
        *("value", "cargo value", "goods value", "invoice value", "amount", "total value", "货值", "金额", "总价"),
        *("стоимость", "стоимость груза", "сумма"),
    ),
}
"""Names of each column, in small letters, without units and full stops."""

MILLIMETRES: Final = {
    **dict.fromkeys(("mm", "мм", "毫米"), 1),
    **dict.fromkeys(("cm", "см", "厘米", "公分"), 10),
    **dict.fromkeys(("m", "м", "米"), 1000),
}
"""Units of length that a header may state."""

KILOGRAMS: Final = frozenset({"kg", "kgs", "кг", "公斤", "千克"})
"""Unit of mass that a header may state; without any it is meant, too."""

OTHER_MASSES: Final = frozenset({"t", "т", "吨", "g", "г", "克", "lb", "lbs", "mt", "тн"})
"""Units of mass that are not read."""

DOLLARS: Final = frozenset({"usd", "us$", "$", "美元", "долл", "долл сша"})
"""Currency that a header of values must state."""

SIZED: Final = ("length", "width", "height", "dimensions")
"""Columns whose header must state a unit of length."""

TOTALS: Final = (
    *("total", "totals", "grand total", "sub total", "subtotal", "sum", "合计", "总计", "共计", "小计", "总数"),
    *("итого", "всего", "общий итог"),
)
"""How a row of totals begins."""

CONTAINERS: Final = {
    **{f"{feet}HQ": f"{feet}HC" for feet in (20, 40, 45)},
    **{f"{feet}{kind}": f"{feet}GP" for feet in (20, 40) for kind in ("DC", "DV", "SD", "ST", "DRY", "")},
    "20'": "20GP",
    "40RQ": "40RH",
    "40HR": "40RH",
    "40REHC": "40RH",
}
"""What container types are called beside their ids and ISO 6346 codes."""

PALLETS: Final = ("pallet", "plt", "托盘", "卡板", "паллет", "поддон", "палет")
"""Package kinds that are rigid pallets begin so."""
