"""Draft of a CIM/SMGS consignment note: what goes into which box, and what is still missing.

Boxes and their numbers are those of the common consignment note CIM/SMGS (CIT and OSJD, manual GLV-CIM/SMGS, annex to
the SMGS). Stations are named with their OSJD codes, goods with GNG/NHM codes, where these are known; nothing is made
up: what is unknown is in `lacks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

import msgspec

from landport.errors import InputError, NotFound, Problem
from landport.model.places import Place
from landport.reference import table
from landport.units import check_container_number, check_gng, check_station_code, check_un_number

FORMS: Final = ("CIM/SMGS", "SMGS", "CIM")
"""Which contract of carriage the note is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteParty:
    """Sender or consignee. `code`: the customer's code at the railway."""

    name: str
    address: str = ""
    country: str = ""
    contact: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStation:
    """A station in three languages. `railway`: its country; `code`: OSJD, six digits."""

    place_id: str
    name: str
    name_zh: str
    name_ru: str
    railway: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBorder:
    """A border that the goods cross: the last station before it, and the first behind it."""

    exit: NoteStation
    entry: NoteStation


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePayer:
    """Who pays a railway. `railway`: its country, ISO 3166; `code`: the payer's there."""

    railway: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGoods:
    """A kind of goods.

    Parameters
    ----------
    description
        In the languages that the railways ask for.
    gng_code
        GNG/NHM, eight digits; empty: unknown.
    packages
        0: not said.
    """

    description: str
    hs: str = ""
    gng_code: str = ""
    packages: int = 0
    package_kind: str = ""
    gross_kg: int = 0
    un_number: str = ""
    un_class: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContainer:
    """A container. `gross_kg`: with its tare; 0: unknown."""

    number: str
    iso_type: str = ""
    length_ft: int = 0
    tare_kg: int = 0
    gross_kg: int = 0
    seals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What is missing, and the number of the box where it belongs."""

    box: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """A consignment note before the railway has it.

    Parameters
    ----------
    consignment_id
        The sender's reference.
    value_usd_cents
        Declared value of all goods; 0: none is declared.
    contract
        Number of the contract or tariff agreement.
    carrier
        Contractual carrier.
    wagons
        Numbers.
    lacks
        In the order of the boxes.
    """

    form: str
    consignment_id: str
    drawn_on: date
    sender: NoteParty
    consignee: NoteParty
    departure: NoteStation
    destination: NoteStation
    borders: tuple[NoteBorder, ...]
    payers: tuple[NotePayer, ...]
    goods: tuple[NoteGoods, ...]
    containers: tuple[NoteContainer, ...]
    wagons: tuple[str, ...]
    documents: tuple[str, ...]
    statements: tuple[str, ...]
    contract: str
    carrier: str
    value_usd_cents: int
    lacks: tuple[Lack, ...] = ()

    @property
    def railways(self) -> tuple[str, ...]:
        """Railways that carry the goods, by country, in order."""
        passed = [self.departure.railway]
        for border in self.borders:
            passed += [border.exit.railway, border.entry.railway]
        return tuple(dict.fromkeys((*passed, self.destination.railway)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteData:
    """What a note is drawn up from; `borders` are pairs of places, as they are crossed."""

    consignment_id: str
    drawn_on: date
    sender: NoteParty
    consignee: NoteParty
    departure_id: str
    destination_id: str
    form: str = "CIM/SMGS"
    borders: tuple[tuple[str, str], ...] = ()
    payers: tuple[NotePayer, ...] = ()
    goods: tuple[NoteGoods, ...] = ()
    containers: tuple[NoteContainer, ...] = ()
    wagons: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    contract: str = ""
    carrier: str = ""
    value_usd_cents: int = 0
    codes: Mapping[str, str] = field(default_factory=dict)
    """OSJD codes of places that the reference has none of, by place id."""


def note_draft(data: NoteData, places: Mapping[str, Place]) -> NoteDraft:
    """Draw up a note, and list what it lacks.

    Raises
    ------
    NotFound
        `unknown-place`: a place is none of `places`.
    InputError
        `input`: codes or numbers that cannot be; all are listed.
    """
    _check(data, places)

    def station(place_id: str) -> NoteStation:
        place = places[place_id]
        return NoteStation(
            place_id=place_id,
            name=place.name,
            name_zh=place.name_zh,
            name_ru=place.name_ru,
            railway=place.country,
            code=data.codes.get(place_id) or place.osjd_code,
        )

    borders = tuple(NoteBorder(exit=station(a), entry=station(b)) for a, b in data.borders)
    names = [name for name in NoteData.__dataclass_fields__ if name in NoteDraft.__dataclass_fields__]
    same = {name: getattr(data, name) for name in names if name != "borders"}
    draft = NoteDraft(
        departure=station(data.departure_id), destination=station(data.destination_id), borders=borders, **same
    )
    found = [*_of_parties(draft), *_of_way(draft), *_of_load(draft)]
    return replace(draft, lacks=tuple(sorted(found, key=lambda lack: int(lack.box))))


def _check(data: NoteData, places: Mapping[str, Place]) -> None:
    """Expect places that exist, and codes and numbers in their form."""
    for place_id in (data.departure_id, data.destination_id, *(p for pair in data.borders for p in pair)):
        if place_id not in places:
            raise NotFound("unknown-place", f"no place has the id {place_id!r}", (place_id,))
    problems = []
    for key, text, check in _checks(data, places):
        try:
            check(text)
        except ValueError as error:
            problems.append(Problem(file=f"note of {data.consignment_id}", key=key, value=text, expected=str(error)))
    if problems:
        raise InputError.of(problems)


def _checks(data: NoteData, places: Mapping[str, Place]) -> Iterator[tuple[str, str, Callable[[str], object]]]:
    """List the codes and numbers that are said, and the rule of each."""
    numbering = {row["country"]: row["railway"] for row in table.records("countries")}
    yield "form", data.form, _expect_form
    for place_id, code in data.codes.items():
        country = places[place_id].country if place_id in places else ""
        yield f"codes.{place_id}", code, partial(check_station_code, railway=numbering.get(country) or "UIC")
    for goods in data.goods:
        yield from (("gng_code", text, check_gng) for text in (goods.gng_code,) if text)
        yield from (("un_number", text, check_un_number) for text in (goods.un_number,) if text)
    for container in data.containers:
        yield from (("number", text, check_container_number) for text in (container.number,) if text)


def _expect_form(text: str) -> None:
    if text not in FORMS:
        raise ValueError(f"expected one of {', '.join(FORMS)}")


def note_json(draft: NoteDraft) -> bytes:
    """Write a draft as JSON; the same draft gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(draft), indent=1)


