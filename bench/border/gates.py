"""Border ports of the policy benchmark. Every hour, lane and time here is an assumption, none is a published fact."""

from __future__ import annotations

from datetime import UTC, datetime

from landport.model.border import BorderPort, BorderSide, ChannelRule, GateHours, GatePolicy

START = datetime(2026, 3, 2, tzinfo=UTC)
ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)
CHANNEL = "general"

WEEKS = {
    "7 days": ALL_WEEK,
    "6 days": ALL_WEEK[:6],
    "5 days": ALL_WEEK[:5],
}
"""Days of the week on which the gate of the small port is open: three readings of what nobody has published."""

DAYLIGHT = (1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 7, 6, 6, 6, 6, 5, 5, 4, 3, 3, 2, 2, 1)
"""Weights of the hours in which trucks of the large port want to cross."""


def rows(days: tuple[int, ...], begin: int, end: int, lanes: int, service: int, cv: int) -> GateHours:
    return GateHours(
        weekdays=days,
        from_minute=60 * begin,
        until_minute=60 * end,
        channel=CHANNEL,
        lanes=lanes,
        service_seconds=service,
        cv_percent=cv,
    )


def port(name: str, *sides: BorderSide, window_minutes: int = 60) -> BorderPort:
    channels = (ChannelRule(channel=CHANNEL),)
    return BorderPort(
        border_id=name, name=name, sides=sides, channels=channels, policy=GatePolicy(), window_minutes=window_minutes
    )


def small(days: tuple[int, ...], service_seconds: int) -> BorderPort:
    """Two lanes, 10:00-20:00 Beijing against 08:00-17:00 Almaty time: nine hours in common."""
    china = BorderSide(place_id="BKT", zone="Asia/Shanghai", hours=(rows(ALL_WEEK, 10, 20, 2, service_seconds, 100),))
    kazakhstan = BorderSide(place_id="BKH", zone="Asia/Almaty", hours=(rows(days, 8, 17, 2, service_seconds, 100),))
    return port("BKT", china, kazakhstan)


def large(window_minutes: int = 60, cv: int = 100) -> BorderPort:
    """Four lanes around the clock, 353 s a truck: 979 trucks a day."""
    side = BorderSide(place_id="L", zone="UTC", hours=(rows(ALL_WEEK, 0, 24, 4, 353, cv),))
    return port("L", side, window_minutes=window_minutes)
