"""Nested settings: tables within tables of a TOML file, every wrong value named by where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Final

from landport.errors import Problem, shown
from landport.exchange.live import CONTROL
from landport.exchange.settings import YEARS

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_SPAN: Final = re.compile(r"([1-7])(?:-([1-7]))?")
_DAYS: Final = "expected days of the week, each once, 1 (Monday) to 7 (Sunday), e.g. 1-5;7"
_CLOCKS: Final = 'expected a clock from 00:00 to 24:00, e.g. "10:00"'
MOST_ROWS: Final = 1000
"""Rows of a table within a table."""


class Keys:
    """A table of a TOML file, read key by key; what is wrong becomes a problem.

    Parameters
    ----------
    known
        Keys that it may have; others are wrong.
    where
        Path to the table, such as `sides[2].`; rows count from 1.
    """

    def __init__(
        self, raw: Mapping[str, object], known: Collection[str], file: str, problems: list[Problem], where: str = ""
    ) -> None:
        self._raw = raw
        self._file = file
        self._problems = problems
        self._where = where
        for key in (k for k in raw if k not in known):
            self.wrong(key, f"expected one of the keys {', '.join(known)}")

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    def wrong(self, key: str, expected: str, value: object = None) -> None:
        """Complain about a key; the value is what stands there unless it is given."""
        said = self._raw.get(key) if value is None else value
        text = None if said is None else shown(said)
        self._problems.append(Problem(file=self._file, key=f"{self._where}{key}", value=text, expected=expected))

    def lacks(self, key: str, expected: str) -> bool:
        """Tell whether a key is missing, and complain about it."""
        if key not in self._raw:
            self.wrong(key, f"{expected}; it is missing")
        return key not in self._raw

    def text(self, key: str, default: str | None = None, *, most: int = 200) -> str:
        """Read a text; without a default it is needed."""
        value = self._raw.get(key, default)
        expected = f"expected a text of at most {most} characters, in quotes"
        if value is None:
            self.wrong(key, f"{expected}; it is missing")
        elif not isinstance(value, str) or len(value) > most or CONTROL.search(value):
            self.wrong(key, f"{expected}, without control characters")
        elif default is None and not value.strip():
            self.wrong(key, f"{expected}; it is empty")
        else:
            return value.strip()
        return ""

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """Read a text that is one of a few."""
        value = self._raw.get(key, default)
        if isinstance(value, str) and value in choices:
            return value
        missing = "" if key in self._raw else "; it is missing"
        self.wrong(key, f"expected one of {', '.join(choices)}{missing}")
        return ""

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Read a whole number; without a default it is needed."""
        value = self._raw.get(key, default)
        expected = f"expected a whole number from {low:,} to {high:,}" if low < high else f"expected {low}"
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.wrong(key, expected if key in self._raw else f"{expected}; it is missing")
        return low

    def seconds(self, key: str, most_minutes: int) -> int:
        """Read minutes, whole or not, as whole seconds."""
        expected = f"expected minutes, more than 0 and at most {most_minutes:,}, e.g. 12.5"
        if self.lacks(key, expected):
            return 60
        value = self._raw[key]
        minutes = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal()
        seconds = round(minutes * 60) if minutes.is_finite() and 0 < minutes <= most_minutes else 0
        if not seconds:
            self.wrong(key, expected)
        return seconds or 60

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._raw.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "expected true or false")
        return value is True

    def clock(self, key: str) -> int | None:
        """Read a clock as minutes of the day, 0 to 1440; None: there is none."""
        if self.lacks(key, _CLOCKS):
            return None
        value = self._raw[key]
        if isinstance(value, time) and not (value.second or value.microsecond):
            value = f"{value:%H:%M}"  # TOML has times of its own, without quotes
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        minute = 60 * int(match[1]) + int(match[2]) if match else 1441
        if minute > 1440:
            self.wrong(key, _CLOCKS)
            return None
        return minute

    def weekdays(self, key: str) -> tuple[int, ...]:
        """Read days of the week from a text such as 1-5;7, or from a list."""
        if self.lacks(key, _DAYS):
            return ()
        value = self._raw[key]
        said = value if isinstance(value, list) else _spread(value) if isinstance(value, str) else []
        days = [d for d in said if isinstance(d, int) and not isinstance(d, bool) and 1 <= d <= 7]
        if not days or len(days) < len(said) or len(set(days)) < len(days):
            self.wrong(key, _DAYS)
            return ()
        return tuple(sorted(days))

    def dates(self, key: str) -> tuple[date, ...]:
        """Read a list of days, each once; in order."""
        value = self._raw.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            self.wrong(key, f"expected a list of at most {MOST_ROWS:,} days, e.g. [2027-02-06]")
            return ()
        found: list[date | None] = []
        for n, one in enumerate(value, 1):
            day = _day(one)
            if day is None:
                self.wrong(f"{key}[{n}]", f"expected a day from {YEARS[0]} to {YEARS[-1]}, e.g. 2027-02-06", one)
            elif day in found:
                self.wrong(f"{key}[{n}]", f"expected each day once; {key}[{found.index(day) + 1}] has it too", one)
            found.append(day)
        return tuple(sorted({day for day in found if day is not None}))

    def table(self, key: str, known: Collection[str]) -> Keys:
        """Open a table within the table; where there is none it is empty."""
        value = self._raw.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"expected a table, [{self._where}{key}]")
            value = {}
        return Keys(value, known, self._file, self._problems, f"{self._where}{key}.")

    def rows(self, key: str, known: Collection[str], least: int = 0, most: int = MOST_ROWS) -> Iterator[Keys]:
        """Open the rows of an array of tables."""
        value = self._raw.get(key, [])
        name = f"[[{re.sub('[^a-z_.]', '', self._where)}{key}]]"
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.wrong(key, f"expected tables, each with the headline {name}")
            return
        if not least <= len(value) <= most:
            count = f"{least}" if least == most else f"{least} to {most:,}"
            self.wrong(key, f"expected {count} tables {name}; there are {len(value)}", value=str(len(value)))
        for n, row in enumerate(value[:most], 1):
            yield Keys(row, known, self._file, self._problems, f"{self._where}{key}[{n}].")


def weekdays_said(weekdays: Sequence[int]) -> str:
    """Write days of the week, runs of three and more by their ends.

    Examples
    --------
    >>> weekdays_said((1, 2, 3, 4, 5, 7)), weekdays_said((6, 7))
    ('1-5;7', '6;7')
    """
    runs: list[list[int]] = []
    for before, day in pairwise((0, *weekdays)):
        if runs and day == before + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ";".join(f"{r[0]}-{r[-1]}" if len(r) > 2 else ";".join(map(str, r)) for r in runs)


def _spread(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(";"):
        match = _SPAN.fullmatch(part.strip())
        if match is None or int(match[2] or match[1]) < int(match[1]):
            return []
        days += range(int(match[1]), int(match[2] or match[1]) + 1)
    return days


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return value if is_day and isinstance(value, date) and value.year in YEARS else None