def _of_parties(draft: NoteDraft) -> Iterator[Lack]:
    for box, who, party in (("1", "sender", draft.sender), ("4", "consignee", draft.consignee)):
        yield from _unless(party.name, box, f"name of the {who}")
        yield from _unless(party.address, box, f"address of the {who}")
        yield from _unless(party.country, box, f"country of the {who}")
    yield from _unless(draft.documents, "9", "documents attached, such as invoice and packing list")
    paying = {payer.railway: payer for payer in draft.payers}
    for railway in draft.railways:
        payer = paying.get(railway)
        yield from _unless(payer and payer.name, "18", f"payer of the railway of {railway}")
        if payer and payer.name:
            yield from _unless(payer.code, "18", f"code of the payer of the railway of {railway}")
    yield from _unless(draft.carrier, "66", "contractual carrier")


def _of_way(draft: NoteDraft) -> Iterator[Lack]:
    yield from _unless(draft.destination.code, "12", f"code of the station {draft.destination.name}")
    yield from _unless(draft.departure.code, "17", f"code of the station {draft.departure.name}")
    if draft.departure.railway != draft.destination.railway:
        yield from _unless(draft.borders, "60", "border stations")
    for border in draft.borders:
        for station in (border.exit, border.entry):
            yield from _unless(station.code, "60", f"code of the border station {station.name}")


def _of_load(draft: NoteDraft) -> Iterator[Lack]:
    yield from _unless(draft.wagons, "19", "numbers of the wagons")
    yield from _unless(draft.goods, "20", "description of the goods")
    yield from _unless(draft.containers, "20", "numbers of the containers")
    for container in draft.containers:
        which = container.number or "the container"
        yield from _unless(container.number, "20", "number of the container")
        yield from _unless(container.iso_type, "20", f"type of {which}")
        yield from _unless(container.seals, "20", f"seals of {which}")
        yield from _unless(container.gross_kg, "24", f"gross mass of {which}")
    for goods in draft.goods:
        which = goods.description or "the goods"
        yield from _unless(goods.description, "20", "description of the goods")
        yield from _unless(goods.packages, "20", f"number of packages of {which}")
        if goods.un_number or goods.un_class:
            yield from _unless(goods.un_number and goods.un_class, "22", f"UN number and class of {which}")
        yield from _unless(goods.gng_code, "23", f"GNG/NHM code of {which}")
        yield from _unless(goods.gross_kg, "24", f"gross mass of {which}")


def _unless(value: object, box: str, what: str) -> Iterable[Lack]:
    return () if value else (Lack(box=box, what=what),)
