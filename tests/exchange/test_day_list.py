"""The day's list: every appointment on it, on as few sheets as it needs, the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from landport.exchange import day_list, letters, read_check_ins
from landport.exchange.caps import CAPS
from landport.exchange.day_list import day_list_pdf, day_list_xlsx
from landport.exchange.day_rows import COLUMNS, DayHead, DayRow, counts
from landport.exchange.workbook import open_workbook, sheet_rows

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
HEAD = DayHead(border_id="BKT", name="Baktu", on=date(2026, 3, 2), zone="Asia/Shanghai", printed_at=AT, position=48213)
ROW = DayRow(
    opens_at=AT,
    closes_at=AT + timedelta(hours=1),
    channel="perishable",
    appointment_id="T0123456789ab",
    tractor="新A12345",
    trailer="123ABC04",
    document="TIR XK12345678",
    is_accepted=True,
)


def rows(n, **changes):
    return [
        replace(ROW, appointment_id=f"T{i:012x}", opens_at=AT + timedelta(hours=i // 10), **changes) for i in range(n)
    ]


@pytest.fixture
def drawn(monkeypatch):
    """What is written on the sheets, in order."""
    texts = []
    real = letters.runs

    def noted(text, font):
        texts.append(text)
        return real(text, font)

    monkeypatch.setattr(letters, "runs", noted)
    return texts


def sheets(pdf):
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_everything_stands_on_the_list(drawn):
    """Heads of three languages on every sheet, each appointment, counts, and when it was printed."""
    day_list._fitting.cache_clear()
    pdf = day_list_pdf(rows(75), HEAD)
    said = set(drawn)
    assert {words[0] for words in COLUMNS[:7]} <= said
    assert {"牵引车", "Тягач", "Baktu BKT  ·  2026-03-02  ·  Asia/Shanghai", "10:00–11:00"} <= said
    assert {f"T{i:012x}" for i in range(75)} <= said
    assert "Printed · 打印 · Напечатано: 2026-03-02 10:00 Asia/Shanghai, position 48213" in said
    assert {f"{n} / {sheets(pdf)}" for n in range(1, sheets(pdf) + 1)} <= said
    assert letters.MISSING not in "".join(drawn)


@pytest.mark.parametrize(("n", "most"), [(0, 1), (1, 1), (19, 1), (900, 40)])
def test_as_many_sheets_as_it_needs(n, most):
    """One for a day without appointments; some 23 rows each."""
    pdf = day_list_pdf(rows(n), HEAD)
    assert 1 <= sheets(pdf) <= most
    assert day_list_pdf(rows(n), HEAD) == pdf


def test_rows_with_codes_are_higher():
    """A QR code is printed where the row has one."""
    assert sheets(day_list_pdf(rows(20, code="LP1.56475aa7.WyJC.Q29k"), HEAD)) > sheets(day_list_pdf(rows(20), HEAD))


def test_long_texts_are_cut():
    """Whatever was typed, it stays in its column."""
    long = replace(
        ROW, tractor="Щ" * 200, document="x" * 500, appointment_id="漢" * 100, channel="?" * 50, status="y" * 90
    )
    assert sheets(day_list_pdf([long], replace(HEAD, name="Long " * 60))) == 1
    text, font, size = day_list._fitting("Щ" * 200, "PTSans", 8.6, 62)
    assert text.endswith("…")
    assert letters.width(text, font, size) <= 62


def test_channels_are_counted():
    """In the order that they are published in, those that nobody knows last, then all."""
    found = counts([ROW, ROW, replace(ROW, channel="general"), replace(ROW, channel="new")])
    assert [(words[0], n) for words, n in found] == [("general", 1), ("perishable", 2), ("new", 1), ("all", 4)]


def test_the_workbook_is_typed_into(tmp_path):
    """The list on one sheet, no cell of it a formula; on the other what is read back."""
    path = tmp_path / "day.xlsx"
    path.write_bytes(day_list_xlsx(rows(30, tractor="=1+1"), HEAD))
    assert path.read_bytes() == day_list_xlsx(rows(30, tractor="=1+1"), HEAD)
    found = list(sheet_rows(open_workbook(path, CAPS), "day list", "day", [], CAPS))
    heads = next(i for i, row in enumerate(found) if "Tractor\n牵引车\nТягач" in row)
    assert len(found) - heads - 1 == 30
    assert found[heads + 1][1:5] == ["10:00–11:00", "perishable · 鲜活 · скоропорт", "T000000000000", "=1+1"]
    assert read_check_ins(path, HEAD.zone) == ()
