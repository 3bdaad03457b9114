"""One fact of every type that happens at a border port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landport.model import gate_facts as g
from tests.appointments.ports import baktu

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
WINDOW = "BKT.general.20260302T0400Z"
TIMES = {"opens_at": AT, "closes_at": AT + timedelta(hours=1)}
PLACE = g.Place(window_id=WINDOW, seat=2)
BACK = g.FreedPlace(window_id=WINDOW, seat=1, back_at=AT)
NAMED = {"border_id": "BKT", "channel": "general"}
VISIT = g.TruckVisit(
    enterprise_id="P1", tractor="A1", trailer="T1", document_kind="TIR", document="X", container_ids=("C1", "C2")
)

GATE = (
    g.BorderPublished(border=baktu()),
    g.BorderClosed(from_at=AT, until_at=AT + timedelta(hours=3), why="storm"),
    g.BorderReopened(at=AT, why="over"),
    g.WindowOpened(capacity=4, **NAMED, **TIMES),
    g.WindowResized(capacity=3, why="storm"),
    g.PlacesLent(to_window_id="BKT.perishable.20260302T0400Z", count=1),
    g.ApplicationMade(
        border_id="BKT",
        enterprise_id="P1",
        declaration="D-1",
        direction="out",
        hs="0702",
        goods="tomatoes",
        expected_at=AT,
        shift="in_hours",
        n_trucks=2,
    ),
    g.ApplicationAccepted(reference="A-1"),
    g.ApplicationDeclined(why="no certificate"),
    g.ApplicationWithdrawn(why="sold"),
    g.PlaceHeld(enterprise_id="P1", takes=PLACE, held_until_at=AT, **NAMED),
    g.HoldEnded(frees=BACK, why="its time was over"),
    g.PlaceAwaited(window_id=WINDOW, visit=VISIT, **NAMED, **TIMES),
    g.TruckQueued(visit=VISIT, **NAMED),
    g.AppointmentBooked(window_id=WINDOW, visit=VISIT, takes=PLACE, **NAMED, **TIMES),
    g.PlaceOffered(takes=PLACE, **TIMES),
    g.AppointmentRescheduled(takes=PLACE, frees=BACK, why="late", **TIMES),
    g.AppointmentShifted(takes=PLACE, frees=BACK, why="storm", **TIMES),
    g.VisitChanged(visit=VISIT, why="broke down"),
    g.AppointmentCancelled(frees=BACK, is_late=True, cool_down_until_at=AT, why="sold"),
    g.WindowMissed(window_id=WINDOW, departure_id="S@2026-03-02", frees=BACK, cool_down_until_at=AT),
    g.TruckPresented(channel="general", window_id=WINDOW, opens_at=AT, visit=VISIT),
    g.TruckCalled(window_id=WINDOW, channel="general", visit=VISIT, takes=PLACE, frees=BACK, **TIMES),
    g.TruckCheckedIn(window_id=WINDOW, method="qr", key_id="139e3940"),
    g.InspectionBegun(),
    g.TruckHeld(why="seal"),
    g.TruckCleared(stayed_minutes=90, reference="R-1"),
    g.TruckTurnedBack(why="no permit", stayed_minutes=20),
    g.CheckInFlagged(checked_in_at=AT, why="cancelled"),
)
