"""What happens at a border port: as `model.facts`, one class a type. `Place` says which window's place is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from landport.model.border import BorderPort


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a window: what one truck takes. `seat`: from 1; a place that is freed is taken again."""

    window_id: str
    seat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedPlace:
    """A place that is given back. `back_at`: when it can be booked again."""

    window_id: str
    seat: int
    back_at: datetime


# ---- the port ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderPublished:
    """The port's hours and rules from here on; windows that are open keep their places."""

    border: BorderPort


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderClosed:
    """The border stays shut for a time, by whomever. `until_at`: when it is expected to open again."""

    from_at: datetime
    until_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderReopened:
    """Closures end at `at`, which is earlier than was said."""

    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened:
    """A window can be booked."""

    border_id: str
    channel: str
    opens_at: datetime
    closes_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResized:
    """A window has more or fewer places than before; never fewer than are taken."""

    capacity: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesLent:
    """Unused places of a window go to that of another channel at the same time: the quotas are released."""

    to_window_id: str
    count: int


# ---- clearance applications --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMade:
    """An enterprise applies for clearance.

    Parameters
    ----------
    enterprise_id
        Party that applies; empty: the port itself.
    declaration
        Number of the customs declaration; empty: it has none yet.
    direction
        out or in.
    shift
        in_hours or out_of_hours: whether customs are on regular duty at the expected time.
    n_trucks
        Trucks that it covers as far as is known; 0: none yet.
    consignment_id
        Consignment of ours that it is for; empty: none.
    """

    border_id: str
    enterprise_id: str
    declaration: str
    direction: str
    hs: str
    goods: str
    expected_at: datetime
    shift: str
    n_trucks: int = 0
    consignment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationAccepted:
    """Customs accept it. `reference`: theirs."""

    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDeclined:
    """Customs decline it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationWithdrawn:
    """The enterprise takes it back."""

    why: str = ""


# ---- appointments ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckVisit:
    """Who wants to cross, with what.

    Parameters
    ----------
    enterprise_id
        Party that books and sees it; empty: the port itself.
    tractor, trailer
        Plates; the trailer is what an appointment is for, the tractor may be swapped. Both empty: the port books for
        containers, whose truck is named later.
    driver_id
        Party of the kind person.
    permit
        Number of the road permit.
    document_kind, document
        One of `model.border.DOCUMENTS`, and its number.
    application_id
        Clearance application that covers it; empty: none yet.
    container_ids
        Containers of ours that it carries; each has one appointment at a time, as a trailer has.
    departure_id
        Planned ride of these containers; empty: none.
    is_aeo
        The trader is an authorised economic operator.
    """

    enterprise_id: str = ""
    tractor: str = ""
    trailer: str = ""
    driver_id: str = ""
    permit: str = ""
    document_kind: str = ""
    document: str = ""
    application_id: str = ""
    container_ids: tuple[str, ...] = ()
    departure_id: str = ""
    is_aeo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHeld:
    """A place is held while a form is filled in."""

    border_id: str
    channel: str
    enterprise_id: str
    takes: Place
    held_until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnded:
    """A hold was given up, or its time is over."""

    frees: FreedPlace
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAwaited:
    """A truck is on the waiting list of a window."""

    border_id: str
    channel: str
    window_id: str
    opens_at: datetime
    closes_at: datetime
    visit: TruckVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckQueued:
    """A truck without an appointment joins the end of the live queue."""

    border_id: str
    channel: str
    visit: TruckVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked:
    """A truck has a place in a window. `takes` is None if the place was held for it before."""

    border_id: str
    channel: str
    window_id: str
    opens_at: datetime
    closes_at: datetime
    visit: TruckVisit
    takes: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOffered:
    """The first on a window's waiting list gets a place that was freed."""

    opens_at: datetime
    closes_at: datetime
    takes: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRescheduled:
    """It is for another window now. `is_free`: it counts among those that the policy grants."""

    opens_at: datetime
    closes_at: datetime
    takes: Place
    frees: FreedPlace
    is_free: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentShifted:
    """The port moved it, because the border was shut: it costs the truck nothing."""

    opens_at: datetime
    closes_at: datetime
    takes: Place
    frees: FreedPlace
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChanged:
    """Another tractor, driver, permit or document; another trailer only by a controller, with a reason."""

    visit: TruckVisit
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled:
    """It is given up.

    Parameters
    ----------
    cool_down_until_at
        Until when its enterprise may not book; None: it may.
    had_come
        It stood in the waiting area.
    """

    frees: FreedPlace | None = None
    is_late: bool = False
    had_come: bool = False
    cool_down_until_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMissed:
    """The truck did not come in time: its place is gone, it may join the end of the live queue.

    Parameters
    ----------
    had_come
        It stood in the waiting area, was called, and did not come to the gate.
    departure_id
        Planned ride of the containers that it should have carried.
    """

    window_id: str
    departure_id: str = ""
    had_come: bool = False
    frees: FreedPlace | None = None
    cool_down_until_at: datetime | None = None
    why: str = ""


# ---- the controller's day ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckPresented:
    """It stands in the waiting area; the rest is as it is booked."""

    channel: str
    window_id: str
    opens_at: datetime
    visit: TruckVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCalled:
    """It is called up to the gate.

    Parameters
    ----------
    window_id
        Window in whose places it is served.
    channel, visit
        As it is booked.
    waited_minutes
        Since it presented itself; 0 if it did not.
    takes, frees
        The place of this window, if it comes from another one or had none.
    """

    window_id: str
    opens_at: datetime
    closes_at: datetime
    channel: str
    visit: TruckVisit
    waited_minutes: int = 0
    takes: Place | None = None
    frees: FreedPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCheckedIn:
    """It is at the gate.

    Parameters
    ----------
    window_id
        Window in whose places it is served.
    method
        qr, offline (merged from a list) or by_hand.
    key_id
        Key that signed its code; empty: none was shown.
    is_first
        It was not seen in the waiting area before.
    """

    window_id: str
    method: str
    is_first: bool = False
    key_id: str = ""
    tractor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionBegun:
    """Customs look into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckHeld:
    """Customs keep it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckCleared:
    """It may cross. `stayed_minutes`: since it came, to the waiting area or, unseen there, to the gate."""

    stayed_minutes: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckTurnedBack:
    """It may not cross, and leaves."""

    why: str
    stayed_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInFlagged:
    """A truck was let in by a printed list though the port knew better: somebody has to look into it."""

    checked_in_at: datetime
    why: str


GATE_FACTS: Final = (
    BorderPublished,
    BorderClosed,
    BorderReopened,
    WindowOpened,
    WindowResized,
    PlacesLent,
    ApplicationMade,
    ApplicationAccepted,
    ApplicationDeclined,
    ApplicationWithdrawn,
    PlaceHeld,
    HoldEnded,
    PlaceAwaited,
    TruckQueued,
    AppointmentBooked,
    PlaceOffered,
    AppointmentRescheduled,
    AppointmentShifted,
    VisitChanged,
    AppointmentCancelled,
    WindowMissed,
    TruckPresented,
    TruckCalled,
    TruckCheckedIn,
    InspectionBegun,
    TruckHeld,
    TruckCleared,
    TruckTurnedBack,
    CheckInFlagged,
)
"""Types of events of a border port."""
