"""A relaxation begins where one of fewer ways ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport.assemble.batches import Problem, batches, problem_of
from landport.assemble.flow import as_program, relax, solve
from landport.assemble.growth import grown
from landport.assemble.hot import Hot
from landport.assemble.program import columns
from landport.assemble.resources import Resources
from landport.assemble.restart import basis_of, begin_at, bound_by
from landport.model.result import Limit
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub
from tests.assemble.test_growth import Asked

FREE = Limit()
OVER = Limit(seconds=1.0, stopwatch=lambda: 2.0)


SOME = [*boxes(3), *(nets.box(n, "D", due_at=9_000 + n // 6) for n in range(4, 9))]
"""Eight boxes of three due times."""


class Yard:
    """Two trains of the hub and a dear ship, and the limits of one problem over them."""

    def __init__(self) -> None:
        ship = nets.service("V", "AD", at=700, legs=(nets.leg(1, "A", "D", usd_cents_per_teu=90_000),))
        self.port = Port(hub("U", "AD", at=300), hub("W", "AD", at=500), ship)
        self.asked = Asked(self.port, SOME)
        self.resources = Resources(self.port.pricing, (), nets.MONDAY, "A", 0)

    def offered(self, letters: str) -> Problem:
        """Offer the services of these letters."""
        return problem_of(batches(SOME, self.asked.only(letters).choices, self.resources), self.resources, (), {})

    def with_all(self, problem: Problem) -> Problem:
        """The same batches with the ways of all services, new ones behind the old."""
        every = {c.container_id: b.options for b in self.offered("UVW").batches for c in b.containers}
        grown = []
        for batch in problem.batches:
            known = {option.way for option in batch.options}
            new = (o for o in every[batch.containers[0].container_id] if o.way not in known)
            grown.append(replace(batch, options=(*batch.options, *new)))
        return problem.over(grown)


@pytest.mark.parametrize("letters", ["U", "UV", "W"])
def test_the_bound_is_that_of_a_fresh_start(letters):
    """Trains, ways, limits and links came in since; the relaxation ends at the same bound."""
    yard = Yard()
    first = yard.offered(letters)
    _, basis = relax(columns(first), limit=FREE, seed=0)
    assert basis is not None
    c = columns(yard.with_all(first))
    assert c.n_trains == 2
    fresh, again = (solve(c, limit=FREE, seed=0, before=before) for before in (None, basis))
    assert again.relaxed == pytest.approx(fresh.relaxed)
    assert float(c.cost @ again.x) == float(c.cost @ fresh.x)


def test_it_begins_at_the_answer_before():
    """Nothing came in: not one iteration is needed, and the links are there."""
    c = columns(Yard().offered("UVW"))
    before, after = Hot(as_program(c), FREE), Hot(as_program(c), FREE)
    before.solve_surely()
    before.tighten(20)
    basis = basis_of(c, before)
    assert basis is not None
    begin_at(c, after, basis)
    assert sorted(after.links) == sorted(before.links)
    assert after.solve_surely() == "solved"
    assert after.solver.getInfo().simplex_iteration_count <= 0
    assert after.bound() == pytest.approx(before.bound())


def test_prices_before_bound_what_came_since():
    """The old prices bound the cost of the larger program from below, short of its own bound."""
    yard = Yard()
    first = yard.offered("UV")
    _, basis = relax(columns(first), limit=FREE, seed=0)
    c = columns(yard.with_all(first))
    hot = Hot(as_program(c), FREE)
    begin_at(c, hot, basis)
    known = bound_by(c, hot, basis)
    hot.solve_surely()
    hot.tighten(20)
    assert known < hot.bound()
    assert solve(c, limit=OVER, seed=0, before=basis).relaxed == pytest.approx(max(0.0, known))


def test_without_time_the_bound_before_stays():
    """The seconds are over when it begins: the prices of the relaxation before still prove what they proved."""
    c = columns(Yard().offered("UVW"))
    _, basis = relax(c, limit=FREE, seed=0)
    assert solve(c, limit=OVER, seed=0).bound == 0
    assert solve(c, limit=OVER, seed=0, before=basis).bound == solve(c, limit=FREE, seed=0).relaxed > 0


class Clock:
    """A stopwatch that every question for ways moves on."""

    def __init__(self, asked: Asked, seconds: float) -> None:
        self.now, self.asked, self.seconds = 0.0, asked, seconds

    def __call__(self) -> float:
        return self.now

    def ways(self, some, dues):
        self.now += self.seconds
        return self.asked(some, dues)


@pytest.mark.parametrize(("seconds", "questions"), [(3.0, 1), (9.0, 1), (11.0, 2)])
def test_a_round_begins_only_if_the_last_would_fit_in(seconds, questions):
    """Half of the seconds are for ways, and a question takes two and a half."""
    yard = Yard()
    clock = Clock(yard.asked, 2.5)
    grown(yard.offered("V"), clock.ways, Limit(seconds=seconds, stopwatch=clock), 0)
    assert len(yard.asked.dues) == questions
