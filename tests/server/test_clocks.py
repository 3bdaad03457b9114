"""P7, clocks do not matter: jumps of an hour, midnight, changes to and from summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from landport.app.ledger import people
from landport.store import EVERYBODY, verify
from tests.server.served import goods

PASSWORD = "seven grey geese land"
HOUR = timedelta(hours=1)
MOMENTS = [
    datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),  # midnight UTC
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # summer time begins in Europe
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # and ends: an hour comes twice
    datetime(2026, 2, 28, 18, 59, 30, tzinfo=UTC),  # midnight and month's end in Almaty
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
]


def booking(now):
    return {"goods": goods(ready_at=(now + 24 * HOUR).isoformat(), due_at=(now + 480 * HOUR).isoformat())}


@pytest.mark.parametrize("skew", [-HOUR, HOUR], ids=["back", "ahead"])
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_clock_that_jumps_breaks_nothing(served, moment, skew):
    """Events keep their order, keys their answers, ETags their meaning, whatever the clock says."""
    served.clock.now = moment
    with served.client("silk") as client:
        key = {"Idempotency-Key": "k"}
        first = client.post("/api/v1/consignments", json=booking(moment), headers=key)
        path = f"/api/v1/consignments/{first.json()['consignment_id']}"
        etag = client.get(path).headers["ETag"]
        served.clock.now = moment + skew
        again = client.post("/api/v1/consignments", json=booking(moment), headers=key)
        assert (again.status_code, again.content) == (201, first.content)
        amended = client.patch(path, json=booking(moment), headers={"If-Match": etag})
        assert amended.status_code == 200
        assert client.patch(path, json=booking(moment), headers={"If-Match": etag}).status_code == 412
        served.clock.now = moment
        assert client.post(f"{path}/cancel", json={}, headers={"If-Match": "*"}).json()["status"] == "cancelled"
        events = client.get("/api/v1/events").json()["items"]
    assert [(e["position"], e["version"]) for e in events] == [(1, 1), (2, 2), (3, 3)]
    said = [datetime.fromisoformat(e["recorded_at"]) for e in events]
    assert said == [moment, moment + skew, moment]
    served.ledger.store.read(EVERYBODY, verify.verify)


def test_a_session_lasts_twelve_hours_whatever_the_calendar_says(served):
    """Also over the end of summer time; a clock that goes back lengthens it by no more than that."""
    served.clock.now = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    link = people.first_link(served.ledger)
    people.choose_password(served.ledger, link, PASSWORD)
    with served.client() as client:
        log_in = {"login": "admin", "password": PASSWORD}
        assert client.post("/api/v1/session", json=log_in).json()["expires_at"] == "2026-10-25T08:00:00Z"
        served.clock.move(hours=11, minutes=59)
        assert client.get("/api/v1/me").status_code == 200
        served.clock.move(hours=-1)
        assert client.get("/api/v1/me").status_code == 200
        served.clock.move(hours=1, minutes=1)
        assert client.get("/api/v1/me").status_code == 401


def test_a_clock_that_goes_back_locks_nobody_out_for_longer(served):
    """The wait after wrong tries is never longer than it would have been."""
    with served.client() as client:
        wrong = {"login": "admin", "password": "x"}
        for _ in range(5):
            client.post("/api/v1/session", json=wrong)
        served.clock.move(hours=-1)
        answer = client.post("/api/v1/session", json=wrong)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
