"""Whole-number units and identifiers: text at the edges, minutes, grams, cents and canonical codes inside.

Every function is pure and raises only `ValueError`, whose text says what was expected
("expected kilograms, e.g. 12.5"); callers add file, row and column. No table holds container numbers, wagon numbers or
currencies yet; their checks are for programs that bring some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache
from typing import Final, Literal

import pycountry
import stdnum.iso6346
import stdnum.luhn

Railway = Literal["CN", "1520", "UIC"]
"""Who numbers a wagon: China, the railways of 1520 mm gauge, or the members of UIC."""

BEIJING: Final = timezone(timedelta(hours=8), "Beijing")
_MINUTE: Final = timedelta(minutes=1)
_DAY_SHIFT: Final = timedelta(hours=5, minutes=59)  # 18:01 becomes midnight
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WAGON_DIGITS: Final[dict[str, int]] = {"CN": 7, "1520": 8, "UIC": 12}
_UN_CLASS: Final = r"1\.[1-6][A-HJKLNS]?|2\.[1-3]|3|4\.[1-3]|5\.[12]|6\.[12]|7|8|9|[12456]"


# ---- time --------------------------------------------------------------------------------------


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant that states its offset from UTC.

    Raises
    ------
    ValueError
        No such instant, or no offset.

    Examples
    --------
    >>> parse_instant("2026-03-02T08:15+08:00").isoformat()
    '2026-03-02T08:15:00+08:00'
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError("expected an instant with its offset from UTC, e.g. 2026-03-02T08:15+08:00")
    return instant


def instant_text(instant: datetime) -> str:
    """Write an instant as ISO 8601 with offset, to the minute.

    Raises
    ------
    ValueError
        The instant has no offset.

    Examples
    --------
    >>> instant_text(parse_instant("2026-03-02T00:15:00Z"))
    '2026-03-02T00:15+00:00'
    """
    if instant.tzinfo is None:
        raise ValueError("expected an instant with its offset from UTC")
    return instant.isoformat(timespec="minutes")


def minute_of(instant: datetime, start_at: datetime) -> int:
    """Count the minutes from `start_at` to `instant`; negative before it.

    Raises
    ------
    ValueError
        One of the two has no offset, or the distance is no whole minute.

    Examples
    --------
    >>> minute_of(parse_instant("2026-03-02T08:15+08:00"), parse_instant("2026-03-02T00:00Z"))
    15
    """
    if instant.tzinfo is None or start_at.tzinfo is None:
        raise ValueError("expected instants with their offset from UTC")
    minutes, rest = divmod(instant - start_at, _MINUTE)
    if rest:
        raise ValueError("expected a whole minute, without seconds")
    return minutes


def instant_of(minute: int, start_at: datetime) -> datetime:
    """Turn minutes after `start_at` back into an instant, in UTC.

    Examples
    --------
    >>> instant_text(instant_of(15, parse_instant("2026-03-02T00:00Z")))
    '2026-03-02T00:15+00:00'
    """
    return (start_at + minute * _MINUTE).astimezone(UTC)


def railway_day(minute: int, start_at: datetime) -> date:
    """Name the railway day of a minute: 18:01 of the day before to 18:00, Beijing time.

    Examples
    --------
    >>> monday = parse_instant("2026-03-02T00:00+08:00")
    >>> [railway_day(m, monday).isoformat() for m in (18 * 60, 18 * 60 + 1)]
    ['2026-03-02', '2026-03-03']
    """
    return (instant_of(minute, start_at).astimezone(BEIJING) + _DAY_SHIFT).date()


def railway_shift(minute: int, start_at: datetime) -> tuple[date, str]:
    """Name the railway day and the shift of a minute: night is 18:01 to 6:00, day 6:01 to 18:00, Beijing time.

    Examples
    --------
    >>> monday = parse_instant("2026-03-02T00:00+08:00")
    >>> [railway_shift(m, monday)[1] for m in (6 * 60, 6 * 60 + 1, 18 * 60, 18 * 60 + 1)]
    ['night', 'day', 'day', 'night']
    """
    beijing = instant_of(minute, start_at).astimezone(BEIJING)
    is_day = (6, 0) < (beijing.hour, beijing.minute) <= (18, 0)
    return railway_day(minute, start_at), "day" if is_day else "night"


def parse_hours(text: str) -> int:
    """Read hours as whole minutes, halves of a minute to the even one.

    Examples
    --------
    >>> parse_hours("14.7"), parse_hours("0.3333"), parse_hours("0.025"), parse_hours("0.042")
    (882, 20, 2, 3)
    """
    numerator, denominator = _fraction(text, "hours", "14.7")
    return round(Fraction(60 * numerator, denominator))


def hours_text(minutes: int) -> str:
    """Write whole minutes as decimal hours that `parse_hours` reads back unchanged.

    Examples
    --------
    >>> hours_text(882), hours_text(20), hours_text(-60)
    ('14.7', '0.3333', '-1')
    """
    return _trimmed(_fixed(round(Fraction(minutes * 10_000, 60)), 4))


def parse_weekdays(text: str) -> frozenset[int]:
    """Read days of the week: 1 is Monday, 7 is Sunday.

    Examples
    --------
    >>> sorted(parse_weekdays("5;1;3"))
    [1, 3, 5]
    """
    parts = [part.strip() for part in text.split(";")]
    if not all(re.fullmatch("[1-7]", part) for part in parts) or len(set(parts)) < len(parts):
        raise ValueError("expected days of the week, each once, 1 (Monday) to 7 (Sunday), e.g. 1;3;5")
    return frozenset(map(int, parts))


def weekdays_text(weekdays: Iterable[int]) -> str:
    """Write days of the week in order.

    Examples
    --------
    >>> weekdays_text({5, 1, 3})
    '1;3;5'
    """
    return ";".join(str(day) for day in sorted(weekdays))


# ---- mass and money ----------------------------------------------------------------------------


def parse_kg(text: str) -> int:
    """Read kilograms as whole grams, exactly.

    Raises
    ------
    ValueError
        Not a number, negative, or finer than a gram.

    Examples
    --------
    >>> parse_kg("12.5"), parse_kg("0.001")
    (12500, 1)
    """
    grams = _scaled(text, 1000, "kilograms", "12.5", "three decimals")
    if grams < 0:
        raise ValueError("expected kilograms, zero or more, e.g. 12.5")
    return grams


def kg_text(grams: int) -> str:
    """Write grams as kilograms that `parse_kg` reads back unchanged.

    Examples
    --------
    >>> kg_text(12500), kg_text(12000)
    ('12.5', '12')
    """
    return _trimmed(_fixed(grams, 3))


def kg_ceil(grams: int) -> int:
    """Round grams up to whole kilograms: once, where cargo items become a container.

    Examples
    --------
    >>> kg_ceil(12000), kg_ceil(12001)
    (12, 13)
    """
    return -(-grams // 1000)


def parse_usd(text: str) -> int:
    """Read US dollars as whole cents, exactly.

    Raises
    ------
    ValueError
        Not a number, or finer than a cent.

    Examples
    --------
    >>> parse_usd("1234.5"), parse_usd("-0.01")
    (123450, -1)
    """
    return _scaled(text, 100, "US dollars", "1234.50", "two decimals")


def usd_text(cents: int) -> str:
    """Write cents as US dollars with two decimals.

    Examples
    --------
    >>> usd_text(123450), usd_text(-1)
    ('1234.50', '-0.01')
    """
    return _fixed(cents, 2)


def _fraction(text: str, unit: str, example: str) -> tuple[int, int]:
    """Numerator and denominator of a decimal number; `Fraction` reads the same, but slowly."""
    digits = text.strip()
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"expected {unit}, e.g. {example}")
    whole, _, rest = digits.partition(".")
    return int(whole + rest), 10 ** len(rest)


def _scaled(text: str, factor: int, unit: str, example: str, finest: str) -> int:
    numerator, denominator = _fraction(text, unit, example)
    value, rest = divmod(factor * numerator, denominator)
    if rest:
        raise ValueError(f"expected {unit} with at most {finest}, e.g. {example}")
    return value


def _fixed(value: int, n_decimals: int) -> str:
    whole, rest = divmod(abs(value), 10**n_decimals)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{n_decimals}d}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".")


# ---- identifiers -------------------------------------------------------------------------------


def check_container_number(text: str) -> str:
    """Check an ISO 6346 container number and its check digit; answer it without spaces.

    Examples
    --------
    >>> check_container_number("csqu 305438 3")
    'CSQU3054383'
    """
    number = _compact(text).upper()
    if not (re.fullmatch("[A-Z]{3}[UJZ][0-9]{7}", number) and stdnum.iso6346.is_valid(number)):
        raise ValueError("expected an ISO 6346 container number with its check digit, e.g. CSQU3054383")
    return number


def check_wagon_number(text: str, railway: Railway) -> str:
    """Check a wagon number by the railway that gave it; answer its digits.

    Parameters
    ----------
    railway
        ``CN``: 7 digits, no check digit. ``1520``: 8 digits. ``UIC``: 12 digits.

    Notes
    -----
    1520 mm and UIC weigh the digits 2, 1, 2, 1, ... from the left, add the digits of the products and
    complement to 10: Luhn's rule, as both numbers have an even length.

    Examples
    --------
    >>> check_wagon_number("5070 1077", "1520"), check_wagon_number("21 81 2471 217-3", "UIC")
    ('50701077', '218124712173')
    """
    number = _compact(text)
    n_digits = _WAGON_DIGITS.get(railway)
    if n_digits is None:
        raise ValueError(f"expected a railway: {', '.join(_WAGON_DIGITS)}")
    if not re.fullmatch(f"[0-9]{{{n_digits}}}", number):
        raise ValueError(f"expected a wagon number of {n_digits} digits ({railway})")
    if railway != "CN" and not stdnum.luhn.is_valid(number):
        good = number[:-1] + stdnum.luhn.calc_check_digit(number[:-1])
        raise ValueError(f"expected {good}: the last digit of a wagon number ({railway}) is its check digit")
    return number


def check_station_code(text: str, railway: Railway) -> str:
    """Check a six-digit station code (OSJD/ESR); answer its digits.

    Parameters
    ----------
    railway
        ``1520``: the sixth digit must be the ESR check digit. Others: form only, no rule was found.

    Notes
    -----
    ESR: weights 1 to 5, modulo 11; where that gives 10, weights 3 to 7; where that gives 10 too, 0.

    Examples
    --------
    >>> check_station_code("532909", "1520"), check_station_code("781316", "1520")
    ('532909', '781316')
    """
    code = _compact(text)
    if not re.fullmatch("[0-9]{6}", code):
        raise ValueError("expected a station code of 6 digits, e.g. 532909")
    if railway == "1520" and int(code[5]) != _esr_digit(code[:5]):
        raise ValueError(
            f"expected {code[:5]}{_esr_digit(code[:5])}: the last digit of a station code is its check digit"
        )
    return code


def _esr_digit(code: str) -> int:
    for first in (1, 3):
        rest = sum(weight * int(digit) for weight, digit in enumerate(code, first)) % 11
        if rest < 10:
            return rest
    return 0


def check_locode(text: str) -> str:
    """Check the form of a UN/LOCODE and its country; answer it without space.

    Examples
    --------
    >>> check_locode("CN URC")
    'CNURC'
    """
    code = _compact(text).upper()
    if not re.fullmatch("[A-Z]{2}[A-Z2-9]{3}", code) or code[:2] not in _countries():
        raise ValueError("expected a UN/LOCODE: a country and three characters, e.g. CNURC")
    return code


def check_hs(text: str) -> str:
    """Check the form of an HS heading: four digits, chapters 01 to 97 without 77.

    Examples
    --------
    >>> check_hs("8517")
    '8517'
    """
    code = text.strip()
    if not re.fullmatch("[0-9]{4}", code) or code[2:] == "00" or not _is_chapter(code[:2], last=97):
        raise ValueError("expected an HS heading of four digits, chapters 01 to 97 without 77, e.g. 8517")
    return code


def check_gng(text: str) -> str:
    """Check the form of a GNG/NHM code: eight digits, chapters 01 to 99 without 77.

    Examples
    --------
    >>> check_gng("8517 13 00")
    '85171300'
    """
    code = _compact(text)
    if not re.fullmatch("[0-9]{8}", code) or not _is_chapter(code[:2], last=99):
        raise ValueError("expected a GNG/NHM code of eight digits, chapters 01 to 99 without 77, e.g. 85171300")
    return code


def check_country(text: str) -> str:
    """Check an ISO 3166 two-letter country.

    Examples
    --------
    >>> check_country("kz")
    'KZ'
    """
    return _member(text, _countries, "an ISO 3166 country of two letters, e.g. KZ")


def check_currency(text: str) -> str:
    """Check an ISO 4217 currency.

    Examples
    --------
    >>> check_currency("CNY")
    'CNY'
    """
    return _member(text, _currencies, "an ISO 4217 currency of three letters, e.g. CNY")


def check_un_number(text: str) -> str:
    """Check the form of a UN number of dangerous goods.

    Examples
    --------
    >>> check_un_number("UN 1263")
    'UN1263'
    """
    number = _compact(text).upper()
    if not re.fullmatch("UN[0-9]{4}", number):
        raise ValueError("expected a UN number: UN and four digits, e.g. UN1263")
    return number


def check_un_class(text: str, *, is_whole: bool = True) -> str:
    """Check the form of a class of dangerous goods; explosives may carry their compatibility group.

    Parameters
    ----------
    is_whole
        A class that has divisions (1, 2, 4, 5, 6) may stand without one: all of it, as orders ban it. Goods need it.

    Examples
    --------
    >>> check_un_class("3"), check_un_class("6.1"), check_un_class("1.4S"), check_un_class("1")
    ('3', '6.1', '1.4S', '1')
    """
    code = text.strip().upper()
    if not re.fullmatch(_UN_CLASS, code):
        raise ValueError("expected a class of dangerous goods, e.g. 3, 6.1 or 1.4S")
    if not is_whole and code in ("1", "2", "4", "5", "6"):
        raise ValueError(f"expected the division of class {code} of dangerous goods, too, e.g. {code}.1")
    return code


def _compact(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _is_chapter(digits: str, *, last: int) -> bool:
    return 1 <= int(digits) <= last and digits != "77"


def _member(text: str, members: Callable[[], frozenset[str]], expected: str) -> str:
    code = text.strip().upper()
    if code not in members():
        raise ValueError(f"expected {expected}")
    return code


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)
