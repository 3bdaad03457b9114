"""`landport assemble`: the assembly engine alone, over the plain format."""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport.app.settings import MOST_SEED
from landport.cli import common
from landport.cli.check import verdict
from landport.cli.load import chosen_seconds
from landport.errors import AuditFailed, InputError

if TYPE_CHECKING:
    from landport.app.assembling import Assembled, AssembleOrder
    from landport.app.stages import Notify
    from landport.model.plain_assembly import PlainCase

MOST_EFFORT = 1_000_000


def run(
    folder: Annotated[
        Path,
        typer.Argument(readable=False, help="Folder with services.csv, bookings.csv and rules.json.", metavar="DIR"),
    ],
    *,
    out: Annotated[Path | None, typer.Option(help="Where the plan goes (JSON).")] = None,
    limit: Annotated[str | None, typer.Option(help="Wall seconds that it takes; decimals are fine.")] = None,
    effort: Annotated[int | None, typer.Option(min=1, max=MOST_EFFORT, help="Units of work: same plan again.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=MOST_SEED, help="Same seed and effort, same plan.")] = None,
    check: Annotated[Path | None, typer.Option(help="Judge this plan of the folder instead; exit 0 or 1.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Choose which trains run and what rides on them, in the plain assembly format; or judge such a plan."""
    begun = time.perf_counter()
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    seconds = chosen_seconds(limit)
    if check is not None:
        expect_alone({"--out": out, "--limit": limit, "--effort": effort, "--seed": seed})
        judge(folder, check, json=json, quiet=quiet)
        return
    if out is None:
        raise InputError("bad-option", "expected --out PLAN.json, or --check PLAN.json", ("--out", "--check"))
    from landport import exchange
    from landport.app.assembling import AssembleOrder

    exchange.expect_writable(out)
    names = ("services.csv", "bookings.csv", "rules.json")
    exchange.expect_unread({"--out": out}, {name: folder / name for name in names})
    order = AssembleOrder(
        effort=effort,
        seconds=seconds,
        stopwatch=lambda: time.perf_counter() - begun,
        seed=settings.seed if seed is None else seed,
    )
    with common.progress(quiet=quiet or json) as notify:
        assembled = make(folder, order, out, notify)
    if json or not quiet:
        show(assembled, out, json=json)


def expect_alone(others: dict[str, object]) -> None:
    """Refuse options that say how to plan, where a plan is given."""
    given = [name for name, value in others.items() if value is not None]
    if given:
        raise InputError("bad-option", f"{', '.join(given)}: not with --check, which plans nothing", given)


def make(folder: Path, order: AssembleOrder, out: Path, notify: Notify) -> Assembled:
    """Read a case, plan it, audit the plan, write it.

    Raises
    ------
    AuditFailed
        `audit-failed`: the plan breaks a rule, which is our bug; it is saved for the report.
    """
    from landport import exchange
    from landport.app import assembling

    notify("read")
    assembled = assembling.assemble(read(folder), order, notify)
    common.show_remarks(assembled.result.remarks)
    if assembled.violations:
        names = (out.with_suffix(".failed.json" if n == 1 else f".failed-{n}.json") for n in count(1))
        failed = next(path for path in names if not path.exists())
        exchange.write_plain_plan(assembled.result, failed)
        first = "\n".join(f"  {v.code}: {v.message}" for v in assembled.violations[:10])
        codes = tuple(dict.fromkeys(v.code for v in assembled.violations))
        raise AuditFailed(
            "audit-failed",
            f"our own plan breaks {'1 rule' if len(codes) == 1 else f'{len(codes)} rules'}; it was written to {failed} "
            f"only. This is a bug of landport: please report it with that file and {folder}.\n{first}",
            codes,
        )
    exchange.write_plain_plan(assembled.result, out)
    return assembled


def read(folder: Path) -> PlainCase:
    """Read a case and show what is odd about it."""
    from landport.exchange.plain_assembly import read_plain_case

    case, remarks = read_plain_case(folder)
    common.show_remarks(remarks)
    return case


def show(assembled: Assembled, out: Path, *, json: bool) -> None:
    """Print an audited plan, as a table or as the JSON of its file."""
    from landport import exchange, report

    if json:
        is_ascii = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        sys.stdout.write(exchange.plain_plan_text(assembled.result, is_ascii=is_ascii))
        return
    report.show_plain(common.stdout(), assembled.case, assembled.result)
    typer.echo(f"plan written to {out}")


def judge(folder: Path, plan: Path, *, json: bool, quiet: bool) -> None:
    """Judge a plan by every rule; exit 0, or 1 with every violation."""
    from landport import audit, exchange
    from landport.app import assembling

    violations = assembling.judged(read(folder), exchange.read_plain_plan(plan)).violations
    verdict(plan, violations, (len(audit.PLAIN_RULES), "the cost"), json=json, quiet=quiet)
