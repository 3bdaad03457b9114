"""The command line: one file a verb. Heavy imports wait until a verb runs."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from landport.cli import (
    account,
    assemble,
    book,
    border,
    check,
    commit,
    db,
    demo,
    diff,
    init,
    key,
    lanes,
    load,
    matrix,
    move,
    plan,
    pull,
    quote,
    report,
    route,
    serve,
    status,
    tasks,
    verify_qr,
    why,
)
from landport.cli.common import fail, open_streams
from landport.errors import LandportError

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

ALIVE = 100_000
"""New objects after which those that nobody holds are looked for: imports make many, and drop few."""

NOBODY_READS = 141
"""Exit code when the reader of stdout is gone, such as `head` after its lines: that of SIGPIPE in a shell."""

app = typer.Typer(
    name="landport",
    help="Plan an inland rail port: bookings in, tonight's audited plan out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (
    init,
    plan,
    diff,
    lanes,
    load,
    route,
    matrix,
    assemble,
    check,
    report,
    why,
    pull,
    demo,
    book,
    quote,
    commit,
    move,
    status,
    tasks,
    serve,
    verify_qr,
):
    app.command(verb.__name__.rpartition(".")[2].replace("_", "-"))(verb.run)
for group in (db, account, key, border):
    app.add_typer(group.app, name=group.__name__.rpartition(".")[2])


def _version(*, wanted: bool) -> None:
    if wanted:
        from landport import __version__
        from landport.model.plans import SCHEMA
        from landport.reference import table

        typer.echo(f"landport {__version__}, schema {SCHEMA}, reference {table.digest()}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda v: _version(wanted=v), is_eager=True, help="Print versions.")
    ] = False,
) -> None:
    """Plan an inland rail port: bookings in, tonight's audited plan out."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code.

    Notes
    -----
    Errors raised on purpose become one message and the exit code of their class; an interrupt says that no file is
    half-written and leaves with 130. A reader of stdout that is gone is no error of ours: nothing is said, exit 141.
    A closed stdout is as `--quiet`; characters that its encoding lacks become `?`. What the system refuses outside of
    files we write, such as a full disk behind stdout, is one message and exit 2.
    """
    given = sys.argv[1:] if arguments is None else arguments
    gc.set_threshold(ALIVE)
    open_streams()
    try:
        code = app(args=given, prog_name="landport", standalone_mode=False)
        sys.stdout.flush()
    except LandportError as error:
        sys.exit(fail(error, as_json="--json" in given))
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        code = _nobody_reads()
    except SystemExit as left:  # click makes 1, which means violations, of a broken pipe
        if not isinstance(left.__context__, BrokenPipeError):
            raise
        code = _nobody_reads()
    except OSError as error:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 -- what could not be printed is not tried again at exit
        sys.stderr.write(f"landport: the system refused: {error}\n")
        sys.exit(2)
    except Exception as error:
        code = _left_with(error)
    if code == INTERRUPTED:  # typer makes this number of Ctrl-C, too
        sys.stderr.write("landport: interrupted; no file is half-written\n")
    sys.exit(code if isinstance(code, int) else 0)


def _left_with(error: Exception) -> int:
    """Answer the exit code of an error of click, which shows itself, or of Ctrl-C in a kernel; raise any other."""
    seen: BaseException | None = error if isinstance(error, SystemError) else None
    while seen is not None:  # numba makes a SystemError of an interrupt while compiled code runs
        if isinstance(seen, KeyboardInterrupt):
            return INTERRUPTED
        seen = seen.__cause__ or seen.__context__
    show = getattr(error, "show", None)
    if show is None:
        raise error
    show()
    return int(getattr(error, "exit_code", 2))


def _nobody_reads() -> int:
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 -- what could not be printed is not tried again at exit
    return NOBODY_READS
