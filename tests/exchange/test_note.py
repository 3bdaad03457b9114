"""Drafts of consignment notes: every box filled or named as missing, and a sheet on which all of it stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landport.errors import InputError, NotFound
from landport.exchange import letters, note_sheet
from landport.exchange.note import (
    NoteContainer,
    NoteData,
    NoteDraft,
    NoteGoods,
    NoteParty,
    NotePayer,
    note_draft,
    note_json,
)
from landport.exchange.note_boxes import MARK, ROWS, WIDE
from landport.model.scenario import World

FULL = NoteData(
    consignment_id="B-17",
    drawn_on=date(2026, 3, 2),
    sender=NoteParty(name="新疆厨具有限公司", address="乌鲁木齐市迎宾路88号", country="CN", contact="+86", code="6501"),
    consignee=NoteParty(name="ТОО «Алма»", address="ул. Толе би, 101", country="KZ"),
    departure_id="URC",
    destination_id="ALM",
    borders=(("ALA", "DOS"),),
    payers=(NotePayer(railway="CN", name="CR Payer", code="1"), NotePayer(railway="KZ", name="Транс", code="8004512")),
    goods=(
        NoteGoods(
            description="Kitchenware 厨具 утварь",
            hs="7323",
            gng_code="73239300",
            packages=1200,
            package_kind="cartons",
            gross_kg=18_401,
        ),
    ),
    containers=(NoteContainer(number="CSQU3054383", iso_type="45G1", tare_kg=3940, gross_kg=22_341, seals=("CN1",)),),
    wagons=("50701077",),
    documents=("Invoice 17", "装箱单"),
    statements=("Carriage by sender's containers",),
    contract="K-15",
    carrier="China Railway",
    value_usd_cents=6_200_000,
    codes={"URC": "123456", "ALA": "654321", "DOS": "708507", "ALM": "700007"},
)
GOODS, BOX = FULL.goods[0], FULL.containers[0]


def codes() -> dict[str, str]:
    """Codes whose check digits are right, of no real station."""
    from landport.units import _esr_digit

    return {
        "URC": "123456",
        "ALA": "654321",
        "DOS": f"70850{_esr_digit('70850')}",
        "ALM": f"70000{_esr_digit('70000')}",
    }


def draft(world: World, data: NoteData = FULL) -> NoteDraft:
    return note_draft(replace(data, codes=codes()) if data.codes else data, world.network.places)


def drawn(monkeypatch: pytest.MonkeyPatch, found: NoteDraft) -> tuple[list[tuple[float, float, float, str]], bytes]:
    """Draw a note and keep every text with its place and the end of its line."""
    texts: list[tuple[float, float, float, str]] = []
    pen = note_sheet._Sheet._text

    def keep(self, x, y, text, font, size, *, grey=0.0):
        texts.append((x, y, x + letters.width(text, font, size), text))
        pen(self, x, y, text, font, size, grey=grey)

    monkeypatch.setattr(note_sheet._Sheet, "_text", keep)
    return texts, note_sheet.note_pdf(found)


def test_a_full_note_lacks_nothing(world: World) -> None:
    """Stations with their names in three languages, railways in order, codes as handed in."""
    found = draft(world)
    assert found.lacks == ()
    assert found.railways == ("CN", "KZ")
    assert (found.departure.name_zh, found.departure.code) == ("乌鲁木齐国际陆港区", "123456")
    assert (found.borders[0].exit.name, found.borders[0].entry.name_ru) == ("Alashankou", "Достык")


LACKING = [
    ({"sender": NoteParty(name="", address="x", country="CN")}, "1"),
    ({"consignee": NoteParty(name="x", address="", country="CN")}, "4"),
    ({"documents": ()}, "9"),
    ({"payers": FULL.payers[:1]}, "18"),
    ({"payers": (replace(FULL.payers[0], code=""), FULL.payers[1])}, "18"),
    ({"wagons": ()}, "19"),
    ({"goods": ()}, "20"),
    ({"containers": ()}, "20"),
    ({"containers": (replace(BOX, number=""),)}, "20"),
    ({"containers": (replace(BOX, seals=()),)}, "20"),
    ({"containers": (replace(BOX, gross_kg=0),)}, "24"),
    ({"goods": (replace(GOODS, packages=0),)}, "20"),
    ({"goods": (replace(GOODS, un_number="UN1263"),)}, "22"),
    ({"goods": (replace(GOODS, gng_code=""),)}, "23"),
    ({"goods": (replace(GOODS, gross_kg=0),)}, "24"),
    ({"borders": ()}, "60"),
    ({"carrier": ""}, "66"),
]


@pytest.mark.parametrize(("change", "box"), LACKING)
def test_what_is_missing_is_named_with_its_box(world: World, change: dict[str, object], box: str) -> None:
    """One thing taken away, one thing missing."""
    lacks = draft(world, replace(FULL, **change)).lacks
    assert [lack.box for lack in lacks] == [box]


def test_station_codes_are_not_made_up(world: World) -> None:
    """The reference has none, so that all four stations lack theirs, in the order of the boxes."""
    lacks = draft(world, replace(FULL, codes={})).lacks
    assert [lack.box for lack in lacks] == ["12", "17", "60", "60"]


def test_wrong_codes_are_told(world: World) -> None:
    """All of them at once; a place that nobody knows is not found."""
    wrong = replace(
        FULL,
        form="CMR",
        codes={"ALM": "700001", "URC": "12"},
        goods=(replace(GOODS, gng_code="7323", un_number="1263"),),
        containers=(replace(BOX, number="CSQU3054384"),),
    )
    with pytest.raises(InputError) as caught:
        note_draft(wrong, world.network.places)
    keys = [p.key for p in caught.value.problems]
    assert keys == ["form", "codes.ALM", "codes.URC", "gng_code", "un_number", "number"]
    with pytest.raises(NotFound):
        note_draft(replace(FULL, departure_id="XXX"), world.network.places)


def test_json_has_every_field(world: World) -> None:
    """Plain JSON in any language, the same bytes every time."""
    found = draft(world)
    content = note_json(found)
    data = json.loads(content)
    assert list(data) == list(NoteDraft.__dataclass_fields__)
    assert data["sender"]["name"] == "新疆厨具有限公司"
    assert (data["drawn_on"], data["goods"][0]["gng_code"], data["lacks"]) == ("2026-03-02", "73239300", [])
    assert content == note_json(draft(world))


def test_everything_stands_on_the_sheet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field is written, inside the page, and the sheet says that it is a draft."""
    found = draft(world, replace(FULL, carrier=""))
    texts, content = drawn(monkeypatch, found)
    said = "".join(re.sub(r"\s", "", text) for *_, text in texts)
    wanted = [
        *(found.sender.name, found.sender.address, found.sender.code, found.consignee.name, found.consignee.address),
        *("B-17", "K-15", "2026-03-02", "123456", "654321", "8004512", "Транс", "50701077", "Invoice17", "装箱单"),
        *("Alashankou", "Достык", "多斯托克", "73239300", "18,401", "22,341", "CSQU3054383", "45G1", "CN1", "1,200"),
        *(MARK, "USD62000.00", "66contractualcarrier", "NoteCIM/SMGS".replace("Note", "note")),
    ]
    assert [w for w in wanted if re.sub(r"\s", "", w) not in said] == []
    assert all(x >= note_sheet.LEFT and end <= note_sheet.PAGE[0] - note_sheet.LEFT + 0.01 for x, _, end, _ in texts)
    assert all(note_sheet.FOOT - 0.01 <= y <= note_sheet.PAGE[1] for _, y, _, _ in texts)
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1


