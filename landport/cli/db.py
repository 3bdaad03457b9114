"""`landport db`: make, upgrade, verify, rebuild, back up, restore and move the database of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport.cli import common

if TYPE_CHECKING:
    from landport.store.backup import Copied
    from landport.store.verify import Verified

NOT_WHOLE = 1
"""Exit code of `verify` when something in the log is not as it was written."""

app = typer.Typer(
    help="Make, upgrade, verify, rebuild, back up, restore and move the database of the ledger.",
    no_args_is_help=True,
)

Db = Annotated[
    str | None,
    typer.Option(help="File, or postgresql://USER@HOST/NAME. Default: landport.toml, else landport.db.", metavar="URL"),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


@app.command()
def init(db: Db = None, json: common.Json = False, quiet: common.Quiet = False) -> None:
    """Make the tables of a new database."""
    url = _url(db, quiet=quiet)
    from landport.store import tending

    revision = tending.make(url)
    _tell({"db": _shown(url), "revision": revision}, f"{_shown(url)} is ready", json=json, quiet=quiet)


@app.command()
def upgrade(db: Db = None, json: common.Json = False, quiet: common.Quiet = False) -> None:
    """Upgrade the tables to those of this landport. Back up first."""
    url = _url(db, quiet=quiet)
    from landport.store import tending

    before, after = tending.upgrade(url)
    said = f"is of revision {after} already" if before == after else f"upgraded from revision {before} to {after}"
    _tell({"db": _shown(url), "before": before, "after": after}, f"{_shown(url)} {said}", json=json, quiet=quiet)


@app.command()
def verify(
    db: Db = None,
    seal: Annotated[
        str, typer.Option(help="A seal noted down before, which must be there still.", metavar="NUMBER:HASH")
    ] = "",
    json: common.Json = False,
    quiet: common.Quiet = False,
) -> None:
    """Read the whole log and say whether it is as it was written. Works beside a running server."""
    url = _url(db, quiet=quiet)
    from landport.store import tending

    with _counting("verified", quiet=quiet or json) as notify:
        said = tending.verified(url, seal=seal, notify=notify)
    if json:
        common.print_json(asdict(said))
    elif not quiet or said.n_findings:
        _show(said)
    if said.n_findings:
        raise typer.Exit(NOT_WHOLE)


@app.command()
def rebuild(db: Db = None, json: common.Json = False, quiet: common.Quiet = False) -> None:
    """Drop all states and fold the log into them anew. The server must not run on an SQLite file meanwhile."""
    url = _url(db, quiet=quiet)
    from landport.app.ledger.projecting import States
    from landport.store import tending

    with _counting("folded", quiet=quiet or json) as notify:
        made = tending.rebuilt(url, States(), notify=notify)
    text = f"{made.n_events:,} events folded into {made.n_states:,} states"
    _tell({"db": _shown(url), **asdict(made)}, text, json=json, quiet=quiet)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write: an SQLite database, whatever --db is.", metavar="FILE")],
    db: Db = None,
    force: Force = False,
    json: common.Json = False,
    quiet: common.Quiet = False,
) -> None:
    """Write everything into one file, and verify it. Works beside a running server."""
    url = _url(db, quiet=quiet)
    from landport.store import backup as backups
    from landport.store import tending

    _told(backups.backup(tending.kept_at(url), file, replaces=force), "backed up to", json=json, quiet=quiet)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="File that landport db backup wrote.", metavar="FILE")],
    db: Db = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an SQLite file that holds something; it is kept as FILE.before.")
    ] = False,
    json: common.Json = False,
    quiet: common.Quiet = False,
) -> None:
    """Bring a backup back, and verify it."""
    url = _url(db, quiet=quiet)
    from landport.store import backup as backups
    from landport.store import tending

    _told(backups.restore(file, tending.kept_at(url), replaces=force), "restored to", json=json, quiet=quiet)


@app.command()
def copy(
    to: Annotated[str, typer.Option("--to", help="Empty database to fill: a file, or a URL.", metavar="URL")],
    db: Db = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
) -> None:
    """Copy everything into another, empty database, and compare. Stop the server first."""
    url = _url(db, quiet=quiet)
    from landport.store import tending

    _told(tending.copied(url, to), "copied to", json=json, quiet=quiet)


def _url(given: str | None, *, quiet: bool) -> str:
    found = common.settings(quiet=quiet)
    return found.db if given is None else given


def _shown(url: str) -> str:
    """Write a URL without its password."""
    from landport.store import engines

    return str(engines.address_of(url))


@contextmanager
def _counting(word: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    with common.progress(quiet=quiet) as stage:
        yield lambda n: stage(f"{word} {n:,} events")


def _tell(document: dict[str, object], text: str, *, json: bool, quiet: bool) -> None:
    if json:
        common.print_json(document)
    elif not quiet:
        typer.echo(text)


def _told(made: Copied, word: str, *, json: bool, quiet: bool) -> None:
    n_rows = sum(made.n_rows.values())
    text = (
        f"{n_rows:,} rows of {len(made.n_rows)} tables {word} {made.path}; {made.verified.n_events:,} events verified"
    )
    document = {
        "path": made.path,
        "n_rows": made.n_rows,
        "n_events": made.verified.n_events,
        "seal": made.verified.seal,
    }
    _tell(document, text + _seal(made.verified), json=json, quiet=quiet)


def _seal(said: Verified) -> str:
    return f"\nnewest seal: {said.seal}" if said.seal else ""


def _show(said: Verified) -> None:
    counted = f"{said.n_events:,} events in {said.n_streams:,} streams, {said.n_seals:,} seals, {said.n_blobs:,} files"
    if not said.n_findings:
        typer.echo(f"all is as it was written: {counted}{_seal(said)}")
        return
    for finding in said.findings:
        where = f"event {finding.position}: " if finding.position else ""
        about = f"{finding.subject}: " if finding.subject else ""
        typer.echo(f"{where}{about}{finding.text}")
    typer.echo(f"{said.n_findings:,} findings in {counted}; restore a backup from before: landport db restore")
