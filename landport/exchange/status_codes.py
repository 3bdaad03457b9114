"""Which event is reported under which code of which list.

Sources: CODECO of UN/EDIFACT D.95B as SMDG uses it (user manual 1.4, code ITG14): 34 gate-in, 36 gate-out. IFTSTA of
UN/EDIFACT D.00B with codes of UN/CEFACT Recommendation 24, Trade and Transport Status Codes (revision 6, 2017).
EPCIS 2.0 (ISO/IEC 19987) with business steps and dispositions of the Core Business Vocabulary 2.0 (ISO/IEC 19988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CODECO: Final = {"ContainerGatedIn": "34", "ContainerGatedOut": "36"}
"""Document name codes of BGM."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status of Recommendation 24: code, and its name there."""

    code: str
    name: str


IFTSTA: Final = {
    "ConsignmentBooked": Status("6", "Booking, completed"),
    "ConsignmentCancelled": Status("7", "Booking, cancelled"),
    "ContainerGatedIn": Status("74", "Received"),
    "ContainerGatedOut": Status("13", "Collection/pick-up, completed"),
    "ContainerReleased": Status("12", "Cleared, by customs"),
    "CustomsHeld": Status("184", "Waiting, for action by authorities"),
    "ContainerSealed": Status("83", "Sealed equipment"),
    "CutOffMissed": Status("57", "Not loaded onto a means of transport"),
    "ContainerLoaded": Status("48", "Loading, completed onto a means of transport"),
    "TrainDeparted": Status("24", "Departure, completed"),
    "TrainArrived": Status("1", "Arrival, completed"),
    "ContainerUnloaded": Status("29", "Unloaded"),
    "ContainerDamaged": Status("218", "Damaged"),
    "ContainerRepaired": Status("34", "Equipment, repaired"),
    "ContainerDelivered": Status("21", "Delivery, completed"),
}
"""Statuses of STS."""


@dataclass(frozen=True, slots=True)
class Step:
    """How an event looks in EPCIS.

    Parameters
    ----------
    kind
        Type of event.
    action
        ADD, OBSERVE or DELETE.
    step, disposition
        Terms of the Core Business Vocabulary; empty: left out.
    stays
        Whether the container is at the place afterwards, which `bizLocation` says.
    """

    kind: str
    action: str
    step: str
    disposition: str
    stays: bool


EPCIS: Final = {
    "ContainerGatedIn": Step("ObjectEvent", "OBSERVE", "arriving", "in_progress", True),
    "ContainerGatedOut": Step("ObjectEvent", "OBSERVE", "departing", "in_transit", False),
    "ContainerWeighed": Step("ObjectEvent", "OBSERVE", "inspecting", "in_progress", False),
    "CustomsHeld": Step("ObjectEvent", "OBSERVE", "holding", "in_progress", False),
    "NoteIssued": Step("TransactionEvent", "ADD", "", "", False),
    "ContainerLoaded": Step("AggregationEvent", "ADD", "loading", "in_progress", True),
    "ContainerUnloaded": Step("AggregationEvent", "DELETE", "unloading", "in_progress", True),
    "TrainDeparted": Step("ObjectEvent", "OBSERVE", "departing", "in_transit", False),
    "TrainArrived": Step("ObjectEvent", "OBSERVE", "arriving", "in_progress", True),
    "ContainerDamaged": Step("ObjectEvent", "OBSERVE", "inspecting", "damaged", False),
    "ContainerRepaired": Step("ObjectEvent", "OBSERVE", "repairing", "in_progress", False),
    "ContainerDelivered": Step("ObjectEvent", "OBSERVE", "receiving", "in_progress", True),
}
"""Events of a visibility document."""
