"""`landport matrix`: the choices of every booking of a week at once, and the priced legs they are made of."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.app.settings import MOST_WORKERS
from landport.cli import common
from landport.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from landport.app.stages import Notify
    from landport.model.scenario import Scenario, World
    from landport.route import Asked

MOST_CHOICES = 100
MOST_SAMPLES = 1_000_000


def run(
    week: common.Week,
    *,
    most: Annotated[
        int, typer.Option(min=1, max=MOST_CHOICES, help="Choices a booking; the ones that differ most.")
    ] = 6,
    by: Annotated[str, typer.Option(help="Sort by time, cost, co2 or odds.")] = "time",
    out: Annotated[Path | None, typer.Option(help="Write one row a choice here (CSV).")] = None,
    legs: Annotated[Path | None, typer.Option(help="Write one row a dated leg here, priced for one box (CSV).")] = None,
    changes: Annotated[Path | None, typer.Option(help="Write one row a change between legs here (CSV).")] = None,
    samples: Annotated[int, typer.Option(min=0, max=MOST_SAMPLES, help="Draws for the odds; 0: none.")] = 10_000,
    seed: common.Seed = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, max=MOST_WORKERS, help="Processes to search in; 0: one a core. The answers are the same."),
    ] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Find the ways of every booking of a week at once: one box of each, with price, emissions and odds."""
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    asked = chosen(by, most, samples)
    from landport import exchange
    from landport.reference import load

    targets = {"--out": out, "--legs": legs, "--changes": changes}
    for path in filter(None, targets.values()):
        exchange.expect_writable(path)
    exchange.expect_apart(targets, week)
    world = load.world()
    with common.progress(quiet=quiet or json) as notify:
        notify("read")
        scenario, remarks = exchange.read_scenario(week, world)
        common.show_remarks(remarks)
        said = make(
            scenario,
            world,
            asked,
            out,
            samples=samples,
            seed=settings.seed if seed is None else seed,
            workers=common.chosen_workers(workers, settings.workers),
            notify=notify,
        )
        write_legs(scenario, world, legs, changes)
    if json:
        common.print_json(said)
    elif not quiet:
        show(common.stdout(), said)
        for what, target in (("choices", out), ("legs", legs), ("changes", changes)):
            if target is not None:
                typer.echo(f"{what} written to {target}")


def chosen(by: str, most: int, samples: int) -> Asked:
    """Check how choices are to be made.

    Raises
    ------
    InputError
        `bad-option`: there is no such order, or it needs odds.
    """
    from landport.route import ORDERS, Asked

    if by not in ORDERS:
        raise InputError("bad-option", f"--by {by or repr(by)}: expected one of {', '.join(ORDERS)}", ("--by",))
    if by == "odds" and not samples:
        raise InputError("bad-option", "--by odds: needs --samples of 1 or more", ("--by",))
    return Asked(order_by=by, most=most)


def make(
    scenario: Scenario,
    world: World,
    asked: Asked,
    out: Path | None,
    *,
    samples: int,
    seed: int,
    workers: int,
    notify: Notify,
) -> dict[str, Any]:
    """Ask, write the choices, and answer the figures of the summary."""
    from landport import report
    from landport.app import matrix

    begun, cpu = time.perf_counter(), _cpu_seconds()
    found = matrix.matrix(scenario, world, asked=asked, samples=samples, seed=seed, workers=workers, notify=notify)
    took = time.perf_counter() - begun, _cpu_seconds() - cpu
    if out is not None:
        notify("write")
        _write(out, report.ChoiceRow, report.choice_rows(found, scenario, world.network.places))
    return {
        "n_bookings": len(scenario.bookings),
        "n_asked": found.n_asked,
        "n_with_ways": len(scenario.bookings) - len(found.refused()),
        "n_choices": found.n_choices,
        "refused": dict(matrix.refused_by_code(found)),
        "box_day_usd": world.rules.milli("value_of_time_usd_per_feu_day") / 1000,
        "n_incomplete": sum(not choices.is_complete for choices in found.by_booking.values()),
        "samples": samples,
        "seed": seed,
        "wall_seconds": round(took[0], 2),
        "cpu_seconds": round(took[1], 2),
    }


def write_legs(scenario: Scenario, world: World, legs: Path | None, changes: Path | None) -> None:
    """Write the priced legs and their changes, where they are asked for."""
    from landport import report
    from landport.app import matrix

    if legs is None and changes is None:
        return
    priced, places = matrix.legs(scenario, world), world.network.places
    if legs is not None:
        _write(legs, report.LegRow, report.leg_rows(priced, scenario.start_at, places))
    if changes is not None:
        _write(changes, report.ChangeRow, report.change_rows(priced))


def show(console: Console, said: dict[str, Any]) -> None:
    """Print how many bookings have ways, why others have none, and what it took."""
    from rich.table import Table

    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    rows = {
        "Bookings": said["n_bookings"],
        "Different questions": said["n_asked"],
        "Bookings with ways": said["n_with_ways"],
        **{f"Without: {code}": n for code, n in said["refused"].items()},
        "Choices": said["n_choices"],
        **({"Not all choices known": said["n_incomplete"]} if said["n_incomplete"] else {}),
    }
    for name, n in rows.items():
        table.add_row(name, f"{n:,}")
    console.print(table)
    console.print(f"A day of a 40-ft box is worth {said['box_day_usd']:g} USD; no way's price has it in.")
    console.print(f"{said['wall_seconds']:.1f} s, {said['cpu_seconds']:.1f} s of processors")


def _cpu_seconds() -> float:
    """Count the seconds of processors that this process and those it has ended took."""
    return sum(os.times()[:4])


def _write(path: Path, kind: type[Any], rows: Iterable[Any]) -> None:
    """Write rows as CSV, headed by the names of their fields."""
    from landport import exchange

    def cells() -> Iterable[Any]:
        yield [field.name for field in fields(kind)]
        yield from map(astuple, rows)

    exchange.write_list(path, cells())
