"""Seeded instances of the plain assembly format: one hub, its gateways, cities behind them, run-or-cancel of trains.

``python -m bench.trains.generate --containers 1200 --seed 0 --out DIR`` writes one as a folder. The same count and
seed give the same files on any machine: only whole numbers are drawn.

A week of hub trains leaves for five gateways and, some of them, straight for a big city; allotments on the trains of
others go on from there. Per 1,200 containers there are 52 hub trains with about twice the positions that are needed,
so that half of them are worth running, and 166 onward services with about 1.7 times the positions.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from landport.model.plain_assembly import MICROS, PlainBooking, PlainCase, PlainRules, PlainService

HUB = "HUB"


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GATEWAYS = {
    "MALASZEWICZE": (216, 20, 72_000, _names("WARSZAWA POZNAN GDANSK BERLIN HAMBURG DUISBURG PRAHA VILNIUS RIGA")),
    "LODZ": (240, 12, 76_000, _names("WROCLAW POZNAN NUERNBERG DUISBURG TILBURG GENT BRNO KUTNO LYON")),
    "MOSKVA": (180, 16, 62_000, _names("SANKT-PETERBURG MINSK KAZAN NIZHNY KALUGA YAROSLAVL SAMARA SMOLENSK")),
    "ALMATY": (52, 14, 29_000, _names("ASTANA BISHKEK KARAGANDA SHYMKENT PAVLODAR AKTAU OSH")),
    "TASHKENT": (84, 13, 39_000, _names("SAMARKAND BUKHARA ANDIJAN DUSHANBE TERMEZ ASHGABAT NUKUS SHYMKENT")),
}  # fmt: skip
"""Hours from the hub, share of the hub's trains, fixed cost of a train of 48 positions, cities behind it."""

DIRECT = {"DUISBURG": (300, 9, 129_000), "HAMBURG": (290, 6, 101_000), "SANKT-PETERBURG": (196, 5, 66_000),
          "ASTANA": (66, 5, 33_000)}  # fmt: skip
"""Cities with trains straight from the hub: hours, share, fixed cost."""

BETWEEN = (("MALASZEWICZE", "LODZ", 14), ("ALMATY", "TASHKENT", 26), ("MOSKVA", "MALASZEWICZE", 40))
"""Onward services from gateway to gateway, with their hours."""

RULES = PlainRules(
    min_change_h=6,
    max_legs=3,
    max_late_h=120,
    late_micros_per_h=8 * MICROS,
    hold_micros_per_h=MICROS * 8 // 10,
    reject_micros=12_000 * MICROS,
    reject_per_priority_millionths=MICROS // 2,
)

LEAVING_H = 168
"""Hours in which the hub's trains leave."""

SPREAD_H = LEAVING_H + 90
"""Hours over which the onward services of a gateway leave."""

SIZES = (("1", 76), ("2", 14), ("3", 7), ("5", 3))
"""Containers of a booking, with their weights."""

READY_H = 138
"""Hours by which all containers are ready."""


def generate(containers: int, seed: int) -> PlainCase:
    """Draw one instance.

    Parameters
    ----------
    containers
        How many there are; services grow with them.
    """
    draw = random.Random(seed)
    n_hub = max(4, round(containers * 52 / 1200))
    trains = _hub_trains(n_hub, draw)
    onward = _onward(round(3.2 * n_hub), draw)
    return PlainCase(services=(*trains, *onward), bookings=tuple(_bookings(containers, draw)), rules=RULES)


def _pick(weighed: Sequence[tuple[str, int]], draw: random.Random) -> str:
    """Draw a name with whole weights."""
    at = draw.randrange(sum(weight for _, weight in weighed))
    for name, weight in weighed:
        at -= weight
        if at < 0:
            return name
    raise AssertionError


