"""The draft of a consignment note, drawn up from what the ledger knows; it lists what is missing."""

from __future__ import annotations

from landport import exchange
from landport.app.ledger import messages, reads
from landport.app.ledger.desk import Ledger, Principal
from landport.errors import NotFound
from landport.exchange.note import NoteContainer, NoteData, NoteDraft, NoteGoods, NoteParty
from landport.model.facts import BookedGoods
from landport.store import View, parties
from landport.track.states import ConsignmentState, ContainerState


def draft(ledger: Ledger, view: View, who: Principal, consignment_id: str) -> NoteDraft:
    """Draw up the note of a consignment.

    Raises
    ------
    NotFound
        `unknown-consignment`.
    InputError
        `input`: codes that cannot be.
    """
    state = reads.consignment(view, who, consignment_id)
    goods = state.goods
    if goods is None:
        raise NotFound("unknown-consignment", f"no consignment {consignment_id}", (consignment_id,))
    boxes = _boxes(view, state)
    data = NoteData(
        consignment_id=consignment_id,
        drawn_on=ledger.clock().date(),
        sender=_party(view, goods.shipper_id),
        consignee=_party(view, goods.consignee_id),
        departure_id=goods.at_id,
        destination_id=goods.destination_id,
        goods=(_goods(goods),),
        containers=tuple(_container(ledger, box) for box in boxes),
        wagons=tuple(dict.fromkeys(box.wagon for box in boxes if box.wagon)),
        value_usd_cents=goods.value_usd_cents,
    )
    return exchange.note_draft(data, ledger.world.network.places)


def _boxes(view: View, state: ConsignmentState) -> list[ContainerState]:
    found = [reads.known(view, "container", box.container_id) for box in state.containers]
    return [box for box in found if isinstance(box, ContainerState)]


def _party(view: View, party_id: str) -> NoteParty:
    """Name a party; what is no id of one is a name or customer number already."""
    found = parties.find(view, party_id) if party_id else None
    return NoteParty(name=party_id) if found is None else NoteParty(name=found.name, contact=found.contact)


def _goods(goods: BookedGoods) -> NoteGoods:
    mass_kg = -(-sum(i.piece_g * i.count for i in goods.items) // 1000)
    return NoteGoods(
        description=goods.goods_id or f"HS {goods.hs}",
        hs=goods.hs,
        gng_code=goods.gng_code,
        packages=sum(i.count for i in goods.items),
        gross_kg=mass_kg or (goods.weighed_kg or goods.declared_kg) * goods.n_containers,
        un_number=goods.un_number,
        un_class=goods.un_class,
    )


def _container(ledger: Ledger, box: ContainerState) -> NoteContainer:
    type_ = ledger.world.container_types.get(box.plan.container_type) if box.plan else None
    return NoteContainer(
        number=box.number,
        iso_type=messages.iso_codes().get(box.plan.container_type, "") if box.plan else "",
        length_ft=type_.length_ft if type_ else 0,
        tare_kg=type_.tare_kg if type_ else 0,
        gross_kg=box.weighed_kg or (box.plan.gross_kg if box.plan else 0),
        seals=box.seals,
    )
