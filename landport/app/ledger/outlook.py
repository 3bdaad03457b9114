"""How a container or train stands against its plan: ready or not, deviations, when it will be there."""

from __future__ import annotations

from dataclasses import dataclass

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.desk import Ledger, Principal, seen
from landport.errors import NotFound
from landport.store import View
from landport.track.deviations import Deviation
from landport.track.eta import Eta
from landport.track.readiness import Readiness
from landport.track.states import ContainerState, TrainState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a container stands. `deviations`: in the order of its plan; what is on time counts, too."""

    container_id: str
    readiness: Readiness
    eta: Eta
    deviations: tuple[Deviation, ...]


def of_container(ledger: Ledger, view: View, who: Principal, container_id: str) -> Outlook:
    """Tell how a container stands.

    Raises
    ------
    NotFound
        `unknown-container`.
    """
    seen(view, who, "container", container_id)
    state = reads.known(view, "container", container_id)
    if not isinstance(state, ContainerState):
        raise NotFound("unknown-container", f"no container {container_id}", (container_id,))
    rides = state.plan.rides if state.plan else ()
    known = {r.departure_id: reads.known(view, "train", r.departure_id) for r in rides if r.departure_id}
    trains = {d: t for d, t in known.items() if isinstance(t, TrainState)}
    now = ledger.clock()
    return Outlook(
        container_id=container_id,
        readiness=track.readiness(state),
        eta=track.eta(state, now, trains),
        deviations=track.deviations(state, now, trains),
    )


def of_train(ledger: Ledger, view: View, who: Principal, departure_id: str) -> tuple[Deviation, ...]:
    """List how a train deviates from its plan.

    Raises
    ------
    NotFound
        `unknown-train`.
    """
    seen(view, who, "train", departure_id)
    state = reads.known(view, "train", departure_id)
    return track.deviations(state, ledger.clock()) if isinstance(state, TrainState) else ()
