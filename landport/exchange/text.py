"""Tables as text: CSV as spreadsheets of three languages write it, read row by row."""

from __future__ import annotations

import codecs
import csv
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

from landport.errors import Problem
from landport.exchange.atomic import whole_file
from landport.exchange.caps import Caps
from landport.exchange.live import CONTROL, disarm, rearm

_NO_CODE: Final = "expected text as UTF-8, UTF-16 or GB18030; another code page, or a binary file"
_CHUNK: Final = 1 << 20
_SEPARATOR: Final = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


ASSUMED: Final = "gb18030"
"""Encoding of a file that has no byte-order mark and is no UTF-8."""


class Unreadable(Exception):
    """A file or sheet that cannot be read as a table at all; carries its one problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Rows(Iterator[Sequence[object]]):
    """Rows of a table, counted as a spreadsheet counts them.

    Parameters
    ----------
    rows
        Header first.
    faults
        Texts of cells that hold no value, by row and column (0 is the first): errors of Excel.
    encoding
        Of a text file.
    """

    def __init__(
        self,
        rows: Iterator[Sequence[object]],
        faults: Mapping[int, Mapping[int, str]] | None = None,
        *,
        encoding: str = "",
    ) -> None:
        self._rows = rows
        self.encoding = encoding
        self.faults = faults or {}
        self.row = 0
        """Number of the row handed out last; the header is 1."""

    def __iter__(self) -> Rows:
        return self

    def __next__(self) -> Sequence[object]:
        row = next(self._rows)
        self.row += 1
        return row


def read_text(path: Path, caps: Caps) -> tuple[str, str]:
    """Read a small text file whole; answers the text and its encoding.

    Raises
    ------
    Unreadable
        No such file, too large, or no text.
    """
    encoding, _ = _text_of(path, caps)
    with path.open(encoding=encoding) as file:
        text = file.read()
    if found := CONTROL.search(text):
        raise Unreadable(_no_text(path.name, text.count("\n", 0, found.start()) + 1))
    return text, encoding


def csv_rows(path: Path, problems: list[Problem], caps: Caps) -> Rows:
    """Open a CSV file and stream its rows; what is wrong with a row becomes a problem.

    Notes
    -----
    Encoding by byte-order mark, else UTF-8, else GB18030, each tried strictly over the whole file; delimiter
    (comma, semicolon or tab) from the header, or from a line `sep=;` before it; quoted newlines, CRLF and cells
    disarmed by `live.disarm` are undone. O(bytes), one row in memory.

    Raises
    ------
    Unreadable
        No such file, too large, empty, or no text; while rows are read: from here on nothing can be read.
    """
    encoding, care = _text_of(path, caps)
    with path.open(encoding=encoding, newline="") as file:
        header = file.readline(_CHUNK)
        if separator := _SEPARATOR.fullmatch(header):  # Excel's own line, which it does not count as a row
            header = file.readline(_CHUNK)
        head = header + file.read(_CHUNK)
    if CONTROL.search(header) or (care and len(CONTROL.findall(head)) * 100 > len(head)):
        raise Unreadable(_no_text(path.name, None))
    if not header.strip():
        raise Unreadable(Problem(file=path.name, row=1, expected="expected the names of the columns in row 1"))
    delimiter = separator[1] if separator else _delimiter(header)
    rows = _rows(path, encoding, delimiter, care, problems, caps, skipped=1 if separator else 0)
    return Rows(rows, encoding=encoding)


def write_list(path: Path, rows: Iterable[Sequence[str | int | None]]) -> None:
    """Write a list for people as CSV, whole or not at all; None gives an empty cell.

    Raises
    ------
    InputError
        `not-writable`: the system refuses to write there.

    Notes
    -----
    With a byte-order mark, without which Excel takes UTF-8 for another encoding; texts are disarmed, so that none is
    a formula.
    """
    cells = ([disarm(c) if isinstance(c, str) else c for c in row] for row in rows)
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        _write_rows(file, cells)


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV: UTF-8, commas, one line feed a row; cells are given disarmed.

    Notes
    -----
    No byte-order mark: `read_scenario` needs none, and other programs choke on it.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, rows)


def _write_rows(file: TextIO, rows: Iterable[Sequence[str | int | None]]) -> None:
    plain = csv.writer(file, lineterminator="\n")
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:  # before Python 3.13 a carriage return alone is not quoted
        (quoted if "\r" in "".join(c for c in row if isinstance(c, str)) else plain).writerow(row)


def check_size(path: Path, caps: Caps) -> int:
    """Tell the size of a file before anybody opens it.

    Raises
    ------
    Unreadable
        Not there, no file, empty, not permitted or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a pipe or a device may wait for ever
            kind = "this is a folder" if stat.S_ISDIR(status.st_mode) else "this is a pipe or a device"
            raise Unreadable(Problem(file=path.name, expected=f"expected a regular file; {kind}"))
        with path.open("rb"):
            pass
    except OSError as error:
        what = error.strerror or str(error)
        raise Unreadable(Problem(file=path.name, expected=f"expected a readable file: {what}")) from error
    if status.st_size == 0:
        raise Unreadable(Problem(file=path.name, expected="expected content; the file is empty"))
    if status.st_size > caps.file_bytes:
        size, most = f"{status.st_size:,} bytes", f"{caps.file_bytes:,}"
        raise Unreadable(Problem(file=path.name, value=size, expected=f"expected at most {most} bytes a file"))
    return status.st_size


