"""Check-ins written down at a gate: nothing that was acknowledged is lost, and every wrong row is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import xlsxwriter

from landport.errors import Conflict, InputError
from landport.exchange import check_ins
from landport.exchange.check_ins import CheckIn, read_check_ins, record_check_in

AT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
ROW = CheckIn(checked_in_at=AT, appointment_id="T1", tractor="=新A1", version=7, key_id="0f1e2d3c", verdict="early")
ZONE = "Asia/Almaty"


def told(path, **options):
    with pytest.raises(InputError) as caught:
        read_check_ins(path, ZONE, **options)
    return [(p.row, p.column) for p in caught.value.problems]


def test_what_is_recorded_is_read(tmp_path):
    """Each with its row; no plate is a formula."""
    path = tmp_path / "list.csv"
    record_check_in(path, ROW)
    record_check_in(path, replace(ROW, appointment_id="T2", verdict="late"))
    found = read_check_ins(path, ZONE)
    assert found == (replace(ROW, row=2), replace(ROW, row=3, appointment_id="T2", verdict="late"))
    assert b",'=" in path.read_bytes()


def test_nobody_is_let_in_twice(tmp_path):
    """Not by the same appointment, whatever else differs; the first row stays."""
    path = tmp_path / "list.csv"
    record_check_in(path, ROW)
    before = path.read_bytes()
    with pytest.raises(Conflict, match="checked in already, at 2026-03-02T02:15:00") as caught:
        record_check_in(path, replace(ROW, tractor="other", checked_in_at=AT + timedelta(days=1)))
    assert caught.value.code == "checked-in-already"
    assert path.read_bytes() == before


def test_the_power_goes_at_any_byte(tmp_path):
    """Whatever of the last row was written, the rows before stay, and the truck can be checked in again."""
    path = tmp_path / "list.csv"
    record_check_in(path, ROW)
    one = path.read_bytes()
    record_check_in(path, replace(ROW, appointment_id="T2", tractor="牵A2"))
    whole = path.read_bytes()
    for size in range(len(one), len(whole) - 1):
        path.write_bytes(whole[:size])
        record_check_in(path, replace(ROW, appointment_id="T2", tractor="牵A2"))
        assert path.read_bytes() == whole, size
    for size in range(len(check_ins._HEAD)):
        path.write_bytes(whole[:size])
        record_check_in(path, ROW)
        assert path.read_bytes() == one


def test_a_list_without_its_last_line_end_is_gone_on_with(tmp_path):
    """An editor took it away, and wrote line ends of its own."""
    path = tmp_path / "list.csv"
    record_check_in(path, ROW)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").rstrip())
    record_check_in(path, replace(ROW, appointment_id="T2"))
    assert [c.appointment_id for c in read_check_ins(path, ZONE)] == ["T1", "T2"]


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """What could not be written was not acknowledged; afterwards it can."""
    path = tmp_path / "list.csv"
    record_check_in(path, ROW)

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(check_ins.os, "fsync", full)
        with pytest.raises(InputError, match="No space left"):
            record_check_in(path, replace(ROW, appointment_id="T2"))
    record_check_in(path, replace(ROW, appointment_id="T2"))
    assert len(read_check_ins(path, ZONE)) == 2


@pytest.mark.parametrize("content", [b"hello", b"a,b\n1,2\n", b"\xff\xfe\x00", b"checked_in_at,appointment_id\n"])
def test_other_files_are_left_alone(tmp_path, content):
    """A list that we did not begin is not written to."""
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        record_check_in(path, ROW)
    assert caught.value.code == "bad-option"
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("said", "hour", "minute"),
    [
        ("2026-03-02T10:15+08:00", 2, 15),
        ("2026-03-02 02:15Z", 2, 15),
        ("2026-03-02 10:15", 5, 15),
        ("2026/3/2 9:05", 4, 5),
        ("02.03.2026 09:05:30", 4, 5),
        ("9:05", 4, 5),
        ("09：05", 4, 5),
    ],
)
def test_clocks_of_three_countries(tmp_path, said, hour, minute):
    """Without an offset they are the gate's; without a date, of the list's day."""
    path = tmp_path / "typed.csv"
    path.write_text(f"Checked in at;Appointment;Tractor;Remark\n\n{said};T1;A1;seal broken\n", "utf-8")
    (found,) = read_check_ins(path, ZONE, on=date(2026, 3, 2))
    assert (found.row, found.remark, found.version) == (3, "seal broken", None)
    at = found.checked_in_at.astimezone(UTC)
    assert (at.date(), at.hour, at.minute) == (date(2026, 3, 2), hour, minute)


def test_every_wrong_row_is_told(tmp_path):
    """With its row and column; doubles, too; none hides another."""
    path = tmp_path / "typed.csv"
    rows = (
        "2026-03-02 10:15,T1,",
        "10:15,T2,",
        "2026-02-30 10:15,T3,",
        "2026-03-02,T4,",
        "2026-03-02 25:15,T5,",
        "2026-03-02 10:20,,x",
        "2026-03-02 10:20,T1," + "x" * 201,
        ",T7,",
        "2300-03-02 10:20,T8,",
    )
    path.write_text("checked_in_at,appointment,remark\n" + "\n".join(rows), "utf-8")
    when, who = "checked_in_at", "appointment_id"
    wanted = [(3, when), (4, when), (5, when), (6, when), (7, who), (8, "remark"), (8, who), (9, when), (10, when)]
    assert told(path) == wanted
    path.write_text("when,what\n1,2\n", "utf-8")
    assert told(path) == [(1, when), (1, who)]
    path.write_text(
        "checked_in_at,appointment,appointment_id,version,verdict\n2026-03-02 10:15,T1,T1,x,fine\n", "utf-8"
    )
    assert told(path) == [(1, who), (2, "verdict"), (2, "version")]
    assert told(tmp_path / "none.csv") == [(None, None)]


@pytest.mark.parametrize("clock", ["2026-10-25 02:30", "2026-03-29 02:30"])
def test_clocks_that_are_shown_twice_or_never(tmp_path, clock):
    """When clocks are changed an offset is asked for, and is enough."""
    path = tmp_path / "typed.csv"
    path.write_text(f"checked_in_at,appointment\n{clock},T1\n", "utf-8")
    with pytest.raises(InputError, match=r"is shown twice|is left out"):
        read_check_ins(path, "Europe/Berlin")
    path.write_text(f"checked_in_at,appointment\n{clock}+01:00,T1\n", "utf-8")
    assert len(read_check_ins(path, "Europe/Berlin")) == 1


def test_a_workbook_of_the_same_columns(tmp_path):
    """Dates and clocks of Excel are the gate's; headers of the printed list are known."""
    path = tmp_path / "typed.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    stamp, clock = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd hh:mm", "hh:mm"))
    sheet.write_row(0, 0, ["时间", "预约号", "牵引车", "备注"])
    sheet.write_datetime(1, 0, datetime(2026, 3, 2, 10, 15), stamp)  # noqa: DTZ001 -- Excel knows no zone
    sheet.write_datetime(2, 0, datetime(2026, 3, 2, 9, 5).time(), clock)  # noqa: DTZ001
    sheet.write(1, 1, "T1")
    sheet.write(2, 1, "T2")
    sheet.write(2, 2, 4711)
    book.close()
    first, second = read_check_ins(path, ZONE, on=date(2026, 3, 2))
    assert (first.checked_in_at.isoformat(), first.tractor) == ("2026-03-02T10:15:00+05:00", "")
    assert (second.checked_in_at.isoformat(), second.tractor) == ("2026-03-02T09:05:00+05:00", "4711")
    assert told(path) == [(3, "checked_in_at")]
