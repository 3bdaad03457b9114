"""What all verbs share: options, logging, consoles, and the way out for errors."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.app.settings import MOST_SECONDS, MOST_SEED, MOST_WORKERS
from landport.errors import InputError, LandportError, Remark

if TYPE_CHECKING:
    from rich.console import Console

    from landport.app.settings import Settings

log = logging.getLogger("landport")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more on stderr; -vv for everything.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Logs on stderr as JSON lines.")]
Effort = Annotated[str | None, typer.Option(help="quick, normal or full. Default: landport.toml, else quick.")]
Seconds = Annotated[
    int | None,
    typer.Option("--limit", min=1, max=MOST_SECONDS, help="Wall seconds after which nothing better is looked for."),
]
Seed = Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Same seed and effort, same plan.")]
Workers = Annotated[
    int | None,
    typer.Option(min=0, max=MOST_WORKERS, help="Processes that packing may use; 0: one a core. The plan is the same."),
]
Database = Annotated[
    str | None,
    typer.Option("--db", help="File, or postgresql://USER@HOST/NAME. Default: landport.toml, else landport.db."),
]
Week = Annotated[Path, typer.Argument(readable=False, help="Scenario folder or .xlsx workbook.", metavar="WEEK")]


class JsonLines(logging.Formatter):
    """One JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and message."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        return json.dumps(line, ensure_ascii=False)


def settings(verbose: int = 0, *, quiet: bool = False, log_json: bool = False) -> Settings:
    """Read the settings and start logging as they and the options say; quiet: no remarks, unless verbose as well."""
    from landport.app import settings as app_settings

    found = app_settings.read()
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if log_json or found.log_json else plain)
    level = {0: "error" if quiet else found.log_level, 1: "info"}.get(verbose, "debug")
    log.handlers[:] = [handler]
    log.setLevel(level.upper())
    strangers = app_settings.strangers()
    show_remarks(
        [Remark("unknown-variable", f"{n} is no variable of landport and is ignored", (n,)) for n in strangers]
    )
    return found


def chosen_effort(given: str | None, default: str) -> str:
    """Check the name of an effort.

    Raises
    ------
    InputError
        Not quick, normal or full.
    """
    from landport.app.settings import EFFORTS

    effort = default if given is None else given
    if effort not in EFFORTS:
        raise InputError(
            "bad-option", f"--effort {effort or repr(effort)}: expected one of {', '.join(EFFORTS)}", ("--effort",)
        )
    return effort


def instant(option: str, text: str | None) -> datetime | None:
    """Read an instant given as an option; None stays.

    Raises
    ------
    InputError
        `bad-option`.
    """
    from landport.units import parse_instant

    try:
        return None if text is None else parse_instant(text)
    except ValueError as error:
        raise InputError("bad-option", f"{option} {text!r}: {error}", (option,)) from None


def chosen_workers(given: int | None, default: int) -> int:
    """Count the processes to use; 0 becomes one a core."""
    from landport.app.jobs import default_workers

    return (default if given is None else given) or default_workers()


def stdout() -> Console:
    """Console for tables; plain when it is not a terminal."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 100)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Any]:
    """Show on stderr which stage runs and for how long; answers the function that is told of each stage."""
    begun = time.perf_counter()

    def timed(stage: str) -> None:
        log.info("stage %s after %.1f s", stage, time.perf_counter() - begun)

    if quiet:
        yield timed
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield timed
        return
    with console.status("starting") as status:

        def shown(stage: str) -> None:
            timed(stage)
            status.update(f"{stage} ...  {time.perf_counter() - begun:.0f} s")

        yield shown


def open_streams() -> None:
    """Make stdout and stderr fit to print on: closed ones swallow all, letters that an encoding lacks become `?`."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 -- for as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_json(document: object) -> None:
    """Print one JSON document on stdout; in ASCII where its encoding is not of Unicode."""
    is_ascii = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    sys.stdout.write(json.dumps(document, ensure_ascii=is_ascii, indent=1, default=_plain) + "\n")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def show_remarks(remarks: Sequence[Remark]) -> None:
    """Log what is odd but stops nothing."""
    for remark in remarks:
        log.warning("%s: %s", remark.code, remark.message)


def fail(error: LandportError, *, as_json: bool) -> int:
    """Print an error and answer the exit code it stands for."""
    if as_json:
        document: dict[str, Any] = {"code": error.code, "message": error.message, "about": list(error.about)}
        if isinstance(error, InputError):
            document["problems"] = [asdict(p) for p in error.problems]
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"landport: {error.message}\n")
    return error.exit_code
