"""Check-ins that were written down at a gate without the port's server: by `landport verify-qr`, or by hand."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import FileIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from landport.errors import Conflict, InputError, Problem, shown
from landport.exchange.caps import Caps
from landport.exchange.faults import NO_VALUE
from landport.exchange.live import CONTROL, disarm
from landport.exchange.reading import column_names
from landport.exchange.text import Rows, Unreadable, csv_rows
from landport.exchange.workbook import open_workbook, sheet_rows
from landport.reference.table import cell_text, is_blank

SHEET: Final = "check-ins"
"""Sheet of a workbook that is read, else its first one: a day list has such a sheet to type into."""

VERDICTS: Final = ("on-time", "early", "late")
"""How a truck came, by its window."""

COLUMNS: Final = ("checked_in_at", "appointment_id", "version", "tractor", "key_id", "verdict")
"""Columns that `record_check_in` writes."""

UPLOAD: Final = Caps(rows=20_000, file_bytes=20 * 1024**2, unzipped_bytes=200 * 1024**2, entries=1000)
"""Limits of a file that comes from outside."""

MOST_TEXT: Final = 200
"""Characters of a cell."""

_NAMES: Final = {
    "appointment": "appointment_id",
    "时间": "checked_in_at",
    "время": "checked_in_at",
    "预约号": "appointment_id",
    "номер_записи": "appointment_id",
    "牵引车": "tractor",
    "тягач": "tractor",
    "备注": "remark",
    "примечание": "remark",
}
"""What people call the columns; in `CheckIn` they are called as here."""

_KNOWN: Final = (*COLUMNS, "remark")
_NEEDED: Final = ("checked_in_at", "appointment_id")
_INSTANT: Final = "expected when it was, by the gate's clock or with an offset, e.g. 2026-03-02 10:15"
_HEAD: Final = ("\ufeff" + ",".join(COLUMNS) + "\n").encode()
_OFFSET: Final = r"[ ]?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_CLOCK: Final = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.][0-9]+)?)?" + _OFFSET
_DATED: Final = (
    re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})[T ] ?" + _CLOCK),
    re.compile(r"(?P<d>[0-9]{1,2})[.](?P<m>[0-9]{1,2})[.](?P<y>[0-9]{4}) +" + _CLOCK),
)
_UNDATED: Final = re.compile(_CLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A truck that was let in by a list or a code.

    Parameters
    ----------
    row
        In the file; 0: of no file yet.
    checked_in_at
        With an offset.
    version
        Of the code that was shown; None: by hand.
    key_id
        Key that signed it; empty: by hand.
    verdict
        One of `VERDICTS`; empty: by hand.
    """

    row: int = 0
    checked_in_at: datetime
    appointment_id: str
    tractor: str = ""
    version: int | None = None
    key_id: str = ""
    verdict: str = ""
    remark: str = ""


# ---- writing -----------------------------------------------------------------------------------


def record_check_in(path: Path, one: CheckIn) -> None:
    """Add a row to a file of check-ins; when this returns, it is on the disk.

    Raises
    ------
    Conflict
        `checked-in-already`: the file has the appointment.
    InputError
        `not-writable`: the system refuses. `bad-option`: the file is none that this wrote.

    Notes
    -----
    One write, then fsync, under a lock that two scanners of one machine share. A last row that is cut off, because the
    power went while it was written, was never acknowledged and is taken away.
    """
    try:
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept = _kept(path, file)
            _expect_first(path, one, kept.decode(errors="replace"))
            end = b"" if not kept or kept.endswith(b"\n") else b"\n"
            row = end + (b"" if kept else _HEAD) + _line(_cells(one)).encode()
            _append(file, len(kept), row)
        _settle(path.parent)  # so that a new file is found again
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError("not-writable", f"cannot write {path}: {why}", (str(path),)) from error


