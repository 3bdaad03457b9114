"""`landport check`: the independent auditor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport.cli import common
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.audit import Violation
    from landport.model.plans import Plan
    from landport.model.scenario import World


def run(
    week: Annotated[
        Path,
        typer.Argument(readable=False, help="Scenario folder or .xlsx workbook; of a load its cargo.", metavar="WEEK"),
    ],
    plan: Annotated[
        Path, typer.Argument(readable=False, help="Plan to judge (JSON): of a week, or a load plan.", metavar="PLAN")
    ],
    *,
    before: Annotated[
        Path | None, typer.Option("--from", help="Plan that it was re-planned from: compare what it says of that.")
    ] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Judge a plan by every rule; exit 0, or 1 with every violation."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import audit, exchange
    from landport.reference import load

    world = load.world()
    if exchange.is_load_plan(plan):
        violations, n_rules, recounted = judged_load(week, plan, world), len(audit.LOAD_RULES), "every piece"
    else:
        scenario, remarks = exchange.read_scenario(week, world)
        common.show_remarks(remarks)
        violations = audit.check(exchange.read_plan(plan), scenario, world, previous_of(plan, before))
        n_rules, recounted = len(audit.RULES), "every charge"
    verdict(plan, violations, (n_rules, recounted), json=json, quiet=quiet)


def previous_of(plan: Path, before: Path | None) -> Plan | None:
    """Read the plan that a plan was re-planned from.

    Raises
    ------
    InputError
        `bad-option`: it was planned afresh, or from another one.
    """
    from landport import exchange

    if before is None:
        return None
    previous, replanned = exchange.read_plan(before), exchange.read_plan(plan).replanned
    if replanned is None or replanned.digest != exchange.plan_digest(previous):
        how = "afresh" if replanned is None else f"from another plan, {replanned.digest}"
        raise InputError("bad-option", f"--from {before}: {plan} was planned {how}", ("--from",))
    return previous


def judged_load(cargo: Path, plan: Path, world: World) -> tuple[Violation, ...]:
    """Judge a load plan by the rules, the containers and the fleet that it states."""
    from landport import exchange
    from landport.app import loading

    found = exchange.read_load_plan(plan, world.container_types)
    (bookings, items), remarks = exchange.read_cargo(cargo, world, may_split=found.may_split)
    common.show_remarks(remarks)
    return loading.judge(*loading.group_again(bookings, items, found))


OTHER_WEEK = "PLAN_SCENARIO"
"""Rule that a plan breaks when it was made from another week; most others follow from it."""


LISTED = 200
"""Violations of a plan of another week that are written one by one."""


def verdict(plan: Path, violations: Sequence[Violation], checked: tuple[int, str], *, json: bool, quiet: bool) -> None:
    """Print the verdict on a plan and leave with exit 1 if it breaks a rule.

    Parameters
    ----------
    checked
        How many rules were checked, and what was recounted.
    """
    n_rules, recounted = checked
    if json:
        found = [{"code": v.code, "message": v.message, "about": list(v.about)} for v in violations]
        common.print_json({"rules": n_rules, "violations": found})
    elif violations:
        typer.echo(told(violations), err=quiet)
    elif not quiet:
        typer.echo(f"{plan}: holds; {n_rules} rules checked, {recounted} recounted")
    if violations:
        raise typer.Exit(1)


def told(violations: Sequence[Violation]) -> str:
    """Write every violation on a line, and their sum; of a plan of quite another week how many break each rule."""
    n_by_rule = Counter(v.code for v in violations)
    total = _sum(len(violations), len(n_by_rule))
    other = next((v for v in violations if v.code == OTHER_WEEK), None)
    if other is None or len(violations) <= LISTED:
        return "\n".join([*(f"{v.code}: {v.message}" for v in violations), total])
    lines = [f"{code}: {_count(n)}" for code, n in n_by_rule.items() if code != OTHER_WEEK]
    return "\n".join([f"{other.code}: {other.message}", *lines, f"{total}; landport check --json lists all"])


def _sum(n_violations: int, n_rules: int) -> str:
    """Count violations and the rules they break.

    Examples
    --------
    >>> _sum(1, 1), _sum(3, 2)
    ('1 violation of 1 rule', '3 violations of 2 rules')
    """
    return f"{_count(n_violations)} of " + ("1 rule" if n_rules == 1 else f"{n_rules} rules")


def _count(n: int) -> str:
    return "1 violation" if n == 1 else f"{n} violations"
