"""What may happen to an application or appointment in which status: one table, asked before an event is written."""

from __future__ import annotations

from typing import Any, Final

from landport.errors import Conflict

NEW: Final = "new"
"""Status of a subject of which nothing is known yet."""

LEGAL: Final[dict[str, tuple[str, ...]]] = {
    "ApplicationMade": (NEW,),
    "ApplicationAccepted": ("applied",),
    "ApplicationDeclined": ("applied", "accepted"),
    "ApplicationWithdrawn": ("applied", "accepted"),
    "PlaceHeld": (NEW,),
    "PlaceAwaited": (NEW,),
    "TruckQueued": (NEW,),
    "AppointmentBooked": (NEW, "requested"),
    "HoldEnded": ("requested",),
    "PlaceOffered": ("requested",),
    "AppointmentRescheduled": ("confirmed",),
    "AppointmentShifted": ("confirmed", "called"),
    "VisitChanged": ("requested", "confirmed", "called"),
    "AppointmentCancelled": ("requested", "confirmed", "called"),
    "WindowMissed": ("confirmed", "called"),
    "TruckPresented": ("confirmed",),
    "TruckCalled": ("requested", "confirmed"),
    "TruckCheckedIn": ("called",),
    "InspectionBegun": ("arrived", "held"),
    "TruckHeld": ("arrived", "under_inspection"),
    "TruckCleared": ("arrived", "under_inspection", "held"),
    "TruckTurnedBack": ("arrived", "under_inspection", "held"),
}
"""By type of event: statuses of its stream's subject in which it may happen. What is not here may at any time."""

FORMS: Final = {"HoldEnded": "hold", "PlaceOffered": "waiting", "TruckCalled": "queued"}
"""By type of event: the form that a requested appointment must have for it."""


def expect_legal(subject_id: str, state: Any | None, type_name: str) -> None:
    """Refuse an event that cannot happen to an application or appointment as it is.

    Raises
    ------
    Conflict
        `illegal-move`: the message says what it is and what it should be.

    Examples
    --------
    >>> expect_legal("G000000001", None, "TruckCleared")
    Traceback (most recent call last):
    landport.errors.Conflict: G000000001 is new: TruckCleared needs it arrived or under_inspection or held
    """
    status = NEW if state is None else state.status
    statuses = LEGAL.get(type_name)
    if statuses is not None and status not in statuses:
        text = f"{subject_id} is {status}: {type_name} needs it {' or '.join(statuses)}"
        raise Conflict("illegal-move", text, (subject_id,))
    form = FORMS.get(type_name, "")
    if state is not None and status == "requested" and form and state.form != form:
        raise Conflict("illegal-move", f"{subject_id} is requested as {state.form}: no {type_name}", (subject_id,))
