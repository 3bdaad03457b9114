"""Small cases of the plain assembly format: made by hand, drawn, and written as a folder."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from landport.model.plain_assembly import (
    MICROS,
    LeftBehind,
    PlainBooking,
    PlainCase,
    PlainPlan,
    PlainRules,
    PlainService,
    Shipped,
)

SERVICE_HEAD = ["service", "from", "to", "dep_h", "arr_h", "positions", "min_containers", "fixed_cost", "position_cost"]
BOOKING_HEAD = ["booking", "from", "to", "ready_h", "due_h", "priority", "containers"]
RULES = {
    "min_change_h": 4, "max_legs": 2, "max_late_h": 24, "late_per_h": 8, "hold_per_h": 0.5, "reject_base": 1000,
    "reject_per_priority": 0.25,
}  # fmt: skip
SERVICES = [
    ("T1", "HUB", "G", 10, 40, 4, 2, 900.5, 20),
    ("T2", "HUB", "G", 30, 60, 4, 2, 700, 20),
    ("S1", "G", "X", 50, 70, 3, 0, 0, 10.25),
    ("S2", "G", "X", 70, 90, 1, 0, 0, 9),
    ("S3", "HUB", "X", 20, 80, 1, 0, 0, 300),
]
BOOKINGS = [
    ("B1", "HUB", "X", 5, 75, 1, 3),
    ("B2", "HUB", "G", 8, 40, 2, 1),
    ("B3", "HUB", "Q", 8, 40, 1, 2),
]


def write(folder: Path, services: Any = SERVICES, bookings: Any = BOOKINGS, rules: Any = RULES) -> Path:
    """Write rows and rules as a folder; rules may be text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, head, rows in (("services", SERVICE_HEAD, services), ("bookings", BOOKING_HEAD, bookings)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
    text = rules if isinstance(rules, str) else json.dumps(rules)
    (folder / "rules.json").write_text(text, encoding="utf-8")
    return folder


def small() -> PlainCase:
    """The case that `write` writes."""
    whole = ("service_id", "from_id", "to_id", "departs_h", "arrives_h", "positions", "min_containers")
    services = [
        PlainService(
            **dict(zip(whole, row[:7], strict=True)),
            fixed_micros=round(row[7] * MICROS),
            position_micros=round(row[8] * MICROS),
        )
        for row in SERVICES
    ]
    names = ("booking_id", "from_id", "to_id", "ready_h", "due_h", "priority", "containers")
    bookings = [PlainBooking(**dict(zip(names, row, strict=True))) for row in BOOKINGS]
    rules = PlainRules(
        min_change_h=4,
        max_legs=2,
        max_late_h=24,
        late_micros_per_h=8 * MICROS,
        hold_micros_per_h=MICROS // 2,
        reject_micros=1000 * MICROS,
        reject_per_priority_millionths=MICROS // 4,
    )
    return PlainCase(services=tuple(services), bookings=tuple(bookings), rules=rules)


SMALL_COST = 900_500_000 + 3 * (20_000_000 + 10_250_000 + 32_500_000) + (20_000_000 + 2 * 16_000_000) + 2_500_000_000
"""What `small_plan` costs: T1; three by T1 and S1, 65 h each; one by T1, 32 h of priority 2; two left."""


def small_plan() -> PlainPlan:
    """The best plan of the small case."""
    return PlainPlan(
        run=("T1",),
        ship=(
            Shipped(booking_id="B1", containers=3, service_ids=("T1", "S1")),
            Shipped(booking_id="B2", containers=1, service_ids=("T1",)),
        ),
        left=(LeftBehind(booking_id="B3", containers=2, why="nothing leads to Q"),),
    )


def drawn(seed: int, *, most_trains: int = 3, most_bookings: int = 3) -> PlainCase:
    """Draw a case small enough to try everything: some trains, some bought services, a few containers.

    Prices have decimals, trains minimum loads, ways one to three legs; most cases have something to choose.
    """
    draw = random.Random(seed)
    places = ["G", "X", "Y"]
    n_trains = draw.randint(1, most_trains)
    services = [_service(f"T{i}", "HUB", draw.choice("GGX"), draw, is_train=True) for i in range(n_trains)]
    for i in range(draw.randint(1, 5)):
        start = draw.choice(["HUB", "G", "G", "G", "X"])
        end = draw.choice([p for p in places if p != start])
        services.append(_service(f"S{i}", start, end, draw, is_train=draw.random() < 0.15))
    bookings = []
    for i in range(draw.randint(1, most_bookings)):
        ready = draw.randint(0, 20)
        bookings.append(
            PlainBooking(
                booking_id=f"B{i}",
                from_id="HUB",
                to_id=draw.choice("GXXY"),
                ready_h=ready,
                due_h=ready + draw.randint(10, 70),
                priority=draw.randint(0, 3),
                containers=draw.randint(1, 3),
            )
        )
    rules = PlainRules(
        min_change_h=draw.randint(0, 6),
        max_legs=draw.choice([1, 2, 2, 3, 3]),
        max_late_h=draw.randint(0, 60),
        late_micros_per_h=draw.randint(0, 9 * MICROS),
        hold_micros_per_h=draw.randint(0, MICROS),
        reject_micros=draw.randint(100, 1800) * MICROS + draw.randint(0, 999_999),
        reject_per_priority_millionths=draw.randint(0, MICROS),
    )
    return PlainCase(services=tuple(services), bookings=tuple(bookings), rules=rules)


def _service(name: str, start: str, end: str, draw: random.Random, *, is_train: bool) -> PlainService:
    departs = draw.randint(5, 30) + (20 if start != "HUB" else 0)
    positions = draw.randint(1, 4)
    return PlainService(
        service_id=name,
        from_id=start,
        to_id=end,
        departs_h=departs,
        arrives_h=departs + draw.randint(5, 30),
        positions=positions,
        min_containers=draw.randint(0, positions) if is_train else draw.randint(0, 1),
        fixed_micros=draw.randint(1, 600 * MICROS) if is_train else 0,
        position_micros=draw.randint(0, 90 * MICROS),
    )


def with_rules(case: PlainCase, **changes: int) -> PlainCase:
    """Change rules of a case."""
    return replace(case, rules=replace(case.rules, **changes))
