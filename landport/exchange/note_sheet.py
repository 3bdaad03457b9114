"""A consignment note draft as a PDF of A4 sheets; the same draft gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from landport.exchange import letters
from landport.exchange.letters import BOLD, PLAIN
from landport.exchange.note import NoteDraft
from landport.exchange.note_boxes import FORM_NAMES, LACKS, LOAD, MARK, ROWS, TITLE, WIDE, Box, LoadRow, load_rows

if TYPE_CHECKING:
    Canvas = Any  # reportlab ships no type hints

PAGE: Final = (595.28, 841.89)
"""A4 in points."""

LEFT: Final = 34.0
TOP: Final = 800.0
FOOT: Final = 34.0
HEAD: Final = 46.0
SMALL: Final = 5.6
NORMAL: Final = 8.4
LEAD: Final = 10.4
PAD: Final = 3.2
GREY: Final = 0.35
"""Of the names of boxes."""

SHADE: Final = 0.92
"""Of boxes that lack something."""

MORE: Final = "… → 2"
"""Where a box is full: the sheets behind have all of it."""

Rest = tuple[str, list[str]]
"""What did not fit: its heading, and the lines."""


def note_pdf(draft: NoteDraft) -> bytes:
    """Draw a draft: the sheet with its boxes, what it lacks, and sheets for what did not fit."""
    from reportlab.pdfgen.canvas import Canvas

    letters.load()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, pageCompression=1, initialFontName=PLAIN)
    canvas.setTitle(f"{TITLE[0]} {draft.form} {draft.consignment_id} ({MARK})")
    canvas.setAuthor(draft.sender.name)
    sheet = _Sheet(canvas, draft)
    rest = sheet.boxes()
    lacks = [f"{lack.box}  {lack.what}" for lack in draft.lacks] or ["–"]
    rest += sheet.lacks(lacks)
    sheet.more(rest)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Sheet:
    """Where the pen is."""

    def __init__(self, canvas: Canvas, draft: NoteDraft) -> None:
        self._canvas = canvas
        self._draft = draft
        self._width = PAGE[0] - 2 * LEFT
        self._y = TOP
        self._number = 0
        self._lacking = {lack.box for lack in draft.lacks}
        self._open()

    def boxes(self) -> list[Rest]:
        """Draw every box; answers what did not fit."""
        rest = []
        for height, boxes in ROWS:
            x = LEFT
            for box in boxes:
                wide = self._width * box.columns / WIDE
                rest += self._box(box, x, height, wide)
                x += wide
            if boxes[0].number == LOAD:
                rest += self._load(boxes, height)
            self._y -= height
        return rest

    def lacks(self, said: Sequence[str]) -> list[Rest]:
        """List what is missing in two columns below the boxes."""
        heading = " · ".join(LACKS)
        height = self._y - FOOT
        self._frame(LEFT, height, self._width)
        self._text(LEFT + PAD, self._y - 9, heading, BOLD, 7.2)
        half = self._width / 2 - 2 * PAD
        wrapped = [line for text in said for line in letters.lines(text, PLAIN, 7.4, half)]
        room = int((height - 14) / 9)
        shown = wrapped if len(wrapped) <= 2 * room else [*wrapped[: 2 * room - 1], MORE]
        for i, line in enumerate(shown):
            column, row = divmod(i, room)
            self._text(LEFT + PAD + column * self._width / 2, self._y - 19 - 9 * row, line, PLAIN, 7.4)
        return [(heading, list(said))] if len(wrapped) > 2 * room else []

    def more(self, rest: Sequence[Rest]) -> None:
        """Write what did not fit on further sheets, all of it."""
        if not rest:
            return
        self._turn()
        for heading, lines in rest:
            if self._y - 3 * LEAD < FOOT:
                self._turn()
            self._text(LEFT, self._y, heading, BOLD, NORMAL)
            self._y -= LEAD + 2
            for line in lines:
                for part in letters.lines(line, PLAIN, NORMAL, self._width):
                    if self._y < FOOT:
                        self._turn()
                    self._text(LEFT, self._y, part, PLAIN, NORMAL)
                    self._y -= LEAD
            self._y -= LEAD

    def _turn(self) -> None:
        self._canvas.showPage()
        self._open()

    def _open(self) -> None:
        """Begin a sheet: title, mark, number."""
        self._number += 1
        self._y = TOP
        forms = FORM_NAMES[self._draft.form]
        title = " · ".join(f"{name} {form}" for name, form in zip(TITLE, forms, strict=True))
        self._text(LEFT, TOP + 6, title, BOLD, 10.5)
        reference = f"{self._draft.consignment_id}   –   {self._number}"
        self._text(LEFT, TOP - 8, reference, PLAIN, NORMAL)
        wide = letters.width(MARK, BOLD, 12)
        right = LEFT + self._width
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(1.2)
        self._canvas.rect(right - wide - 14, TOP - 13, wide + 14, 19)
        self._text(right - wide - 7, TOP - 7.5, MARK, BOLD, 12)
        self._y = TOP - 20 if self._number == 1 else TOP - HEAD

    def _box(self, box: Box, x: float, height: float, wide: float) -> list[Rest]:
        self._frame(x, height, wide, is_grey=box.number in self._lacking)
        self._text(x + PAD, self._y - 9.4, box.number, BOLD, 8.2)
        after = x + PAD + letters.width(box.number, BOLD, 8.2) + 3
        labels = list(letters.lines(_name(box), PLAIN, SMALL, x + wide - PAD - after))[:3]
        for i, label in enumerate(labels):
            self._text(after, self._y - 7.4 - 6.2 * i, label, PLAIN, SMALL, grey=GREY)
        head = 9.6 + 6.2 * max(len(labels) - 1, 0)
        said = box.write(self._draft)
        lines = list(letters.lines(said, PLAIN, NORMAL, wide - 2 * PAD)) if said else []
        room = int((height - head - 2) / LEAD)
        fits = len(lines) <= room
        for i, line in enumerate(lines if fits else [*lines[: room - 1], MORE]):
            self._text(x + PAD, self._y - head - LEAD * (i + 1) + 2, line, PLAIN, NORMAL)
        return [] if fits else [(f"{box.number}  {_name(box)}", said.split("\n"))]

    def _load(self, boxes: Sequence[Box], height: float) -> list[Rest]:
        """Write goods and containers across the boxes of a row, each on lines of its own."""
        rows = load_rows(self._draft)
        ends = [LEFT + self._width * sum(b.columns for b in boxes[:n]) / WIDE for n in range(len(boxes) + 1)]
        y = self._y - 28
        bottom = self._y - height + 4
        for done, row in enumerate(rows):
            lines = list(letters.lines(row.text, PLAIN, NORMAL, ends[1] - ends[0] - 2 * PAD))
            if y - LEAD * (len(lines) - (done == len(rows) - 1)) < bottom:
                self._text(ends[0] + PAD, y, MORE, PLAIN, NORMAL)
                return [(f"{LOAD}–24  {_name(boxes[0])}", [_in_one_line(r) for r in rows])]
            for i, line in enumerate(lines):
                self._text(ends[0] + PAD, y - LEAD * i, line, PLAIN, NORMAL)
            for i, part in enumerate(letters.lines(row.dangerous, PLAIN, 7, ends[2] - ends[1] - 2 * PAD)):
                self._text(ends[1] + PAD, y - 8 * i, part, PLAIN, 7)
            self._text(ends[2] + PAD, y, row.code, PLAIN, NORMAL)
            wide = letters.width(row.mass, PLAIN, NORMAL)
            self._text(ends[4] - PAD - wide, y, row.mass, PLAIN, NORMAL)
            y -= LEAD * len(lines) + 2
        return []

    def _frame(self, x: float, height: float, wide: float, *, is_grey: bool = False) -> None:
        self._canvas.setLineWidth(0.6)
        self._canvas.setFillGray(SHADE)
        self._canvas.rect(x, self._y - height, wide, height, fill=int(is_grey))

    def _text(self, x: float, y: float, text: str, font: str, size: float, *, grey: float = 0.0) -> None:
        pen = self._canvas.beginText(x, y)
        pen.setFillGray(grey)
        for name, part in letters.runs(text, font):
            pen.setFont(name, size)
            pen.textOut(part)
        self._canvas.drawText(pen)


def _name(box: Box) -> str:
    return " · ".join(box.names)


def _in_one_line(row: LoadRow) -> str:
    return " | ".join(filter(None, (row.text, row.dangerous, row.code, row.mass)))
