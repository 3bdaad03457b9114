"""Border ports that tests share."""

from __future__ import annotations

from datetime import date

from landport.model.border import BorderPort, BorderSide, ChannelRule, GateHours, GatePolicy, ShiftHours

WORKDAYS = (1, 2, 3, 4, 5)
ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)


def hours(from_hour, until_hour, lanes, service_seconds=720, channel="general", weekdays=ALL_WEEK, cv_percent=100):
    return GateHours(
        weekdays=weekdays,
        from_minute=round(60 * from_hour),
        until_minute=round(60 * until_hour),
        channel=channel,
        lanes=lanes,
        service_seconds=service_seconds,
        cv_percent=cv_percent,
    )


def side(place_id, zone, *rows, shifts=(), closed_on=()):
    return BorderSide(place_id=place_id, zone=zone, hours=rows, shifts=shifts, closed_on=closed_on)


def port(*sides, channels=None, border_id="B", **others):
    names = sorted({row.channel for s in sides for row in s.hours}) if channels is None else channels
    rules = tuple(name if isinstance(name, ChannelRule) else ChannelRule(channel=name) for name in names)
    policy = others.pop("policy", GatePolicy(kappa_percent=100))
    return BorderPort(border_id=border_id, name=border_id, sides=sides, channels=rules, policy=policy, **others)


def baktu(closed_on: tuple[date, ...] = ()) -> BorderPort:
    """Baktu opposite Bakhty: about 75 trucks a day. All hours, lanes and times are assumptions."""
    shift = ShiftHours(weekdays=WORKDAYS, from_minute=10 * 60, until_minute=19 * 60)
    china = side(
        "BKT",
        "Asia/Shanghai",
        hours(10, 20, 2, 900, weekdays=ALL_WEEK),
        hours(10, 20, 1, 600, "perishable"),
        hours(11, 17, 1, 1800, "dangerous"),
        hours(10, 20, 1, 300, "empty"),
        shifts=(shift,),
        closed_on=closed_on,
    )
    kazakhstan = side(
        "BKH",
        "Asia/Almaty",
        hours(8, 17, 2, 960),
        hours(8, 17, 1, 720, "perishable"),
        hours(9, 13, 1, 1800, "dangerous"),
        hours(8, 17, 1, 300, "empty"),
    )
    channels = (
        ChannelRule(channel="general", walk_up_per_day=6),
        ChannelRule(channel="perishable", points=120, walk_up_per_day=2),
        ChannelRule(channel="dangerous", gives=False, takes=False),
        ChannelRule(channel="empty"),
    )
    return port(china, kazakhstan, channels=channels, border_id="BKT", policy=GatePolicy())
