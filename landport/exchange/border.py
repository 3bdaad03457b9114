"""A border port as one TOML file: hours and lanes of both sides, channels, the policy of its windows; and back."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from landport.errors import InputError, LandportError, Problem, shown
from landport.exchange.atomic import whole_file
from landport.exchange.border_keys import Keys, weekdays_said
from landport.exchange.caps import Caps
from landport.exchange.hours import clock_text
from landport.exchange.text import Unreadable, read_text
from landport.model.border import CHANNELS, BorderPort, BorderSide, ChannelRule, GateHours, GatePolicy, ShiftHours
from landport.model.places import Places

SCHEMA: Final = 1
"""Version of the format."""

CONFIDENCE: Final = ("published", "derived", "recall", "assumption")
"""How sure the hours and times of a port are."""

UPLOAD: Final = Caps(file_bytes=1 << 20)
"""Limits of such a file."""

MOST_HOURS: Final = 200
"""Rows of hours, and of shifts, of a side."""

_MONTH: Final = 31 * 1440
POLICY: Final[Mapping[str, tuple[int, int]]] = {
    "kappa_percent": (1, 100),
    "release_minutes": (0, _MONTH),
    "change_minutes": (0, _MONTH),
    "late_cancel_minutes": (0, _MONTH),
    "free_reschedules": (0, 100),
    "grace_minutes": (0, 1440),
    "early_minutes": (0, _MONTH),
    "hold_seconds": (0, 180),
    "strikes": (1, 100),
    "strike_days": (1, 366),
    "cool_down_minutes": (0, 2 * _MONTH),
    "back_seconds_least": (0, 86_400),
    "back_seconds_most": (0, 86_400),
    "most_active": (1, 10_000),
    "most_share_percent": (1, 100),
    "most_acts_per_hour": (1, 100_000),
    "most_waiting": (0, 10_000),
    "ready_points": (0, 100_000),
    "aeo_points": (0, 100_000),
    "ageing_percent": (1, 10_000),
}
"""Least and greatest value of each rule."""

_HEAD: Final = ("schema", "border", "name", "window_minutes", "horizon_days", "source", "confidence")
_SIDE: Final = ("place", "zone", "closed_on", "hours", "shifts")
_SHIFT: Final = ("days", "from", "until")
_HOURS: Final = (*_SHIFT, "channel", "lanes", "service_minutes", "cv_percent")
_CHANNEL: Final = tuple(f.name for f in fields(ChannelRule))
_WEEK: Final = 7 * 1440


def read_border(source: Path | str, places: Places, *, file: str = "border.toml") -> BorderPort:
    """Read a border port.

    Parameters
    ----------
    source
        A file, or the text of one.
    file
        What messages call a text.

    Raises
    ------
    InputError
        `input`: no TOML, or wrong values; each is listed by its key, such as `sides[1].hours[2].lanes`, rows counted
        from 1. `newer-schema`: written by a newer landport.
    """
    raw, file = _raw_of(source, file)
    problems: list[Problem] = []
    schema = raw.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        text = f"{file} has schema {shown(schema)}; this landport reads up to {SCHEMA}: update landport"
        raise InputError("newer-schema", text, (file,))
    port = _port(Keys(raw, (*_HEAD, "policy", "channels", "sides"), file, problems), places)
    if problems:
        raise InputError.of(problems)
    return port


def example_border(places: Places) -> BorderPort:
    """Read the border port that ships: Baktu, with hours and service times that are assumed."""
    text = files("landport.exchange").joinpath("example_border.toml").read_text("utf-8")
    return read_border(text, places, file="example_border.toml")


def write_border(port: BorderPort, path: Path) -> None:
    """Write a border port to a file, whole or not at all.

    Raises
    ------
    InputError
        `not-writable`.
    """
    with whole_file(path) as part:
        part.write_text(border_toml(port), encoding="utf-8")


def border_toml(port: BorderPort) -> str:
    """Write a border port as TOML; read again it is the same."""
    return "\n".join([*_head_lines(port), *_side_lines(port)]) + "\n"


def _raw_of(source: Path | str, file: str) -> tuple[Mapping[str, object], str]:
    try:
        text = source
        if isinstance(source, Path):
            file = source.name or str(source)
            text, _ = read_text(source, UPLOAD)
        return tomllib.loads(str(text), parse_float=Decimal), file
    except Unreadable as error:
        raise InputError.of([error.problem]) from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise InputError.of([Problem(file=file, expected=f"expected TOML; {error}")]) from error


# ---- reading -----------------------------------------------------------------------------------


def _port(keys: Keys, places: Places) -> BorderPort:
    keys.whole("schema", SCHEMA, SCHEMA)
    border_id = _place(keys, "border", places)
    channels = tuple(_channels(keys))
    sides = tuple(_sides(keys, places, {rule.channel for rule in channels}))
    if border_id and sides and sides[0].place_id not in ("", border_id):
        keys.wrong("sides[1].place", f"expected the border itself, {border_id}, as the first side", sides[0].place_id)
    if len(sides) == 2 and sides[0].place_id == sides[1].place_id != "":
        keys.wrong("sides[2].place", "expected the neighbour's place, not the port's own", sides[1].place_id)
    window = keys.whole("window_minutes", 1, 1440, 60)
    if window < 1440 and 60 % window and window % 60:
        keys.wrong("window_minutes", "expected minutes that divide an hour, or whole hours up to 1440")
    return BorderPort(
        border_id=border_id,
        name=keys.text("name"),
        sides=sides,
        channels=channels,
        policy=_policy(keys),
        window_minutes=window,
        horizon_days=keys.whole("horizon_days", 1, 60, 14),
        source=keys.text("source", "", most=2000),
        confidence=keys.choice("confidence", CONFIDENCE, "assumption"),
    )


def _place(keys: Keys, key: str, places: Places) -> str:
    text = keys.text(key)
    if not text:
        return ""
    try:
        return places.resolve(text).place_id
    except LandportError as error:
        keys.wrong(key, f"expected a place; {error.message}")
        return ""


def _policy(keys: Keys) -> GatePolicy:
    default = GatePolicy()
    table = keys.table("policy", tuple(POLICY))
    policy = GatePolicy(
        **{name: table.whole(name, *between, getattr(default, name)) for name, between in POLICY.items()}
    )
    if policy.back_seconds_least > policy.back_seconds_most:
        table.wrong("back_seconds_least", f"expected at most back_seconds_most, {policy.back_seconds_most}")
    return policy


def _channels(keys: Keys) -> Iterator[ChannelRule]:
    seen: dict[str, int] = {}
    for n, row in enumerate(keys.rows("channels", _CHANNEL, 1, 100), 1):
        channel = row.choice("channel", CHANNELS)
        if channel and channel in seen:
            row.wrong("channel", f"expected each channel once; channels[{seen[channel]}] has it too")
        seen.setdefault(channel, n)
        yield ChannelRule(
            channel=channel,
            points=row.whole("points", 0, 100_000, 0),
            gives=row.flag("gives", default=True),
            takes=row.flag("takes", default=True),
            walk_up_per_day=row.whole("walk_up_per_day", 0, 100_000, 0),
        )


def _sides(keys: Keys, places: Places, channels: set[str]) -> Iterator[BorderSide]:
    for row in keys.rows("sides", _SIDE, 1, 2):
        place_id = _place(row, "place", places)
        yield BorderSide(
            place_id=place_id,
            zone=_zone(row, places[place_id].timezone if place_id else "UTC"),
            hours=_hours(row, channels - {""}),
            shifts=tuple(_shift(shift) for shift in row.rows("shifts", _SHIFT, 0, MOST_HOURS)),
            closed_on=row.dates("closed_on"),
        )


def _zone(keys: Keys, default: str) -> str:
    zone = keys.text("zone", default)
    try:
        if zone:
            ZoneInfo(zone)
    except (ValueError, OSError, KeyError):  # no such zone, no name of a file, a folder
        keys.wrong("zone", "expected an IANA zone, such as Asia/Almaty")
    return zone


def _shift(row: Keys) -> ShiftHours:
    weekdays, start, end = _times(row)
    return ShiftHours(weekdays=weekdays, from_minute=start, until_minute=end)


def _hours(side: Keys, channels: set[str]) -> tuple[GateHours, ...]:
    rows = list(side.rows("hours", _HOURS, 1, MOST_HOURS))
    found = []
    for row in rows:
        weekdays, start, end = _times(row)
        channel = row.choice("channel", CHANNELS)
        if channel and channel not in channels:
            row.wrong("channel", "expected a channel that stands under [[channels]], too")
        hours = GateHours(
            weekdays=weekdays,
            from_minute=start,
            until_minute=end,
            channel=channel,
            lanes=row.whole("lanes", 0, 200),
            service_seconds=row.seconds("service_minutes", 1440),
            cv_percent=row.whole("cv_percent", 0, 1000, 100),
        )
        found.append(hours)
    for (i, one), (k, other) in combinations(enumerate(found), 2):
        if one.channel == other.channel != "" and _overlap(one, other):
            rows[k].wrong("from", f"expected no hours of {one.channel} that hours[{i + 1}] covers, too")
    for channel in sorted(channels - {hours.channel for hours in found}):
        side.wrong("hours", f"expected hours of {channel}, too; where it is shut write lanes = 0", channel)
    return tuple(found)


def _times(row: Keys) -> tuple[tuple[int, ...], int, int]:
    """Read days, first minute and last; until midnight is minute 1440."""
    weekdays, start, end = row.weekdays("days"), row.clock("from"), row.clock("until")
    if start == 1440:
        row.wrong("from", "expected 00:00 for the beginning of a day")
    elif start is not None and start == end:
        row.wrong("until", 'expected another clock than from; around the clock is "00:00" to "24:00"')
    return weekdays, start or 0, end or 1440


def _overlap(one: GateHours, other: GateHours) -> bool:
    """Tell whether two rows share a minute of the week."""
    return any(
        (a - b) % _WEEK < other_length or (b - a) % _WEEK < one_length
        for a, one_length in _spans(one)
        for b, other_length in _spans(other)
    )


def _spans(hours: GateHours) -> list[tuple[int, int]]:
    length = (hours.until_minute - hours.from_minute - 1) % 1440 + 1
    return [((day - 1) * 1440 + hours.from_minute, length) for day in hours.weekdays]


# ---- writing -----------------------------------------------------------------------------------


def _head_lines(port: BorderPort) -> Iterator[str]:
    yield f"schema = {SCHEMA}"
    yield f"border = {_text(port.border_id)}"
    for name in ("name", "window_minutes", "horizon_days", "source", "confidence"):
        yield f"{name} = {_text(getattr(port, name))}"
    yield "\n[policy]"
    yield from (f"{name} = {getattr(port.policy, name)}" for name in POLICY)
    for rule in port.channels:
        yield "\n[[channels]]"
        yield from (f"{name} = {_text(getattr(rule, name))}" for name in _CHANNEL)


def _side_lines(port: BorderPort) -> Iterator[str]:
    for side in port.sides:
        yield "\n[[sides]]"
        yield f"place = {_text(side.place_id)}"
        yield f"zone = {_text(side.zone)}"
        yield f"closed_on = [{', '.join(day.isoformat() for day in side.closed_on)}]"
        for hours in side.hours:
            yield "\n[[sides.hours]]"
            yield from _time_lines(hours)
            minutes = f"{hours.service_seconds / 60:.4f}".rstrip("0").rstrip(".")
            yield f"channel = {_text(hours.channel)}"
            yield f"lanes = {hours.lanes}"
            yield f"service_minutes = {minutes}"
            yield f"cv_percent = {hours.cv_percent}"
        for shift in side.shifts:
            yield "\n[[sides.shifts]]"
            yield from _time_lines(shift)


def _time_lines(row: GateHours | ShiftHours) -> Sequence[str]:
    return (
        f'days = "{weekdays_said(row.weekdays)}"',
        f'from = "{clock_text(row.from_minute)}"',
        f'until = "{clock_text(row.until_minute)}"',
    )


def _text(value: object) -> str:
    """Write a value as TOML: JSON writes texts, numbers and truths the same way."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
