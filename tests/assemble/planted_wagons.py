"""What goes wrong when wagon loading has lost one step, and what notices.

Run as a program: prints the names of the checks that fail. Each is a test of this folder, on a few of its seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.assemble import test_exact_wagons as exact
from tests.assemble import test_wagons as quick

SEEDS = range(12)

CHECKS: dict[str, tuple[Callable[[int], None], ...]] = {
    "carries": (exact.test_one_wagon_carries_what_the_rules_say,),
    "single": (lambda _: exact.test_a_single_box_finds_no_wagon_where_pairs_are_required(),),
    "placed": (
        exact.test_placed_wagons_are_loaded_for_the_greatest_worth,
        exact.test_placed_wagons_keep_stops_and_dangerous_goods,
    ),
    "order": (
        exact.test_an_order_is_found_where_there_is_one,
        lambda _: quick.test_what_gets_off_first_stands_last(),
    ),
}


def noticed() -> Iterator[str]:
    """Name the checks that fail."""
    for name, tests in CHECKS.items():
        if any(_fails(test, seed) for test in tests for seed in SEEDS):
            yield name


def _fails(test: Callable[[int], None], seed: int) -> bool:
    try:
        test(seed)
    except (AssertionError, ValueError, IndexError, KeyError):
        return True
    return False


if __name__ == "__main__":
    print(*noticed(), sep="\n")
