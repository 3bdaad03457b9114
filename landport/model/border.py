"""A border port as it publishes itself: hours of both sides, channels and the policy of its windows. Whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

CHANNELS: Final = ("general", "perishable", "dangerous", "livestock", "empty")
"""Queues of a gate. That a trader is an AEO, or a truck under TIR, is an attribute and no channel."""

DOCUMENTS: Final = ("TIR", "T1", "CMR", "transit", "other")
"""Kinds of transit documents that a truck may show."""

DIRECTIONS: Final = ("out", "in")
"""Out of the country of the port's own side, or into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateHours:
    """Lanes that are staffed for a channel, on some days of the week, by the clock of their side.

    Parameters
    ----------
    weekdays
        1 Monday to 7 Sunday.
    from_minute, until_minute
        Of the local day, 0 to 1440; until at or before from: on the next day.
    lanes
        Trucks that are served side by side.
    service_seconds
        Mean time that a truck takes a lane.
    cv_percent
        Standard deviation of that time, percent of its mean.
    """

    weekdays: tuple[int, ...]
    from_minute: int
    until_minute: int
    channel: str
    lanes: int
    service_seconds: int
    cv_percent: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftHours:
    """When customs of a side are on regular duty; any other time is out of hours. As `GateHours` tells time."""

    weekdays: tuple[int, ...]
    from_minute: int
    until_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderSide:
    """One side of a border: its place, clock, hours and days off.

    Parameters
    ----------
    zone
        IANA name of its clock.
    closed_on
        Days of its own calendar on which its gate stays shut.
    """

    place_id: str
    zone: str
    hours: tuple[GateHours, ...]
    shifts: tuple[ShiftHours, ...] = ()
    closed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule:
    """What is published of a channel.

    Parameters
    ----------
    points
        Head start in the live queue, minutes of waiting.
    gives
        Whether its unused places go to others when quotas are released, and its idle lanes are used by them.
    takes
        Whether its trucks may use what others give.
    walk_up_per_day
        Trucks without an appointment that are expected on a day; they count in predicted waits.
    """

    channel: str
    points: int = 0
    gives: bool = True
    takes: bool = True
    walk_up_per_day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePolicy:
    """Rules of booking, calling up and missing, the same for everybody.

    Parameters
    ----------
    kappa_percent
        Share of what the lanes can serve that is offered as places.
    release_minutes
        How long before a window opens its quotas are released to all channels.
    change_minutes
        How long before it opens an appointment may still be rescheduled.
    late_cancel_minutes
        Cancelled later than so long before it opens, it counts as a strike.
    free_reschedules
        Times that an appointment may be rescheduled.
    grace_minutes
        How long after its window closes, or after being called, a truck keeps its place.
    early_minutes
        How long before its window opens a truck may be called when lanes are free.
    hold_seconds
        How long a place is held for a form that is being filled in; each enterprise holds one.
    strikes, strike_days
        So many missed or late-cancelled appointments within so many days bring a cool-down.
    cool_down_minutes
        How long an enterprise may not book then.
    back_seconds_least, back_seconds_most
        A place that is freed comes back after a random delay between these.
    most_active
        Places that an enterprise may have ahead at once.
    most_share_percent
        Share of a window's places that one enterprise may have, at least one, until quotas are released.
    most_acts_per_hour
        Bookings, changes and cancellations of an enterprise within an hour.
    most_waiting
        Trucks on the waiting list of a window.
    ready_points, aeo_points
        Head start, minutes of waiting, of a truck whose application is accepted, and of one of an AEO.
    ageing_percent
        Points for each minute of waiting, percent; 100: one a minute.
    """

    kappa_percent: int = 90
    release_minutes: int = 24 * 60
    change_minutes: int = 60
    late_cancel_minutes: int = 120
    free_reschedules: int = 1
    grace_minutes: int = 60
    early_minutes: int = 24 * 60
    hold_seconds: int = 180
    strikes: int = 2
    strike_days: int = 60
    cool_down_minutes: int = 3 * 24 * 60
    back_seconds_least: int = 60
    back_seconds_most: int = 900
    most_active: int = 60
    most_share_percent: int = 50
    most_acts_per_hour: int = 200
    most_waiting: int = 100
    ready_points: int = 60
    aeo_points: int = 30
    ageing_percent: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderPort:
    """A border port as published: who reads it knows every rule by which windows are opened, given and taken.

    Parameters
    ----------
    border_id
        Place of the port's own side.
    sides
        Its own side, then the neighbour's: at every instant the lesser of the two counts.
    window_minutes
        Length of a window; it divides an hour or is whole hours.
    horizon_days
        How many days ahead windows are open for booking.
    source, confidence
        Where its hours and times come from.
    """

    border_id: str
    name: str
    sides: tuple[BorderSide, ...]
    channels: tuple[ChannelRule, ...]
    policy: GatePolicy = GatePolicy()
    window_minutes: int = 60
    horizon_days: int = 14
    source: str = ""
    confidence: str = "assumption"
