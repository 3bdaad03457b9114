"""Lives of containers and a train, drawn at random, against a small naive model; and what holds for any log."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from landport.errors import Conflict
from landport.model import facts as f
from landport.track import as_document, expect_legal, state_from
from tests.track.facts import BORDER, HUB, ONE_OF_EACH, TASHKENT, event, planned
from tests.track.world import CARGO, World

BOXES = ("C1", "C2", "C3")
TRAIN = "train/D1"
PLACES = (HUB, BORDER, TASHKENT)


class Lives(RuleBasedStateMachine):
    """Three containers of one consignment and a train; the model is one word and one place each."""

    @initialize()
    def begin(self):
        self.w = World()
        self.where = {}  # box: (word, place)
        self.train = ("planned", HUB)
        for box in BOXES:
            self.w.say(f"container/{box}", planned(), CARGO, TRAIN)
            self.where[box] = ("planned", "")

    def attempt(self, stream, fact, *about, legal):
        """Ask for every subject; what the model allows is legal, and only that happens."""
        said = event(stream, fact, about=about)
        try:
            for subject in said.subjects:
                expect_legal(subject, self.w.states.get(tuple(subject.split("/"))), said)
        except Conflict:
            assert not legal
            return False
        assert legal
        self.w.say(stream, fact, *about)
        return True

    @rule(box=st.sampled_from(BOXES), at_id=st.sampled_from(PLACES))
    def gate_in(self, box, at_id):
        legal = self.where[box][0] in ("planned", "gone")
        if self.attempt(f"container/{box}", f.ContainerGatedIn(at_id=at_id), CARGO, legal=legal):
            self.where[box] = ("ground", at_id)

    @rule(box=st.sampled_from(BOXES), at_id=st.sampled_from(PLACES))
    def gate_out(self, box, at_id):
        legal = self.where[box] == ("ground", at_id)
        if self.attempt(f"container/{box}", f.ContainerGatedOut(at_id=at_id), CARGO, legal=legal):
            self.where[box] = ("gone", at_id)

    @rule(box=st.sampled_from(BOXES), at_id=st.sampled_from(PLACES))
    def load(self, box, at_id):
        legal = self.where[box] == ("ground", at_id) and self.train[0] != "running"
        fact = f.ContainerLoaded(departure_id="D1", at_id=at_id)
        if self.attempt(f"container/{box}", fact, CARGO, TRAIN, legal=legal):
            self.where[box] = ("aboard", at_id)

    @rule(box=st.sampled_from(BOXES))
    def unload(self, box):
        word, at_id = self.where[box]
        legal = word == "aboard" and self.train[0] != "running"
        fact = f.ContainerUnloaded(departure_id="D1", at_id=at_id)
        if self.attempt(f"container/{box}", fact, CARGO, TRAIN, legal=legal):
            self.where[box] = ("ground", at_id)

    @rule(box=st.sampled_from(BOXES))
    def deliver(self, box):
        word = self.where[box][0]
        state = self.w[f"container/{box}"]
        legal = word == "gone" or state.status in ("arrived", "unloaded")
        if self.attempt(f"container/{box}", f.ContainerDelivered(at_id="door"), CARGO, TRAIN, legal=legal):
            self.where[box] = ("delivered", "door")

    def aboard(self):
        return [box for box, (word, _) in self.where.items() if word == "aboard"]

    @precondition(lambda self: self.train[0] != "running")
    @rule()
    def depart(self):
        at_id = self.train[1]
        boxes = self.aboard()
        about = [f"container/{box}" for box in boxes]
        legal = all(self.where[box][1] == at_id for box in boxes)
        if self.attempt(TRAIN, f.TrainDeparted(at_id=at_id), *about, CARGO, legal=legal):
            self.train = ("running", at_id)

    @rule(at_id=st.sampled_from(PLACES))
    def arrive(self, at_id):
        about = [f"container/{box}" for box in self.aboard()]
        legal = self.train[0] == "running" and self.train[1] != at_id
        if self.attempt(TRAIN, f.TrainArrived(at_id=at_id), *about, CARGO, legal=legal):
            self.train = ("standing", at_id)
            self.where |= dict.fromkeys(self.aboard(), ("aboard", at_id))

    @invariant()
    def states_are_those_of_the_model(self):
        words = {
            "planned": ("planned",),
            "ground": ("gated_in", "unloaded"),
            "aboard": ("loaded", "under_way", "arrived"),
            "gone": ("gated_out",),
            "delivered": ("delivered",),
        }
        for box, (word, at_id) in self.where.items():
            state = self.w[f"container/{box}"]
            assert state.status in words[word]
            assert state.at_id == at_id
            assert (state.departure_id == "D1") == (word == "aboard")
        assert set(self.w[TRAIN].aboard) == set(self.aboard())

    @invariant()
    def the_consignment_sees_its_containers(self):
        cargo = self.w[CARGO]
        assert {b.container_id: b.status for b in cargo.containers} == {
            box: self.w[f"container/{box}"].status for box in BOXES
        }
        all_there = all(word == "delivered" for word, _ in self.where.values())
        assert (cargo.status == "delivered") == all_there


TestLives = pytest.mark.filterwarnings("error")(Lives.TestCase)
TestLives.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)


# ---- any log -----------------------------------------------------------------------------------

SUBJECTS = [f"{kind}/{i}" for kind in ("consignment", "container", "train", "wagon", "truck") for i in ("A", "B")]
SAID = st.tuples(
    st.sampled_from(SUBJECTS),
    st.sampled_from(ONE_OF_EACH),
    st.lists(st.sampled_from(SUBJECTS), max_size=6, unique=True),
)
LOGS = st.lists(SAID, max_size=40)


def told(log) -> World:
    w = World()
    for stream, fact, about in log:
        w.say(stream, fact, *about)
    return w


@settings(max_examples=150, deadline=None, derandomize=True)
@given(LOGS)
def test_replaying_gives_the_same_states(log):
    """All at once, and with every state written and read between two events."""
    w, again, stored = told(log), World(), World()
    for said in w.log:
        again.take(said)
        stored.take(said)
        stored.states = {key: state_from(key[0], as_document(s)) for key, s in stored.states.items()}
    assert again.states == w.states
    assert stored.states == w.states


@settings(max_examples=150, deadline=None, derandomize=True)
@given(LOGS, st.sampled_from(SUBJECTS))
def test_a_state_depends_on_events_about_it_only(log, subject):
    """Leave out all others, and it is the same."""
    w, alone = told(log), World()
    for said in w.log:
        if subject in said.subjects:
            alone.take(said)
    key = tuple(subject.split("/"))
    assert alone.states.get(key) == w.states.get(key)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(LOGS)
def test_no_state_says_two_things_at_once(log):
    """Whatever the log says: delivered is not aboard, aboard is somewhere, a cancelled consignment is cancelled."""
    for (kind, _), state in told(log).states.items():
        if kind == "container":
            assert (state.delivered_at is not None) == (state.status == "delivered")
            assert bool(state.departure_id) == (state.status in ("loaded", "under_way", "arrived"))
            assert not (state.status in ("delivered", "withdrawn") and state.departure_id)
            assert all(ride.to_id or ride.from_id for ride in state.rides)
        if kind == "consignment":
            assert (state.status == "cancelled") == (state.cancelled_at is not None)
            assert (state.delivered_at is not None) == (state.status == "delivered")
            assert len({box.container_id for box in state.containers}) == len(state.containers)
