"""What people write of an edit: lines and places in any language, values, and what is told of a wrong text."""

from __future__ import annotations

import pytest

from landport.errors import InputError, NotFound
from landport.model.edit_texts import edits_from
from landport.reference import load
from tests.model.lines import edits

REAL = load.world().network


@pytest.mark.parametrize(
    ("action", "text", "found"),
    [
        ("open", "R-HTN-RUO-1435", ["open R-HTN-RUO-1435"]),
        ("open", " r-htn-ruo-1435 ", ["open R-HTN-RUO-1435"]),
        ("open", "KHG-TOR", ["open R-KHG-TOR-1435", "open H-KHG-TOR"]),
        ("open", "mak-jal", ["open R-MAK-JAL-1520"]),
        ("open", "JAL -> MAK", ["open R-MAK-JAL-1520"]),
        ("close", "Hotan - Ruoqiang", ["close R-HTN-RUO-1435", "close H-HTN-RUO"]),
        ("close", "和田 — 若羌", ["close R-HTN-RUO-1435", "close H-HTN-RUO"]),
        ("close", "Alma-Ata - Zhetygen", ["close R-ZHT-ALM-1520"]),
        ("close", "Khorgos-Altynkol", ["close R-HRG-ALT-1435", "close R-HRG-ALT-1520"]),
        ("close", "Khorgos (CN) - Khorgos (KZ, rail)", ["close R-HRG-ALT-1435", "close R-HRG-ALT-1520"]),
        ("close", "Хоргос (CN)", ["close HRG"]),
        ("close", "Alma-Ata", ["close ALM"]),
        ("slow", "HRG=1.5", ["slow HRG 1500"]),
        ("slow", "R-HTN-RUO-1435 = 0.75", ["slow R-HTN-RUO-1435 750"]),
        ("gauge", "KHG-TOR=1520", ["gauge R-KHG-TOR-1435 1520"]),
        ("capacity", "阿拉木图=60", ["capacity ALM 60"]),
    ],
)
def test_texts_are_read_as_edits(action, text, found):
    """A line, two places in any language, or a place, with a value where the action has one."""
    assert list(edits_from(action, [text], REAL)) == edits(*found)


@pytest.mark.parametrize(
    ("action", "text", "kind", "said"),
    [
        ("burn", "ALM", InputError, "no edit is called 'burn': use one of open, close"),
        ("open", "R-HTN-RUO-1453", NotFound, "did you mean R-HTN-RUO-1435"),
        ("open", "HTN", InputError, "open takes a line, not the place 'HTN'; lines there: R-KHG-HTN-1435"),
        ("open", "Hotan - Almaty", NotFound, "no line joins 'Hotan' and 'Almaty'; lines there: R-KHG-HTN-1435"),
        ("open", "Hotan - Ruoqang", NotFound, r"no place is called 'Ruoqang'; did you mean Ruoqiang \(RUO\)"),
        ("close", "Khorgoss", NotFound, r"no line or place is called 'Khorgoss'; did you mean .*\(HRG\)"),
        ("close", "Khorgos", InputError, "is the name of 3 places"),
        ("close", "Khorgos (DE)", InputError, "no such side"),
        ("open", "Khorgos (CN)", InputError, "open takes a line, not the place 'Khorgos .CN.'; lines there: R-YIN-HRG"),
        ("close", "-", NotFound, "no line or place is called '-'$"),
        ("slow", "HRG", InputError, "a value such as HRG=1.5"),
        ("slow", "HRG=soon", InputError, "a value such as"),
        ("slow", "=2", InputError, "a value such as"),
        ("slow", "HRG=nan", InputError, "a value such as"),
        ("slow", "HRG=1e999999999", InputError, "a value such as"),
        ("slow", "HRG=1.2345", InputError, "a value such as"),
        ("slow", "HRG=0", InputError, "0.001 to 1000"),
        ("capacity", "HRG=0", InputError, "close it"),
        ("gauge", "KHG-TOR=1000", InputError, "1435, 1520, 1668"),
    ],
)
def test_texts_that_mean_nothing_are_told(action, text, kind, said):
    """What is like it, or what was expected."""
    with pytest.raises(kind, match=said):
        edits_from(action, [text], REAL)


def test_all_wrong_texts_are_told_at_once():
    """One bad text does not hide the others; those of one kind keep their code."""
    with pytest.raises(NotFound) as caught:
        edits_from("open", ["R-HTN-RUO-1453", "KHG-TOR", "Hotan - Almaty"], REAL)
    assert caught.value.code == "unknown-line"
    assert len(caught.value.message.splitlines()) == 2
    with pytest.raises(InputError) as mixed:
        edits_from("slow", ["HRG", "Khorgoss=2"], REAL)
    assert (mixed.value.code, len(mixed.value.message.splitlines())) == ("wrong-edit", 2)