def _kept(path: Path, file: FileIO) -> bytes:
    """Read what was written before, without a last row that is cut off; refuse what is no file of ours."""
    status = os.fstat(file.fileno())
    data = b""
    if stat.S_ISREG(status.st_mode) and status.st_size <= UPLOAD.file_bytes:
        file.seek(0)
        data = file.read()
        whole, _, rest = data.rpartition(b"\n")
        if data.startswith(_HEAD.rstrip()) and data[len(_HEAD) - 1 :][:1] in b"\r\n":
            return data if _is_row(rest) else data[: len(data) - len(rest)]
        if not whole and _HEAD.startswith(rest):
            return b""
    about = f"{path} is no list of check-ins that landport verify-qr began: name another file"
    raise InputError("bad-option", about, ("--record",))


def _is_row(rest: bytes) -> bool:
    """Tell whether what stands behind the last line end is a row, or nothing."""
    try:
        cells = next(csv.reader([rest.decode()]), None)
    except UnicodeDecodeError:
        return False
    return cells is None or (len(cells) == len(COLUMNS) and cells[-1] in VERDICTS)


def _append(file: FileIO, size: int, row: bytes) -> None:
    """Write a row behind what is kept, and wait for the disk; what fails leaves nothing."""
    file.truncate(size)
    try:
        while row:
            row = row[file.write(row) :]
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            file.truncate(size)
        raise


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expect_first(path: Path, one: CheckIn, text: str) -> None:
    wanted = disarm(one.appointment_id)
    for row in csv.reader(io.StringIO(text)):
        if len(row) > 1 and row[1] == wanted:
            said = f"appointment {one.appointment_id} was checked in already, at {row[0]} ({path.name})"
            raise Conflict("checked-in-already", said, (one.appointment_id,))


def _cells(one: CheckIn) -> Sequence[str]:
    at = one.checked_in_at.isoformat(timespec="seconds")
    version = "" if one.version is None else str(one.version)
    return (at, disarm(one.appointment_id), version, disarm(one.tractor), disarm(one.key_id), one.verdict)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


# ---- reading -----------------------------------------------------------------------------------


def read_check_ins(path: Path, zone: str, *, on: date | None = None, caps: Caps = UPLOAD) -> tuple[CheckIn, ...]:
    """Read a CSV or Excel file of check-ins, in the order of its rows.

    Parameters
    ----------
    zone
        IANA zone of clocks without an offset.
    on
        Local day of clocks without a date, such as 10:15; None: they are wrong.

    Raises
    ------
    InputError
        `input`: no such file, or wrong rows; all are listed, appointments that stand there twice, too.
    """
    problems: list[Problem] = []
    found: tuple[CheckIn, ...] = ()
    try:
        file, rows = _opened(path, problems, caps)
        reader = _Reader(file, rows, ZoneInfo(zone), on, problems)
        found = tuple(reader.check_ins())
    except Unreadable as error:
        problems.append(error.problem)
    if problems:
        raise InputError.of(sorted(problems, key=lambda p: p.row or 0))
    return found


def _opened(path: Path, problems: list[Problem], caps: Caps) -> tuple[str, Rows]:
    if path.suffix.lower() != ".xlsx":
        return path.name, csv_rows(path, problems, caps)
    book = open_workbook(path, caps)
    names = book.sheets.sheet_names
    sheet = SHEET if SHEET in names else names[0]
    file = f"{path.name} sheet {sheet}"
    return file, sheet_rows(book, sheet, file, problems, caps)