def _spread(names: Sequence[tuple[str, int]], count: int) -> list[str]:
    """Share a count out by weight: the largest remainders get what is left over."""
    total = sum(weight for _, weight in names)
    shares = {name: count * weight // total for name, weight in names}
    rest = sorted(names, key=lambda n: (-(count * n[1] % total), n[0]))
    for name, _ in rest[: count - sum(shares.values())]:
        shares[name] += 1
    return [name for name, _ in names for _ in range(shares[name])]


def _hub_trains(count: int, draw: random.Random) -> list[PlainService]:
    ends = {name: (hours, cost) for name, (hours, _, cost, _) in GATEWAYS.items()}
    ends |= {name: (hours, cost) for name, (hours, _, cost) in DIRECT.items()}
    weights = [(name, of[1]) for name, of in (*GATEWAYS.items(), *DIRECT.items())]
    drawn = []
    for end in _spread(weights, count):
        hours, cost = ends[end]
        departs = draw.randrange(4, LEAVING_H)
        positions = draw.randint(40, 55)
        fixed = cost * (40 + positions) // 88 * draw.randint(92, 108) // 100
        price = hours * draw.randint(44, 56) // 10
        drawn.append((departs, end, departs + hours + draw.randint(-4, 10), positions, fixed, price))
    return [
        PlainService(
            service_id=f"T{i:04d}",
            from_id=HUB,
            to_id=end,
            departs_h=departs,
            arrives_h=arrives,
            positions=positions,
            min_containers=-(-positions * 6 // 10),
            fixed_micros=fixed * MICROS,
            position_micros=price * MICROS,
        )
        for i, (departs, end, arrives, positions, fixed, price) in enumerate(sorted(drawn), 1)
    ]


def _onward(count: int, draw: random.Random) -> list[PlainService]:
    links = [(gate, city, 12 + 5 * i) for gate, (*_, cities) in GATEWAYS.items() for i, city in enumerate(cities)]
    links = [(gate, city, hours, 3) for gate, city, hours in links] + [(a, b, hours, 2) for a, b, hours in BETWEEN]
    weights = [(str(i), weight) for i, (*_, weight) in enumerate(links)]
    drawn = []
    for name, runs in Counter(_spread(weights, count)).items():
        gate, city, hours, _ = links[int(name)]
        for run in range(runs):  # spread evenly, a few hours early or late
            departs = GATEWAYS[gate][0] + 18 + (2 * run + 1) * SPREAD_H // (2 * runs) + draw.randint(-18, 18)
            price = 160 + hours * draw.randint(9, 15)
            drawn.append((departs, gate, city, departs + hours + draw.randint(-2, 6), draw.randint(8, 22), price))
    return [
        PlainService(
            service_id=f"S{i:05d}",
            from_id=gate,
            to_id=city,
            departs_h=departs,
            arrives_h=arrives,
            positions=positions,
            min_containers=0,
            fixed_micros=0,
            position_micros=price * MICROS,
        )
        for i, (departs, gate, city, arrives, positions, price) in enumerate(sorted(drawn), 1)
    ]


def _usual_hours() -> dict[str, int]:
    """Hours a container usually needs from the hub to each place, with the wait at the gateway."""
    hours = {gate: of[0] for gate, of in GATEWAYS.items()}
    for lead, _, _, cities in GATEWAYS.values():
        for i, city in enumerate(cities):
            hours[city] = min(hours.get(city, 1 << 20), lead + 36 + 12 + 5 * i)
    return hours


def _bookings(containers: int, draw: random.Random) -> Iterable[PlainBooking]:
    hours = _usual_hours()
    weights: dict[str, int] = {}
    for gate, (_, share, _, cities) in GATEWAYS.items():
        weights[gate] = weights.get(gate, 0) + share * 6
        for city in cities:
            weights[city] = weights.get(city, 0) + share * 24 // len(cities)
    for city, (_, share, _) in DIRECT.items():
        weights[city] += share * 10
    number = 0
    while containers > 0:
        number += 1
        size = min(containers, int(_pick(SIZES, draw)))
        containers -= size
        city = _pick(tuple(weights.items()), draw)
        ready = 6 * draw.randrange(READY_H // 6 + 1)
        due = ready + hours[city] + draw.randint(0, 84)
        yield PlainBooking(
            booking_id=f"B{number:05d}",
            from_id=HUB,
            to_id=city,
            ready_h=ready,
            due_h=24 * -(-due // 24),
            priority=int(_pick((("1", 60), ("2", 30), ("3", 10)), draw)),
            containers=size,
        )


def write(case: PlainCase, folder: Path) -> None:
    """Write the three files of an instance."""
    folder.mkdir(parents=True, exist_ok=True)
    services = [
        (s.service_id, s.from_id, s.to_id, s.departs_h, s.arrives_h, s.positions, s.min_containers,
         _money(s.fixed_micros), _money(s.position_micros))
        for s in case.services
    ]  # fmt: skip
    header = "service,from,to,dep_h,arr_h,positions,min_containers,fixed_cost,position_cost"
    _table(folder / "services.csv", header, services)
    bookings = [(b.booking_id, b.from_id, b.to_id, b.ready_h, b.due_h, b.priority, b.containers) for b in case.bookings]
    _table(folder / "bookings.csv", "booking,from,to,ready_h,due_h,priority,containers", bookings)
    rules = case.rules
    said = {
        "min_change_h": rules.min_change_h,
        "max_legs": rules.max_legs,
        "max_late_h": rules.max_late_h,
        "late_per_h": _money(rules.late_micros_per_h),
        "hold_per_h": _money(rules.hold_micros_per_h),
        "reject_base": _money(rules.reject_micros),
        "reject_per_priority": _money(rules.reject_per_priority_millionths),
    }
    (folder / "rules.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _money(micros: int) -> int | float:
    return micros // MICROS if micros % MICROS == 0 else micros / MICROS


def _table(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main() -> None:
    """Write one instance as a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--containers", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    write(generate(asked.containers, asked.seed), asked.out)


if __name__ == "__main__":
    main()
