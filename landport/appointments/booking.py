"""What may be booked: free places of a window, what an enterprise may have, when it must wait. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from landport.appointments.states import EnterpriseState, Hold, VehicleState, WindowState
from landport.errors import Conflict
from landport.model.border import BorderPort, GatePolicy

MINUTE: Final = timedelta(minutes=1)


def free_seat(window: WindowState, now: datetime, *, is_port: bool = False) -> int:
    """Find the lowest place of a window that can be taken; 0: there is none.

    Parameters
    ----------
    is_port
        The port itself fills it, in an order of its own: it need not wait until a freed place comes back.

    Examples
    --------
    >>> from datetime import UTC
    >>> free_seat(WindowState(window_id="W", status="open", capacity=2, booked=1, last_seat=1), datetime.now(UTC))
    2
    """
    cooled = [c.seat for c in window.cooling if is_port or c.back_at <= now]
    if window.capacity - window.booked - (len(window.cooling) - len(cooled)) <= 0:
        return 0
    return min((*window.free, *cooled, window.last_seat + 1))


def n_free(window: WindowState, now: datetime) -> int:
    """Count the places of a window that can be booked now."""
    return max(0, window.capacity - window.booked - sum(c.back_at > now for c in window.cooling))


def ended_holds(window: WindowState, now: datetime) -> tuple[Hold, ...]:
    """List the holds of a window whose time is over."""
    return tuple(h for h in window.holds if h.until_at <= now)


def expect_bookable(window: WindowState, now: datetime) -> None:
    """Refuse a window that is over or shut.

    Raises
    ------
    Conflict
        `window-over`, `window-closed`.
    """
    if window.closes_at is None or window.closes_at <= now:
        raise Conflict("window-over", f"window {window.window_id} is over: choose a later one", (window.window_id,))
    if window.status == "closed":
        text = f"window {window.window_id} has no places, the border is shut then: choose another one"
        raise Conflict("window-closed", text, (window.window_id,))


def expect_quiet(enterprise: EnterpriseState | None, policy: GatePolicy, now: datetime) -> None:
    """Refuse an enterprise that does too much within an hour.

    Raises
    ------
    Conflict
        `too-many-acts`: `about` tells the seconds to wait first.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    if enterprise is not None and enterprise.hour_at == hour and enterprise.n_acts >= policy.most_acts_per_hour:
        text = f"{enterprise.n_acts} bookings, changes and cancellations within this hour: go on in the next"
        seconds = 3600 - (now - hour).seconds
        raise Conflict("too-many-acts", text, (str(seconds), enterprise.enterprise_id))


def expect_room_for(
    enterprise: EnterpriseState | None, policy: GatePolicy, window: WindowState, now: datetime, *, leaves: str = ""
) -> None:
    """Refuse an enterprise that may not have one more place in a window.

    Parameters
    ----------
    leaves
        Window in which it gives a place up for this one; empty: none.

    Raises
    ------
    Conflict
        `cool-down`, `too-many-active`, `too-large-share`.
    """
    if enterprise is None:
        return
    name, until = enterprise.enterprise_id, enterprise.cool_down_until_at
    if until is not None and until > now and not leaves:
        text = f"too many appointments were missed or cancelled late: book again after {until:%Y-%m-%dT%H:%MZ}"
        raise Conflict("cool-down", text, (name,))
    n_active = sum(enterprise.windows.values()) - bool(leaves)
    if n_active >= policy.most_active:
        text = f"{n_active} places are booked ahead, and at most {policy.most_active} are allowed at once"
        raise Conflict("too-many-active", text, (name,))
    mine = enterprise.windows.get(window.window_id, 0)
    if not is_released(window, policy, now) and mine >= most_in(window, policy):
        text = (
            f"{mine} places of window {window.window_id} are yours: the others are for others until quotas are released"
        )
        raise Conflict("too-large-share", text, (name, window.window_id))


def most_in(window: WindowState, policy: GatePolicy) -> int:
    """Say how many places of a window one enterprise may have before quotas are released; at least one."""
    return max(1, (window.capacity - window.lent) * policy.most_share_percent // 100)


def is_released(window: WindowState, policy: GatePolicy, now: datetime) -> bool:
    """Tell whether the quotas of a window are released to all."""
    return window.opens_at is not None and now >= window.opens_at - policy.release_minutes * MINUTE


def lenders(border: BorderPort, channel: str) -> tuple[str, ...]:
    """List the channels whose unused places a channel may use once quotas are released."""
    rules = {rule.channel: rule for rule in border.channels}
    if channel not in rules or not rules[channel].takes:
        return ()
    return tuple(sorted(name for name, rule in rules.items() if rule.gives and name != channel))


def lender(windows: Iterable[WindowState], now: datetime, *, is_port: bool = False) -> WindowState | None:
    """Choose the window with the most free places to lend one; None: none has any."""
    free = [(w.capacity - w.booked - len(w.waiting), w) for w in windows if free_seat(w, now, is_port=is_port)]
    free = [(n, w) for n, w in free if n > 0]
    return min(free, key=lambda found: (-found[0], found[1].window_id))[1] if free else None


def expect_no_other(vehicle: VehicleState | None, appointment_id: str) -> None:
    """Refuse a tractor or trailer that has another appointment.

    Raises
    ------
    Conflict
        `vehicle-booked`.
    """
    if vehicle is not None and vehicle.status == "booked" and vehicle.appointment_id != appointment_id:
        text = f"{vehicle.plate} has an appointment already: one at a time"
        raise Conflict("vehicle-booked", text, (vehicle.plate,))


def cool_down_until(enterprise: EnterpriseState | None, policy: GatePolicy, at: datetime) -> datetime | None:
    """Say until when an enterprise may not book after one more strike at an instant; None: it may go on."""
    earlier = enterprise.strikes if enterprise is not None else ()
    since = at - timedelta(days=policy.strike_days)
    n_strikes = 1 + sum(k > since for k in earlier)
    return at + policy.cool_down_minutes * MINUTE if n_strikes >= policy.strikes else None


def missed_after(closes_at: datetime, called_at: datetime | None, policy: GatePolicy) -> datetime:
    """Say after which instant a truck that did not come has missed its window."""
    return (closes_at if called_at is None else called_at) + policy.grace_minutes * MINUTE
