"""Rules of trains: what the hub runs and cancels, and what each leg may take."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case, breaks
from landport.audit.times import Run
from landport.audit.violation import Finding, Rule
from landport.model.plans import PlannedContainer


def _legs(case: Case) -> Iterator[tuple[Run, int, list[PlannedContainer]]]:
    """List every dated leg with boxes on board, leg counted from 0."""
    for (departure_id, leg), boxes in case.on_board.items():
        run = case.timetable.run(departure_id)
        if run is not None:
            yield run, leg, boxes


def _hub_legs(case: Case) -> Iterator[tuple[Run, int, list[PlannedContainer]]]:
    """List those of hub trains that the plan runs or cancels: all their boxes are known."""
    for run, leg, boxes in _legs(case):
        if case.is_decided(run):
            yield run, leg, boxes


def _name(run: Run, leg: int) -> str:
    ends = run.service.legs[leg]
    return f"leg {leg + 1} ({ends.from_id}-{ends.to_id}) of {run.departure_id}"


def _twice(case: Case) -> Iterator[Finding]:
    seen = set()
    for run in case.plan.runs:
        if run.departure_id in seen:
            yield f"{run.departure_id} is decided twice", (run.departure_id,)
        seen.add(run.departure_id)


def _decidable(case: Case) -> Iterator[Finding]:
    for departure_id in case.runs:
        run = case.timetable.run(departure_id)
        if run is None:
            yield f"{departure_id} is decided, but no such departure runs", (departure_id,)
        elif not case.is_decided(run) or (run.departs_at[0] < case.scenario.now_at and departure_id not in case.gone):
            days = f"[{case.scenario.now_at:,}, {case.plan_end:,})"
            when = f"leaves at minute {run.departs_at[0]:,} ({run.service.operation})"
            yield f"{departure_id} {when}; hub trains that leave in {days} are decided", (departure_id,)


def _status(case: Case) -> Iterator[Finding]:
    for run in case.plan.runs:
        if run.status not in ("run", "cancelled"):
            yield f"{run.departure_id} is {run.status!r}, expected run or cancelled", (run.departure_id,)


def _why(case: Case) -> Iterator[Finding]:
    for run in case.plan.runs:
        if run.status == "cancelled" and not run.why.strip():
            yield f"{run.departure_id} is cancelled without a reason", (run.departure_id,)


def _undecided(case: Case) -> Iterator[Finding]:
    for run in case.timetable.between(case.scenario.now_at, case.plan_end):
        if case.is_decided(run) and run.departure_id not in case.runs:
            when = f"leaves at minute {run.departs_at[0]:,}"
            yield f"{run.departure_id} {when}, but nobody decided to run or to cancel it", (run.departure_id,)


def _cancelled(case: Case) -> Iterator[Finding]:
    for departure_id, count in _riders(case).items():
        decision = case.runs.get(departure_id)
        if decision is not None and decision.status == "cancelled":
            yield f"{departure_id} is cancelled, but has {count} rides", (departure_id,)


def _riders(case: Case) -> dict[str, int]:
    """Rides by departure id."""
    found: dict[str, int] = {}
    for ride in case.plan.rides:
        if ride.departure_id:
            found[ride.departure_id] = found.get(ride.departure_id, 0) + 1
    return found


def _later(case: Case) -> Iterator[Finding]:
    for departure_id, count in _riders(case).items():
        run = case.timetable.run(departure_id)
        if run is not None and case.is_undecided(run) and run.service.group == "assembly":
            when = f"at minute {run.departs_at[0]:,}; the plan's days end at {case.plan_end:,}"
            yield f"{departure_id} has {count} rides, but is assembled {when}", (departure_id,)


def _least(case: Case) -> Iterator[Finding]:
    for departure_id, run in case.running.items():
        fullest = 0
        for leg in range(len(run.service.legs)):
            fullest = max(fullest, case.teu(case.on_board.get((departure_id, leg), ())))
        if fullest < run.service.min_teu:
            text = f"{departure_id} runs with {fullest} TEU on its fullest leg; {run.service.min_teu} are needed"
            yield text, (departure_id,)


def _teu(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _legs(case):
        room = run.service.legs[leg].capacity_teu
        if run.free_teu is not None:
            room = min(room, run.free_teu[leg])
        if case.teu(boxes) > room:
            yield f"{_name(run, leg)} carries {case.teu(boxes)} TEU; it has room for {room}", (run.departure_id,)


def _cargo(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _hub_legs(case):
        mass, most = sum(b.gross_kg for b in boxes), run.service.legs[leg].max_cargo_kg
        if most > 0 and mass > most:
            yield f"{_name(run, leg)} carries {mass:,} kg of boxes; it takes {most:,} kg", (run.departure_id,)


def _train_kg(case: Case, boxes: list[PlannedContainer]) -> int:
    """Mass of boxes and of the wagons they take."""
    return sum(b.gross_kg for b in boxes) + case.milli("wagon_tare_t_per_feu") * case.teu(boxes) // 2


def _gross(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _hub_legs(case):
        mass, most = _train_kg(case, boxes), run.service.legs[leg].max_gross_kg
        if most > 0 and mass > most:
            text = f"{_name(run, leg)} weighs {mass:,} kg with wagons; it takes {most:,} kg"
            yield text, (run.departure_id,)


def _boxes_rule(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _legs(case):
        for rule in case.limits("max_boxes_feu", run, leg) if run.service.operation == "hub" else ():
            if breaks(rule, 500 * case.teu(boxes)):
                text = f"carries {case.teu(boxes) / 2:g} FEU; rule {rule.rule_id} allows {rule.milli / 1000:g}"
                yield f"{_name(run, leg)} {text}", (run.departure_id, rule.rule_id)


def _cargo_rule(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _hub_legs(case):
        mass = sum(b.gross_kg for b in boxes)
        for rule in case.limits("max_cargo_t", run, leg):
            if breaks(rule, mass):
                text = f"carries {mass:,} kg of boxes; rule {rule.rule_id} allows {rule.milli:,} kg"
                yield f"{_name(run, leg)} {text}", (run.departure_id, rule.rule_id)


def _gross_rule(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _hub_legs(case):
        for rule in case.limits("max_gross_t", run, leg):
            if breaks(rule, _train_kg(case, boxes)):
                text = f"weighs {_train_kg(case, boxes):,} kg; rule {rule.rule_id} allows {rule.milli:,} kg"
                yield f"{_name(run, leg)} {text}", (run.departure_id, rule.rule_id)


def _box_rule(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _legs(case):
        for rule in case.limits("max_box_gross_kg", run, leg):
            for box in boxes:
                kind = case.types.get(box.container_type)
                size = "20ft" if kind is not None and kind.length_ft == 20 else "40ft"
                if kind is not None and rule.applies_to in (size, "box") and breaks(rule, 1000 * box.gross_kg):
                    since = f" from {rule.valid_from}" if rule.valid_from else ""
                    limit = f"{rule.train_class} allows {rule.milli // 1000:,} kg on a {size} box{since}"
                    text = f"{box.container_id} weighs {box.gross_kg:,} kg gross on {_name(run, leg)}"
                    about = (box.container_id, run.departure_id, rule.rule_id)
                    yield f"{text}; {limit} (rule {rule.rule_id})", about


def _open_top_rule(case: Case) -> Iterator[Finding]:
    for run, leg, boxes in _legs(case):
        for rule in case.limits("forbid_open_top", run, leg):
            for box in boxes:
                kind = case.types.get(box.container_type)
                if kind is not None and kind.equipment == "open-top" and rule.milli > 0:
                    text = f"{box.container_id} ({box.container_type}) rides {_name(run, leg)}"
                    about = (box.container_id, run.departure_id, rule.rule_id)
                    yield f"{text}; rule {rule.rule_id} forbids open tops", about


RULES = (
    Rule("RUN_TWICE", "A departure is decided once.", _twice),
    Rule("RUN_DEPARTURE", "The plan decides on hub departures that leave in its days, on no other.", _decidable),
    Rule("RUN_STATUS", "A hub departure is run or cancelled.", _status),
    Rule("RUN_WHY", "A cancelled train has a reason in words.", _why),
    Rule("RUN_MISSING", "Every hub departure of the plan's days is run or cancelled.", _undecided),
    Rule("RUN_CANCELLED", "A cancelled train carries nothing.", _cancelled),
    Rule("RUN_LATER", "Nothing rides a train to be assembled after the plan's days.", _later),
    Rule("RUN_LEAST", "A hub train that runs has its least TEU on its fullest leg.", _least),
    Rule("LEG_TEU", "No leg carries more TEU than it has room for, or than is noted free.", _teu),
    Rule("LEG_CARGO", "No leg of a hub train carries more mass of boxes than it takes.", _cargo),
    Rule("LEG_GROSS", "No leg of a hub train is heavier, wagons counted, than it takes.", _gross),
    Rule("RULE_BOXES", "Hub trains keep the dated limits on FEU (`max_boxes_feu`).", _boxes_rule),
    Rule("RULE_CARGO", "Hub trains keep the dated limits on the mass of boxes (`max_cargo_t`).", _cargo_rule),
    Rule("RULE_GROSS", "Hub trains keep the dated limits on train mass (`max_gross_t`).", _gross_rule),
    Rule("RULE_BOX", "Every box keeps the dated limits on its gross mass (`max_box_gross_kg`).", _box_rule),
    Rule("RULE_OPEN_TOP", "No open top rides where it is forbidden (`forbid_open_top`).", _open_top_rule),
)
