"""Follow freight: events to the states of consignments, containers and trains, readiness, ETA, exceptions."""

from __future__ import annotations

from landport.track.folds import CHANGES, FOLDED, advance, fold
from landport.track.reading import fact_from, fact_of, payload_of
from landport.track.states import STATES, STATUSES, State, as_document, state_from

__all__ = [
    "CHANGES",
    "FOLDED",
    "STATES",
    "STATUSES",
    "State",
    "advance",
    "as_document",
    "fact_from",
    "fact_of",
    "fold",
    "payload_of",
    "state_from",
]
