"""Instants far from the week and numbers without measure are named, read and written without a traceback."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from landport import exchange
from landport.errors import InputError
from landport.exchange.example import example
from landport.model.scenario import FAR_MINUTES, Scenario, World
from landport.report import known
from tests.exchange.spoil import places, problems, put

FIRST, LAST = "0001-01-01T00:00+08:00", "9999-12-31T23:59-08:00"
CELLS = [
    *(("bookings.csv", 2, "due_at", at) for at in ("2099-12-31T00:00+08:00", "9999-12-31T00:00+08:00", LAST, FIRST)),
    *(("bookings.csv", 2, "ready_at", at) for at in ("2012-01-01T00:00+08:00", FIRST, LAST)),
    *(("orders.csv", 2, "from_at", at) for at in (FIRST, LAST)),
    *(("orders.csv", 2, "until_at", at) for at in (FIRST, LAST)),
    *(("departures.csv", 2, "departs_at", at) for at in (FIRST, LAST)),
    *(("supply.csv", 2, "day_on", day) for day in ("0001-01-01", "9999-12-31")),
]
DEPARTURES = ["U-ALM-W@0001-01-01", "U-ALM-W@9999-12-31"]


def set_key(week: Path, key: str, value: str) -> None:
    lines = (week / "scenario.toml").read_text(encoding="utf-8").splitlines()
    changed = [f'{key} = "{value}"' if line.startswith(f"{key} = ") else line for line in lines]
    assert changed != lines
    (week / "scenario.toml").write_text("\n".join(changed) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("file", "row", "column", "value"), CELLS)
def test_a_far_instant_is_named(week: Path, world: World, file: str, row: int, column: str, value: str) -> None:
    """File, row and column, once, with the limit and the start that it counts from."""
    put(week / file, row, column, value)
    found = problems(week, world)
    assert places(found) == [(file, row, column)]
    assert "within ten years of start_at, 2022-07-18" in found[0].expected


def test_no_deadline_is_told_what_to_write(week: Path, world: World) -> None:
    """Enterprise software writes 9999-12-31 for never."""
    put(week / "bookings.csv", 2, "due_at", "9999-12-31T00:00+08:00")
    assert "without a deadline write one a year ahead, 2023-07-18T00:00+00:00" in problems(week, world)[0].expected
    put(week / "bookings.csv", 2, "due_at", "2023-07-18T00:00+00:00")
    assert exchange.read_scenario(week, world)[0].bookings[0].due_at == 365 * 1440


def test_ten_years_are_not_far(week: Path, world: World) -> None:
    """The last minute that is allowed is read, and written back."""
    put(week / "bookings.csv", 2, "due_at", "2032-07-25T00:00+00:00")
    scenario, _ = exchange.read_scenario(week, world)
    assert scenario.bookings[0].due_at == FAR_MINUTES
    exchange.write_scenario(scenario, week, world)
    assert exchange.read_scenario(week, world)[0] == scenario


def test_a_plan_may_be_twice_as_far() -> None:
    """What is read can be reported: rides end a while after the last due time."""
    assert known.FAR == 2 * FAR_MINUTES


@pytest.mark.parametrize("departure_id", DEPARTURES)
@pytest.mark.parametrize("status", ["run", "cancelled"])
def test_a_train_of_another_age_changes_nothing(week: Path, world: World, departure_id: str, status: str) -> None:
    """A dated train at the end of the calendar is read; an extra one must leave that day."""
    put(week / "departures.csv", 2, "departs_at", "")
    put(week / "departures.csv", 2, "departure_id", departure_id)
    put(week / "departures.csv", 2, "status", status)
    assert exchange.read_scenario(week, world)[0].departures[0].departure_id == departure_id


@pytest.mark.parametrize("at", [FIRST, LAST, "1899-12-25T00:00+00:00", "2200-01-06T00:00Z"])
@pytest.mark.parametrize("keys", [["start_at"], ["now_at"], ["start_at", "now_at"]], ids=" ".join)
def test_a_far_setting_is_named(week: Path, world: World, keys: list[str], at: str) -> None:
    """The setting is told, and no instant of a table is called far because of it."""
    for key in keys:
        set_key(week, key, at)
    found = problems(week, world)
    assert places(found) == [("scenario.toml", None, key) for key in keys]
    assert {p.expected for p in found} == {"expected an instant in the years 1900 to 2199"}


def test_a_wrong_start_hides_no_wrong_row(week: Path, world: World) -> None:
    """Rows are compared with each other all the same."""
    set_key(week, "start_at", "2022-07-19T00:00+00:00")
    put(week / "bookings.csv", 2, "due_at", "2022-07-17T00:00+06:00")
    assert places(problems(week, world)) == [("scenario.toml", None, "start_at"), ("bookings.csv", 2, "due_at")]
    set_key(week, "start_at", "Monday")
    assert places(problems(week, world)) == [("scenario.toml", None, "start_at"), ("bookings.csv", 2, "due_at")]


def far_due(scenario: Scenario) -> Scenario:
    first, *others = scenario.bookings
    return replace(scenario, bookings=(replace(first, due_at=10**12), *others))


@pytest.mark.parametrize(
    "scenario",
    [
        lambda world: far_due(example(world)),
        lambda world: replace(example(world), now_at=-(10**12)),
        lambda world: replace(example(world), start_at=datetime(1, 1, 1, tzinfo=UTC)),
        lambda world: replace(example(world), start_at=datetime(9999, 12, 27, tzinfo=UTC)),
    ],
    ids=["due_at", "now_at", "the first day", "the last week"],
)
@pytest.mark.parametrize("name", ["new", "new.xlsx"])
def test_what_nobody_could_read_is_not_written(tmp_path: Path, world: World, name: str, scenario: object) -> None:
    """One error, and nothing is left behind."""
    with pytest.raises(InputError, match="expected"):
        exchange.write_scenario(scenario(world), tmp_path / name, world)  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "column", "most", "expected"),
    [
        ("service_legs.csv", "running_h", "2000", "expected 0.0167 to 2000 h"),
        ("service_legs.csv", "dwell_h", "2000", "expected 0 to 2000 h"),
        ("service_legs.csv", "usd_per_teu", "10000000", "expected 0.00 to 10000000.00 USD"),
        ("services.csv", "fixed_usd", "10000000", "expected 0.00 to 10000000.00 USD"),
        ("bookings.csv", "value_usd", "100000000000", "expected 0.00 to 100000000000.00 USD"),
    ],
)
def test_numbers_have_a_greatest_value(
    week: Path, world: World, file: str, column: str, most: str, expected: str
) -> None:
    """What no train takes and nothing costs is an ordinary wrong cell."""
    put(week / file, 2, column, most)
    exchange.read_scenario(week, world)
    for value in (f"{most}.1", "9" * 18, "9" * 40):
        put(week / file, 2, column, value)
        found = problems(week, world)
        assert places(found) == [(file, 2, column)]
        assert found[0].expected == expected