def test_fonts_come_along(world: World) -> None:
    """Latin and Cyrillic letters are embedded, Chinese ones are a font of the reader; nothing else is used."""
    content = note_sheet.note_pdf(draft(world))
    fonts = set(re.findall(rb"/BaseFont /([\w+-]+)", content))
    assert {f.partition(b"+")[2] or f for f in fonts} == {b"PTSans-Regular", b"PTSans-Bold", b"STSong-Light"}
    assert content.count(b"/FontFile2") == 2


def test_the_same_draft_gives_the_same_bytes(world: World) -> None:
    """No clock, no chance."""
    assert note_sheet.note_pdf(draft(world)) == note_sheet.note_pdf(draft(world))


def test_what_does_not_fit_stands_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note of many goods and papers goes on on further sheets, each marked as a draft; nothing is lost."""
    data = replace(
        FULL,
        goods=tuple(replace(GOODS, description=f"Goods number {i} 商品", gng_code="") for i in range(60)),
        documents=tuple(f"Paper {i}" for i in range(30)),
    )
    texts, content = drawn(monkeypatch, draft(world, data))
    said = " ".join(text for *_, text in texts)
    assert [i for i in range(60) if f"Goods number {i} 商品" not in said] == []
    assert [i for i in range(30) if f"Paper {i}" not in said] == []
    assert [i for i in range(60) if f"GNG/NHM code of Goods number {i} " not in said] == []
    n_sheets = content.count(b"/Type /Page\n")
    assert n_sheets > 1
    assert sum(text == MARK for *_, text in texts) == n_sheets
    assert all(end <= note_sheet.PAGE[0] - note_sheet.LEFT + 0.01 for _, _, end, _ in texts)


def test_boxes_fill_the_grid() -> None:
    """Each row is as wide as the sheet, no number twice, three names each."""
    assert {sum(box.columns for box in boxes) for _, boxes in ROWS} == {WIDE}
    numbers = [box.number for _, boxes in ROWS for box in boxes]
    assert len(set(numbers)) == len(numbers)
    assert all(all(box.names) for _, boxes in ROWS for box in boxes)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(max_size=300))
def test_any_text_can_be_drawn(world: World, text: str) -> None:
    """Letters that no font has become a question mark; lines never leave their box."""
    letters.load()
    for line in letters.lines(text, letters.PLAIN, 8, 60):
        assert letters.width(line, letters.PLAIN, 8) <= 60 or len(line) == 1
    data = replace(FULL, statements=(text,), sender=replace(FULL.sender, name=text))
    assert note_sheet.note_pdf(draft(world, data)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Қазақстан Темір Жолы", ["PTSans"]),
        ("Łódź, Göteborg", ["PTSans"]),
        ("铁路 №5", ["STSong-Light", "PTSans"]),
        ("ئۈرۈمچى 😀", ["PTSans"]),
    ],
)
def test_letters_find_their_font(text: str, fonts: list[str]) -> None:
    """Kazakh and Polish letters are there; what is nowhere is shown as missing."""
    found = letters.runs(text, letters.PLAIN)
    assert [font for font, _ in found] == fonts
    if "😀" in text:
        assert set("".join(part for _, part in found)) == {"?", " "}
