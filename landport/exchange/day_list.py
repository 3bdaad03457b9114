"""The day's appointments to pin on a wall: A4 sheets (PDF) and a workbook, to go on with when the system is down."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from landport.exchange import letters
from landport.exchange.check_ins import SHEET
from landport.exchange.day_rows import COLUMNS, DOWN, TITLE, DayHead, DayRow, Words, accepted, counts, said, window
from landport.exchange.letters import BOLD, PLAIN

if TYPE_CHECKING:
    Canvas = Any  # reportlab ships no type hints

PAGE: Final = (841.89, 595.28)
"""A4 landscape in points."""

LEFT: Final = 28.0
TOP: Final = 567.0
FOOT: Final = 34.0
HEAD: Final = 34.0
"""Height of the heads of the columns."""

ROW: Final = 20.0
"""Height of a row: a time can be written into it by hand."""

QR: Final = 62.0
"""Height of a row with a code."""

FIRST: Final = 94.0
"""Height of what only the first sheet has."""

WIDTHS: Final = (24, 62, 64, 92, 68, 68, 98, 62, 66, 24, 56, 101.89)
NORMAL: Final = 8.6
SMALL: Final = 5.8
PAD: Final = 3.0
GREY: Final = 0.35
SHADE: Final = 0.94
"""Of every second window."""

BOX_AT: Final = 9
"""Column of the box to tick."""

BOLD_AT: Final = (3, 4)
"""Columns that are looked for: appointment and tractor."""


def day_list_pdf(rows: Sequence[DayRow], head: DayHead) -> bytes:
    """Draw the list, in the order of its rows; the same list gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    letters.load()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, pageCompression=1, initialFontName=PLAIN)
    canvas.setTitle(f"{TITLE[0]} {head.where}")
    sheet = _Sheet(canvas, rows, head)
    for _ in sheet.pages():
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Sheet:
    """Where the pen is."""

    def __init__(self, canvas: Canvas, rows: Sequence[DayRow], head: DayHead) -> None:
        self._canvas = canvas
        self._rows = rows
        self._head = head
        self._zone = ZoneInfo(head.zone)
        self._width = PAGE[0] - 2 * LEFT
        self._y = TOP

    def pages(self) -> Iterator[int]:
        """Draw sheet after sheet; answers the number of each when it is full."""
        sheets = list(_shared_out(self._rows))
        n, window_before, is_shaded = 0, "", True
        for number, some in enumerate(sheets, 1):
            self._y = TOP
            self._title(number, len(sheets))
            if number == 1:
                self._first()
            self._column_heads()
            for row in some:
                n += 1
                span = window(row, self._zone)
                is_new = span != window_before
                is_shaded ^= is_new
                self._row(n, row, span, is_new=is_new, is_shaded=is_shaded)
                window_before = span
            if not self._rows:
                self._text(LEFT + PAD, self._y - 14, "–", PLAIN, NORMAL)
            self._rule(self._y, 1.0)
            yield number

    def _title(self, number: int, last: int) -> None:
        """Write port, day and clock, when it was printed, and which sheet this is."""
        right = LEFT + self._width
        title = " · ".join(TITLE)
        self._text(LEFT, self._y - 2, *_fitting(self._head.where, BOLD, 13, self._width - 240))
        self._text(right - letters.width(title, PLAIN, 9), self._y - 1, title, PLAIN, 9)
        said_when = f"Printed · 打印 · Напечатано: {self._head.printed}"
        self._text(LEFT, FOOT - 14, said_when, PLAIN, 7, grey=GREY)
        page = f"{number} / {last}"
        self._text(right - letters.width(page, BOLD, 9), FOOT - 14, page, BOLD, 9)
        replaces = (
            "A greater position replaces this list · 位置号更大的清单替代本清单 · Больший номер заменяет этот список"
        )
        middle = LEFT + (self._width - letters.width(replaces, PLAIN, 6.5)) / 2 + 60
        self._text(middle, FOOT - 14, replaces, PLAIN, 6.5, grey=GREY)
        self._y -= 12

    def _first(self) -> None:
        """Write counts, and what to do when the system is down: a column a language."""
        x = LEFT
        for words, count in counts(self._rows):
            self._text(x, self._y - 12, words[0], BOLD, 8)
            wide = letters.width(words[0], BOLD, 8)
            others = " · ".join(words[1:])
            self._text(x, self._y - 20, others, PLAIN, 6.2, grey=GREY)
            wide = max(wide, letters.width(others, PLAIN, 6.2))
            self._text(x + wide + 5, self._y - 17, f"{count}", BOLD, 13)
            x += wide + letters.width(f"{count}", BOLD, 13) + 22
        third = self._width / 3
        top = self._y - 28
        self._canvas.setLineWidth(0.8)
        self._canvas.rect(LEFT, self._y - FIRST + 10, self._width, FIRST - 38)
        for language in range(3):
            left, y = LEFT + third * language + 6, top - 11
            heading, *steps = (words[language] for words in DOWN)
            self._text(left, y, heading, BOLD, 8.4)
            for step in steps:
                for line in letters.lines(step, PLAIN, 7.6, third - 14):
                    y -= 10
                    self._text(left, y, line, PLAIN, 7.6)
        self._y -= FIRST - 4

    def _column_heads(self) -> None:
        self._canvas.setFillGray(0.86)
        self._canvas.rect(LEFT, self._y - HEAD, self._width, HEAD, stroke=0, fill=1)
        for x, wide, words in self._columns(COLUMNS):
            self._text(x + PAD, self._y - 10, *_fitting(words[0], BOLD, 7.4, wide - 2 * PAD))
            self._text(x + PAD, self._y - 19.5, *_fitting(words[1], PLAIN, 7.4, wide - 2 * PAD))
            self._text(x + PAD, self._y - 29, *_fitting(words[2], PLAIN, 7, wide - 2 * PAD))
        self._rule(self._y, 1.0)
        self._y -= HEAD
        self._rule(self._y, 1.0)

    def _row(self, n: int, row: DayRow, span: str, *, is_new: bool, is_shaded: bool) -> None:
        height = QR if row.code else ROW
        if is_shaded:
            self._canvas.setFillGray(SHADE)
            self._canvas.rect(LEFT, self._y - height, self._width, height, stroke=0, fill=1)
        plates = (row.appointment_id, row.tractor, row.trailer, row.document)
        cells: list[str | Words] = [str(n), span, said(row.channel), *plates, accepted(row), said(row.status)]
        for at, (x, wide, cell) in enumerate(self._columns([*cells, "", "", ""])):
            is_bold = at in BOLD_AT or (at == 1 and is_new)
            self._cell(x + PAD, cell, wide - 2 * PAD, is_bold=is_bold)
            if at:
                self._canvas.setLineWidth(0.3)
                self._canvas.line(x, self._y, x, self._y - height)
            if at == BOX_AT:
                self._box(x + wide / 2)
        if row.code:
            self._code(row.code, LEFT + self._width - QR - 2, height)
        self._rule(self._y, 0.8 if is_new else 0.3)
        self._y -= height

    def _cell(self, x: float, cell: str | Words, room: float, *, is_bold: bool) -> None:
        """Write a text in the middle of its row, or a word with its translations below."""
        font = BOLD if is_bold else PLAIN
        if isinstance(cell, str):
            self._text(x, self._y - 13, *_fitting(cell, font, NORMAL, room))
            return
        others = " · ".join(filter(None, cell[1:]))
        self._text(x, self._y - (9 if others else 13), *_fitting(cell[0], font, NORMAL, room))
        self._text(x, self._y - 16.6, *_fitting(others, PLAIN, SMALL, room), grey=GREY)

    def _box(self, middle: float) -> None:
        self._canvas.setLineWidth(0.9)
        self._canvas.setFillGray(1)
        self._canvas.rect(middle - 6, self._y - 16, 12, 12, fill=1)

    def _code(self, text: str, x: float, height: float) -> None:
        """Draw a QR code, with its quiet zone, as one path of bars."""
        matrix = _matrix(text)
        size = (height - 2) / (len(matrix) + 8)
        self._canvas.setFillGray(1)
        self._canvas.rect(x, self._y - height + 1, height - 2, height - 2, stroke=0, fill=1)
        path = self._canvas.beginPath()
        for r, cells in enumerate(matrix):
            start = None
            for c, dark in enumerate((*cells, 0)):
                if dark and start is None:
                    start = c
                elif not dark and start is not None:
                    bottom = self._y - 1 - (r + 5) * size
                    path.rect(x + (start + 4) * size, bottom, (c - start) * size, size)
                    start = None
        self._canvas.setFillGray(0)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _columns(self, cells: Sequence[Any]) -> Iterator[tuple[float, float, Any]]:
        x = LEFT
        for wide, cell in zip(WIDTHS, cells, strict=True):
            yield x, wide, cell
            x += wide

    def _rule(self, y: float, width: float) -> None:
        self._canvas.setLineWidth(width)
        self._canvas.line(LEFT, y, LEFT + self._width, y)

    def _text(self, x: float, y: float, text: str, font: str, size: float, *, grey: float = 0.0) -> None:
        if not text:
            return
        pen = self._canvas.beginText(x, y)
        pen.setFillGray(grey)
        for name, part in letters.runs(text, font):
            pen.setFont(name, size)
            pen.textOut(part)
        self._canvas.drawText(pen)


