"""Run the command line, in this process or in one of its own, and see what it leaves behind."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from landport.app.settings import Settings
from landport.cli import main

SETTINGS = [f"LANDPORT_{field.name.upper()}" for field in fields(Settings)]
START = "import sys\nfrom landport.cli import main\nmain(sys.argv[1:])\n"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and the exit code it left with."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def landport(*arguments: object) -> Ran:
    """Run a command in this process."""
    out, err, code = io.StringIO(), io.StringIO(), None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(a) for a in arguments])
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int), "main always leaves with a number"
    return Ran(code, out.getvalue(), err.getvalue())


def environment(**changes: str) -> dict[str, str]:
    """Give a process this environment, without anybody's settings."""
    return {k: v for k, v in os.environ.items() if k not in SETTINGS} | changes


def process(*arguments: object, folder: Path, code: str = START, **environ: str) -> Ran:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env=environment(**environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def refused(*arguments: object, code: int = 2) -> str:
    """Run a command that must be refused with one message and no traceback; answers the message."""
    ran = landport(*arguments)
    assert (ran.code, ran.out) == (code, ""), ran
    assert "Traceback" not in ran.err
    assert ran.err.startswith("landport: ")
    return ran.err


def tampered(plan: Path, to: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Write a changed copy of a plan."""
    document = json.loads(plan.read_bytes())
    change(document)
    to.write_text(json.dumps(document), encoding="utf-8")
    return to


def names(folder: Path) -> list[str]:
    """List what lies in a folder, temporary files too."""
    return sorted(p.name for p in folder.iterdir())
