"""Order of the live queue: who is called when a lane is free, by rules that everybody can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from landport.model.border import BorderPort, ChannelRule

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A truck that is not called yet.

    Parameters
    ----------
    opens_at
        Of its window; None: it came without an appointment, or missed its window.
    queued_at
        When its window opens; without one: when it joined the queue.
    presented_at
        Since when it stands in the waiting area; None: it does not.
    is_ready
        Its clearance application is accepted.
    """

    appointment_id: str
    channel: str
    opens_at: datetime | None
    queued_at: datetime
    presented_at: datetime | None = None
    is_ready: bool = False
    is_aeo: bool = False


def turn_at(border: BorderPort, waiting: Waiting, now: datetime) -> datetime:
    """Find the instant from which a truck's waiting counts.

    Notes
    -----
    Its window's beginning, whenever it came; without a window when it joined the queue. Who presents itself later than
    the grace after the window closes counts from then on, and who is not there yet by then from now on.
    """
    if waiting.opens_at is None:
        return waiting.queued_at
    policy = border.policy
    last = waiting.opens_at + (border.window_minutes + policy.grace_minutes) * MINUTE
    came_at = now if waiting.presented_at is None else waiting.presented_at
    return waiting.opens_at if came_at <= last else came_at


def points(border: BorderPort, waiting: Waiting, now: datetime) -> int:
    """Count the points of a truck: head starts, and those of the minutes since its turn. Who has most goes first.

    Notes
    -----
    Everybody ages alike, so a head start never grows: a truck is overtaken by no other whose turn is later by more than
    `most_head_start`. Two of a class (channel, ready, AEO) keep the order of their turns.
    """
    return _score(border, waiting, now) // 6000


def most_head_start(border: BorderPort) -> timedelta | None:
    """Find by how much later a turn may be and still come first; None: no bound, for nobody ages.

    Notes
    -----
    Holds among trucks that may all be called, in a lane that all of them may use.
    """
    policy = border.policy
    if policy.ageing_percent <= 0:
        return None
    heads = [rule.points for rule in border.channels] or [0]
    spread = max(heads) - min(*heads, 0) + max(policy.ready_points, 0) + max(policy.aeo_points, 0)
    return timedelta(minutes=-(-100 * spread // policy.ageing_percent))


def may_be_called(border: BorderPort, waiting: Waiting, now: datetime) -> bool:
    """Say whether it is a truck's time: its window has begun, or it stands there and its window begins soon."""
    if waiting.opens_at is None or waiting.opens_at <= now:
        return True
    return waiting.presented_at is not None and waiting.opens_at - now <= border.policy.early_minutes * MINUTE


def next_called(border: BorderPort, waiting: Iterable[Waiting], channel_of_lane: str, now: datetime) -> Waiting | None:
    """Choose the truck that a free lane of a channel calls; None: there is none that it may call.

    Notes
    -----
    Trucks that stand there come before others, so that no lane waits for one on its way; among them those of the lane's
    own channel; others' only if the channel gives and theirs takes. Then points, then turns, then ids.
    """
    rules = {rule.channel: rule for rule in border.channels}
    able = [
        truck
        for truck in waiting
        if may_be_called(border, truck, now) and _may_use(rules, truck.channel, channel_of_lane)
    ]
    return min(
        able,
        key=lambda truck: (truck.presented_at is None, truck.channel != channel_of_lane, _order(border, truck, now)),
        default=None,
    )


def in_order(border: BorderPort, waiting: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """Sort the queue as a board shows it: who stands there, who is due but on its way, who has to wait for its time."""

    def key(truck: Waiting) -> tuple[bool, bool, tuple[int, datetime, str]]:
        able = may_be_called(border, truck, now)
        return not able, truck.presented_at is None, _order(border, truck, now)

    return tuple(sorted(waiting, key=key))


def _may_use(rules: dict[str, ChannelRule], channel: str, channel_of_lane: str) -> bool:
    if channel == channel_of_lane:
        return True
    lane, own = rules.get(channel_of_lane), rules.get(channel)
    return lane is not None and own is not None and lane.gives and own.takes


def _score(border: BorderPort, waiting: Waiting, now: datetime) -> int:
    """Count in 6000ths of a point, so that no second is lost."""
    policy = border.policy
    head = sum(rule.points for rule in border.channels if rule.channel == waiting.channel)
    head += policy.ready_points * waiting.is_ready + policy.aeo_points * waiting.is_aeo
    seconds = (now - turn_at(border, waiting, now)) // timedelta(seconds=1)
    return 6000 * head + policy.ageing_percent * seconds


def _order(border: BorderPort, waiting: Waiting, now: datetime) -> tuple[int, datetime, str]:
    return -_score(border, waiting, now), turn_at(border, waiting, now), waiting.appointment_id
