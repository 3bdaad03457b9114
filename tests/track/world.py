"""States of everything, told one fact after the other; and the journey of a container."""

from __future__ import annotations

from landport.model import facts as f
from landport.model.events import Event
from landport.track import advance
from tests.track.facts import BORDER, GOODS, HUB, TASHKENT, event, planned

BOX, CARGO, TRAIN, WAGON, TRUCK = "container/C1", "consignment/B1", "train/D1", "wagon/31823456", "truck/T1"


class World:
    """States of everything, and a log that is written one fact after the other."""

    def __init__(self):
        self.log: list[Event] = []
        self.states = {}

    def say(self, stream, fact, *about, hours=None):
        """Append a fact, an hour after the last one if nobody says when, and fold it."""
        hours = len(self.log) if hours is None else hours
        self.log.append(event(stream, fact, hours=hours, about=about, position=len(self.log) + 1))
        self.take(self.log[-1])
        return self

    def take(self, said):
        for kind, subject_id, state in advance(said, lambda *key: self.states.get(key)):
            self.states[kind, subject_id] = state

    def __getitem__(self, subject):
        kind, _, subject_id = subject.partition("/")
        return self.states[kind, subject_id]


def journey() -> World:
    """Bring a container from its booking to its consignee."""
    w = World()
    w.say(CARGO, f.ConsignmentBooked(goods=GOODS, quote_id="Q1"))
    w.say(BOX, planned(), CARGO, TRAIN, "train/D2")
    w.say(WAGON, f.WagonPlaced(departure_id="D1", wagon_type="X70", seq=3), TRAIN)
    w.say(BOX, f.ContainerNumbered(number="MSKU1234565"), CARGO)
    w.say(BOX, f.ContainerGatedIn(at_id=HUB, truck="T1", driver_id="P9"), CARGO, TRUCK)
    w.say(BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB, wagon="31823456", position=2), CARGO, TRAIN, WAGON)
    w.say(TRAIN, f.TrainDeparted(at_id=HUB), BOX, CARGO, WAGON, hours=24)
    w.say(TRAIN, f.TrainArrived(at_id=BORDER), BOX, CARGO, WAGON, hours=41)
    w.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER), CARGO, TRAIN, WAGON, hours=42)
    w.say(BOX, f.ContainerLoaded(departure_id="D2", at_id=BORDER), CARGO, "train/D2", hours=43)
    w.say("train/D2", f.TrainDeparted(at_id=BORDER), BOX, CARGO, hours=48)
    w.say("train/D2", f.TrainArrived(at_id=TASHKENT), BOX, CARGO, hours=80)
    w.say(BOX, f.ContainerUnloaded(departure_id="D2", at_id=TASHKENT), CARGO, "train/D2", hours=81)
    w.say(BOX, f.ContainerGatedOut(at_id=TASHKENT, truck="T2"), CARGO, "truck/T2", hours=82)
    w.say(BOX, f.ContainerDelivered(at_id="door", receiver_id="P2"), CARGO, hours=83)
    return w