def _shared_out(rows: Sequence[DayRow]) -> Iterator[list[DayRow]]:
    """Share rows out over sheets; there is always a first one."""
    room = TOP - 12 - HEAD - FOOT
    left = room - FIRST + 4
    some: list[DayRow] = []
    for row in rows:
        height = QR if row.code else ROW
        if height > left:
            yield some
            some, left = [], room
        some.append(row)
        left -= height
    yield some


@lru_cache(maxsize=4096)
def _fitting(text: str, font: str, size: float, room: float) -> tuple[str, str, float]:
    """Make a text fit: a smaller letter, then an ellipsis."""
    wide = letters.width(text, font, size)
    if wide <= room:
        return text, font, size
    size = max(size * room / wide, 0.72 * size)
    while len(text) > 1 and letters.width(text, font, size) > room:
        text = text[:-2] + "…" if text.endswith("…") else text[:-1] + "…"
    return text, font, size


def _matrix(text: str) -> Sequence[Sequence[int]]:
    import segno

    return segno.make_qr(text, error="m", boost_error=False).matrix


# ---- the workbook ------------------------------------------------------------------------------

XLSX_WIDTHS: Final = (5, 12, 22, 18, 14, 14, 20, 14, 24, 5, 8, 30)
TYPED: Final = ("checked_in_at", "appointment", "tractor", "remark")
"""Columns of the sheet that is typed into; `read_check_ins` reads it."""


