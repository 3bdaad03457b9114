"""What trains turned out not to take goes back to the program as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landport.assemble.load_cuts import LoadCut, load_cuts
from landport.assemble.repair import at_first_stop, rider_of, train_of, yard_of
from landport.assemble.state import State
from landport.assemble.wagons import Rider
from landport.model.equipment import WagonType
from landport.model.result import Limit

Put = Mapping[str, Sequence[Rider]]
"""Who was put on a train where it is formed, by departure."""


def put_on_trains(state: State) -> Put:
    """List who rides the first leg of each train that is formed here."""
    formed = (d for d in sorted(state.running) if state.problem.resources.is_formed_here(d))
    return {d: at_first_stop(state, d) for d in formed}


def cuts(state: State, put: Put, wagon_types: Mapping[str, WagonType], limit: Limit) -> tuple[LoadCut, ...]:
    """Find rows that the riders of trains break whose wagons did not take them all.

    Parameters
    ----------
    state
        After `repair`: it knows what found no wagon.
    put
        Who was put on the trains before.
    """
    resources = state.problem.resources
    found: list[LoadCut] = []
    for departure_id in sorted({d for _, d in state.banned} & put.keys()):
        yard = yard_of(resources, departure_id, wagon_types)
        candidates = [
            rider_of(state, box.container_id, option, stretch.last_leg)
            for batch in state.problem.batches
            for option in batch.options
            for stretch in option.way.stretches
            if (stretch.departure_id, stretch.first_leg) == (departure_id, 1)
            for box in batch.containers
        ]
        once = list({rider.box.container_id: rider for rider in candidates}.values())
        train = train_of(resources, departure_id)
        found += load_cuts(departure_id, once, put[departure_id], train, yard, limit=limit)
    return tuple(found)
