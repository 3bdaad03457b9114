"""Events as UN/EDIFACT messages: CODECO D.95B (SMDG) of gates, IFTSTA D.00B of everything that a shipper asks about.

Syntax ISO 9735. What Latin-1 can write goes out as UNOC, version 3, ISO 8859-1; anything with other letters (Chinese,
Russian) as UNOY, version 4, UTF-8 (ISO 10646-1). Segments are made and escaped by pydifact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING, Final

from landport.errors import InputError, Problem, Remark
from landport.exchange.reported import (
    ContainerFacts,
    Envelope,
    Written,
    containers_of,
    facts_of,
    in_time,
    local,
    place_of,
    said,
    subject_of,
    train_of,
)
from landport.exchange.status_codes import CODECO, IFTSTA
from landport.model.events import Event
from landport.model.places import Place

if TYPE_CHECKING:
    from pydifact.segments import Segment

Element = str | list[str]
Parts = tuple[Element, ...]
"""A segment: its tag and its elements; a list is a composite."""

MOST: Final = 999
"""Containers of one CODECO message."""

_ENVELOPE: Final = {"sender": 35, "recipient": 35, "reference": 14}
_MINUTES: Final = "203"
_LOCODES: Final = ("139", "6")  # code list: port; agency: UN/ECE
_OWN: Final = ("ZZZ", "ZZZ")  # agreed between the two
_ISO: Final = ("102", "5")  # size and type; agency: ISO
_PARTY: Final = ("160", "ZZZ")  # code list: parties; agreed between the two
_REC24: Final = "6"


class _Lengths:
    """Identifiers that a message has room for; longer ones are left out, for a cut one names something else."""

    def __init__(self) -> None:
        self.remarks: list[Remark] = []

    def ident(self, text: str, most: int, what: str) -> str:
        """Clean an identifier; empty where it is too long."""
        clean = _clean(text)
        if len(clean) <= most:
            return clean
        message = f"{what} {clean[:40]!r} has more than the {most} characters that the message has room for"
        self.remarks.append(Remark("too-long-for-message", message, (text,)))
        return ""


def codeco(
    events: Iterable[Event],
    containers: Mapping[str, ContainerFacts],
    places: Mapping[str, Place],
    envelope: Envelope,
) -> Written:
    """Report gate moves as CODECO: one message for those in, one for those out, in order of time.

    Parameters
    ----------
    events
        Others than gate moves are passed over.
    containers
        By id in the log.

    Returns
    -------
    Written
        Remarks `container-unnumbered`: a box without an ISO 6346 number cannot be reported.

    Raises
    ------
    InputError
        `input`: sender, recipient or reference are empty or too long.

    Notes
    -----
    Times are those of the place, to the minute. At most `MOST` containers a message.
    """
    lengths = _Lengths()
    moves: dict[tuple[str, str], list[list[Parts]]] = {}
    for event in in_time(events):
        code = CODECO.get(event.type)
        for container_id in containers_of(event) if code else ():
            facts = facts_of(container_id, containers)
            if not facts.number:
                text = f"{container_id} has no number yet, so that its gate move is not reported"
                lengths.remarks.append(Remark("container-unnumbered", text, (container_id,)))
                continue
            key = (code or "", lengths.ident(facts.operator, 35, "operator"))
            moves.setdefault(key, []).append(list(_move(event, facts, places, lengths)))
    messages = []
    for (code, operator), groups in moves.items():
        for first in range(0, len(groups), MOST):
            group = groups[first : first + MOST]
            body: list[Parts] = [("NAD", "CF", [operator, *_PARTY])] if operator else []
            body += [part for parts in group for part in parts]
            body.append(("CNT", ["16", str(len(group))]))
            messages.append(((code, "CODECO", "D", "95B", "UN", "ITG14"), body))
    return _written(messages, envelope, lengths)


def _move(event: Event, facts: ContainerFacts, places: Mapping[str, Place], lengths: _Lengths) -> Iterator[Parts]:
    """Say one container at a gate (segment group EQD)."""
    place = place_of(event, places)
    yield _equipment(facts, lengths)
    for consignment_id in facts.consignment_ids:
        yield ("RFF", ["BN", lengths.ident(consignment_id, 35, "consignment")])
    yield ("RFF", ["AAM", lengths.ident(facts.note_number, 35, "consignment note")])
    yield ("DTM", ["7", f"{local(event.happened_at, place):%Y%m%d%H%M}", _MINUTES])
    yield from _located("165", place)
    yield from _located("9", places.get(facts.origin_id))
    yield from _located("8", places.get(facts.destination_id))
    yield from _weighed_and_sealed(facts, lengths)
    plate = said(event, "truck") or subject_of(event, "truck")
    train = train_of(event)
    if plate:
        yield ("TDT", "1", "", "3", "31", "", "", "", [lengths.ident(plate, 9, "truck")])
    elif train:
        yield ("TDT", "1", lengths.ident(train, 17, "train"), "2", "25")


def iftsta(
    events: Iterable[Event],
    containers: Mapping[str, ContainerFacts],
    places: Mapping[str, Place],
    envelope: Envelope,
) -> Written:
    """Report events as IFTSTA: one message an event, a consignment and its status one group (CNI) each.

    Raises
    ------
    InputError
        `input`: sender, recipient or reference are empty or too long.

    Notes
    -----
    A container with several consignments has its status once for each; without any, once without a number.
    """
    lengths = _Lengths()
    messages = []
    for event in in_time(events):
        if event.type not in IFTSTA:
            continue
        groups = [part for one in _statuses(event, containers, places, lengths) for part in one]
        if groups:
            messages.append((("23", "IFTSTA", "D", "00B", "UN"), _numbered(groups)))
    return _written(messages, envelope, lengths)


def _statuses(
    event: Event, containers: Mapping[str, ContainerFacts], places: Mapping[str, Place], lengths: _Lengths
) -> Iterator[list[Parts]]:
    boxes = [facts_of(c, containers) for c in containers_of(event)]
    for facts in boxes:
        for consignment_id in facts.consignment_ids or (subject_of(event, "consignment"),):
            yield list(_status(event, consignment_id, facts, places, lengths))
    if not boxes and (consignment_id := subject_of(event, "consignment")):
        yield list(_status(event, consignment_id, None, places, lengths))


def _status(
    event: Event, consignment_id: str, facts: ContainerFacts | None, places: Mapping[str, Place], lengths: _Lengths
) -> Iterator[Parts]:
    """Say the status of one consignment (segment groups CNI and STS)."""
    place = place_of(event, places)
    status = IFTSTA[event.type]
    yield ("CNI", "", lengths.ident(consignment_id, 35, "consignment"))
    yield ("STS", ["1"], [status.code, "", _REC24, status.name[:35]])
    if facts:
        yield ("RFF", ["AAM", lengths.ident(facts.note_number, 35, "consignment note")])
    yield ("DTM", ["334", f"{local(event.happened_at, place):%Y%m%d%H%M}", _MINUTES])
    yield from _located("175", place)
    if train := lengths.ident(train_of(event), 17, "train"):
        yield ("TDT", "20", train, "2", "25")
        yield from _located("5", places.get(facts.origin_id) if facts else None)
        yield from _located("8", places.get(facts.destination_id) if facts else None)
    if facts and facts.number:
        yield _equipment(facts, lengths)
        yield from _weighed_and_sealed(facts, lengths)


def _numbered(parts: Sequence[Parts]) -> list[Parts]:
    """Give the consignments of a message their numbers."""
    numbers = count(1)
    return [("CNI", str(next(numbers)), *part[2:]) if part[0] == "CNI" else part for part in parts]


def _located(code: str, place: Place | None) -> Iterator[Parts]:
    if place:
        listed, agency = _LOCODES if place.unlocode else _OWN
        yield ("LOC", code, [place.unlocode or place.place_id, listed, agency, _clean(place.name)[:70]])


def _weighed_and_sealed(facts: ContainerFacts, lengths: _Lengths) -> Iterator[Parts]:
    if facts.gross_kg is not None:
        yield ("MEA", "AAE", "VGM" if facts.is_verified else "G", ["KGM", str(facts.gross_kg)])
    for seal in facts.seals:
        yield ("SEL", lengths.ident(seal, 10, "seal"))


def _equipment(facts: ContainerFacts, lengths: _Lengths) -> Parts:
    kind = lengths.ident(facts.iso_type, 4, "container type")
    return ("EQD", "CN", facts.number, [kind, *_ISO] if kind else "", "", "", "4" if facts.is_empty else "5")


def _written(messages: Sequence[tuple[Parts, list[Parts]]], envelope: Envelope, lengths: _Lengths) -> Written:
    """Wrap messages into one interchange, counted and under its references."""
    _check(envelope)
    if not messages:
        return Written(content=b"", count=0, remarks=tuple(lengths.remarks))
    from pydifact.serializer import Serializer  # not loaded by commands that write no message

    inner: list[Segment] = []
    for number, (identifier, body) in enumerate(messages, 1):
        inner += _message(number, identifier, body, envelope)
    texts = [text for segment in inner for text in _texts(segment.elements)]
    is_latin = all(_is_latin(text) for text in (*texts, envelope.sender, envelope.recipient, envelope.reference))
    ends = _ends(len(messages), envelope, is_latin=is_latin)
    text = Serializer().serialize([ends[0], *inner, ends[1]], with_una_header=False)
    content = f"UNA:+.? '{text}".encode("iso-8859-1" if is_latin else "utf-8")
    return Written(content=content, count=len(messages), remarks=tuple(dict.fromkeys(lengths.remarks)))


def _message(number: int, identifier: Parts, body: Sequence[Parts], envelope: Envelope) -> list[Segment]:
    from pydifact.segmentcollection import Message

    code, *message_type = (str(part) for part in identifier)
    reference = f"{number:05d}"
    message = Message(reference, message_type)
    written = f"{envelope.written_at.astimezone(UTC):%Y%m%d%H%M}"
    dated = [("DTM", ["137", written, _MINUTES])] if message_type[0] == "IFTSTA" else []  # CODECO has no room for it
    message.add_segments(
        _segment(parts)
        for parts in (
            ("BGM", code, f"{_clean(envelope.reference)}-{number}", "9"),
            *dated,
            ("NAD", "MS", [_clean(envelope.sender), *_PARTY]),
            ("NAD", "MR", [_clean(envelope.recipient), *_PARTY]),
            *body,
        )
        if not _is_empty(parts)
    )
    return [message.get_header_segment(), *message.segments, message.get_footer_segment()]


def _ends(count: int, envelope: Envelope, *, is_latin: bool) -> tuple[Segment, Segment]:
    """Make UNB and UNZ; version 4 writes years of four digits."""
    written = envelope.written_at.astimezone(UTC)
    day = f"{written:%y%m%d}" if is_latin else f"{written:%Y%m%d}"
    reference = _clean(envelope.reference)
    head: Parts = (
        *("UNB", ["UNOC", "3"] if is_latin else ["UNOY", "4"], [_clean(envelope.sender)], [_clean(envelope.recipient)]),
        *([day, f"{written:%H%M}"], reference),
        *(("", "", "", "", "", "1") if envelope.is_test else ()),
    )
    return _segment(head), _segment(("UNZ", str(count), reference))


def _segment(parts: Parts) -> Segment:
    from pydifact.segments import Segment

    elements = list(parts[1:])
    while elements and elements[-1] in ("", [], [""]):
        elements.pop()
    return Segment(str(parts[0]), *elements)


def _is_empty(parts: Parts) -> bool:
    """Tell whether a segment says nothing beyond its qualifier: its identifier was left out."""
    if parts[0] == "RFF":
        return not parts[1][1]
    return parts[0] == "SEL" and not parts[1]


def _texts(elements: Iterable[object]) -> Iterator[str]:
    for element in elements:
        yield from element if isinstance(element, list) else (str(element),)


def _is_latin(text: str) -> bool:
    try:
        text.encode("iso-8859-1")
    except UnicodeEncodeError:
        return False
    return True


def _clean(text: str) -> str:
    """Take out what no character set of EDIFACT carries: control characters, line breaks, halves of characters."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).split())


def _check(envelope: Envelope) -> None:
    """Expect what the interchange cannot do without."""
    problems = []
    for key, most in _ENVELOPE.items():
        text: str = getattr(envelope, key)
        if not 0 < len(_clean(text)) <= most:
            expected = f"expected 1 to {most} characters: EDIFACT has room for no more"
            problems.append(Problem(file="envelope", key=key, value=text, expected=expected))
    if problems:
        raise InputError.of(problems)
