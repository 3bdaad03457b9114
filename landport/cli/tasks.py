"""`landport tasks`: what somebody has to see to, and its repair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import common, people
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.app.ledger.desk import Ledger, Principal


def run(
    *,
    repair: Annotated[str, typer.Option(help="Task to plan again for; the proposal is kept with it.")] = "",
    accept: Annotated[str, typer.Option(help="Task whose proposal is committed.")] = "",
    dismiss: Annotated[str, typer.Option(help="Task to close without a repair.")] = "",
    effort: common.Effort = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """List open tasks; --repair, --accept and --dismiss see to one of them."""
    chosen = {name: task for name, task in (("repair", repair), ("accept", accept), ("dismiss", dismiss)) if task}
    if len(chosen) > 1:
        raise InputError("bad-option", f"--{' and --'.join(chosen)}: expected one of them", tuple(chosen))
    with people.opened(db, tenant, mode="write" if chosen else "read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.following import open_tasks

        for what, task_id in chosen.items():
            _see_to(ledger, who, what, task_id, common.chosen_effort(effort, "quick"), quiet=quiet or json)
        found = ledger.store.read(who.tenant_id, lambda view: open_tasks(view, who))
    if json:
        common.print_json({"tasks": found})
    elif not quiet:
        for task in found:
            typer.echo(f"{task['task_id']}  {task['status']:<8}  {task['text']}")
            if task.get("proposal"):
                typer.echo(f"            {task['proposal']}: landport tasks --accept {task['task_id']}")
        typer.echo(f"{len(found)} open tasks" if found else "no open tasks")


def _see_to(ledger: Ledger, who: Principal, what: str, task_id: str, effort: str, *, quiet: bool) -> Any:
    from landport.app.ledger import making, repairing

    if what == "accept":
        return ledger.do(who, repairing.repair(ledger, who, task_id))
    if what == "dismiss":
        return ledger.do(who, repairing.dismiss(ledger, who, task_id))
    ledger.store.read(who.tenant_id, lambda view: repairing.expect_open(view, who, task_id))
    with common.progress(quiet=quiet) as notify:
        task = making.task(ledger, who, effort=effort)
        plan = making.made(task, notify)
        return ledger.do(who, repairing.propose(ledger, who, task_id, plan, task.scenario))
