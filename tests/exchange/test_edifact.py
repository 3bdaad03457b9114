"""CODECO and IFTSTA, read back by another reader: every field, every count, every reference, any letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pydifact.segmentcollection import Interchange, RawSegmentCollection
from pydifact.segments import Segment

from landport.errors import InputError
from landport.exchange import edifact
from landport.exchange.reported import ContainerFacts, Written
from landport.exchange.status_codes import CODECO, EPCIS, IFTSTA
from landport.model.events import Event
from landport.model.facts import FACTS as EVENTS
from landport.model.scenario import World
from tests.exchange.messages import ARRIVED, BOOKED, BOX, DEPARTED, ENVELOPE, EVERY, FACTS, GATED_IN, GATED_OUT, event

# The reader ships no directory of segments to check against, and says so of each.
pytestmark = pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")


def parsed(written: Written) -> list[tuple[object, ...]]:
    """Read an interchange, and check counts and references of all its messages."""
    encoding = "utf-8" if b"UNOY" in written.content else "iso-8859-1"
    text = written.content.decode(encoding)
    Interchange.from_str(text)
    segments = [s for s in RawSegmentCollection.from_str(text).segments if s.tag != "UNA"]
    assert (segments[0].tag, segments[-1].tag) == ("UNB", "UNZ")
    assert segments[-1].elements == [str(written.count), segments[0].elements[4]]
    heads = [i for i, s in enumerate(segments) if s.tag == "UNH"]
    tails = [i for i, s in enumerate(segments) if s.tag == "UNT"]
    assert len(heads) == len(tails) == written.count
    for first, last in zip(heads, tails, strict=True):
        assert segments[last].elements == [str(last - first + 1), segments[first].elements[0]]
    references = [segments[i].elements[0] for i in heads]
    assert len(set(references)) == len(references)
    return [flat(s) for s in segments]


def flat(segment: Segment) -> tuple[object, ...]:
    return (segment.tag, *(tuple(e) if isinstance(e, list) else e for e in segment.elements))


def codeco(world: World, *events: Event, facts: ContainerFacts = BOX) -> Written:
    return edifact.codeco(events, {"C00017": facts}, world.network.places, ENVELOPE)


def iftsta(world: World, *events: Event, facts: ContainerFacts = BOX) -> Written:
    return edifact.iftsta(events, {"C00017": facts}, world.network.places, ENVELOPE)


def test_codeco_field_by_field(world: World) -> None:
    """One gate move by truck: number, type, references, time there, places, mass, seals, plate."""
    written = codeco(world, GATED_IN)
    place = ("CNULZ", "139", "6", "Urumqi International Land Port")
    assert parsed(written) == [
        ("UNB", ("UNOC", "3"), "LANDPORT", "FWD", ("260302", "0400"), "R1"),
        ("UNH", "00001", ("CODECO", "D", "95B", "UN", "ITG14")),
        ("BGM", "34", "R1-1", "9"),
        ("NAD", "MS", ("LANDPORT", "160", "ZZZ")),
        ("NAD", "MR", ("FWD", "160", "ZZZ")),
        ("NAD", "CF", ("UTLC", "160", "ZZZ")),
        ("EQD", "CN", "CSQU3054383", ("45G1", "102", "5"), "", "", "5"),
        ("RFF", ("BN", "B-1")),
        ("RFF", ("BN", "B-2")),
        ("RFF", ("AAM", "N-77")),
        ("DTM", ("7", "202603020901", "203")),
        ("LOC", "165", place),
        ("LOC", "9", place),
        ("LOC", "8", ("KZALA", "139", "6", "Almaty")),
        ("MEA", "AAE", "VGM", ("KGM", "21430")),
        ("SEL", "CN123456"),
        ("SEL", "KZ'1+2"),
        ("TDT", "1", "", "3", "31", "", "", "", "A12345"),
        ("CNT", ("16", "1")),
        ("UNT", "19", "00001"),
        ("UNZ", "1", "R1"),
    ]
    assert written.content.startswith(b"UNA:+.? 'UNB+UNOC:3+")
    assert b"SEL+KZ?'1?+2'" in written.content


def test_moves_in_and_out_are_two_messages(world: World) -> None:
    """In order of time, counted; what is no gate move is passed over."""
    written = codeco(world, GATED_OUT, GATED_IN, structs.replace(GATED_IN, position=12), *EVERY[2:])
    segments = parsed(written)
    assert [s[1] for s in segments if s[0] == "BGM"] == ["34", "36"]
    assert [s[1] for s in segments if s[0] == "CNT"] == [("16", "2"), ("16", "1")]
    assert written.count == 2


def test_boxes_of_two_operators_do_not_share_a_message(world: World) -> None:
    """The operator stands in the head of a message."""
    other = event(11, "ContainerGatedIn", "container/C2", at_id="URC")
    facts = {**FACTS, "C2": ContainerFacts(container_id="C2", number="TGHU1643396", operator="COSCO", is_empty=True)}
    segments = parsed(edifact.codeco((GATED_IN, other), facts, world.network.places, ENVELOPE))
    assert [s[2] for s in segments if s[0] == "NAD" and s[1] == "CF"] == [
        ("UTLC", "160", "ZZZ"),
        ("COSCO", "160", "ZZZ"),
    ]
    assert [s for s in segments if s[0] == "EQD"][1] == ("EQD", "CN", "TGHU1643396", "", "", "", "4")


def test_a_box_without_a_number_is_not_reported(world: World) -> None:
    """A remark says so; with nothing to say there are no bytes."""
    written = codeco(world, GATED_IN, facts=ContainerFacts(container_id="C00017"))
    assert (written.content, written.count) == (b"", 0)
    assert [(r.code, r.about) for r in written.remarks] == [("container-unnumbered", ("C00017",))]
    assert codeco(world, BOOKED).content == b""


def test_large_gates_are_cut(world: World) -> None:
    """At most 999 containers a message."""
    segments = parsed(codeco(world, *[structs.replace(GATED_IN, position=n) for n in range(1500)]))
    assert [s[1] for s in segments if s[0] == "CNT"] == [("16", "999"), ("16", "501")]


def test_iftsta_field_by_field(world: World) -> None:
    """A train that departs: a status for each consignment in the container, with train, place and box."""
    place = ("CNULZ", "139", "6", "Urumqi International Land Port")
    group = [
        ("STS", "1", ("24", "", "6", "Departure, completed")),
        ("RFF", ("AAM", "N-77")),
        ("DTM", ("334", "202603020904", "203")),
        ("LOC", "175", place),
        ("TDT", "20", "D-1", "2", "25"),
        ("LOC", "5", place),
        ("LOC", "8", ("KZALA", "139", "6", "Almaty")),
        ("EQD", "CN", "CSQU3054383", ("45G1", "102", "5"), "", "", "5"),
        ("MEA", "AAE", "VGM", ("KGM", "21430")),
        ("SEL", "CN123456"),
        ("SEL", "KZ'1+2"),
    ]
    assert parsed(iftsta(world, DEPARTED)) == [
        ("UNB", ("UNOC", "3"), "LANDPORT", "FWD", ("260302", "0400"), "R1"),
        ("UNH", "00001", ("IFTSTA", "D", "00B", "UN")),
        ("BGM", "23", "R1-1", "9"),
        ("DTM", ("137", "202603020400", "203")),
        ("NAD", "MS", ("LANDPORT", "160", "ZZZ")),
        ("NAD", "MR", ("FWD", "160", "ZZZ")),
        ("CNI", "1", "B-1"),
        *group,
        ("CNI", "2", "B-2"),
        *group,
        ("UNT", "30", "00001"),
        ("UNZ", "1", "R1"),
    ]


def test_every_event_has_its_status(world: World) -> None:
    """One message an event that the list has; a booking has no container, a place without UN/LOCODE its own id."""
    written = iftsta(world, *EVERY)
    segments = parsed(written)
    reported = [e for e in EVERY if e.type in IFTSTA]
    assert written.count == len(reported) == 7
    assert [s[2][0] for s in segments if s[0] == "STS"][::2][:3] == ["74", "13", "48"]
    booked = parsed(iftsta(world, BOOKED))
    assert ("CNI", "1", "B-1") in booked
    assert not [s for s in booked if s[0] in ("EQD", "LOC")]
    assert ("LOC", "175", ("ALY", "ZZZ", "ZZZ", "Altay")) in parsed(iftsta(world, ARRIVED))
    assert ("CNI", "1") in parsed(iftsta(world, ARRIVED, facts=ContainerFacts(container_id="C00017")))


def test_codes_are_of_events_that_exist() -> None:
    """Tables name types of events; codes of Recommendation 24 are numbers, each used once."""
    assert {*CODECO, *IFTSTA, *EPCIS} <= set(EVENTS)
    codes = [status.code for status in IFTSTA.values()]
    assert len(set(codes)) == len(codes)
    assert all(code.isdigit() for code in codes)


@pytest.mark.parametrize(
    ("name", "syntax", "date"),
    [
        ("Müller & Søn", ("UNOC", "3"), "260302"),
        ("ТОО Алма", ("UNOY", "4"), "20260302"),
        ("乌鲁木齐", ("UNOY", "4"), "20260302"),
    ],
)
def test_letters_choose_the_character_set(world: World, name: str, syntax: tuple[str, str], date: str) -> None:
    """Latin letters go out as ISO 8859-1, others as UTF-8 under syntax version 4, which writes long years."""
    segments = parsed(codeco(world, GATED_IN, facts=replace(BOX, operator=name)))
    assert (segments[0][1], segments[0][4]) == (syntax, (date, "0400"))
    assert ("NAD", "CF", (name, "160", "ZZZ")) in segments


@given(text=st.text(max_size=30), seal=st.text(max_size=10))
def test_any_text_comes_back(text: str, seal: str) -> None:
    """Separators are escaped, control characters become spaces; the message stays whole."""
    facts = replace(BOX, consignment_ids=(text,), seals=(seal,), operator="")
    segments = parsed(edifact.codeco((GATED_IN,), {"C00017": facts}, {}, ENVELOPE))
    clean = edifact._clean(text)
    assert [s[1] for s in segments if s[0] == "RFF"][:1] == [("BN", clean)] if clean else [("AAM", "N-77")]
    assert [s[1] for s in segments if s[0] == "SEL"] == ([edifact._clean(seal)] if edifact._clean(seal) else [])


def test_long_identifiers_are_left_out(world: World) -> None:
    """A cut number would name something else; the remark says what is missing."""
    facts = replace(BOX, seals=("S" * 11,), consignment_ids=("B" * 36,))
    written = codeco(world, GATED_IN, facts=facts)
    segments = parsed(written)
    assert not [s for s in segments if s[0] == "SEL" or s[1] == ("BN", "")]
    assert {r.code for r in written.remarks} == {"too-long-for-message"}


def test_the_envelope_is_checked(world: World) -> None:
    """All that is wrong with it, at once; a test says that it is one."""
    bad = replace(ENVELOPE, sender="", recipient="X" * 36, reference="15 characters..")
    with pytest.raises(InputError) as caught:
        edifact.codeco((GATED_IN,), FACTS, world.network.places, bad)
    assert [p.key for p in caught.value.problems] == ["sender", "recipient", "reference"]
    test = edifact.codeco((GATED_IN,), FACTS, world.network.places, replace(ENVELOPE, is_test=True))
    assert parsed(test)[0][6:] == ("", "", "", "", "", "1")


def test_the_same_events_give_the_same_bytes(world: World) -> None:
    """No clock, no chance."""
    assert iftsta(world, *EVERY).content == iftsta(world, *reversed(EVERY)).content
