"""Use case commit: an audited plan becomes what counts, in one transaction: who rides what, and who waits for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from landport import audit, exchange, track
from landport.app.before import rides_of
from landport.app.ledger import reads
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.going_on import counting, has_left
from landport.app.ledger.holding import STILL, expect_current, expect_still
from landport.app.ledger.moving import closings
from landport.app.ledger.week import Now, scenario_now
from landport.errors import InputError
from landport.exchange.plans import plan_bytes, plan_from
from landport.exchange.weeks import week_bytes, week_from
from landport.model.events import Draft
from landport.model.facts import ContainerPlanned, ContainerWithdrawn, PlanCommitted, PlannedRide
from landport.model.plans import Left, Plan, PlannedContainer, Ride
from landport.model.scenario import Scenario, network_of
from landport.store import Tx, View, blobs
from landport.track.states import ContainerState
from landport.units import instant_of

PLAN: Final = "plan"
"""Kind of stored plans."""

PLANNED: Final = "scenario {}"
"""Kind of a stored week that plans were made from, by its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What came of a commit.

    Parameters
    ----------
    n_planned, n_withdrawn
        Containers that have another journey, wagon or reason than before, and those that the plan has no more.
    closed
        Tasks that it mended.
    """

    digest: str
    position: int
    n_containers: int
    n_left: int
    n_planned: int
    n_withdrawn: int
    closed: tuple[str, ...] = ()


def keep_plan(tx: Tx, plan: Plan, scenario: Scenario) -> str:
    """Store a plan and the week that it was made from, for a commit later; answers the plan's digest."""
    blobs.put(tx, PLANNED.format(plan.scenario_digest), week_bytes(scenario))
    return blobs.put(tx, PLAN, plan_bytes(plan))


def stored_plan(view: View, digest: str) -> tuple[Plan, Scenario]:
    """Read a stored plan, and the week that it was made from.

    Raises
    ------
    NotFound
        `unknown-digest`.
    """
    plan = plan_from(blobs.get(view, digest))
    return plan, week_from(blobs.get(view, week_digest(view, plan)))


def week_digest(view: View, plan: Plan) -> str:
    """Find under which digest the week is stored that a plan was made from.

    Raises
    ------
    NotFound
        `unknown-digest`.
    """
    return blobs.of_kind(view, PLANNED.format(plan.scenario_digest))


def commit(ledger: Ledger, who: Principal, digest: str) -> Command:
    """Commit a stored plan.

    Returns
    -------
    Command
        Answers `Committed`. A plan that counts already is answered as it is.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        `unknown-digest`.
    InputError
        `broken-plan`: the auditor finds that it breaks a rule.
    Conflict
        In the command: `stale-plan`: what it plans has changed since it was made.

    Notes
    -----
    Judged and written out before the transaction, which holds the log: there only what changed since is looked for.
    Containers that are planned as they are already get no event.
    """
    who.expect_may("plan")
    plan, scenario = ledger.store.read(who.tenant_id, lambda view: stored_plan(view, digest))
    _expect_sound(ledger, who, plan, scenario)
    facts = planned_facts(ledger, plan, scenario, digest)

    def command(tx: Tx) -> Committed:
        now = scenario_now(ledger, tx)
        if now.week.plan_digest == digest:
            return _as_it_is(tx, digest, plan)
        previous_digest, previous = counting(ledger, tx, now.week)
        expect_current(ledger, plan, scenario, now, previous)
        wanted = _shared(tx, facts)
        changed = {c: fact for c, fact in wanted.items() if _differs(now.containers.get(c), fact)}
        expect_still(changed, now)
        gone = _gone(previous, plan, now)
        fact = _fact_of_plan(plan, week_digest(tx, plan), digest, previous_digest)
        drafts = _drafts(ledger, fact, now, changed, gone)
        events = tx.append(drafts)
        closed = closings(tx, events[1:])
        return Committed(
            digest=digest,
            position=events[0].position,
            n_containers=len(plan.containers),
            n_left=len(plan.left),
            n_planned=len(changed),
            n_withdrawn=len(gone),
            closed=tuple(e.stream.partition("/")[2] for e in closed),
        )

    return command


def _as_it_is(tx: Tx, digest: str, plan: Plan) -> Committed:
    """Answer for a plan that counts already."""
    found = tx.found("plan", digest)
    return Committed(
        digest=digest,
        position=found[2] if found else 0,
        n_containers=len(plan.containers),
        n_left=len(plan.left),
        n_planned=0,
        n_withdrawn=0,
    )


def _expect_sound(ledger: Ledger, who: Principal, plan: Plan, scenario: Scenario) -> None:
    """Refuse a plan that breaks a rule."""
    previous = None
    if plan.replanned is not None:
        previous = ledger.store.read(who.tenant_id, lambda view: previous_of(ledger, view, plan))
    violations = audit.check(plan, scenario, ledger.world, previous)
    if violations:
        said = "; ".join(f"{v.code}: {v.message}" for v in violations[:5])
        codes = tuple(dict.fromkeys(v.code for v in violations))
        raise InputError("broken-plan", f"the plan breaks {len(codes)} rules, so nothing was committed: {said}", codes)


def previous_of(ledger: Ledger, view: View, plan: Plan) -> Plan | None:
    """Read the plan that a plan was re-planned from, if it is the one that counts."""
    week = reads.open_week(view)
    if week is None or plan.replanned is None:
        return None
    _, found = counting(ledger, view, week)
    return found if found is not None and exchange.plan_digest(found) == plan.replanned.digest else None


# ---- what a plan says of each container --------------------------------------------------------


