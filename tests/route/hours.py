"""Random opening hours for small networks, and when work begins: minute by minute, by the local clock."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from landport.model.network import Network
from landport.model.places import OpeningHours
from tests import nets


def hours(place_id: str, opens: int, closes: int, days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)) -> OpeningHours:
    """Hours of a place, in minutes of the day."""
    return OpeningHours(
        hours_id=f"{place_id}-{opens}-{days}",
        place_id=place_id,
        weekdays=days,
        opens_minute=opens,
        closes_minute=closes,
    )


def closing(network: Network, seed: int) -> Network:
    """Give most places hours: by day, over midnight, twice a day, on a few days only."""
    dice = random.Random(seed)
    found = []
    for place_id in sorted(network.places):
        for n in range(dice.choice((0, 1, 1, 2))):
            opens = 60 * dice.randrange(24)
            closes = (opens + 60 * dice.randint(1, 10)) % 1440 or 1440
            days = tuple(sorted(dice.sample(range(1, 8), dice.choice((3, 7, 7)))))
            found.append(replace(hours(place_id, opens, closes, days), hours_id=f"{place_id}-{n}"))
    return replace(network, hours=tuple(found))


def is_open(network: Network, place_id: str, minute: int) -> bool:
    """Tell by the clock on the wall."""
    rows = [row for row in network.hours if row.place_id == place_id]
    local = (nets.MONDAY + timedelta(minutes=minute)).astimezone(ZoneInfo(network.places[place_id].timezone))
    clock, today = 60 * local.hour + local.minute, local.isoweekday()
    yesterday = (local.date() - timedelta(days=1)).isoweekday()
    for row in rows:
        over = row.closes_minute <= row.opens_minute
        if today in row.weekdays and row.opens_minute <= clock and (over or clock < row.closes_minute):
            return True
        if over and yesterday in row.weekdays and clock < row.closes_minute:
            return True
    return not rows


def begins(network: Network, place_id: str, minute: int) -> int:
    """Wait minute by minute until a place is open."""
    while not is_open(network, place_id, minute):
        minute += 1
    return minute
