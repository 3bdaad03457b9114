"""What a day list says: appointments of a local day at a border port, in the words of three languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from landport.model.border import CHANNELS

Words = tuple[str, str, str]
"""The same in English, Chinese and Russian."""

TITLE: Final[Words] = ("Day list", "当日预约清单", "Список записей на день")
ALL: Final[Words] = ("all", "合计", "всего")
YES: Final[Words] = ("yes", "是", "да")
NO: Final[Words] = ("no", "否", "нет")

COLUMNS: Final[Sequence[Words]] = (
    ("No.", "序号", "№"),
    ("Window", "时段", "Окно"),
    ("Channel", "通道", "Канал"),
    ("Appointment", "预约号", "Номер записи"),
    ("Tractor", "牵引车", "Тягач"),
    ("Trailer", "挂车", "Прицеп"),
    ("Document", "单证", "Документ"),
    ("Appl. accepted", "申报已受理", "Заявка принята"),
    ("Status", "状态", "Статус"),
    ("In", "到", "Вх."),
    ("Time", "时间", "Время"),
    ("Remark", "备注", "Примечание"),
)
"""Heads of the columns; the last three are filled in by hand."""

SAID: Final[dict[str, Words]] = {
    "general": ("general", "普通", "общий"),
    "perishable": ("perishable", "鲜活", "скоропорт"),
    "dangerous": ("dangerous", "危险品", "опасный"),
    "livestock": ("livestock", "活畜", "живой скот"),
    "empty": ("empty", "空车", "порожний"),
    "confirmed": ("confirmed", "已确认", "подтверждена"),
    "called": ("called", "已呼叫", "вызвана"),
    "arrived": ("arrived", "已到达", "прибыла"),
    "under_inspection": ("inspection", "查验中", "досмотр"),
    "held": ("held", "扣留", "задержана"),
    "cleared": ("cleared", "已放行", "выпущена"),
    "turned_back": ("turned back", "退回", "возвращена"),
    "no_show": ("no show", "未到", "не явилась"),
    "cancelled": ("cancelled", "已取消", "отменена"),
}
"""Channels and states."""

DOWN: Final[Sequence[Words]] = (
    (
        "When the system is down",
        "系统停用时",
        "Если система не работает",
    ),
    (
        "1. Let trucks in by this list, in its order: tick, time, and plates that differ. Codes: landport verify-qr.",
        "1. 按本清单顺序放行：打勾、记时间；车牌不符另记。二维码用 landport verify-qr 核验。",
        "1. Впускайте по списку, по порядку: отметка, время, номер, если другой. Коды: landport verify-qr.",
    ),
    (
        "2. When it is back, type in what was written down before you call up anybody; changes since are shown then.",
        "2. 恢复后先录入本清单记录，再呼叫车辆；打印后的变更届时提示。",
        "2. Когда заработает, сначала внесите записанное, потом вызывайте; изменения будут показаны.",
    ),
)
"""What to do then: a heading and two lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """An appointment of the day.

    Parameters
    ----------
    document
        Kind and number, such as `TIR XK12345678`.
    is_accepted
        Whether customs accepted its clearance application; None: it has none.
    code
        Text of its signed code, to be printed as a QR code; empty: none is.
    """

    opens_at: datetime
    closes_at: datetime
    channel: str
    appointment_id: str
    tractor: str = ""
    trailer: str = ""
    document: str = ""
    is_accepted: bool | None = None
    status: str = "confirmed"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHead:
    """What stands above the list.

    Parameters
    ----------
    on
        Local day.
    zone
        IANA zone of the port's clock.
    position
        Of the newest event that the list knows: a list with a greater one replaces it.
    """

    border_id: str
    name: str
    on: date
    zone: str
    printed_at: datetime
    position: int

    @property
    def where(self) -> str:
        """Name the port, its day and its clock."""
        return f"{self.name} {self.border_id}  ·  {self.on:%Y-%m-%d}  ·  {self.zone}"

    @property
    def printed(self) -> str:
        """Say when the list was printed, by the port's clock, and what it knows."""
        local = self.printed_at.astimezone(ZoneInfo(self.zone))
        return f"{local:%Y-%m-%d %H:%M} {self.zone}, position {self.position}"


def said(word: str) -> Words:
    """Say a channel or state in three languages; what is not known stands as it is."""
    return SAID.get(word, (word, "", ""))


def accepted(row: DayRow) -> Words:
    """Say whether the application is accepted."""
    return ("–", "", "") if row.is_accepted is None else YES if row.is_accepted else NO


def window(row: DayRow, zone: ZoneInfo) -> str:
    """Write a window by the port's clock.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 16, tzinfo=UTC)
    >>> row = DayRow(opens_at=at, closes_at=at.replace(hour=17), channel="general", appointment_id="T1")
    >>> window(row, ZoneInfo("Asia/Almaty"))
    '21:00–22:00'
    """
    return f"{row.opens_at.astimezone(zone):%H:%M}–{row.closes_at.astimezone(zone):%H:%M}"


def counts(rows: Iterable[DayRow]) -> list[tuple[Words, int]]:
    """Count appointments by channel, and all."""
    found = Counter(row.channel for row in rows)
    order = [*(c for c in CHANNELS if c in found), *sorted(found.keys() - set(CHANNELS))]
    return [*((said(channel), found[channel]) for channel in order), (ALL, found.total())]
