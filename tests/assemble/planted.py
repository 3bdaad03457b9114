"""Judge a few lanes of the shipped network and print the rules that the answer breaks; for packages with a bug."""

from __future__ import annotations

from datetime import date

from landport.app import demo
from landport.app.lanes import LaneOrder, judge
from landport.errors import AuditFailed
from landport.model.lanes import LaneDemand
from landport.reference import load

LANES = (
    ("CQG", "LDZ", 150, 7),
    ("KRL", "TAS", 12, 10),
    ("URC", "TAS", 30, 5),
    ("YIW", "TAS", 65, 7),
    ("ALM", "XIA", 9, 10),
)


def main() -> None:
    """Print the codes of broken rules, or an empty line."""
    world = load.world()
    scenario = demo.generate(world, week=date(2022, 7, 18), seed=1, scale=0.01)
    demands = tuple(
        LaneDemand(from_id=a, to_id=b, teu_milli=1000 * teu, promise_minutes=1440 * days) for a, b, teu, days in LANES
    )
    try:
        judge(scenario, world, LaneOrder(demands=demands, seed=1))
    except AuditFailed as error:
        print(" ".join(error.about))
    else:
        print()


if __name__ == "__main__":
    main()
