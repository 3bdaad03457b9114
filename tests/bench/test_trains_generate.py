"""The published generator of the plain assembly format."""

import csv
import json
from collections import Counter

from bench.trains.generate import HUB, generate, write
from landport.model.plain_assembly import MICROS


def test_an_instance_has_the_counts_it_is_asked_for():
    """1,200 containers come with 52 hub trains and 166 onward services, ids unique, trains 40 to 55 positions."""
    case = generate(1200, 3)
    assert sum(b.containers for b in case.bookings) == 1200
    hub = [s for s in case.services if s.is_decided]
    assert len(hub) == 52
    assert len(case.services) == 52 + 166
    assert all(s.from_id == HUB and 40 <= s.positions <= 55 for s in hub)
    assert all(10 * s.min_containers >= 6 * s.positions for s in hub)
    assert max(Counter(s.service_id for s in case.services).values()) == 1
    assert {b.priority for b in case.bookings} == {1, 2, 3}


def test_the_same_seed_gives_the_same_instance_and_another_seed_another():
    """An instance is named by its count and seed."""
    assert generate(300, 7) == generate(300, 7)
    assert generate(300, 7) != generate(300, 8)


def test_a_folder_holds_the_three_files(tmp_path):
    """Money is written in the file's unit, one row a service and a booking."""
    case = generate(100, 1)
    write(case, tmp_path)
    with (tmp_path / "services.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(r["fixed_cost"]) * MICROS for r in rows] == [s.fixed_micros for s in case.services]
    with (tmp_path / "bookings.csv").open(encoding="utf-8") as file:
        assert sum(int(r["containers"]) for r in csv.DictReader(file)) == 100
    rules = json.loads((tmp_path / "rules.json").read_text(encoding="utf-8"))
    assert (rules["hold_per_h"], rules["reject_base"], rules["max_legs"]) == (0.8, 12000, 3)
