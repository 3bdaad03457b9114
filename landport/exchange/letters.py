"""Latin, Cyrillic and Chinese letters on a PDF page: which font has which, how wide they are, where lines break.

PT Sans (OFL 1.1, from the package fontpkg-pt-sans) is embedded; Chinese is set in STSong-Light, one of the fonts that
PDF readers bring themselves (Adobe-GB1). No font of the machine is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

CHINESE: Final = "STSong-Light"
PLAIN: Final = "PTSans"
BOLD: Final = "PTSans-Bold"

MISSING: Final = "?"
"""What is shown for a character that none of the fonts has."""

_FILES: Final = {PLAIN: "PT_Sans-Web-Regular.ttf", BOLD: "PT_Sans-Web-Bold.ttf"}
_WORDS: Final = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+"
)

Run = tuple[str, str]
"""A stretch of text in one font: font, text."""


@cache
def load() -> frozenset[int]:
    """Make the fonts known to reportlab; answers the characters that PT Sans has."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = files("fontpkg_pt_sans").joinpath("files")
    known: set[int] = set()
    for name, file in _FILES.items():
        font = TTFont(name, str(folder.joinpath(file)))
        pdfmetrics.registerFont(font)
        known = set(font.face.charToGlyph) & known if known else set(font.face.charToGlyph)
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    return frozenset(known)


def runs(text: str, font: str) -> list[Run]:
    """Cut a text where its font changes.

    Examples
    --------
    >>> runs("Урумчи 乌鲁木齐", PLAIN)
    [('PTSans', 'Урумчи '), ('STSong-Light', '乌鲁木齐')]
    """
    found: list[Run] = []
    for char in text:
        name, shown = _font_of(char, font)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + shown)
        else:
            found.append((name, shown))
    return found


def width(text: str, font: str, size: float) -> float:
    """Measure a text in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(sum(stringWidth(part, name, size) for name, part in runs(text, font)))


def lines(text: str, font: str, size: float, room: float) -> Iterator[str]:
    """Break a text into lines: between words, between Chinese characters, and inside words that are too long."""
    for paragraph in text.split("\n"):
        line = ""
        for word in _WORDS.findall(paragraph):
            if width(line + word.rstrip(), font, size) <= room:
                line += word
                continue
            if line.strip():
                yield line.rstrip()
            line = word.lstrip()
            while width(line, font, size) > room and len(line) > 1:
                cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width(line[:n], font, size) <= room)
                yield line[:cut]
                line = line[cut:]
        yield line.rstrip()


def _font_of(char: str, font: str) -> Run:
    if ord(char) in load():
        return font, char
    if char.isspace():
        return font, " "
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return font, MISSING
    return CHINESE, char
