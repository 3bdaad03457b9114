"""Why: what became of a container or booking, what binds it and what would free it; what more of what is full saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from landport.errors import NotFound
from landport.model.plans import Left, Plan, Price, Remedy, Ride
from landport.model.scenario import Scenario, World
from landport.report import waits, words
from landport.report.facts import Facts, join
from landport.report.numbers import when
from landport.report.why_words import binds, dollars, lifts, sentence, worth

MOST_PRICES = 12
"""Prices that are listed where all are asked for, the dearest first."""

MOST_FREED = 12
"""Remedies that are listed by what they free."""

MOST_GROUPS = 20
"""Groups of what is left that are told."""

FRAME = "prices of what is full are those of the relaxation: what the next one would save, an estimate and no promise"


def why(plan: Plan, scenario: Scenario, world: World, name: str = "") -> dict[str, Any]:
    """Answer as data why things are as they are.

    Parameters
    ----------
    name
        A container or booking; empty: all that is left, and all prices.

    Returns
    -------
    dict[str, Any]
        `subjects`: for each container its state, reason, rides, what binds and the remedies; or `waiting`: groups of
        what is left, `remedies` by what they free; `prices`. `says` are its lines in words.

    Raises
    ------
    NotFound
        `unknown-subject`: the plan has no container or booking of that name.
    """
    facts = join(plan, scenario, world)
    if name:
        subjects = [_subject(facts, x) for x in _named(facts, name)]
        return {"name": name, "subjects": subjects, "says": [line for s in subjects for line in _told(facts, s)]}
    return _all(facts)


def _named(facts: Facts, name: str) -> list[str | Left]:
    """Find containers, and records of pieces never packed, by the name of a container or booking."""
    if name in facts.containers:
        return [name]
    boxes = [c.container_id for c in facts.plan.containers if name in c.booking_ids]
    loose = [x for x in facts.plan.left if x.booking_id == name and not x.container_id]
    if not boxes and not loose and name not in facts.rides:
        where = f"plan {facts.plan.name}"
        raise NotFound("unknown-subject", f"{where} has no container or booking {name!r}", (name,))
    return [*boxes, *loose] or [name]


def _subject(facts: Facts, subject: str | Left) -> dict[str, Any]:
    if isinstance(subject, Left):
        return {"subject_id": subject.item_id, "booking_ids": [subject.booking_id], **_left(subject)}
    box = facts.containers.get(subject)
    rides = facts.rides.get(subject, ())
    found = {"subject_id": subject, "booking_ids": list(box.booking_ids) if box else [subject]}
    left = next((x for x in facts.plan.left if x.container_id == subject), None)
    if left is not None:
        remedies = [r for r in facts.plan.remedies if r.container_id == subject]
        return {**found, **_left(left), "remedies": [_remedy(facts, r) for r in remedies]}
    full = [p for ride in rides for p in _on(facts.plan.prices, ride)]
    cents = sum(c.usd_cents for c in facts.plan.charges if c.subject_id == subject)
    late = max(0, rides[-1].arrives_at - box.due_at) if box and rides else 0
    return {
        **found,
        "state": "rides",
        "rides": [asdict(ride) for ride in rides],
        "usd_cents": cents,
        "late_minutes": late,
        "full": [{**asdict(p), "says": worth(facts, p)} for p in full],
    }


def _left(left: Left) -> dict[str, Any]:
    advice = words.ADVICE.get(left.code, "")
    return {"state": left.state, "code": left.code, "why": left.why, "count": left.count, "advice": advice}


def _remedy(facts: Facts, remedy: Remedy) -> dict[str, Any]:
    return {**asdict(remedy), "binds": binds(facts, remedy.bars), "says": sentence(facts, remedy)}


def _on(prices: Sequence[Price], ride: Ride) -> list[Price]:
    """List the prices of what a ride rides."""
    return [
        p for p in prices if p.departure_id == ride.departure_id and ride.first_leg <= p.leg <= ride.last_leg and p.leg
    ]


def _told(facts: Facts, subject: dict[str, Any]) -> Iterator[str]:
    """Tell one subject line by line."""
    names = " ".join(subject["booking_ids"])
    head = f"{subject['subject_id']} ({names})" if subject["subject_id"] != names else names
    if subject["state"] == "rides":
        yield from _told_riding(facts, head, subject)
        return
    yield f"{head}: {subject['state']}, {words.reason(subject['code']).lower()}: {subject['why']}"
    for number, remedy in enumerate(subject.get("remedies", ())):
        yield f"  {'the cheapest' if number == 0 else 'or'}: {remedy['says']}"
        yield from (f"      {line}" for line in remedy["binds"])
    if not subject.get("remedies"):
        yield f"  nothing was found that would free it by itself. {subject['advice']}".rstrip()


def _told_riding(facts: Facts, head: str, subject: dict[str, Any]) -> Iterator[str]:
    late = subject["late_minutes"]
    judged = f", {late / 60:,.0f} hours late" if late else ""
    yield f"{head}: rides for {dollars(subject['usd_cents'])}{judged}"
    for ride in subject["rides"]:
        at = [
            when(ride[f"{what}_at"], facts.scenario.start_at, facts.zone(ride[place]), month=True)
            for what, place in (("departs", "from_id"), ("arrives", "to_id"))
        ]
        yield f"  {ride['departure_id'] or 'truck'}: {ride['from_id']} {at[0]} - {ride['to_id']} {at[1]}"
    for price in subject["full"]:
        yield f"  full: {price['says']}"


def _all(facts: Facts) -> dict[str, Any]:
    groups = [_group(facts, line) for line in waits.wait_lines(facts)]
    freed = _freed(facts)
    prices = [{**asdict(p), "says": worth(facts, p)} for p in facts.plan.prices]
    says = [line for g in groups[:MOST_GROUPS] for line in g["says"]] or ["Nothing waits."]
    if len(groups) > MOST_GROUPS:
        says.append(f"{len(groups) - MOST_GROUPS:,} more reasons with --json, or name a container")
    if freed:
        says += ["", "What would free most, each container by its cheapest remedy:"]
        says += [f"  {f['says']}" for f in freed[:MOST_FREED]]
    if prices:
        says += ["", f"Worth most ({FRAME}):", *(f"  {p['says']}" for p in prices[:MOST_PRICES])]
    if len(prices) > MOST_PRICES:
        says.append(f"  {len(prices) - MOST_PRICES:,} more with --json")
    return {"name": "", "waiting": groups, "remedies": freed, "prices": prices, "says": says}


def _group(facts: Facts, line: waits.WaitLine) -> dict[str, Any]:
    """Tell a group of what is left, with the remedy that saves most among its own."""
    best = cheapest(facts, line.left)
    n = f"{line.n_containers:,} containers" if line.n_containers != 1 else "1 container"
    what = n if line.n_containers else f"{line.n_pieces:,} pieces"
    says = [f"{what}, {line.state}, {words.reason(line.code).lower()}: {line.why}"]
    if best is not None:
        says.append(f"  the cheapest, for {best.container_id}: {sentence(facts, best)}")
    elif words.ADVICE.get(line.code):
        says.append(f"  {words.ADVICE[line.code]}")
    ids = [x.container_id or x.item_id for x in line.left]
    return {"state": line.state, "code": line.code, "why": line.why, "subject_ids": ids, "says": says}


def cheapest(facts: Facts, left: Sequence[Left]) -> Remedy | None:
    """Choose the remedy of some of what is left that saves most; the first of equal ones."""
    ids = {x.container_id for x in left if x.container_id}
    mine = [r for r in facts.plan.remedies if r.container_id in ids]
    return max(mine, key=lambda r: r.saves_usd_cents, default=None)


def _freed(facts: Facts) -> list[dict[str, Any]]:
    """Sum by what is lifted the containers whose cheapest remedy that is, most first."""
    first: dict[str, Remedy] = {}
    for remedy in facts.plan.remedies:
        best = first.setdefault(remedy.container_id, remedy)
        if remedy.saves_usd_cents > best.saves_usd_cents:
            first[remedy.container_id] = remedy
    groups: dict[str, list[Remedy]] = {}
    for remedy in first.values():
        groups.setdefault(lifts(facts, remedy.bars), []).append(remedy)
    found = []
    for what, mine in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        ids = [r.container_id for r in mine]
        n = "1 container" if len(ids) == 1 else f"{len(ids):,} containers, if there is room for all"
        found.append({"what": what, "container_ids": ids, "says": f"{what}: {n}"})
    return found
