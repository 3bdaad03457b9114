"""Windows against come-when-you-like at a border, by simulation.

    python -m bench.border.policy [--days N] [--runs N]

Errors are standard errors, of 20 batches of days; of shares of runs they are binomial. The same trucks are played in
both policies, and all are served unless it is said.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import perf_counter

import numpy as np

from bench.border.gates import CHANNEL, DAYLIGHT, START, WEEKS, large, small
from landport.appointments import openings
from landport.appointments.fluid import predicted_waits
from landport.model.border import BorderPort
from landport.simulate import Comparison, Habits, Measured, Return, after_closure, compare
from landport.simulate.border import measured
from landport.simulate.gate import ALL_DAY, Trucks, gate, quota

SMALL_PER_DAY, LARGE_PER_DAY = 75, 900
PUBLISHED_HOURS = 17
EXACT = Habits(off_minutes=0, no_show_percent=0, walk_up_percent=0)
LEAD = 3 * 1440


def said(value: Measured, by: float = 1.0, digits: int = 1) -> str:
    return f"{value.mean / by:.{digits}f} +- {value.error / by:.{digits}f}"


def table(head: tuple[str, ...], lines: list[tuple[object, ...]]) -> None:
    cells = [tuple(str(cell) for cell in line) for line in (head, *lines)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(head))]
    rule = tuple("-" * width for width in widths)
    for line in (cells[0], rule, *cells[1:]):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    print(flush=True)


def calibrated(days: tuple[int, ...], n_days: int) -> int:
    """Find the service time, s, with which the trucks that are compared stay nearest to 17 h if they book nothing."""
    low, high = 60, 900
    while high - low > 1:
        middle = (low + high) // 2
        played = compare(small(days, middle), CHANNEL, SMALL_PER_DAY, START, n_days=n_days, seed=1).walk_in
        if played.unserved or played.stay.mean.mean > 60 * PUBLISHED_HOURS:
            high = middle
        else:
            low = middle
    return low


HEAD = ("case", "kappa %", "load %", "stay walk-in", "stay quota", "stay cut %", "wait cut %", "p95 walk-in/quota",
        "at home", "total walk-in", "total quota", "total cut %")  # fmt: skip


def line(name: str, kappa: int, found: Comparison, by: float) -> tuple[object, ...]:
    if found.quota.unserved > found.n_trucks // 1000:
        short = f"{found.quota.unserved} trucks found no end: fewer places than trucks"
        return name, kappa, said(found.load_percent), said(found.walk_in.stay.mean, by), short, *[""] * 7
    free, ruled = found.walk_in, found.quota
    return (
        name,
        kappa,
        said(found.load_percent),
        said(free.stay.mean, by),
        said(ruled.stay.mean, by),
        said(found.stay_cut),
        said(found.wait_cut),
        f"{free.stay.p95 / by:.1f} / {ruled.stay.p95 / by:.1f}",
        said(ruled.shift.mean, by),
        said(free.total.mean, by),
        said(ruled.total.mean, by),
        said(found.total_cut),
    )


def reference_day(n_days: int) -> dict[str, int]:
    print("## The small port: 75 trucks a day, hours; service time such that walk-in stays 17 h\n")
    services, lines = {}, []
    for name, days in WEEKS.items():
        services[name] = calibrated(days, n_days)
        for kappa in (85, 90, 95, 100):
            border = small(days, services[name])
            found = compare(border, CHANNEL, SMALL_PER_DAY, START, n_days=n_days, kappa_percent=kappa, seed=1)
            lines.append(line(f"{name}, {services[name]} s", kappa, found, 60))
    table(HEAD, lines)
    return services


def habits_matter(service: int, n_days: int) -> None:
    print("## The same port, 6 days, kappa 95: how truckers behave, and how many come; hours\n")
    cases: list[tuple[str, float, Habits]] = [
        ("as above", 75, Habits()),
        ("all exact", 75, EXACT),
        ("off by 120 min", 75, Habits(off_minutes=120)),
        ("20 % no-shows", 75, Habits(no_show_percent=20)),
        ("30 % walk-ups", 75, Habits(walk_up_percent=30)),
        ("60 % walk-ups", 75, Habits(walk_up_percent=60)),
        ("50 trucks a day", 50, Habits()),
        ("65 trucks a day", 65, Habits()),
    ]
    border = small(WEEKS["6 days"], service)
    lines = []
    for name, per_day, habits in cases:
        found = compare(border, CHANNEL, per_day, START, n_days=n_days, kappa_percent=95, seed=1, habits=habits)
        lines.append(line(name, 95, found, 60))
    table(HEAD, lines)


def large_port(n_days: int) -> None:
    print("## The large port: 900 trucks a day, minutes\n")
    lines = []
    for name, profile, habits in (
        ("daylight", DAYLIGHT, Habits()),
        ("daylight, all exact", DAYLIGHT, EXACT),
        ("even, all exact", ALL_DAY, EXACT),
    ):
        for kappa in (80, 85, 90, 95, 100):
            found = compare(
                large(), CHANNEL, LARGE_PER_DAY, START, n_days=n_days, kappa_percent=kappa, seed=1, profile=profile,
                habits=habits,
            )  # fmt: skip
            lines.append(line(name, kappa, found, 1))
    table(HEAD, lines)


def overload(service: int, n_days: int) -> None:
    print(f"## More trucks than the small port can serve (6 days), {n_days} days, kappa 100; hours\n")
    border = small(WEEKS["6 days"], service)
    lines = []
    for per_day in (80, 85):
        found = compare(border, CHANNEL, per_day, START, n_days=n_days, kappa_percent=100, seed=1)
        lines.append(line(f"{per_day} a day", 100, found, 60))
    table(HEAD, lines)


def full_windows(border: BorderPort, kappa: int, n_days: int) -> Measured:
    """Play windows that are all full, by trucks that keep them: the mean wait, minutes."""
    place = gate(border, CHANNEL, START, n_days + 30, kappa_percent=kappa)
    keep = place.opens_s < n_days * 86400
    window = np.repeat(np.flatnonzero(keep), place.places[keep])
    n = len(window)
    stream = np.random.default_rng(7)
    cv = border.sides[0].hours[0].cv_percent / 100
    work = np.rint(stream.gamma(1 / cv**2, cv**2, n) * 1e6).astype(np.int64)
    none, all_ = np.zeros(n), np.ones(n)
    drawn = Trucks(place.opens_s[window], work, stream.random(n), none, none, all_, all_, none)
    played = quota(place, drawn, EXACT, window)
    return measured((played.begins_s - played.comes_s) / 60, drawn.wanted_s * 20 // (n_days * 86400), 20)


def predicted(border: BorderPort, kappa: int, n_days: int = 7) -> float:
    found = openings(border, START, START + timedelta(days=n_days), kappa_percent=kappa)
    waits = predicted_waits(border, CHANNEL, [(one.opens_at, one.closes_at, one.capacity) for one in found], START)
    return float(np.average(waits, weights=[one.capacity for one in found]))


def kappa_sweep(n_days: int) -> None:
    print("## All places taken, all exact: predicted mean wait (PSFFA, a week) and simulated, minutes\n")
    seven = small(WEEKS["7 days"], 780)
    ports = (
        ("4 lanes, 24 h", large()),
        ("4 lanes, 24 h, 15 min", large(15)),
        ("4 lanes, 24 h, cv 50 %", large(cv=50)),
        ("2 lanes, 9 h", seven),
    )
    lines: list[tuple[object, ...]] = []
    for name, border in ports:
        for kappa in (60, 70, 80, 85, 90, 95, 100):
            day = openings(border, START, START + timedelta(days=1), kappa_percent=kappa)
            trucks = sum(one.capacity for one in day)
            lines.append(
                (name, kappa, trucks, f"{predicted(border, kappa):.1f}", said(full_windows(border, kappa, n_days)))
            )
    table(("port", "kappa %", "trucks a day", "predicted", "simulated"), lines)
    even = compare(large(), CHANNEL, 882, START, n_days=n_days, seed=3, kappa_percent=90, habits=EXACT).walk_in
    print(f"882 a day at 4 lanes, 24 h, who come when they like, evenly: wait {said(even.wait.mean)} min\n")
    border = small(WEEKS["7 days"], 780)
    windows = [(START + timedelta(hours=h), START + timedelta(hours=h + 1), 3) for h in range(72)]
    predicted_waits(border, CHANNEL, windows, START)
    begun = perf_counter()
    for _ in range(20):
        predicted_waits(border, CHANNEL, windows, START)
    print(f"prediction of 72 windows: {(perf_counter() - begun) * 50:.1f} ms\n")


def nearest_hour(border: BorderPort, habits: Habits, wanted: int = 44) -> datetime:
    """Find the full hour from which an afternoon must be shut so that about so many appointments are hit."""

    def hit(hour: int) -> float:
        found = [played(border, START + timedelta(days=1, hours=hour), habits, seed, 1).n_hit for seed in range(12)]
        return abs(float(np.mean(found)) - wanted)

    return START + timedelta(days=1, hours=min(range(4, 10), key=hit))


def played(border: BorderPort, shut: datetime, habits: Habits, seed: int, n_predictions: int = 21) -> Return:
    """Shut Tuesday from an hour until 21:00 Beijing time."""
    until = START + timedelta(days=1, hours=13)
    walking = round(SMALL_PER_DAY * habits.walk_up_percent / 100)  # as a port would publish it
    rule = replace(border.channels[0], walk_up_per_day=walking)
    walked = replace(border, channels=(rule,))
    options = {"seed": seed, "kappa_percent": 95, "habits": habits, "n_predictions": n_predictions}
    return after_closure(walked, CHANNEL, SMALL_PER_DAY, shut, until, **options)


def closure(services: dict[str, int], runs: int) -> None:
    print(f"## Tuesday afternoon shut until evening, kappa 95, booked up to 3 days ahead, {runs} runs each\n")
    habits = Habits(lead_minutes=LEAD)
    lines = []
    for name, percent in (("7 days", 100), ("7 days", 90), ("6 days", 100), ("6 days", 90), ("5 days", 100)):
        service = services[name] * percent // 100
        border = small(WEEKS[name], service)
        shut = nearest_hour(border, habits)
        found = [played(border, shut, habits, 1000 + seed) for seed in range(runs)]
        lines.append((f"{name}, {service} s", f"{shut.hour + 8}:00", *closure_cells(found, shut)))
    head = ("port", "from (Beijing)", "hit (least-most)", "moved", "left out", "a port tells, all who moved: %",
            "simulated, all who moved: %", "simulated, who keep their window: %", "last window's day: %")  # fmt: skip
    table(head, lines)


def closure_cells(found: list[Return], shut: datetime) -> tuple[object, ...]:
    """Say how often a day was right: of who keeps its window, of all who moved, and what a port tells of all."""
    hit = np.array([one.n_hit for one in found])
    return (
        f"{hit.mean():.1f} ({hit.min()}-{hit.max()})",
        f"{np.mean([one.n_moved for one in found]):.0f}",
        sum(one.n_unplaced for one in found),
        rightly([(one.told_on, one.all_played_on) for one in found]),
        rightly([(one.all_predicted_on, one.all_played_on) for one in found]),
        rightly([(one.predicted_on, one.played_on) for one in found]),
        rightly([(one.planned_on, one.all_played_on) for one in found]),
    )


def rightly(pairs: list[tuple[date | None, date | None]]) -> str:
    """Say the share of days that are right, its error, and by how much others are off: positive, played later."""
    off = Counter((played - said).days if said and played else 99 for said, played in pairs)
    same = off[0] / len(pairs)
    others = " ".join(f"{day:+}: {n}" for day, n in sorted(off.items()) if day)
    return f"{100 * same:.1f} +- {100 * (same * (1 - same) / len(pairs)) ** 0.5:.1f} ({others or 'none off'})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=4000, help="days of a run of the small port; a tenth for the large")
    parser.add_argument("--runs", type=int, default=200, help="closures")
    asked = parser.parse_args()
    services = reference_day(asked.days)
    habits_matter(services["6 days"], asked.days)
    large_port(asked.days // 10)
    overload(services["6 days"], 180)
    kappa_sweep(asked.days // 10)
    closure(services, asked.runs)


if __name__ == "__main__":
    main()
