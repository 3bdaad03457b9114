"""Ctrl-C leaves no half-written file, keeps the old ones, and exits with 130."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from landport import audit, report
from landport.app import stages
from landport.exchange import plans
from tests.cli.conftest import Demo
from tests.cli.run import START, Ran, environment, landport, names

SAID = "landport: interrupted; no file is half-written\n"


def stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def stop_in_a_kernel(*_: object, **__: object) -> None:
    """As numba does when Ctrl-C comes while compiled code runs."""
    raise SystemError("CPUDispatcher(<function>) returned a result with an exception set") from KeyboardInterrupt()


def half(*_: object) -> Iterator[bytes]:
    yield b'{\n"schema":1,\n'
    raise KeyboardInterrupt


MOMENTS = {
    "laying out": (stages, "lay_out", stop),
    "packing": (stages, "load", stop),
    "in a kernel": (stages, "ways", stop_in_a_kernel),
    "routing": (stages, "ways", stop),
    "assembling": (stages, "put_together", stop),
    "auditing": (audit, "check", stop),
    "writing": (plans, "_lines", half),
}


def check_interrupted(ran: Ran) -> None:
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.endswith(SAID)
    assert ran.err.strip() == SAID.strip()


@pytest.mark.parametrize(
    ("moment", "is_there"), [*((moment, False) for moment in MOMENTS), ("packing", True), ("writing", True)]
)
def test_an_interrupted_plan(
    moment: str, is_there: bool, week: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it happens: no new plan, the old one untouched, nothing beside it."""
    if is_there:
        (out / "plan.json").write_text("old", encoding="utf-8")
    monkeypatch.setattr(*MOMENTS[moment])
    check_interrupted(landport("plan", week, "--out", out / "plan.json"))
    assert names(out) == ["plan.json"] * is_there
    assert not is_there or (out / "plan.json").read_text(encoding="utf-8") == "old"


def test_an_interrupted_demo(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The week is whole; the plan and page of the demo before, which belong to another week, are gone."""
    for name in ("plan.json", "page.html"):
        (out / name).write_text("old", encoding="utf-8")
    monkeypatch.setattr(stages, "load", stop)
    check_interrupted(landport("demo", "--scale", 0.001, "--out", out))
    assert names(out) == ["week"]
    monkeypatch.undo()
    assert landport("plan", out / "week", "--out", out / "plan.json", "-q").code == 0


@pytest.mark.parametrize("moment", ["page", "whole_file"])
def test_an_interrupted_page(moment: str, made: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older page stays, whether making or writing the new one is interrupted."""
    (out / "page.html").write_text("old", encoding="utf-8")
    monkeypatch.setattr(*((report, "page", stop) if moment == "page" else (Path, "write_text", stop)))
    check_interrupted(landport("report", *made, "--html", out / "page.html"))
    assert names(out) == ["page.html"]
    assert (out / "page.html").read_bytes() == b"old"


@pytest.mark.parametrize("cause", [None, ValueError("another")])
def test_another_system_error_is_a_bug(
    cause: Exception | None, week: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an interrupt behind it, it keeps its traceback."""

    def fail(*_: object, **__: object) -> None:
        raise SystemError("broken") from cause

    monkeypatch.setattr(stages, "ways", fail)
    with pytest.raises(SystemError, match="broken"):
        landport("plan", week, "--out", out / "plan.json")


def test_a_real_interrupt(demo: Demo, out: Path) -> None:
    """SIGINT while containers are packed."""
    (out / "plan.json").write_text("old", encoding="utf-8")
    told = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's & ignores it
    command = [sys.executable, "-c", told + START, "plan", demo.week, "--out", out / "plan.json", "-v"]
    with subprocess.Popen(
        [*map(str, command), "--effort", "full"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert any("stage consolidate" in line for line in running.stderr)
        for _ in range(20):  # again: callbacks of C code swallow an interrupt
            running.send_signal(signal.SIGINT)
            try:
                running.wait(timeout=3)
                break
            except subprocess.TimeoutExpired:
                continue
        rest, said = running.communicate(timeout=60)
    assert (running.returncode, rest) == (130, "")
    assert said.endswith(SAID)
    assert "Traceback" not in said
    assert names(out) == ["plan.json"]
    assert (out / "plan.json").read_text(encoding="utf-8") == "old"
