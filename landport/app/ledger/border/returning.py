"""Use case predict: after a closure, the local day on which the last truck that moved is served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from landport.app.ledger.border import reading, shifting
from landport.app.ledger.desk import Ledger
from landport.appointments import booking
from landport.appointments.states import AppointmentState, state_from
from landport.model.border import BorderPort
from landport.store import View, states, windows

if TYPE_CHECKING:
    from landport.simulate.returning import Standing

N_RUNS: Final = 21
"""Runs of the prediction; the day that stands in the middle is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """On which local day the last truck that moved is served.

    Parameters
    ----------
    predicted_on
        Median of the runs; None: nobody moved, or not within 45 days.
    first_on, last_on
        Of the runs, the second and the last but one: 9 of 10 lie between.
    n_runs
        How many.
    """

    predicted_on: date | None
    first_on: date | None
    last_on: date | None
    n_runs: int = N_RUNS


def predict_return(ledger: Ledger, view: View, border_id: str) -> Returned:
    """Predict from the bookings as they are when the last truck that closures moved is served.

    Raises
    ------
    NotFound
        `unknown-border`.

    Notes
    -----
    Each channel is played apart, with a seed of its own that does not change; the latest of them counts.
    """
    from landport.simulate.returning import return_days  # it compiles: only for those who ask

    border, closures = reading.state_of_port(view, border_id)
    now = ledger.clock()
    runs: list[date] = []
    standing = list(_standing(view, border, now))
    for rule in border.channels:
        mine = [truck for channel, truck in standing if channel == rule.channel]
        found = return_days(border, rule.channel, mine, now, reading.spans(closures), n_runs=N_RUNS)
        runs = [max(pair) for pair in zip(runs, found, strict=True)] if runs and found else runs or list(found)
    told = [None if day == date.max else day for day in runs]
    if not told:
        return Returned(predicted_on=None, first_on=None, last_on=None)
    return Returned(predicted_on=told[N_RUNS // 2], first_on=told[1], last_on=told[-2])


def _standing(view: View, border: BorderPort, now: datetime) -> Iterator[tuple[str, Standing]]:
    """List the trucks that have a window or stand in the waiting area, with their channels."""
    from landport.simulate.returning import Standing

    since = now - border.window_minutes * booking.MINUTE
    ahead = windows.between(view, border.border_id, since, now + shifting.FURTHEST + timedelta(days=1))
    seated = windows.seated(view, (w.window_id for w in ahead if w.booked))
    queued = reading.queue(view, border.border_id).trucks
    names = dict.fromkeys([a for _, _, a in seated] + [t.appointment_id for t in queued if t.status == "waiting"])
    for appointment_id in names:
        found = states.find(view, "appointment", appointment_id)
        state = state_from("appointment", found.document) if found is not None else None
        if not isinstance(state, AppointmentState):
            continue
        if state.status in ("confirmed", "called") or (state.status == "requested" and state.form == "queued"):
            moved = state.seat > 0 and state.order_at is not None and state.opens_at != state.order_at
            there = state.presented_at is not None or state.form == "queued"
            yield (
                state.channel,
                Standing(opens_at=state.opens_at, closes_at=state.closes_at, is_moved=moved, is_there=there),
            )
