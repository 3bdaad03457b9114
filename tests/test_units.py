"""Units are whole numbers and lose nothing; identifiers are checked by their own rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport import units

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
WHOLE = st.integers(-(10**40), 10**40)
COUNTS = st.integers(0, 10**40)


@given(COUNTS)
def test_grams_survive_writing(grams):
    """Grams, written as kilograms, are read back unchanged."""
    assert units.parse_kg(units.kg_text(grams)) == grams


@given(st.integers(-(10**40), 10**40))
def test_cents_survive_writing(cents):
    """Cents, written as dollars, are read back unchanged, however many."""
    assert units.parse_usd(units.usd_text(cents)) == cents


@given(WHOLE)
def test_minutes_survive_writing(minutes):
    """Minutes, written as hours, are read back unchanged."""
    assert units.parse_hours(units.hours_text(minutes)) == minutes


@given(st.integers(-(10**7), 10**7), st.integers(-14 * 60, 14 * 60))
def test_minutes_and_instants_are_inverse(minute, offset):
    """A minute becomes an instant and comes back, whatever zone the instant is written in."""
    instant = units.instant_of(minute, START).astimezone(timezone(timedelta(minutes=offset)))
    assert units.minute_of(units.parse_instant(units.instant_text(instant)), START) == minute


@given(COUNTS)
def test_kilograms_are_rounded_up_once(grams):
    """Whole kilograms carry the grams, and none to spare."""
    assert 0 <= units.kg_ceil(grams) * 1000 - grams < 1000


@given(st.sets(st.integers(1, 7), min_size=1))
def test_weekdays_survive_writing(days):
    """Days of the week are written in order and read back."""
    assert units.parse_weekdays(units.weekdays_text(days)) == days


@given(st.integers(-(10**6), 10**6))
def test_a_railway_day_has_its_minutes(minute):
    """A minute lies in its railway day: after 18:00 of the day before, at 18:00 at the latest."""
    day = units.railway_day(minute, START)
    closes = datetime(day.year, day.month, day.day, 18, tzinfo=units.BEIJING)
    assert closes - timedelta(days=1) < units.instant_of(minute, START) <= closes


def test_railway_days_turn_at_18_01():
    """18:00 Beijing closes the day, 18:01 opens the next one."""
    noon = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert [units.railway_day(m, noon) for m in (0, 1)] == [date(2026, 3, 2), date(2026, 3, 3)]


@pytest.mark.parametrize("text", ["", "abc", "2026-03-02", "2026-03-02T08:15", "2026-02-30T00:00Z", "08:15+08:00"])
def test_instants_need_an_offset(text):
    """An instant without offset from UTC means nothing."""
    with pytest.raises(ValueError, match="expected an instant with its offset"):
        units.parse_instant(text)


def test_minutes_are_whole():
    """Seconds are refused, and so are instants without offset."""
    with pytest.raises(ValueError, match="expected a whole minute"):
        units.minute_of(units.parse_instant("2026-03-02T00:00:30Z"), START)
    with pytest.raises(ValueError, match="offset"):
        units.minute_of(datetime(2026, 3, 2), START)  # noqa: DTZ001
    with pytest.raises(ValueError, match="offset"):
        units.instant_text(datetime(2026, 3, 2))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "abc", "12,5", "1e3", "1.", ".5", "-1", "0.0001", "nan", "inf", "٣"])
def test_kilograms_refuse(text):
    """Kilograms are plain decimal numbers, at most three decimals, not negative."""
    with pytest.raises(ValueError, match="expected kilograms"):
        units.parse_kg(text)


@pytest.mark.parametrize("text", ["", "$5", "1,234.50", "0.001", "1e3"])
def test_dollars_refuse(text):
    """Dollars are plain decimal numbers, at most two decimals."""
    with pytest.raises(ValueError, match="expected US dollars"):
        units.parse_usd(text)


def test_zeros_at_the_end_are_no_decimals():
    """12.5000 is 12.5: spreadsheets write such numbers."""
    assert units.parse_kg(" 12.5000 ") == 12_500
    assert units.parse_usd("3.000") == 300
    assert units.parse_kg("123456789012345678901234567890.001") == 123456789012345678901234567890001


def test_half_minutes_go_to_the_even_one():
    """0.025 h is 1.5 minutes, 0.0416... h is 2.5 minutes."""
    assert [units.parse_hours(h) for h in ("0.025", "0.0083333333", "0.075", "0.125")] == [2, 0, 4, 8]
    with pytest.raises(ValueError, match="expected hours"):
        units.parse_hours("two")


@pytest.mark.parametrize("text", ["", "0", "8", "1;1", "1,3", "1;", "Mon"])
def test_weekdays_refuse(text):
    """Days are 1 to 7, each once, parted by semicolons."""
    with pytest.raises(ValueError, match="expected days of the week"):
        units.parse_weekdays(text)


goods_class = partial(units.check_un_class, is_whole=False)

GOOD = [
    # published: ISO 6346 in its standard's example, and the check digit 10 written as 0
    (units.check_container_number, "CSQU3054383", "CSQU3054383"),
    (units.check_container_number, "tasu 117 000 0", "TASU1170000"),
    # published: UIC examples of encyclopedias; the third by the Polish railway's rule book
    (lambda n: units.check_wagon_number(n, "UIC"), "21-81-2471217-3", "218124712173"),
    (lambda n: units.check_wagon_number(n, "UIC"), "51 80 0843 001-0", "518008430010"),
    (lambda n: units.check_wagon_number(n, "UIC"), "50 51 26-18 001-5", "505126180015"),
    # published: a Russian railway university's exercise
    (lambda n: units.check_wagon_number(n, "1520"), "50701077", "50701077"),
    (lambda n: units.check_wagon_number(n, "CN"), "5211051", "5211051"),
    # published: Sochi, Moscow-Kazanskaya; the third needs the second row of weights
    (lambda n: units.check_station_code(n, "1520"), "532909", "532909"),
    (lambda n: units.check_station_code(n, "1520"), "194013", "194013"),
    (lambda n: units.check_station_code(n, "1520"), "781316", "781316"),
    (lambda n: units.check_station_code(n, "CN"), "123456", "123456"),
    (units.check_locode, "cn urc", "CNURC"),
    (units.check_hs, "8517", "8517"),
    (units.check_gng, "9921 10 00", "99211000"),
    (units.check_country, " kz", "KZ"),
    (units.check_currency, "kzt", "KZT"),
    (units.check_un_number, "un 1263", "UN1263"),
    (units.check_un_class, "2.1", "2.1"),
    (units.check_un_class, "1.4s", "1.4S"),
    *((units.check_un_class, c, c) for c in ("1", "1.1D", "1.2", "1.5D", "1.6N", "2.3", "4.3", "5.2", "6", "6.2", "9")),
    *((goods_class, c, c) for c in ("1.1D", "1.2", "1.5", "1.6N", "2.1", "3", "4.2", "5.1", "6.1", "7", "8", "9")),
]

BAD = [
    (units.check_container_number, "CSQU3054384", "ISO 6346"),  # check digit
    (units.check_container_number, "CSQA3054383", "ISO 6346"),  # category
    (units.check_container_number, "C00017", "ISO 6346"),  # a planned container has no number yet
    (lambda n: units.check_wagon_number(n, "UIC"), "218124712174", "expected 218124712173"),
    (lambda n: units.check_wagon_number(n, "UIC"), "5211051", "12 digits"),
    (lambda n: units.check_wagon_number(n, "1520"), "50701078", "expected 50701077"),
    (lambda n: units.check_wagon_number(n, "1520"), "507A1077", "8 digits"),
    (lambda n: units.check_wagon_number(n, "CN"), "52110511", "7 digits"),
    (lambda n: units.check_wagon_number(n, "1435"), "52110511", "expected a railway: CN, 1520, UIC"),
    (lambda n: units.check_station_code(n, "1520"), "532908", "expected 532909"),
    (lambda n: units.check_station_code(n, "CN"), "53290", "6 digits"),
    (units.check_locode, "XXURC", "UN/LOCODE"),
    (units.check_locode, "CNUR1", "UN/LOCODE"),
    (units.check_hs, "7701", "HS heading"),
    (units.check_hs, "9801", "HS heading"),
    (units.check_hs, "0001", "HS heading"),
    (units.check_hs, "8500", "HS heading"),
    (units.check_hs, "85171", "HS heading"),
    (units.check_gng, "77010000", "GNG/NHM"),
    (units.check_gng, "8517", "GNG/NHM"),
    (units.check_country, "EU", "ISO 3166"),
    (units.check_currency, "RMB", "ISO 4217"),
    (units.check_un_number, "1263", "UN number"),
    (units.check_un_class, "10", "class of dangerous goods"),
    (units.check_un_class, "3.1", "class of dangerous goods"),
    *(
        (units.check_un_class, c, "class of dangerous goods")
        for c in ("1S", "1.7", "1.4I", "2.1S", "2.4", "4.4", "6.3")
    ),
    # no division, though the class has some: nobody can say what such goods may travel with
    *((goods_class, c, f"division of class {c}") for c in ("1", "2", "4", "5", "6")),
]


@pytest.mark.parametrize(("check", "text", "canonical"), GOOD)
def test_identifiers_pass(check, text, canonical):
    """Good identifiers come back in one canonical form, which passes again."""
    assert check(text) == canonical
    assert check(canonical) == canonical


@pytest.mark.parametrize(("check", "text", "said"), BAD)
def test_identifiers_are_refused(check, text, said):
    """Bad identifiers are refused with what was expected."""
    with pytest.raises(ValueError, match=f"^expected .*{said}|^{said}"):
        check(text)


@given(st.integers(0, 10**7 - 1), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(stem, at, by):
    """The check digit of a wagon catches every single wrong digit."""
    number = good_wagon(f"{stem:07d}")
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    with pytest.raises(ValueError, match="check digit"):
        units.check_wagon_number(wrong, "1520")


def good_wagon(stem: str) -> str:
    """Slow twin: weigh 2, 1, 2, 1, ..., add the digits of the products, complement to ten."""
    products = "".join(str(int(digit) * weight) for digit, weight in zip(stem, (2, 1, 2, 1, 2, 1, 2), strict=True))
    return stem + str(-sum(map(int, products)) % 10)


@given(st.integers(0, 10**7 - 1))
def test_wagon_numbers_by_the_slow_rule(stem):
    """Luhn's rule and the railway's own wording agree."""
    number = good_wagon(f"{stem:07d}")
    assert units.check_wagon_number(number, "1520") == number
