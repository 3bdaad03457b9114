"""`landport pull`: a consignment is held after its container was packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import common

if TYPE_CHECKING:
    from rich.console import Console

    from landport.app.pulling import Choice, Weighed
    from landport.consolidate.pulling import Move

MOST_DAYS = 366
"""Longest hold that is weighed."""


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(readable=False, help="Plan it was packed by (JSON).", metavar="PLAN")],
    container: Annotated[str, typer.Argument(help="Container that holds it, such as C00017.", metavar="CONTAINER")],
    consignment: Annotated[str, typer.Argument(help="Its booking id.", metavar="CONSIGNMENT")],
    *,
    days: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="Days that customs are thought to hold it.")] = 7,
    out: Annotated[Path | None, typer.Option(help="Write the plan without it here (JSON).")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Pull a consignment out of a packed container: pieces to move, and what that costs against letting all wait."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange
    from landport.app.pulling import expect_held, weigh_up
    from landport.reference import load

    if out is not None:
        exchange.expect_writable(out)
        exchange.expect_apart({"--out": out}, week)
    world = load.world()
    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    choice, corrected = weigh_up(exchange.read_plan(plan), scenario, world, container, consignment, days=days)
    if json:
        common.print_json(document(choice))
    elif not quiet:
        show(common.stdout(), choice)
    if out is not None:
        expect_held(corrected, scenario, world)
        exchange.write_plan(corrected, out)
        if not json and not quiet:
            typer.echo(f"\nplan without {consignment} written to {out}; it holds")


def document(choice: Choice) -> dict[str, Any]:
    """Write a choice as JSON holds it: moves with from and to in mm, costs in US cents."""
    said = asdict(choice)
    moves = said.pop("moves")
    del moves["blocks"]
    return {**said, "pull_usd_cents": choice.pull_usd_cents, "cheaper": choice.cheaper, **moves}


def show(console: Console, choice: Choice) -> None:
    """Print the moves in order, masses before and after, and both costs."""
    from rich.table import Table

    moves = choice.moves
    for title, found, is_back in (
        ("Out, in this order", moves.out, False),
        ("Back, in this order", moves.back, True),
        ("No place for these any more: they wait, too", moves.stranded, False),
    ):
        if found:
            table = Table("Step", "Pieces", "Item", "Consignment", "Stood at, mm", "Goes to, mm", title=title)
            for row in _rows(found, is_back=is_back):
                table.add_row(*row)
            console.print(table)
    table = Table("", "Before", "After", title=f"{choice.container_id} without {choice.booking_id}")
    for name, before, after in zip(("Cargo", "Gross", "Centre of gravity", "Balance"), *_columns(choice), strict=True):
        table.add_row(name, before, after)
    console.print(table)
    table = Table("Choice", "Handling, USD", "Waiting, USD", "Cost, USD", "", title=f"Held for {choice.days} days")
    sums = (choice.handling_usd_cents, choice.held_usd_cents, choice.pull_usd_cents)
    mark = {choice.cheaper: "cheaper"}
    table.add_row(f"Pull {choice.booking_id}", *map(_usd, sums), mark.get("pull", ""))
    rolled = (0, choice.roll_usd_cents, choice.roll_usd_cents)
    table.add_row("Roll the whole container", *map(_usd, rolled), mark.get("roll", ""))
    console.print(table)


def _rows(moves: Sequence[Move], *, is_back: bool) -> Iterator[tuple[str, ...]]:
    """Tell moves, those of one item in a row together."""
    step = 0
    for (item_id, booking_id, _), group in groupby(
        moves, key=lambda m: (m.item_id, m.booking_id, m.to_mm == m.from_mm)
    ):
        some = list(group)
        first = step + 1
        step += len(some)
        steps = f"{first}" if first == step else f"{first}-{step}"
        to = "" if not is_back else "as it stood" if some[0].to_mm == some[0].from_mm else _at(some[0].to_mm)
        to += " ..." if len(some) > 1 and is_back and to != "as it stood" else ""
        yield steps, f"{len(some)}", item_id, booking_id, _at(some[0].from_mm) + (" ..." if len(some) > 1 else ""), to


def _at(mm: tuple[int, int, int] | None) -> str:
    return "" if mm is None else " / ".join(f"{v:,}" for v in mm)


def _columns(choice: Choice) -> tuple[tuple[str, ...], tuple[str, ...]]:
    def column(w: Weighed) -> tuple[str, ...]:
        return f"{w.cargo_kg:,} kg", f"{w.gross_kg:,} kg", f"{_at(w.cog_mm)} mm", "; ".join(w.tilts) or "within limits"

    return column(choice.before), column(choice.after)


def _usd(cents: int) -> str:
    return f"{cents / 100:,.2f}"