def _text_of(path: Path, caps: Caps) -> tuple[str, bool]:
    """Find a file's encoding, and whether any cell of it needs care."""
    check_size(path, caps)
    with path.open("rb") as file:
        head = file.read(4)
    marked = [name for mark, name in _BOMS if head.startswith(mark)]
    for name in marked or ("utf-8", ASSUMED):
        with suppress(UnicodeDecodeError):
            return name, _needs_care(path, name)
    raise Unreadable(Problem(file=path.name, expected=_NO_CODE))


def _needs_care(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    care = False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            care = care or "'" in text or CONTROL.search(text) is not None
    decoder.decode(b"", final=True)
    return care


def _delimiter(header: str) -> str:
    plain = "".join(header.split('"')[::2])
    return max(",;\t", key=plain.count)


def _rows(
    path: Path, encoding: str, delimiter: str, care: bool, problems: list[Problem], caps: Caps, *, skipped: int
) -> Iterator[Sequence[str]]:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        for _ in range(skipped):
            next(file)
        lines = _Lines(file)
        rows = csv.reader(lines if care else file, delimiter=delimiter, strict=True)
        try:
            for number, row in enumerate(rows, 1):
                if number > caps.rows + 1:
                    expected = f"expected at most {caps.rows:,} rows"
                    raise Unreadable(Problem(file=path.name, row=number, expected=expected))
                if lines.controls:
                    problems.append(_no_text(path.name, number))
                yield lines.cared(row) if care else row
        except csv.Error as error:
            expected = f"expected CSV; from here on nothing can be read: {error}; is a double quote missing or single?"
            raise Unreadable(Problem(file=path.name, row=number + 1, expected=expected)) from error


class _Lines(Iterator[str]):
    """Lines of a file, remembering whether one since the last look needs care."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.controls = False
        self.apostrophes = False

    def __next__(self) -> str:
        line = next(self._file)
        if "'" in line:
            self.apostrophes = True
        if CONTROL.search(line):
            self.controls = True
        return line

    def cared(self, row: list[str]) -> list[str]:
        """Clean the row that was made of the lines since the last look."""
        if self.controls or self.apostrophes:
            self.controls = self.apostrophes = False
            return [rearm(CONTROL.sub("", cell)) for cell in row]
        return row


def _no_text(file: str, row: int | None) -> Problem:
    return Problem(file=file, row=row, expected="expected text; there are bytes of a binary file (such as NUL)")