def planned_facts(ledger: Ledger, plan: Plan, scenario: Scenario, digest: str) -> dict[str, ContainerPlanned]:
    """Write down what a plan says of each container, with instants for minutes."""
    services = network_of(scenario, ledger.world).services
    rides = rides_of(plan.rides)
    left = {x.container_id: x for x in plan.left if x.container_id}
    stands = {
        container_id: (wagon.departure_id, wagon.seq, position)
        for wagon in plan.wagons
        for position, container_id in enumerate(wagon.container_ids, 1)
    }

    def cut_off(its: Sequence[Ride]) -> datetime | None:
        first = next((r for r in its if r.departure_id), None)
        service = services.get(first.departure_id.partition("@")[0]) if first else None
        if first is None or service is None:
            return None
        return instant_of(first.departs_at - service.cut_off_minutes, scenario.start_at)

    found = {}
    for box in plan.containers:
        its = rides.get(box.container_id, ())
        found[box.container_id] = _fact(
            box, its, scenario, digest, cut_off(its), stands.get(box.container_id), left.get(box.container_id)
        )
    return found


def _fact(
    box: PlannedContainer,
    rides: Sequence[Ride],
    scenario: Scenario,
    digest: str,
    cut_off_at: datetime | None,
    stands: tuple[str, int, int] | None,
    left: Left | None,
) -> ContainerPlanned:
    def instant(minute: int) -> datetime:
        return instant_of(minute, scenario.start_at)

    departure_id, seq, position = stands or ("", 0, 0)
    return ContainerPlanned(
        plan_digest=digest,
        consignment_ids=box.booking_ids,
        master_id=box.master_id,
        container_type=box.container_type,
        destination_id=box.destination_id,
        gross_kg=box.gross_kg,
        due_at=instant(box.due_at),
        cut_off_at=cut_off_at,
        rides=tuple(
            PlannedRide(
                departure_id=r.departure_id,
                from_id=r.from_id,
                to_id=r.to_id,
                departs_at=instant(r.departs_at),
                arrives_at=instant(r.arrives_at),
            )
            for r in rides
        ),
        wagon_departure_id=departure_id,
        wagon_seq=seq,
        wagon_position=position,
        left_code=left.code if left else "",
        left_why=left.why if left else "",
    )


def _shared(tx: Tx, facts: Mapping[str, ContainerPlanned]) -> dict[str, ContainerPlanned]:
    """Say whose each container is: of a forwarder only if all in it is."""
    owners = {c: state.forwarder_id for c, state in reads.consignments(tx).items()}
    found = {}
    for container_id, fact in facts.items():
        parties = {owners.get(c, "") for c in fact.consignment_ids}
        found[container_id] = replace(fact, forwarder_id=parties.pop() if len(parties) == 1 else "")
    return found


def _differs(state: ContainerState | None, fact: ContainerPlanned) -> bool:
    if state is None or state.plan is None:
        return True
    return replace(state.plan, plan_digest=fact.plan_digest) != fact


# ---- events ------------------------------------------------------------------------------------


def _gone(previous: Plan | None, plan: Plan, now: Now) -> list[str]:
    """List the containers that the plan before had, this one has not, and that stand still."""
    if previous is None:
        return []
    stays = {b.container_id for b in plan.containers}
    gone = [b.container_id for b in previous.containers if b.container_id not in stays]
    states = {c: now.containers[c] for c in gone if c in now.containers}
    return [c for c, s in states.items() if s.status in STILL and s.status != "withdrawn" and not has_left(s)]


def _fact_of_plan(plan: Plan, week: str, digest: str, previous: str) -> PlanCommitted:
    stage = next((s for s in plan.stages if s.name == "assemble"), None)
    return PlanCommitted(
        digest=digest,
        scenario_digest=week,
        name=plan.name,
        effort=plan.effort,
        seed=plan.seed,
        usd_cents=stage.cost if stage else 0,
        bound_usd_cents=stage.bound if stage else 0,
        n_containers=len(plan.containers),
        n_left=len(plan.left),
        n_trains=sum(run.status == "run" for run in plan.runs),
        previous_digest=previous,
    )


def _drafts(
    ledger: Ledger, fact: PlanCommitted, now: Now, changed: Mapping[str, ContainerPlanned], gone: Sequence[str]
) -> list[Draft]:
    at, digest, previous = ledger.clock(), fact.digest, fact.previous_digest
    about = (*((f"plan/{previous}",) if previous else ()), f"week/{now.week.week_id}")
    drafts = [Draft(stream=f"plan/{digest}", type="PlanCommitted", payload=asdict(fact), happened_at=at, about=about)]
    withdrawn = ContainerWithdrawn(plan_digest=digest)
    said: dict[str, ContainerPlanned | ContainerWithdrawn] = {**dict.fromkeys(gone, withdrawn), **changed}
    for container_id, new in said.items():
        drafts.append(
            Draft(
                stream=f"container/{container_id}",
                type=type(new).__name__,
                payload=track.payload_of(new),
                happened_at=at,
                about=_about(now.containers.get(container_id), new),
                cause=f"plan/{digest}",
            )
        )
    return drafts


def _about(before: ContainerState | None, fact: ContainerPlanned | ContainerWithdrawn) -> tuple[str, ...]:
    """Name consignments and trains of a container, before and after."""
    plans = [p for p in (before.plan if before else None, fact) if isinstance(p, ContainerPlanned)]
    names = [f"consignment/{c}" for p in plans for c in p.consignment_ids]
    names += [f"train/{r.departure_id}" for p in plans for r in p.rides if r.departure_id]
    return tuple(dict.fromkeys(names))
