"""Follow freight: events to the states of consignments, containers and trains, readiness, ETA, exceptions."""

from __future__ import annotations

from landport.track.deviations import DEVIATIONS, Deviation, deviations
from landport.track.eta import Eta, eta
from landport.track.exceptions import closings, due_exceptions, task_for, task_text
from landport.track.folds import CHANGES, FOLDED, FOLDS, advance, fold, fold_fact
from landport.track.legal import LEGAL, expect_legal
from landport.track.readiness import LACKS, Readiness, Tolerance, readiness
from landport.track.reading import fact_from, fact_of, payload_of
from landport.track.states import (
    STATES,
    STATUSES,
    Box,
    ConsignmentState,
    ContainerState,
    OpenException,
    OrderState,
    Ridden,
    State,
    Stop,
    TaskState,
    TrainState,
    TruckState,
    WagonState,
    as_document,
    state_from,
)

__all__ = [
    "CHANGES",
    "DEVIATIONS",
    "FOLDED",
    "FOLDS",
    "LACKS",
    "LEGAL",
    "STATES",
    "STATUSES",
    "Box",
    "ConsignmentState",
    "ContainerState",
    "Deviation",
    "Eta",
    "OpenException",
    "OrderState",
    "Readiness",
    "Ridden",
    "State",
    "Stop",
    "TaskState",
    "Tolerance",
    "TrainState",
    "TruckState",
    "WagonState",
    "advance",
    "as_document",
    "closings",
    "deviations",
    "due_exceptions",
    "eta",
    "expect_legal",
    "fact_from",
    "fact_of",
    "fold",
    "fold_fact",
    "payload_of",
    "readiness",
    "state_from",
    "task_for",
    "task_text",
]
