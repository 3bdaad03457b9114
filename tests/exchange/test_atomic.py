"""Nothing is ever left half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from landport import exchange
from landport.errors import Conflict, InputError
from landport.exchange import scenarios, workbook
from landport.exchange.atomic import whole_file, whole_folder
from landport.exchange.example import example
from landport.model.scenario import World


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, world: World, name: str, stop: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C or a full disk in the middle leaves neither a new file nor a trace of one."""
    real = scenarios.text_rows if name == "week" else scenarios.sheet_rows

    def rows(table: str, *more: object) -> Iterator[object]:
        for row in real(table, *more):
            yield row
            if table == "orders":
                raise stop

    monkeypatch.setattr(scenarios, "text_rows", rows)
    monkeypatch.setattr(scenarios, "sheet_rows", rows)
    with pytest.raises((KeyboardInterrupt, InputError)):
        exchange.write_scenario(example(world), tmp_path / name, world)
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["week", "week.xlsx"])
def test_an_interrupted_write_keeps_the_old(
    tmp_path: Path, world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scenario that was there stays as it was."""
    exchange.write_scenario(example(world), tmp_path / name, world)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scenarios, "text_rows", stopped)
    monkeypatch.setattr(workbook, "_write_row", stopped)
    with pytest.raises(KeyboardInterrupt):
        exchange.write_scenario(replace(example(world), hub_id="SHZ"), tmp_path / name, world)
    assert names(tmp_path) == [name]
    assert exchange.read_scenario(tmp_path / name, world)[0] == example(world)


def test_writing_again_replaces_tables_and_keeps_the_rest(tmp_path: Path, world: World) -> None:
    """Old tables go, the owner's own files stay."""
    path = tmp_path / "week"
    exchange.write_scenario(example(world), path, world)
    (path / "plan.json").write_text("{}", encoding="utf-8")
    (path / "mine").mkdir()
    bare = replace(example(world), orders=(), supply=(), departures=(), services=())
    exchange.write_scenario(bare, path, world)
    assert names(path) == ["bookings.csv", "items.csv", "mine", "plan.json", "scenario.toml"]
    assert names(tmp_path) == ["week"]


def test_a_failed_swap_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even between the two renames nothing is lost."""
    target = tmp_path / "week"
    target.mkdir()
    (target / "a.csv").write_text("old", encoding="utf-8")
    really = Path.rename

    def rename(self: Path, to: Path) -> Path:
        if self.suffix == ".part":
            raise KeyboardInterrupt
        return really(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt), whole_folder(target, frozenset({"a.csv"})) as part:
        (part / "a.csv").write_text("new", encoding="utf-8")
    assert names(tmp_path) == ["week"]
    assert (target / "a.csv").read_text(encoding="utf-8") == "old"


def owners(folder: Path) -> Path:
    """A folder with a table of ours, and a file and a folder of its owner."""
    folder.mkdir()
    (folder / "a.csv").write_text("old", encoding="utf-8")
    (folder / "plan.json").write_text("mine", encoding="utf-8")
    (folder / "notes").mkdir()
    return folder


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [(n,) for n in range(5)] + [(n, n + 1) for n in range(5)], ids=str)
def test_an_interrupt_at_any_rename_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: tuple[int, ...], is_done: bool
) -> None:
    """Ctrl-C before or after any rename, also twice: the old folder or the new one, the owner's files in it."""
    target = owners(tmp_path / "week")
    count = 0

    def interrupted(really):
        def move(self: Path, *to: object, **how: bool) -> object:
            nonlocal count
            count += 1
            if count - 1 in at and not is_done:
                raise KeyboardInterrupt
            moved = really(self, *to, **how)
            if count - 1 in at:
                raise KeyboardInterrupt
            return moved

        return move

    monkeypatch.setattr(Path, "rename", interrupted(Path.rename))
    monkeypatch.setattr(shutil, "rmtree", interrupted(shutil.rmtree))
    with pytest.raises(KeyboardInterrupt), whole_folder(target, frozenset({"a.csv", "b.csv"})) as part:
        (part / "a.csv").write_text("new", encoding="utf-8")
    monkeypatch.undo()
    assert count > at[0], "nothing was interrupted"
    assert [name for name in names(tmp_path) if not name.endswith(".part")] == ["week"]
    assert names(target) == ["a.csv", "notes", "plan.json"]
    assert (target / "plan.json").read_text(encoding="utf-8") == "mine"
    wanted = "old" if at[0] + is_done <= 1 else "new"
    assert (target / "a.csv").read_text(encoding="utf-8") == wanted


def test_files_that_cannot_be_moved_back_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the system refuses in the middle, the message says where the owner's files lie."""
    target = owners(tmp_path / "week")
    really = Path.rename

    def rename(self: Path, to: Path) -> Path:
        if self.name == "plan.json":
            raise OSError(5, "Input/output error")
        return really(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(InputError, match="Input/output error") as caught, whole_folder(target, frozenset()):
        pass
    aside = Path(caught.value.about[1])
    assert aside.name in caught.value.message
    assert (aside / "plan.json").read_text(encoding="utf-8") == "mine"


def test_targets_of_the_wrong_kind(tmp_path: Path, world: World) -> None:
    """A file where a folder should be, a folder where a file should be, a parent that is a file: InputError."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder.xlsx").mkdir()
    for target in ("file", "folder.xlsx", "file/week", "file/week.xlsx"):
        with pytest.raises(InputError) as caught:
            exchange.write_scenario(example(world), tmp_path / target, world)
        assert caught.value.code == "not-writable"


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_pipe_is_no_target(tmp_path: Path, is_linked: bool) -> None:
    """A pipe or a device is never replaced by a file."""
    os.mkfifo(tmp_path / "pipe")
    target = tmp_path / "pipe"
    if is_linked:
        target = tmp_path / "link"
        target.symlink_to(tmp_path / "pipe")
    with pytest.raises(InputError, match="is no regular file") as caught:
        exchange.expect_writable(target)
    assert caught.value.code == "not-writable"
    with pytest.raises(InputError, match="is no regular file"), whole_file(target) as part:
        part.write_text("x", encoding="utf-8")
    assert (tmp_path / "pipe").is_fifo()


def test_an_empty_name_is_no_target() -> None:
    """`--out ""` is not called a folder."""
    with pytest.raises(InputError, match="expected the name of a file"):
        exchange.expect_writable(Path())


def test_permissions_are_the_usual_ones(tmp_path: Path) -> None:
    """A new file has the mode that the umask gives; a replaced one keeps its own; links are followed."""
    mask = os.umask(0o022)
    try:
        for name in ("new", "old"):
            if name == "old":
                (tmp_path / "old").touch()
                (tmp_path / "old").chmod(0o640)
                (tmp_path / "link").symlink_to(tmp_path / "old")
                name = "link"
            with whole_file(tmp_path / name) as part:
                part.write_text("x", encoding="utf-8")
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link").is_symlink()


def test_too_long_for_excel(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table longer than a sheet is refused with the way out, and nothing is written."""
    monkeypatch.setattr(workbook, "EXCEL_ROWS", 3)
    with pytest.raises(InputError, match="write a folder") as caught:
        exchange.write_scenario(example(world), tmp_path / "week.xlsx", world)
    assert caught.value.code == "too-many-rows"
    assert names(tmp_path) == []


def test_text_too_long_for_excel(tmp_path: Path, world: World) -> None:
    """Excel would cut a text of more than 32,767 characters; it is refused instead."""
    with pytest.raises(InputError, match="32,767") as caught:
        exchange.write_scenario(replace(example(world), note="x" * 40_000), tmp_path / "week.xlsx", world)
    assert caught.value.code == "text-too-long"
    exchange.write_scenario(replace(example(world), note="x" * 40_000), tmp_path / "week", world)


def test_a_workbook_that_cannot_be_closed(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while the workbook is packed is an input error, too."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", full)
    with pytest.raises(InputError) as caught:
        exchange.write_scenario(example(world), tmp_path / "week.xlsx", world)
    assert caught.value.code == "not-writable"
    assert names(tmp_path) == []


# ---- init --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["week", "week.xlsx", "deep/er/week"])
def test_the_example_reads_back_without_a_remark(tmp_path: Path, world: World, name: str) -> None:
    """Every table of the example has three rows, and all of it is good."""
    exchange.init(tmp_path / name, world)
    found, remarks = exchange.read_scenario(tmp_path / name, world)
    assert remarks == ()
    tables = (found.bookings, found.items, found.orders, found.supply, found.departures, found.services)
    assert [len(t) for t in tables] == [3] * 6
    assert found.name == "week"


def test_the_example_documents_every_column(week: Path) -> None:
    """columns.csv has a row for each column of each table, and for each setting."""
    documented = {tuple(x.split(",")[:2]) for x in (week / "columns.csv").read_text(encoding="utf-8").splitlines()}
    for file in week.glob("*.csv"):
        if file.stem != "columns":
            header = file.read_text(encoding="utf-8").splitlines()[0]
            assert {(file.stem, c) for c in header.split(",")} <= documented
    assert ("scenario", "start_at") in documented


def test_init_overwrites_nothing(tmp_path: Path, world: World) -> None:
    """An empty folder is filled; anything else is a Conflict."""
    (tmp_path / "week").mkdir()
    exchange.init(tmp_path / "week", world)
    (tmp_path / "file.xlsx").touch()
    for name in ("week", "file.xlsx"):
        with pytest.raises(Conflict) as caught:
            exchange.init(tmp_path / name, world)
        assert caught.value.exit_code == 5
