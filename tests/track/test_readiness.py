"""A container is ready when nothing of seven things is lacking: all 128 cases, and the moment that counts."""

from __future__ import annotations

from itertools import product

import pytest

from landport.model import facts as f
from landport.model import troubles
from landport.track import LACKS, ContainerState, Tolerance, readiness
from tests.track.facts import BORDER, HUB, at, planned
from tests.track.world import BOX, World

STEPS = {
    "gated_in": f.ContainerGatedIn(at_id=HUB),
    "weighed": f.ContainerWeighed(gross_kg=30_000),
    "weight_accepted": f.WeightAccepted(gross_kg=30_000),
    "released": f.ContainerReleased(),
    "sealed": f.ContainerSealed(seals=("S1",)),
    "note_issued": f.NoteIssued(number="N1", form="SMGS"),
}


def told(*facts) -> ContainerState:
    w = World().say(BOX, planned())
    for fact in facts:
        w.say(BOX, fact)
    return w[BOX]


@pytest.mark.parametrize(
    "given", list(product([False, True], repeat=len(LACKS))), ids=lambda g: "".join("01"[x] for x in g)
)
def test_truth_table(given):
    """Each of the seven is lacking exactly when it was not given."""
    has = dict(zip(LACKS, given, strict=True))
    damage = () if has["undamaged"] else (troubles.ContainerDamaged(what="door"),)
    state = told(*(fact for name, fact in STEPS.items() if has[name]), *damage)
    lacks = tuple(name for name in LACKS if not has[name] and (name != "weight_accepted" or has["weighed"]))
    assert readiness(state) == readiness(state, at=at(1000))
    assert readiness(state).lacks == lacks
    assert readiness(state).is_ready is (not lacks)


def test_what_comes_later_takes_it_back():
    """A hold, another mass, damage; and a release, an acceptance and a repair give it again."""
    ready = (*STEPS.values(),)
    assert readiness(told(*ready)).is_ready
    assert readiness(told(*ready, troubles.CustomsHeld(why="x"))).lacks == ("released",)
    assert readiness(told(*ready, troubles.CustomsHeld(why="x"), f.ContainerReleased())).is_ready
    assert readiness(told(*ready, f.ContainerWeighed(gross_kg=30_001))).lacks == ("weight_accepted",)
    assert readiness(told(*ready, troubles.ContainerDamaged(what="x"))).lacks == ("undamaged",)
    assert readiness(told(*ready, troubles.ContainerDamaged(what="x"), troubles.ContainerRepaired())).is_ready


def test_it_must_stand_where_its_train_leaves():
    """In another terminal it is not ready; after its first train it is wherever that brought it."""
    ready = (*STEPS.values(),)
    assert readiness(told(f.ContainerGatedIn(at_id=BORDER), *ready[1:])).lacks == ("gated_in",)
    assert readiness(told(*ready, f.ContainerGatedOut(at_id=HUB))).lacks == ("gated_in",)
    rode = World().say(BOX, planned())
    for fact in (*ready, f.ContainerLoaded(departure_id="D1", at_id=HUB)):
        rode.say(BOX, fact)
    assert readiness(rode[BOX]).is_ready
    rode.say("train/D1", f.TrainDeparted(at_id=HUB), BOX).say("train/D1", f.TrainArrived(at_id=BORDER), BOX)
    assert readiness(rode[BOX]).is_ready
    assert readiness(rode.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER))[BOX]).is_ready
    rode.say(BOX, f.ContainerGatedOut(at_id=BORDER)).say(BOX, f.ContainerGatedIn(at_id="KZ-KHORGOS"))
    assert readiness(rode[BOX]).is_ready


def test_what_happened_after_the_moment_does_not_count():
    """Neither for the container nor against it."""
    w = World().say(BOX, planned(), hours=0)
    for hours, fact in enumerate(STEPS.values(), 1):
        w.say(BOX, fact, hours=hours)
    w.say(BOX, troubles.CustomsHeld(why="x"), hours=10).say(BOX, troubles.ContainerDamaged(what="x"), hours=11)
    assert readiness(w[BOX], at=at(9)).is_ready
    assert readiness(w[BOX], at=at(10)).lacks == ("released",)
    assert readiness(w[BOX], at=at(5)).lacks == ("note_issued",)
    assert readiness(w[BOX], at=at(2)).lacks == ("weight_accepted", "released", "sealed", "note_issued")
    assert readiness(w[BOX], at=at(0)).lacks == ("gated_in", "weighed", "released", "sealed", "note_issued")


@pytest.mark.parametrize(("weighed_kg", "is_ready"), [(23_900, True), (24_900, True), (24_901, False), (22_899, False)])
def test_tolerance_is_an_argument(weighed_kg, is_ready):
    """Here 1,000 kg and no percentage."""
    steps = [fact for name, fact in STEPS.items() if name not in ("weighed", "weight_accepted")]
    state = told(*steps, f.ContainerWeighed(gross_kg=weighed_kg))
    assert readiness(state, Tolerance(percent=0, kg=1000)).is_ready is is_ready


def test_without_a_plan_any_terminal_and_any_mass_will_do():
    """Nothing is declared, and no train leaves from anywhere."""
    w = World()
    for name, fact in STEPS.items():
        if name != "weight_accepted":
            w.say(BOX, fact)
    assert readiness(w[BOX]).is_ready
