"""What goes wrong when a scan of the timetable has lost one step, and what notices.

Run as a program: prints the names of the checks that fail. Each is a test of this folder, on a few of its seeds, or an
audit of answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from landport.app.routing import RouteOrder, answer
from landport.reference import load
from landport.route import Asked
from tests.route import test_front_quotas, test_fronts, test_plain

Test = Callable[..., None]


def on(test: Test, seeds: Iterable[int]) -> Test:
    """Run a test on some of its seeds."""

    def run() -> None:
        for seed in seeds:
            test(seed)

    return run


def audited() -> None:
    """Ask the shipped network twice, exactly, and expect the auditor to find nothing."""
    world = load.world()
    places, now = world.network.places, datetime(2026, 3, 2, tzinfo=UTC)
    for from_id, to_id in (("URC", "ALM"), ("KHG", "TAS")):
        asked = Asked(is_due=False, most=100, eps=(0, 0, 0))
        order = RouteOrder(
            origin=places[from_id], destination=places[to_id], now=now, container_type="40HC", asked=asked, samples=0
        )
        found = answer(order, world).violations
        assert not found, [v.message for v in found]


CHECKS: dict[str, Test] = {
    "front": on(test_fronts.test_front_is_that_of_every_sequence_of_rides, range(25)),
    "quotas": on(test_front_quotas.test_front_pays_quotas_as_every_sequence_of_rides_does, range(60)),
    "on board": test_front_quotas.test_who_stays_on_board_pays_what_comes_into_force_meanwhile,
    "hours": on(test_fronts.test_front_keeps_to_opening_hours, range(1, 6)),
    "everywhere": on(test_fronts.test_everywhere_is_the_earliest_of_each_front, range(12)),
    "barred": test_fronts.test_barred_leg_is_not_ridden_nor_stayed_on,
    "cleaner": test_fronts.test_cleaner_way_is_kept_until_the_train_that_all_take,
    "next train": test_fronts.test_profile_waits_for_a_train_that_leads_there,
    "risk": test_fronts.test_risk_is_less_where_more_time_is_left,
    "profile": test_fronts.test_profile_says_until_when_a_load_may_be_ready,
    "risk so far": test_fronts.test_risk_of_the_way_so_far_is_not_forgotten,
    "profile whole": on(test_fronts.test_profile_leaves_nothing_out, range(40)),
    "profile barred": on(test_fronts.test_profile_knows_what_is_barred, range(12)),
    "plain": on(test_plain.test_exact_front_is_that_of_brute_force, range(20)),
    "earliest": on(test_plain.test_earliest_alone_arrives_when_the_front_does_and_is_a_way, range(12)),
    "eps": on(test_plain.test_eps_leaves_out_only_what_something_kept_is_near_to, range(20)),
    "dense": on(test_plain.test_dense_fronts_are_those_of_brute_force, range(24)),
    "dense eps": on(test_plain.test_eps_does_not_add_up, range(24)),
    "room": on(test_plain.test_want_of_room_is_told, range(6)),
    "audit": audited,
}
"""By name."""


def noticed() -> list[str]:
    """List the checks that fail, in whatever way."""
    names = []
    for name, check in CHECKS.items():
        try:
            check()
        except Exception as error:
            print(name, type(error).__name__, str(error)[:300], file=sys.stderr)
            names.append(name)
    return names


if __name__ == "__main__":
    print(*noticed(), sep="\n")
