"""Where stdout is closed, narrow in letters, or read by nobody: no traceback, and never an exit code that lies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.run import START, environment, process


def in_shell(line: str, *arguments: object, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a line of sh in which `"$@"` is a landport command."""
    command = [sys.executable, "-c", START, *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", line, "sh", *command],
        cwd=folder,
        env=environment(**environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_closed_stdout_is_as_quiet(made: tuple[Path, Path], out: Path) -> None:
    """The page is written, nothing is said."""
    done = in_shell('"$@" >&-', "report", *made, "--html", out / "page.html", folder=out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (out / "page.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert in_shell('"$@" >&- 2>&-', "report", *made, folder=out).returncode == 0


def test_letters_that_stdout_lacks(made: tuple[Path, Path], out: Path) -> None:
    """Bars and true minuses become question marks; JSON stays JSON."""
    ran = process("report", *made, folder=out, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.isascii()
    listed = process("report", *made, "--json", folder=out, PYTHONIOENCODING="ascii")
    assert listed.document == process("report", *made, "--json", folder=out, PYTHONIOENCODING="utf-8").document


def test_a_reader_that_is_gone(made: tuple[Path, Path], out: Path) -> None:
    """`| head -1` gives 141, as SIGPIPE does, not 1, which means violations."""
    for more in ("", "--json"):
        line = f'{{ "$@" {more}; echo $? > code; }} | true'
        done = in_shell(line, "report", *made, folder=out, PYTHONUNBUFFERED="1")
        assert (done.stdout, done.stderr) == ("", "")
        assert (out / "code").read_text(encoding="utf-8") == "141\n"
