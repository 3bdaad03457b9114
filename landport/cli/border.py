"""`landport border`: a border port that takes applications around the clock. What the verbs do stands beside."""

from __future__ import annotations

import typer

from landport.cli import border_closure, border_controller, border_paper, border_port, border_trucker

app = typer.Typer(
    help="A border port: applications and windows, the gate, closures, paper, figures.", no_args_is_help=True
)
for verb in (
    border_port.publish,
    border_trucker.apply,
    border_trucker.decide,
    border_port.windows,
    border_trucker.book,
    border_trucker.hold,
    border_trucker.reschedule,
    border_trucker.cancel,
    border_trucker.change,
    border_paper.code,
    border_port.board,
    border_controller.walkup,
    border_controller.present,
    border_controller.call,
    border_controller.checkin,
    border_controller.inspect,
    border_controller.keep,
    border_controller.clear,
    border_controller.turnback,
    border_controller.miss,
    border_closure.shift,
    border_closure.reopen,
    border_port.figures,
    border_paper.daylist,
    border_paper.keys,
    border_closure.check,
):
    app.command(verb.__name__)(verb)
