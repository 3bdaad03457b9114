"""What answers about border ports look like, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from landport.app.ledger.border.board import Board, QueueRow
from landport.app.ledger.border.counting import GateFigures
from landport.app.ledger.border.listing import WindowRow
from landport.app.ledger.border.merging import Merged
from landport.app.ledger.border.planning import PlannedBooking
from landport.appointments.states import AppointmentState


class Windows(msgspec.Struct):
    """Windows in order of opening and channel; all at once."""

    items: list[WindowRow]
    next: str | None


class Filled(msgspec.Struct):
    """What became of windows."""

    border_id: str
    n_opened: int
    n_resized: int


class Called(msgspec.Struct):
    """Trucks called up, in order."""

    called: list[AppointmentState]


class LiveQueue(msgspec.Struct):
    """Trucks at the gate, then those that wait, in the order in which they are called."""

    items: list[QueueRow]


class MergedList(msgspec.Struct):
    """What came of a list of check-ins, row by row in order of time."""

    items: list[Merged]
    n_checked_in: int
    n_already: int
    n_flagged: int
    n_unknown: int


class Figures(msgspec.Struct):
    """Days or months, and the rule by which they are counted."""

    border_id: str
    zone: str
    rule: str
    items: list[GateFigures]


class PlanBooked(msgspec.Struct):
    """Appointments brought in line with the plan. `left`: containers without a place, and why."""

    booked: list[PlannedBooking]
    cancelled: list[str]
    left: list[dict[str, str]]


class Boards(msgspec.Struct):
    """Public boards."""

    items: list[Board]


class BoardKeys(msgspec.Struct):
    """Public keys of a gate, as `landport verify-qr` reads them."""

    border: str
    zone: str
    keys: dict[str, str]
    retired: dict[str, str]


WINDOW: Final[dict[str, Any]] = {
    "window_id": "BKT.general.20260303T0400Z",
    "border_id": "BKT",
    "channel": "general",
    "opens_at": "2026-03-03T04:00:00Z",
    "closes_at": "2026-03-03T05:00:00Z",
    "capacity": 4,
    "booked": 1,
    "n_free": 3,
    "n_waiting": 0,
    "wait_minutes": 6,
    "ahead_minutes": 1200,
    "is_released": True,
}
"""Example of a window."""

HOURS: Final[dict[str, Any]] = {
    "weekdays": [1, 2, 3, 4, 5, 6, 7],
    "from_minute": 600,
    "until_minute": 1170,
    "channel": "general",
    "lanes": 2,
    "service_seconds": 1440,
    "cv_percent": 80,
}
BORDER: Final[dict[str, Any]] = {
    "border_id": "BKT",
    "name": "Baktu",
    "sides": [
        {"place_id": "BKT", "zone": "Asia/Shanghai", "hours": [HOURS]},
        {"place_id": "BKH", "zone": "Asia/Almaty", "hours": [HOURS | {"from_minute": 480, "until_minute": 1020}]},
    ],
    "channels": [{"channel": "general", "walk_up_per_day": 8}],
    "policy": {"kappa_percent": 90},
    "source": "assumed",
}
"""Example of a border port."""

QUEUED: Final[dict[str, Any]] = {
    "appointment_id": "G000000022",
    "status": "called",
    "channel": "general",
    "tractor": "新A12345",
    "trailer": "新B678挂",
    "window_id": "BKT.general.20260303T0400Z",
    "opens_at": "2026-03-03T04:00:00Z",
    "since_at": "2026-03-03T03:50:00Z",
    "called_at": "2026-03-03T04:02:00Z",
    "is_ready": True,
    "is_aeo": False,
    "points": 0,
    "application_id": "L000000021",
}
"""Example of a truck of the live queue."""

SHIFTED: Final[dict[str, Any]] = {
    "border_id": "BKT",
    "from_at": "2026-03-03T06:00:00Z",
    "until_at": "2026-03-03T12:00:00Z",
    "n_hit": 44,
    "n_moved": 61,
    "n_holds": 1,
    "n_offered": 0,
    "n_cancelled": 0,
    "last_at": "2026-03-05T09:00:00Z",
    "normal_on": "2026-03-06",
}
"""Example of what came of a closure."""

BOARD: Final[dict[str, Any]] = {
    "border_id": "BKT",
    "name": "Baktu",
    "zone": "Asia/Shanghai",
    "at": "2026-03-03T04:05:00Z",
    "channels": [
        {
            "channel": "general",
            "n_waiting": 7,
            "n_at_gate": 2,
            "called": ["新A12345"],
            "next_free_at": "2026-03-03T06:00:00Z",
            "wait_minutes": 6,
        }
    ],
    "shut_until_at": None,
    "why": "",
}
"""Example of a public board."""

KEYS: Final[dict[str, Any]] = {
    "border": "BKT",
    "zone": "Asia/Shanghai",
    "keys": {"139e3940": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="},
    "retired": {},
}
"""Example of a gate's keys."""

FIGURES: Final[dict[str, Any]] = {
    "period": "2026-03-03",
    "channel": "",
    "opening": 3,
    "closing": 5,
    "n_places": 60,
    "n_booked": 48,
    "counts": {"day_id": "2026-03-03", "status": "counted", "n_came": 52, "n_cleared": 49, "n_turned_back": 1},
    "wait_minutes": 21.5,
    "stay_minutes": 64.0,
}
"""Example of a day."""
