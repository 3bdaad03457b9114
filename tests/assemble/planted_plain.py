"""Solve small plain cases and print what is wrong with the answers; for packages with a bug.

Run as a program: prints the rules of the auditor that plans break, and `bound` where a plan is cheaper than the bound.
"""

from __future__ import annotations

from landport import audit
from landport.assemble import plain
from landport.model.result import Limit
from tests.assemble.every_plan import least_cost
from tests.plain_cases import drawn

CASES = range(12)


def main() -> None:
    """Print the codes, or an empty line."""
    told: set[str] = set()
    for seed in CASES:
        case = drawn(seed)
        found = plain.plan(case, limit=Limit(), seed=0)
        broken = audit.check_plain(found.plan, case, cost_micros=found.cost, bound_micros=found.bound)
        told.update(violation.code for violation in broken)
        if found.bound > least_cost(case):
            told.add("bound")
    print(" ".join(sorted(told)))


if __name__ == "__main__":
    main()
