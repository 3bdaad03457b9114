"""A border port as a file: read, written back, and every wrong value told at once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError
from landport.exchange.border import POLICY, border_toml, example_border, read_border, write_border
from landport.exchange.border_keys import weekdays_said
from landport.model.border import GatePolicy

SMALL = """
schema = 1
border = "BKT"
name = "Baktu"
[[channels]]
channel = "general"
[[sides]]
place = "BKT"
[[sides.hours]]
days = "1-5;7"
from = "22:00"
until = "06:00"
channel = "general"
lanes = 2
service_minutes = 12.5
"""
MORE = """[[sides.hours]]
days = [{days}]
from = "{start}"
until = "{end}"
channel = "general"
lanes = 1
service_minutes = 30
"""


@pytest.fixture(scope="module")
def places(request):
    return request.getfixturevalue("world").network.places


def wrong(text, places):
    """Read what is refused; answers what is said of each key."""
    with pytest.raises(InputError) as caught:
        read_border(text, places)
    return {p.key: p.expected for p in caught.value.problems} or caught.value.code


def test_the_example_is_a_port(places, tmp_path):
    """It says that it is assumed, has five channels, two sides, and is the same when read back."""
    port = example_border(places)
    assert (port.border_id, port.confidence, len(port.channels)) == ("BKT", "assumption", 5)
    assert [side.place_id for side in port.sides] == ["BKT", "BKH"]
    assert "9,430" in port.source
    write_border(port, tmp_path / "border.toml")
    assert read_border(tmp_path / "border.toml", places) == port


def test_the_example_serves_some_eighty_trucks(places):
    """Of a working day 75 to 95 places can be offered in the 8.5 hours that both sides work."""
    port = example_border(places)
    rates = [
        {h.channel: h.lanes * 3600 / h.service_seconds for h in side.hours if 3 in h.weekdays} for side in port.sides
    ]
    offered = 8.5 * 0.9 * sum(min(rates[0][c], rates[1][c]) for c in rates[0])
    assert 75 <= offered <= 95


def test_defaults_are_filled_in(places):
    """The side's clock is its place's, times are whole minutes and seconds, the policy is as published."""
    port = read_border(SMALL, places)
    (hours,) = port.sides[0].hours
    assert (hours.weekdays, hours.from_minute, hours.until_minute) == ((1, 2, 3, 4, 5, 7), 1320, 360)
    assert (hours.service_seconds, hours.cv_percent) == (750, 100)
    assert (port.sides[0].zone, port.policy, port.window_minutes) == ("Asia/Shanghai", GatePolicy(), 60)
    assert set(POLICY) == {f.name for f in fields(GatePolicy)}


def test_every_wrong_value_is_told(places):
    """None hides another; rows count from 1, keys that nobody knows are named."""
    text = SMALL.replace('"BKT"\n[[sides.hours]]', '"BKH"\nzone = "../etc"\ncolour = 1\n[[sides.hours]]')
    text = text.replace('"1-5;7"', '"5-1"').replace("lanes = 2", "lanes = 201").replace("12.5", "nan")
    text = text.replace("schema = 1", "schema = 1\nwindow_minutes = 45\nhorizon_days = true\nconfidence = 'sure'")
    found = wrong(text + "[policy]\nkappa_percent = 101\nback_seconds_least = 1000\n", places)
    assert list(found) == [
        "sides[1].colour",
        "sides[1].zone",
        "sides[1].hours[1].days",
        "sides[1].hours[1].lanes",
        "sides[1].hours[1].service_minutes",
        "sides[1].place",
        "window_minutes",
        "policy.kappa_percent",
        "policy.back_seconds_least",
        "horizon_days",
        "confidence",
    ]


@pytest.mark.parametrize(
    ("days", "start", "end", "key"),
    [
        ("6", "04:00", "12:00", "sides[1].hours[2].from"),  # Friday's row ends on Saturday at six
        ("1", "05:59", "08:00", "sides[1].hours[2].from"),  # Sunday's goes on into Monday
        ("6", "06:00", "24:00", ""),
        ("1", "23:00", "01:00", "sides[1].hours[2].from"),
        ("7", "10:00", "10:00", "sides[1].hours[2].until"),
        ("7", "24:00", "10:00", "sides[1].hours[2].from"),
        ("7,7", "10:00", "11:00", "sides[1].hours[2].days"),
    ],
)
def test_hours_of_a_channel_do_not_overlap(places, days, start, end, key):
    """Not over midnight and not over Sunday either; clocks that cannot be are told."""
    text = SMALL + MORE.format(days=days, start=start, end=end)
    if key:
        assert next(iter(wrong(text, places))) == key
    else:
        assert read_border(text, places).sides[0].hours[1].until_minute == 1440


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (
            'channel = "general"\n[[',
            'channel = "general"\n[[channels]]\nchannel = "general"\n[[',
            "channels[2].channel",
        ),
        ('channel = "general"\n[[', 'channel = "general"\n[[channels]]\nchannel = "empty"\n[[', "sides[1].hours"),
        ('channel = "general"\nlanes', 'channel = "empty"\nlanes', "sides[1].hours[1].channel"),
        ('border = "BKT"', 'border = "Atlantis"', "border"),
        ('border = "BKT"', 'border = "Baktu"', "border"),
        ('place = "BKT"', 'place = "BKT"\nclosed_on = ["2026-02-30", 2026-01-01, 2026-01-01]', "sides[1].closed_on[1]"),
        ('name = "Baktu"', "policy = 3\nname = 'x'", "policy"),
        ('name = "Baktu"', "", "name"),
        ("[[sides.hours]]", "[sides.hours]", "sides[1].hours"),
        ("schema = 1", "schema = 0", "schema"),
    ],
)
def test_what_cannot_be_is_refused(places, old, new, key):
    """Doubles, strangers, places of two sides, days that are none."""
    assert key in wrong(SMALL.replace(old, new), places)


def test_what_is_no_file_of_ours_is_refused(places, tmp_path):
    """No TOML, no text, no file; a newer format says what to do."""
    assert wrong("x = [", places) == {None: wrong("x = [", places)[None]}
    assert wrong("schema = 2", places) == "newer-schema"
    (tmp_path / "b.toml").write_bytes(b"\x00\xff")
    assert None in wrong(tmp_path / "b.toml", places)
    assert None in wrong(tmp_path / "none.toml", places)
    sides = SMALL + '[[sides]]\nplace = "BKH"\n[[sides]]\nplace = "BKT"\n'
    assert "sides" in wrong(sides, places)


@given(
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.integers(1, 86_400),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)
def test_whatever_is_written_is_read_back(places, days, start, end, seconds, said):
    """Days, clocks, seconds and texts of any script survive."""
    port = read_border(SMALL, places)
    if start == end:
        end = end % 1440 + 1
    hours = replace(
        port.sides[0].hours[0],
        weekdays=tuple(sorted(days)),
        from_minute=start,
        until_minute=end,
        service_seconds=seconds,
    )
    side = replace(port.sides[0], hours=(hours,), closed_on=(date(2027, 2, 6),))
    port = replace(port, sides=(side,), source=said.strip())
    assert read_border(border_toml(port), places) == port
    assert weekdays_said(hours.weekdays)
