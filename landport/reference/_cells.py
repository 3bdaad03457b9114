"""One cell of a table: CSV text or an Excel value in, a typed value out, and back.

Excel's habits are survived where they leave no doubt: text as numbers (3924.0), numbers as text, dates as serials
(1900 system), spaces around and inside numbers, a decimal comma. Where they leave doubt (`1,234`) the cell is wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from landport.units import (
    hours_text,
    instant_text,
    kg_text,
    parse_hours,
    parse_instant,
    parse_kg,
    parse_usd,
    usd_text,
)

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Zone of Excel's date cells, which know none: the railway time of the hub."""

_SIGN = "[+-]?"
_PLAIN: Final = re.compile(_SIGN + r"[0-9]+(\.[0-9]+)?")
_SPACED: Final = re.compile(_SIGN + r"[0-9]{1,3}([\s'’][0-9]{3})+([.,][0-9]+)?")
_COMMA_GROUPS: Final = re.compile(_SIGN + r"[0-9]{1,3}((,[0-9]{3})+\.[0-9]+|(,[0-9]{3}){2,})")
_POINT_GROUPS: Final = re.compile(_SIGN + r"[0-9]{1,3}((\.[0-9]{3})+,[0-9]+|(\.[0-9]{3}){2,})")
_COMMA: Final = re.compile(_SIGN + r"[0-9]+,[0-9]+")
_DOUBTFUL: Final = re.compile(_SIGN + r"[1-9][0-9]{0,2},[0-9]{3}")
_LOOSE: Final = re.compile(_SIGN + r"([0-9]+\.?|[0-9]*\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_LONGEST = 40
_DATE: Final = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?:[ T]00:00(?::00)?)?")
_SERIAL: Final = re.compile(r"[0-9]{5}(\.[0-9]+)?")
MIDNIGHT: Final = "24:00"
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A row of a data dictionary: how a column is written, read and checked.

    Parameters
    ----------
    type
        text, id, int, ints, decimal, flag, date, instant, clock, closing, list, grams, cents or minutes.
    unit
        As written in the file: grams are written in kg, cents in USD, minutes in hours.
    low, high
        Least and greatest value *as read*: whole grams, cents and minutes for these types.
    choices
        Values allowed; empty: any.
    refers_to
        `table.column` in which every value must stand; empty: none.
    """

    table: str
    column: str
    type: str
    unit: str
    required: bool
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    refers_to: str
    meaning: str
    source: str


def reader(column: Column, known: Container[str] | None = None) -> Callable[[object], object]:
    """Make the function that reads a column's cells.

    Parameters
    ----------
    known
        Values of the column it refers to; None: not checked.

    Returns
    -------
    Callable[[object], object]
        Cell -> typed value, None for an empty cell that may be empty. It raises `ValueError` saying what was expected.
    """
    read = _READ[column.type]
    allowed = {_folded(read(choice)): read(choice) for choice in column.choices}
    least = -math.inf if column.low is None else column.low
    most = math.inf if column.high is None else column.high
    has_range = column.low is not None or column.high is not None

    def read_cell(cell: object) -> object:
        if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
            if column.required:
                raise ValueError(_wanted(column))
            return None
        value = read(cell)
        if allowed:
            if _folded(value) not in allowed:
                raise ValueError(f"expected one of {', '.join(column.choices)}")
            value = allowed[_folded(value)]
        if has_range and not all(least <= n <= most for n in _numbers(value)):
            raise ValueError(_range_text(column))
        if known is not None and not _is_known(value, known):
            table, _, name = column.refers_to.partition(".")
            raise ValueError(f"expected a {name} of the table {table}")
        return value

    return read_cell


def format_cell(column: Column, value: object) -> str:
    """Write a typed value as a cell that `parse` reads back unchanged; None gives an empty cell."""
    return "" if value is None else _WRITE.get(column.type, str)(value)


def is_blank(cell: object) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: object) -> str:
    """Say what stands in a cell, as its owner would read it."""
    return _text(cell) if not is_blank(cell) else ""


def is_zoneless(cell: object) -> bool:
    """Tell whether an instant comes from an Excel date cell, which knows no zone."""
    cell = _unquoted(cell)
    if isinstance(cell, datetime):
        return cell.tzinfo is None
    return isinstance(cell, int | float | date)


def _wanted(column: Column) -> str:
    return "expected a value" + (f" in {column.unit}" if column.unit else "") + f": {column.meaning}"


def _range_text(column: Column) -> str:
    ends = [format_cell(column, None if x is None else _native(column, x)) for x in (column.low, column.high)]
    unit = f" {column.unit}" if column.unit else ""
    if ends[0] and ends[1]:
        return f"expected {ends[0]} to {ends[1]}{unit}"
    return f"expected {ends[0]}{unit} or more" if ends[0] else f"expected {ends[1]}{unit} or less"


def _native(column: Column, value: float) -> float:
    return value if column.type == "decimal" else int(value)


def _numbers(value: object) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _is_known(value: object, known: Container[str]) -> bool:
    return all(v in known for v in value) if isinstance(value, tuple) else value in known


# ---- text --------------------------------------------------------------------------------------


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() and cell.tzinfo is None else cell.isoformat(" ")
    return str(cell)


def _list(cell: object) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, _text(cell).split(";")) if part)


# ---- numbers -----------------------------------------------------------------------------------


def _number(cell: object, expected: str) -> str:
    """Turn a cell into digits with at most a minus and a decimal point."""
    if isinstance(cell, str):
        text = cell.strip()
        is_plain = _PLAIN.fullmatch(text) and len(text) <= _LONGEST
        return (text if is_plain else _unusual(text, expected)).removeprefix("+")
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ValueError(expected)
    if isinstance(cell, float) and not cell.is_integer():
        if not math.isfinite(cell):
            raise ValueError(expected)
        return format(Decimal(f"{cell:.15g}"), "f")  # Excel shows 15 digits; the 16th and 17th are noise
    return str(int(cell))


def _unusual(text: str, expected: str) -> str:
    text = text.replace("\N{MINUS SIGN}", "-")
    if len(text) > _LONGEST:
        raise ValueError(expected)
    if _SPACED.fullmatch(text):
        return re.sub(r"[\s'’]", "", text).replace(",", ".")
    if _COMMA_GROUPS.fullmatch(text):
        return text.replace(",", "")
    if _POINT_GROUPS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _DOUBTFUL.fullmatch(text):
        plain = text.replace(",", "")
        raise ValueError(f"{expected} (this could mean {plain} or {text.replace(',', '.')}: write a decimal point)")
    if _COMMA.fullmatch(text):
        return text.replace(",", ".")
    if _LOOSE.fullmatch(text):
        return format(Decimal(text), "f")
    raise ValueError(expected)


def _int(cell: object) -> int:
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST:
        return int(cell)
    expected = "expected a whole number, e.g. 12"
    if isinstance(cell, str) and _DOUBTFUL.fullmatch(cell.strip()):
        raise ValueError(f"{expected} (for thousands write {cell.strip().replace(',', '')}, without the comma)")
    whole, _, rest = _number(cell, expected).partition(".")
    if rest.strip("0"):
        raise ValueError(expected)
    return int(whole)


def _ints(cell: object) -> int | tuple[int, ...]:
    """Read one whole number, or several with strokes or semicolons between."""
    expected = "expected a whole number, or several as 40/40/20"
    if isinstance(cell, date):
        raise ValueError(f"{expected}; this is a date: write 40;40;20, which no spreadsheet takes for one")
    parts = re.split("[/;]", cell) if isinstance(cell, str) else [cell]
    try:
        return tuple(map(_int, parts)) if len(parts) > 1 else _int(cell)
    except ValueError as error:
        raise ValueError(str(error) if len(parts) == 1 else expected) from None


def _decimal(cell: object) -> float:
    if isinstance(cell, float) and math.isfinite(cell):
        return cell
    return float(_number(cell, "expected a number, e.g. 12.5"))


def _grams(cell: object) -> int:
    return parse_kg(_number(cell, "expected kilograms with at most three decimals, e.g. 12.5"))


def _cents(cell: object) -> int:
    return parse_usd(_number(cell, "expected US dollars with at most two decimals, e.g. 1234.50"))


def _minutes(cell: object) -> int:
    return parse_hours(_number(cell, "expected hours, e.g. 14.7"))


def _flag(cell: object) -> bool:
    text = _text(cell).casefold()
    if text not in _FLAGS:
        raise ValueError("expected 1 (yes) or 0 (no)")
    return _FLAGS[text]


_FLAGS: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


# ---- time --------------------------------------------------------------------------------------


def _from_serial(serial: float, expected: str) -> datetime:
    """Turn an Excel serial into a naive datetime; 1900 counts as a leap year there."""
    if not 1 <= serial < 2_958_466:
        raise ValueError(expected)
    days = timedelta(days=float(serial) + (serial < 60))
    return datetime(1899, 12, 30) + timedelta(seconds=round(days.total_seconds()))  # noqa: DTZ001  # a calendar day


def _unquoted(cell: object) -> object:
    """Turn a serial that stands in a CSV file as text into the number it is."""
    return float(cell) if isinstance(cell, str) and _SERIAL.fullmatch(cell.strip()) else cell


def _date(cell: object) -> date:
    expected = "expected a date, e.g. 2022-07-18"
    cell = _unquoted(cell)
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        is_year = 1900 <= cell <= 2200 and cell == int(cell)
        return date(int(cell), 1, 1) if is_year else _from_serial(cell, expected).date()
    match = _DATE.fullmatch(_text(cell))
    if not match:
        raise ValueError(expected)
    try:
        return date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        raise ValueError(expected) from None


def _instant(cell: object) -> datetime:
    cell = _unquoted(cell)
    if isinstance(cell, datetime):
        return cell if cell.tzinfo is not None else cell.replace(tzinfo=SHANGHAI)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=SHANGHAI)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return parse_instant(_text(cell))
    return _from_serial(cell, "expected an instant, e.g. 2022-07-18T08:00+08:00").replace(tzinfo=SHANGHAI)


def _clock(cell: object) -> str:
    expected = "expected a time of day, e.g. 08:15"
    if isinstance(cell, datetime | time):
        return f"{cell.hour:02d}:{cell.minute:02d}"
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, float) and 0 <= cell < 1:
        hour, minute = divmod(round(cell * 1440) % 1440, 60)
        return f"{hour:02d}:{minute:02d}"
    match = _CLOCK.fullmatch(_text(cell))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(expected)
    return f"{int(match[1]):02d}:{match[2]}"


def _closing(cell: object) -> str:
    """Read a time of day at which something ends: midnight is the day's end, 24:00, however a sheet keeps it."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if cell == timedelta(days=1) or (is_number and cell == 1) or re.fullmatch("24:00(:00)?", _text(cell)):
        return MIDNIGHT
    clock = _clock(cell)
    return MIDNIGHT if clock == "00:00" else clock


_READ: Final[dict[str, Callable[[object], object]]] = {
    "text": _text,
    "id": _text,
    "int": _int,
    "ints": _ints,
    "decimal": _decimal,
    "flag": _flag,
    "date": _date,
    "instant": _instant,
    "clock": _clock,
    "closing": _closing,
    "list": _list,
    "grams": _grams,
    "cents": _cents,
    "minutes": _minutes,
}


def _instant_cell(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat() if value.second or value.microsecond else instant_text(value)


_WRITE: Final[dict[str, Callable[..., str]]] = {
    "ints": lambda value: "/".join(map(str, _numbers(value))),
    "decimal": lambda value: repr(float(value)).removesuffix(".0"),
    "flag": lambda value: "1" if value else "0",
    "date": date.isoformat,
    "instant": _instant_cell,
    "list": ";".join,
    "grams": kg_text,
    "cents": usd_text,
    "minutes": hours_text,
}
