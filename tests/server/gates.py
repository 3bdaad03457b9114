"""Border ports that the server's tests publish, and what they ask of them."""

from __future__ import annotations

from typing import Any

from landport.server.gate_shapes import BORDER as EXAMPLE
from tests.server.served import Served

WINDOW = "BKT.general.20260303T0400Z"
VISIT = {"tractor": "新A 12345", "trailer": "新B678挂"}
APPLICATION = {"border_id": "BKT", "direction": "out", "expected_at": "2026-03-03T12:00:00+08:00"}
LIST = b"checked_in_at,appointment_id\n2026-03-02 15:00,G000000001\n"
__all__ = ["APPLICATION", "EXAMPLE", "LIST", "VISIT", "WINDOW", "around_the_clock", "book", "published", "truck"]


def around_the_clock(lanes: int = 1, service_seconds: int = 3600, **others: Any) -> dict[str, Any]:
    """A port of one side, general trucks only, that never shuts: as many places a window as lanes serve in it."""
    hours = EXAMPLE["sides"][0]["hours"][0] | {"from_minute": 0, "until_minute": 1440, "cv_percent": 0}
    hours |= {"lanes": lanes, "service_seconds": service_seconds}
    side = {"place_id": "BKT", "zone": "Asia/Shanghai", "hours": [hours]}
    policy = {"kappa_percent": 100} | others.pop("policy", {})
    named = {"border_id": "BKT", "name": "Baktu", "channels": [{"channel": "general"}]}
    return {**named, "sides": [side], "policy": policy, **others}


def published(served: Served, **asked: Any) -> None:
    """Publish such a port as an admin."""
    with served.client("admin") as client:
        answer = client.post("/api/v1/borders", json=around_the_clock(**asked))
        assert answer.status_code == 201, answer.text


def truck(n: int) -> dict[str, str]:
    """The visit of one of many trucks."""
    return {"tractor": f"A{n:05}"}


def book(client: Any, n: int, window: str = WINDOW, **headers: str) -> Any:
    """Ask for a place in a window."""
    return client.post(f"/api/v1/windows/{window}/appointments", json=truck(n), headers=headers)
