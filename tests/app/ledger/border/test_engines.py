"""P1 on both engines: a race for the last place, and the constraints that would refuse what the code let through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError

from landport.errors import Conflict, LandportError
from tests.app.ledger.border.gates import Gate, enterprise


@pytest.fixture
def engined(store_url):
    found = Gate(store_url)
    yield found
    assert found.faults() == ()
    found.close()


def test_sixty_four_want_the_last_place(engined):
    """One gets it, the others hear that the window is full."""
    window = next(w for w in engined.windows(days=5) if (w.opens_at - engined.clock()).days >= 2)
    engined.fill(window.window_id)
    engined.cancel(f"G{engined.store.position():09d}", enterprise(f"filler{window.capacity - 1}"))
    engined.clock.move(minutes=20)

    def want(n):
        try:
            return engined.book(window.window_id, enterprise(f"r{n}"), tractor=f"RR{n:03}")["seat"]
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(want, range(64)))
    assert sorted(answers, key=str) == [window.capacity, *["window-full"] * 63]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE gate_window SET booked = capacity + 1 WHERE window_id = '{}'",
        "UPDATE gate_window SET booked = -1 WHERE window_id = '{}'",
        "INSERT INTO window_seat VALUES ('T1', '{}', 1, 'G9')",
        "INSERT INTO window_seat VALUES ('T1', '{}', 0, 'G9')",
        "INSERT INTO window_seat SELECT 'T1', '{}', 2, appointment_id FROM window_seat",
    ],
)
def test_the_database_refuses_by_itself(engined, sql):
    """More trucks than places, a place twice, a truck twice: no code of ours could write it."""
    window = engined.windows()[5]
    engined.book(window.window_id)
    with pytest.raises(LandportError) as found:
        engined.store.write_now(
            "T1", "A", lambda tx: tx.connection.exec_driver_sql(sql.format(window.window_id)).rowcount
        )
    seen = [found.value, found.value.__cause__, found.value.__context__]
    assert any(isinstance(e, IntegrityError) for e in seen)
