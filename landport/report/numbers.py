"""Numbers and times as a reader meets them: thin spaces, a true minus, local times with their zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from landport.units import instant_of

_COMMAS = re.compile(r"(?<![\w,.])\d{1,3}(?:,\d{3})+(?![\w,])")
_LONG = re.compile(r"(?<![\w,.-])\d{4,}(?= (?:kg|g|t|TEU|FEU|USD|km|mm|pieces)\b)")

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float, n_decimals: int = 0) -> str:
    """Write a number with thin spaces and a true minus.

    Examples
    --------
    >>> number(1234567.89, 1).replace(chr(0x202F), "_"), number(-5)
    ('1_234_567.9', '−5')
    """
    return f"{value:,.{n_decimals}f}".replace(",", "\u202f").replace("-", "\u2212")


def boxes(n: int) -> str:
    """Write how many containers, short.

    Examples
    --------
    >>> boxes(1), boxes(0), boxes(20)
    ('1 box', '0 boxes', '20 boxes')
    """
    return f"{number(n)} {'box' if n == 1 else 'boxes'}"


def count(n: int, what: str) -> str:
    """Write how many of something.

    Examples
    --------
    >>> count(1, "charge"), count(2, "charge")
    ('1 charge', '2 charges')
    """
    return f"{number(n)} {what}{'' if n == 1 else 's'}"


def feu(milli: int) -> str:
    """Write thousandths of a FEU: whole where it is, else with as many decimals as a small share needs.

    Examples
    --------
    >>> feu(2000), feu(1500), feu(40), feu(1)
    ('2', '1.5', '0.04', '<0.01')
    """
    if milli % 1000 == 0:
        return number(milli // 1000)
    if milli < 10:
        return "<0.01"
    return number(milli / 1000, 1 if milli >= 100 else 2)


def usd(cents: float) -> tuple[str, str]:
    """Write cents as a figure of four digits or so and its unit.

    Examples
    --------
    >>> usd(246_412_345), usd(98_765), usd(12_345_678)
    (('2.464', 'M USD'), ('988', 'USD'), ('123.5', 'k USD'))
    """
    dollars = cents / 100
    if abs(dollars) >= 1e6:
        return number(dollars / 1e6, 3), "M USD"
    if abs(dollars) >= 1e5:
        return number(dollars / 1e3, 1), "k USD"
    return number(dollars), "USD"


def usd_column(cents: Iterable[float], *, of: Iterable[float] = ()) -> list[str]:
    """Write a column of money in one unit with equally many decimals.

    Parameters
    ----------
    of
        Other money of the same column, which decides on the unit, too.

    Examples
    --------
    >>> usd_column([5_543_500, 247_412_345])
    ['55.4 k USD', '2\u202f474.1 k USD']
    >>> usd_column([77, 2_770_000]), usd_column([77], of=[1e9])
    (['1 USD', '27\u202f700 USD'], ['0.0 k USD'])
    """
    found = list(cents)
    if max(map(abs, (*found, *of)), default=0) < 1e7:
        return [f"{number(c / 100)} USD" for c in found]
    return [f"{number(c / 1e5, 1)} k USD" for c in found]


def share(part: float | None, n_decimals: int = 1) -> str:
    """Write a share of 1 with its sign; a dash for none.

    Examples
    --------
    >>> share(0.9403), share(None)
    ('94.0 %', '–')
    """
    return "–" if part is None else f"{percent(part, n_decimals)} %"


def spoken(text: str) -> str:
    """Set the figures of a sentence as tables do: thin spaces where it has commas or nothing.

    Examples
    --------
    >>> spoken("holds 26848 kg; 106,900 USD to run in 2022").replace(chr(0x202F), "_")
    'holds 26_848 kg; 106_900 USD to run in 2022'
    """
    text = _COMMAS.sub(lambda m: m[0].replace(",", "\u202f"), text)
    return _LONG.sub(lambda m: number(int(m[0])), text)


def percent(share: float | None, n_decimals: int = 1) -> str:
    """Write a share of 1 in hundredths; a dash for none, and no zero for what is none.

    Examples
    --------
    >>> percent(0.9403), percent(None), percent(0.00001, 2), percent(0)
    ('94.0', '–', '<0.01', '0.0')
    """
    if share is None:
        return "–"
    least = 10**-n_decimals
    return f"<{least:.{n_decimals}f}" if 0 < 100 * share < least / 2 else number(100 * share, n_decimals)


def days(minutes: float) -> str:
    """Write minutes as days with one decimal.

    Examples
    --------
    >>> days(4032)
    '2.8'
    """
    return number(minutes / 1440, 1)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(minute: int, start_at: datetime, zone: str) -> datetime:
    """Tell the local time of a minute."""
    return instant_of(minute, start_at).astimezone(_zone(zone))


def when(minute: int, start_at: datetime, zone: str, *, month: bool = False) -> str:
    """Write a local time as `Tue 24 17:40`, or `Tue 24 Nov 17:40`.

    Examples
    --------
    >>> from landport.units import parse_instant
    >>> when(580, parse_instant("2026-11-23T00:00Z"), "Asia/Shanghai")
    'Mon 23 17:40'
    """
    at = local(minute, start_at, zone)
    named = f" {MONTHS[at.month - 1]}" if month else ""
    return f"{DAYS[at.weekday()]} {at.day}{named} {at:%H:%M}"


def offset_minutes(minute: int, start_at: datetime, zone: str) -> int:
    """Minutes a zone is ahead of UTC at a minute."""
    offset = local(minute, start_at, zone).utcoffset()
    return int(offset.total_seconds()) // 60 if offset is not None else 0


def zone_name(minute: int, start_at: datetime, zone: str) -> str:
    """Name the offset of a zone, `UTC+8` or `UTC+5:30`.

    Examples
    --------
    >>> from landport.units import parse_instant
    >>> [zone_name(0, parse_instant("2026-11-23T00:00Z"), z) for z in ("Asia/Shanghai", "Asia/Kolkata", "UTC")]
    ['UTC+8', 'UTC+5:30', 'UTC']
    """
    offset = offset_minutes(minute, start_at, zone)
    if not offset:
        return "UTC"
    hours, rest = divmod(abs(offset), 60)
    return f"UTC{'+' if offset > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def switches(zone: str, start_at: datetime, from_minute: int, until_minute: int) -> list[tuple[int, int]]:
    """List (first minute, offset in minutes) of a zone over a span; more than one row where clocks change in it."""
    found = [(from_minute, offset_minutes(from_minute, start_at, zone))]
    step = 60
    for minute in range(from_minute - from_minute % step + step, until_minute + 1, step):
        offset = offset_minutes(minute, start_at, zone)
        if offset != found[-1][1]:
            found.append((minute, offset))
    return found