class _Reader:
    """Rows of one file."""

    def __init__(self, file: str, rows: Rows, zone: ZoneInfo, on: date | None, problems: list[Problem]) -> None:
        self._file, self._rows, self._zone, self._on = file, rows, zone, on
        self._problems = problems
        self._first: dict[str, int] = {}
        names = [_NAMES.get(name, name) for name in column_names(next(rows, ()))]
        self._at = {name: names.index(name) for name in _KNOWN if name in names}
        for name in _KNOWN:
            if names.count(name) > 1:
                self._wrong(1, name, None, "expected this column once")
        for name in _NEEDED:
            if name not in self._at:
                self._wrong(1, name, None, f"expected a column {name}")

    def check_ins(self) -> Iterator[CheckIn]:
        """Read the rows that are not blank; wrong ones become problems."""
        if not set(_NEEDED) <= self._at.keys():
            return
        for row in self._rows:
            number = self._rows.row
            faults = self._rows.faults.get(number, {})
            if all(map(is_blank, row)) and not faults:
                continue
            cells: dict[str, object] = {name: row[i] if i < len(row) else None for name, i in self._at.items()}
            bad = [(name, faults[i]) for name, i in self._at.items() if i in faults]
            for name, said in bad:
                self._wrong(number, name, said, NO_VALUE)
            if not bad:
                yield self._check_in(number, cells)

    def _check_in(self, number: int, cells: Mapping[str, object]) -> CheckIn:
        texts = {name: self._text(number, name, cell) for name, cell in cells.items() if name != "checked_in_at"}
        appointment_id = texts["appointment_id"]
        if not appointment_id:
            self._wrong(number, "appointment_id", None, "expected the number of an appointment")
        elif appointment_id in self._first:
            expected = f"expected each appointment once; row {self._first[appointment_id]} has it too"
            self._wrong(number, "appointment_id", appointment_id, expected)
        self._first.setdefault(appointment_id, number)
        verdict = texts.get("verdict", "")
        if verdict not in ("", *VERDICTS):
            self._wrong(number, "verdict", verdict, f"expected one of {', '.join(VERDICTS)}, or nothing")
        return CheckIn(
            row=number,
            checked_in_at=self._instant(number, cells["checked_in_at"]),
            appointment_id=appointment_id,
            tractor=texts.get("tractor", ""),
            version=self._version(number, texts.get("version", "")),
            key_id=texts.get("key_id", ""),
            verdict=verdict,
            remark=texts.get("remark", ""),
        )

    def _text(self, number: int, name: str, cell: object) -> str:
        text = "" if is_blank(cell) else cell_text(cell).strip()
        if len(text) > MOST_TEXT or CONTROL.search(text):
            self._wrong(
                number, name, text, f"expected at most {MOST_TEXT} characters, none of them a control character"
            )
        return text

    def _version(self, number: int, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
        self._wrong(number, "version", text, "expected the whole number that the code has, or nothing")
        return None

    def _instant(self, number: int, cell: object) -> datetime:
        try:
            return self._in_zone(_moment(cell, self._on))
        except (ValueError, OverflowError) as error:
            said = None if is_blank(cell) else shown(cell)
            expected = str(error) if str(error).startswith("expected") else _INSTANT
            self._wrong(number, "checked_in_at", said, expected)
            return datetime(2000, 1, 1, tzinfo=UTC)

    def _in_zone(self, moment: datetime) -> datetime:
        """Give a local clock its offset; one that is shown twice, or never, is refused."""
        if not 1970 < moment.year < 2200:
            raise ValueError(_INSTANT)
        if moment.tzinfo is not None:
            return moment
        first, second = (moment.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            when = "is shown twice" if first.astimezone(UTC) < second.astimezone(UTC) else "is left out"
            raise ValueError(f"expected an offset, too: this clock {when} when the clocks of {self._zone} change")
        return first

    def _wrong(self, row: int, column: str, value: str | None, expected: str) -> None:
        said = None if value is None else shown(value)
        self._problems.append(Problem(file=self._file, row=row, column=column, value=said, expected=expected))


def _moment(cell: object, on: date | None) -> datetime:
    """Read what a cell says of when: a date and clock, or a clock of the day that is known."""
    if isinstance(cell, datetime):
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(cell, time):
        cell = cell.isoformat("seconds")
    text = "" if is_blank(cell) else cell_text(cell).strip().replace("：", ":")
    for pattern in _DATED:
        if match := pattern.fullmatch(text):
            return _made(date(int(match["y"]), int(match["m"]), int(match["d"])), match.groups()[3:])
    match = _UNDATED.fullmatch(text)
    if on is None or match is None:
        raise ValueError(_INSTANT)
    return _made(on, match.groups())


def _made(day: date, said: Sequence[str | None]) -> datetime:
    hour, minute, second, offset = said
    clock = f"{int(hour or 0):02}:{minute}:{second or '00'}{offset or ''}"
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}")