def day_list_xlsx(rows: Sequence[DayRow], head: DayHead) -> bytes:
    """Write the list as a workbook, with a second sheet to type check-ins into; the same list gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC), "title": f"{TITLE[0]} {head.where}"})
    _list_sheet(book, rows, head)
    typed = book.add_worksheet(SHEET)
    typed.freeze_panes(1, 0)
    for c, name in enumerate(TYPED):
        typed.write_string(0, c, name, book.add_format({"bold": True}))
        typed.set_column(c, c, 24)
    book.close()
    return buffer.getvalue()


def _list_sheet(book: Any, rows: Sequence[DayRow], head: DayHead) -> None:
    bold = book.add_format({"bold": True})
    top = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDDDDD", "border": 1, "valign": "top"})
    plain = book.add_format({"border": 1, "valign": "vcenter"})
    sheet = book.add_worksheet("day list")
    lines = [" · ".join(TITLE), head.where, f"Printed · 打印 · Напечатано: {head.printed}"]
    lines.append("   ".join(f"{' · '.join(words)}: {count}" for words, count in counts(rows)))
    lines += [text for language in zip(*DOWN, strict=True) for text in language]
    for r, line in enumerate(lines):
        sheet.write_string(r, 0, line, bold if r < 2 or (r > 3 and not (r - 4) % len(DOWN)) else None)
    first = len(lines) + 1
    for c, (wide, words) in enumerate(zip(XLSX_WIDTHS, COLUMNS, strict=True)):
        sheet.set_column(c, c, wide)
        sheet.write_string(first, c, "\n".join(words), top)
    sheet.set_row(first, 48)
    zone = ZoneInfo(head.zone)
    for n, row in enumerate(rows, 1):
        sheet.write_number(first + n, 0, n, plain)
        told = (said(row.channel), accepted(row), said(row.status))
        channel, is_accepted, status = (" · ".join(filter(None, w)) for w in told)
        texts = (window(row, zone), channel, row.appointment_id, row.tractor, row.trailer, row.document)
        for c, text in enumerate((*texts, is_accepted, status, "☐", "", ""), 1):
            sheet.write_string(first + n, c, text, plain) if text else sheet.write_blank(first + n, c, None, plain)
    sheet.freeze_panes(first + 1, 0)
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L" + head.where.replace("&", "&&") + "&R&P / &N")
