"""Fold events into states, one event and one subject at a time: the same events give the same state, always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from landport.model.events import Event
from landport.track.fold_consignment import CONSIGNMENT, fold_consignment
from landport.track.fold_container import CONTAINER, fold_container
from landport.track.fold_task import ORDER, TASK, fold_order, fold_task
from landport.track.fold_train import TRAIN, TRUCK, WAGON, fold_train, fold_truck, fold_wagon
from landport.track.reading import fact_of
from landport.track.states import State

FOLDS: Final[dict[str, Callable[[str, Any, Event, Any], State | None]]] = {
    "consignment": fold_consignment,
    "container": fold_container,
    "train": fold_train,
    "wagon": fold_wagon,
    "truck": fold_truck,
    "task": fold_task,
    "order": fold_order,
}
"""By kind of subject: the state after an event, from its id, the state before, the event and the `fact_of` it."""

FOLDED: Final = tuple(FOLDS)
"""Kinds of subjects that have states."""

CHANGES: Final[dict[str, frozenset[str]]] = {
    "consignment": frozenset(CONSIGNMENT),
    "container": frozenset(CONTAINER),
    "train": frozenset(TRAIN),
    "wagon": frozenset(WAGON),
    "truck": frozenset(TRUCK),
    "task": frozenset(TASK),
    "order": frozenset(ORDER),
}
"""By kind: the types of events that change such a state. An event must name the subjects that it changes."""


def fold(kind: str, subject_id: str, state: State | None, event: Event) -> State | None:
    """Fold one event into the state of one subject that it is about; None: the kind has no states, or nothing is known.

    An event of a type that does not change states of this kind only moves `updated_at`. Nothing that the log says is
    refused here: what may not happen is refused before it is written, by `expect_legal`.

    Parameters
    ----------
    state
        As it was; None: nothing was known.

    Raises
    ------
    StoreError
        `unknown-event`: a newer landport wrote the event.
    """
    return fold_fact(kind, subject_id, state, event, fact_of(event)) if kind in FOLDS else None


def fold_fact(kind: str, subject_id: str, state: State | None, event: Event, fact: Any) -> State | None:
    """Do as `fold` does, with the `fact_of` the event at hand: an event about many subjects is read once."""
    step = FOLDS.get(kind)
    return step(subject_id, state, event, fact) if step else None


def advance(event: Event, state_of: Callable[[str, str], State | None]) -> Iterator[tuple[str, str, State]]:
    """Fold one event into all that it is about: kind, id and new state of each; its payload is read once.

    Parameters
    ----------
    state_of
        Answers the state of a kind and id as it was; None: nothing was known.

    Raises
    ------
    StoreError
        `unknown-event`: a newer landport wrote the event.
    """
    fact = None
    for subject in event.subjects:
        kind, _, subject_id = subject.partition("/")
        if kind in FOLDS:
            fact = fact_of(event) if fact is None else fact
            after = fold_fact(kind, subject_id, state_of(kind, subject_id), event, fact)
            if after is not None:
                yield kind, subject_id, after
