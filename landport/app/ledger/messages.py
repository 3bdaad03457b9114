"""Messages for others: what happened, as CODECO, IFTSTA or EPCIS, of what somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from landport import exchange
from landport.app.ledger import reads, watching
from landport.app.ledger.desk import Ledger, Principal
from landport.exchange.reported import ContainerFacts, Envelope, Written
from landport.reference import table
from landport.store import View
from landport.track.states import ContainerState

KINDS: Final = ("codeco", "iftsta", "epcis")
"""Kinds of messages."""

BUSINESS: Final = ("container", "consignment")
"""Kinds of subjects whose states messages tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, and the position up to which it tells what happened."""

    written: Written
    next: int


def message(
    ledger: Ledger,
    view: View,
    who: Principal,
    kind: str,
    *,
    after: int = 0,
    most: int = 100,
    sender: str = "",
    recipient: str = "",
) -> Message:
    """Write what happened after a position.

    Parameters
    ----------
    sender, recipient
        Codes that both agreed on; EPCIS has none.

    Raises
    ------
    InputError
        `input`: EDIFACT without sender or recipient.
    """
    found, last = watching.events(view, who, after=after, most=most)
    named = dict.fromkeys(s.partition("/")[2] for e in found for s in e.subjects if s.startswith("container/"))
    known = {c: reads.known(view, "container", c) for c in named}
    facts = {c: _facts(c, state) for c, state in known.items() if isinstance(state, ContainerState)}
    places = ledger.world.network.places
    now = ledger.clock()
    if kind == "epcis":
        return Message(written=exchange.epcis_document(found, facts, places, now), next=last)
    envelope = Envelope(sender=sender, recipient=recipient, reference=f"LP{last}", written_at=now)
    write = exchange.codeco if kind == "codeco" else exchange.iftsta
    return Message(written=write(found, facts, places, envelope), next=last)


@cache
def iso_codes() -> dict[str, str]:
    """Read the ISO 6346 codes of types."""
    return {row["container_type"]: row["iso_code"] for row in table.records("containers")}


def _facts(container_id: str, state: ContainerState) -> ContainerFacts:
    plan = state.plan
    gross_kg = state.weighed_kg or (plan.gross_kg if plan else 0)
    return ContainerFacts(
        container_id=container_id,
        number=state.number,
        iso_type=iso_codes().get(plan.container_type, "") if plan else "",
        seals=state.seals,
        gross_kg=gross_kg or None,
        is_verified=bool(state.weighed_kg),
        consignment_ids=plan.consignment_ids if plan else (),
        note_number=state.note_number,
        origin_id=plan.rides[0].from_id if plan and plan.rides else "",
        destination_id=plan.destination_id if plan else "",
    )
