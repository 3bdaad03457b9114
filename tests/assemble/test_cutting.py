"""What a train turned out not to take goes back to the program, which then decides once more."""

from __future__ import annotations

from dataclasses import replace

from landport.assemble.batches import batches, problem_of
from landport.assemble.load_cuts import LoadCut
from landport.assemble.program import columns
from landport.assemble.resources import Resources
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub

SHORT = 22_000 + 2 * nets.FLAT.length_mm
"""Length of a locomotive and two wagons."""


def short_train(**changes):
    """A train with positions for five 40-ft boxes, but length for two wagons."""
    leg = nets.leg(1, "A", "D", capacity_teu=10, max_length_mm=SHORT)
    return hub("U", "AD", legs=(leg,), min_teu=2, **changes)


def test_a_train_too_short_for_its_boxes_is_cancelled_once_that_is_known():
    """Two boxes do not pay for a train that five would: the program learns it, and all wait for the cheaper ship."""
    ship = nets.service("V", "AD", at=700, legs=(nets.leg(1, "A", "D", usd_cents_per_teu=20_000),))
    port = Port(short_train(fixed_usd_cents=60_000), ship)
    quick, learnt = (port.plan(boxes(5), effort=effort) for effort in (1, 10))
    assert len(quick.plan.wagons) == 2
    assert learnt.cost < quick.cost
    assert [run.status for run in learnt.plan.runs] == ["cancelled"]
    assert len(learnt.plan.ways) == 5
    assert quick.bound <= learnt.bound <= learnt.cost


def test_a_row_counts_the_riders_of_the_first_leg():
    """Weights of boxes that ride from where the train is formed, at most so much if it runs; later riders not."""
    port = Port(hub("U", "ABD"))
    some = [*boxes(2), replace(nets.box(3, "D"), at_id="B")]
    ways = port.found(some)
    resources = Resources(port.pricing, (), nets.MONDAY, "A", 0)
    problem = problem_of(batches(some, ways.choices, resources), resources, (), {})
    (train,) = problem.decided
    weights = {"C00001": 3, "C00002": 3, "C00003": 5}
    plain, cut = columns(problem), columns(replace(problem, cuts=(LoadCut(train, weights, 4, "four"),)))
    assert cut.matrix.shape[0] == plain.matrix.shape[0] + 1
    row = cut.matrix.toarray()[-1]
    riders = {problem.batches[b].containers[0].container_id: row[j] for j, b in enumerate(cut.batch.tolist())}
    assert riders["C00001"] == 3
    assert riders["C00003"] == 0
    assert row[-1] == -4
    assert cut.row_upper[-1] == 0
