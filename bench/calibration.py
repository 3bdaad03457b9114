"""Published transit times and distances against what the route engine finds.

    python -m bench.calibration

Rows of landport/reference/calibration.csv that name two places. `fit`: a parameter was set by it; `test`: none was;
`reported only`: known not to be met. Times are those of the fastest trains and ships of four weeks, room left out, from
departure at the first place to arrival at the last; trucks are left out. Distances are those of the open rails.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from landport import route
from landport.model import timetable
from landport.model.distances import shortest_km
from landport.model.scenario import World
from landport.model.tariff import Load
from landport.reference import load, table
from landport.route.fronts import Fronts, Question

MONDAY = datetime(2024, 7, 1, tzinfo=UTC)
"""Start of the weeks looked at; every line that the rows speak of is open."""

NAMED = {"MOW": "MOS"}
"""Codes of the rows that are not places' ids."""

MARGIN = 0.1
"""Of rows with one value: how far the model may be off."""

BOX = Load(subject_id="x", teu=2, feu_milli=1000, cargo_kg=18_000, gross_kg=22_000, priority=0)


def fronts(world: World) -> Fronts:
    """Lay out four weeks of trains and ships, with room for everybody."""
    network = world.network.as_of(MONDAY.date())
    services = {s.service_id: s for s in network.services.values() if s.mode != "road"}
    lines = tuple(line for line in network.lines if line.mode != "road")
    network = replace(network, services=services, lines=lines)
    dated = timetable.departures(
        services,
        network.places,
        (),
        start_at=MONDAY,
        from_minute=0,
        until_minute=56 * 1440,
        holidays=network.holidays,
    )
    roomy = [replace(d, free_teu=None) for d in dated]
    space = route.space(network, roomy, world.rules, start_at=MONDAY, plan_end=10**9, now_at=0)
    return Fronts(route.Priced(space, network, world.rules))


def hours(at: str, to: str, found: Fronts) -> float | None:
    """Find the shortest time from a departure to the arrival it leads to; None: nothing does."""
    asked = Question(at, to, 0, BOX, np.zeros(len(found.space.hops), np.int64))
    points = (p for p in found.profile(asked) if found.space.hops[p.leg].departs_at < 28 * 1440)
    times = [p.arrives_at - found.space.hops[p.leg].departs_at for p in points]
    return min(times) / 60 if times else None


def verdict(row: dict[str, object], value: float | None) -> str:
    """Say whether a figure is in the published range; of one value, within the margin."""
    if value is None:
        return "no way"
    low, high, one = row["low"], row["high"], float(str(row["value"]))
    least = float(str(low)) if low is not None else one * (1 - MARGIN)
    most = float(str(high)) if high is not None else one * (1 + MARGIN)
    if least <= value <= most:
        return "in"
    off = (value - most) / most if value > most else (value - least) / least
    return f"out by {off:+.1%}"


def rows() -> list[tuple[str, str, str, str, str, str, str]]:
    """Compare every row that names two places: row, use, published, range, model, verdict, source."""
    world = load.world()
    found, lines = fronts(world), world.network.as_of(date(2024, 7, 1)).lines
    answers = []
    for row in table.records("calibration"):
        kind, *ends = str(row["name"]).split("_")
        ends = [NAMED.get(e, e) for e in ends]
        if kind not in ("transit", "distance") or any(e not in world.network.places for e in ends):
            continue
        value = hours(*ends, found) if kind == "transit" else shortest_km(lines, *ends)
        span = f"{row['low'] or ''}-{row['high'] or ''}" if row["low"] or row["high"] else f"+-{MARGIN:.0%}"
        told = "" if value is None else f"{value:,.0f}"
        use = str(row["use"] or "")
        answers.append(
            (
                str(row["name"]),
                use,
                f"{row['value']:,.0f} {row['unit']}",
                span,
                told,
                verdict(row, value),
                str(row["confidence"]),
            )
        )
    return answers


def main() -> None:
    """Print the table, and how many test rows are met."""
    print("| row | use | published | range | model | verdict | source |\n|---|---|---:|---|---:|---|---|")
    answers = rows()
    for answer in answers:
        print(f"| {' | '.join(answer)} |")
    for use in ("test", "fit"):
        of = [a for a in answers if a[1] == use]
        print(f"\n{use}: {sum(a[5] == 'in' for a in of)} of {len(of)} in range")
    print(f"weeks from {MONDAY.date()} to {(MONDAY + timedelta(days=28)).date()}")


if __name__ == "__main__":
    main()
