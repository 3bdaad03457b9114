"""Use case move: what happened to containers, trains and wagons becomes events, if it can have happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.facts_given import checked
from landport.errors import InputError, NotFound, Problem
from landport.model.events import Draft, Event, split
from landport.model.troubles import EXCEPTIONS
from landport.store import Tx, View
from landport.track.states import ContainerState, TrainState, WagonState

MOVES: Final[dict[str, tuple[str, ...]]] = {
    "container": (
        "ContainerNumbered",
        "ContainerGatedIn",
        "ContainerGatedOut",
        "ContainerWeighed",
        "WeightAccepted",
        "ContainerReleased",
        "CustomsHeld",
        "ContainerSealed",
        "NoteIssued",
        "ContainerLoaded",
        "ContainerUnloaded",
        "ContainerDelivered",
        "ContainerDamaged",
        "ContainerRepaired",
    ),
    "train": ("TrainDeparted", "TrainArrived", "PathCancelled", "HandOverCancelled"),
    "wagon": ("WagonPlaced", "WagonBadOrdered"),
}
"""Types of events that people and machines report, by kind of subject."""

AHEAD: Final = timedelta(hours=24)
"""How far ahead of the port's clock an event may have happened: clocks differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What came of a report.

    Parameters
    ----------
    position
        Of the event; version of the subject's state from here on.
    status
        Of the subject after it.
    tasks
        Ids of tasks that it opened.
    closed
        Ids of tasks that it closed.
    """

    event_id: str
    position: int
    subject: str
    type: str
    status: str
    tasks: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def move(
    ledger: Ledger,
    who: Principal,
    subject: str,
    type_name: str,
    fields: Mapping[str, Any],
    *,
    happened_at: datetime | None = None,
    cause: str = "",
) -> Command:
    """Report what happened to a container, train or wagon.

    Parameters
    ----------
    subject
        `container/C00017`, `train/DEPARTURE` or `wagon/NUMBER`.
    type_name
        One of `MOVES`.
    fields
        Of the class of this name in `model.facts.FACTS`, as JSON has them.
    happened_at
        None: now.
    cause
        Id of what brought it about, such as a request.

    Returns
    -------
    Command
        Answers `Moved`.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-event`, `input`: the fields are not what the type asks for.
    NotFound
        In the command: `unknown-container`, `unknown-train`.
    Conflict
        In the command: `illegal-move`: it cannot have happened to the subject as it is.

    Notes
    -----
    What happened to a train happened to the containers aboard and to its wagons. An exception opens its task, and what
    sets it right closes it, in the same transaction.
    """
    who.expect_may("move")
    stream, payload = checked(ledger, subject, type_name, fields, MOVES)
    at = _instant(ledger, happened_at)

    def command(tx: Tx) -> Moved:
        draft = Draft(stream=stream, type=type_name, payload=payload, happened_at=at, cause=cause)
        return recorded(ledger, tx, completed(ledger, tx, draft))

    return command


def _instant(ledger: Ledger, happened_at: datetime | None) -> datetime:
    now = ledger.clock()
    if happened_at is None:
        return now
    if happened_at.tzinfo is None or not now - timedelta(days=3660) <= happened_at <= now + AHEAD:
        expected = "expected an instant with its offset from UTC, not later than tomorrow"
        raise InputError.of([Problem(file="event", key="happened_at", value=str(happened_at), expected=expected)])
    return happened_at.astimezone(UTC)


# ---- whom an event is about --------------------------------------------------------------------


def completed(ledger: Ledger, view: View, draft: Draft) -> Draft:
    """Name the other subjects whose states an event changes.

    Raises
    ------
    NotFound
        `unknown-container`, `unknown-train`.
    """
    kind, subject_id = split(draft.stream)
    about = {"container": _of_container, "train": _of_train, "wagon": _of_wagon}[kind](ledger, view, subject_id, draft)
    return Draft(
        stream=draft.stream,
        type=draft.type,
        payload=draft.payload,
        happened_at=draft.happened_at,
        about=tuple(dict.fromkeys(s for s in about if s != draft.stream)),
        cause=draft.cause,
        expected_version=draft.expected_version,
    )


def _of_container(ledger: Ledger, view: View, container_id: str, draft: Draft) -> list[str]:
    state = reads.known(view, "container", container_id)
    if not isinstance(state, ContainerState):
        raise NotFound("unknown-container", f"no container {container_id}", (container_id,))
    about = consignments_of([state])
    departure_id = draft.payload.get("departure_id", "")
    if departure_id:
        _expect_train(ledger, view, departure_id)
    leaves = draft.type in ("ContainerUnloaded", "ContainerDelivered")  # perhaps from the train that brought it
    departure_id = departure_id or (state.departure_id if leaves else "")
    about += [f"train/{departure_id}"] if departure_id else []
    wagon = draft.payload.get("wagon", "") or (state.wagon if leaves else "")
    about += [f"wagon/{wagon}"] if wagon else []
    about += [f"truck/{draft.payload['truck']}"] if draft.payload.get("truck") else []
    return about


def _of_train(ledger: Ledger, view: View, departure_id: str, draft: Draft) -> list[str]:
    _expect_train(ledger, view, departure_id)
    train = reads.known(view, "train", departure_id)
    if not isinstance(train, TrainState):
        return []
    if draft.type in ("TrainDeparted", "TrainArrived"):
        boxes = containers_of(view, train.aboard)
        wagons = train.wagons
    else:
        boxes = [b for b in containers_of(view, (*train.containers, *train.aboard)) if _is_hit(b, departure_id, draft)]
        wagons = ()
    return [
        *(f"container/{b.container_id}" for b in boxes),
        *consignments_of(boxes),
        *(f"wagon/{w}" for w in wagons),
    ]


def _is_hit(box: ContainerState, departure_id: str, draft: Draft) -> bool:
    """Tell whether a container still has to ride a train that does not run, or not past a border."""
    if box.status in ("delivered", "withdrawn"):
        return False
    rode = [r for r in box.rides if r.departure_id == departure_id and r.to_id]
    ahead = [r for r in box.plan.rides if r.departure_id == departure_id] if box.plan else []
    if draft.type == "PathCancelled":
        return box.departure_id == departure_id or (bool(ahead) and not rode)
    ends = {r.to_id for r in ahead}
    return box.departure_id == departure_id or (bool(ahead) and draft.payload["at_id"] not in ends and not rode)


def _of_wagon(ledger: Ledger, view: View, wagon: str, draft: Draft) -> list[str]:
    state = reads.known(view, "wagon", wagon)
    before = state if isinstance(state, WagonState) else None
    departure_id = draft.payload.get("departure_id", "") or (before.departure_id if before else "")
    if draft.payload.get("departure_id"):
        _expect_train(ledger, view, departure_id)
    trains = [departure_id, before.departure_id if before else ""]
    if draft.type == "WagonBadOrdered":
        boxes = _on_wagon(view, before, departure_id)
    else:  # what stands on it goes with it
        boxes = [b for b in containers_of(view, before.containers if before else ()) if b.wagon == wagon]
    about = [f"train/{d}" for d in trains if d]
    about += [f"container/{b.container_id}" for b in boxes]
    return about + consignments_of(boxes)


def _on_wagon(view: View, wagon: WagonState | None, departure_id: str) -> list[ContainerState]:
    """List the containers that stand on a wagon, and those planned to."""
    train = reads.known(view, "train", departure_id) if departure_id else None
    planned = containers_of(view, train.containers) if isinstance(train, TrainState) else []
    seq = wagon.seq if wagon else 0
    on = [b for b in planned if b.plan and (b.plan.wagon_departure_id, b.plan.wagon_seq) == (departure_id, seq)]
    there = {b.container_id: b for b in (*containers_of(view, wagon.containers if wagon else ()), *on)}
    return list(there.values())


def _expect_train(ledger: Ledger, view: View, departure_id: str) -> None:
    """See that a departure is one of a service we know, or that the log knows it."""
    service_id = departure_id.partition("@")[0]
    if service_id in ledger.world.network.services or reads.known(view, "train", departure_id) is not None:
        return
    raise NotFound(
        "unknown-train", f"no train {departure_id}: expected SERVICE@DATE of a known service", (departure_id,)
    )


def containers_of(view: View, ids: Iterable[str]) -> list[ContainerState]:
    """Read containers by id; those of which nothing is known are left out."""
    found = (reads.known(view, "container", c) for c in dict.fromkeys(ids))
    return [state for state in found if isinstance(state, ContainerState)]


def consignments_of(boxes: Iterable[ContainerState]) -> list[str]:
    """Name the consignments in containers, once each."""
    ids = (c for box in boxes if box.plan for c in box.plan.consignment_ids)
    return [f"consignment/{c}" for c in dict.fromkeys(ids)]


# ---- writing -----------------------------------------------------------------------------------


def recorded(ledger: Ledger, tx: Tx, draft: Draft) -> Moved:
    """Append an event that can have happened, with the tasks that it opens and closes.

    Raises
    ------
    Conflict
        `illegal-move`.
    """
    before = {s: reads.known(tx, *split(s)) for s in (draft.stream, *draft.about)}
    for subject, state in before.items():
        track.expect_legal(subject, state, draft)
    (event,) = tx.append([draft])
    follow = [event]
    if draft.type == "ContainerWeighed":
        follow += tx.append(due(ledger, containers_of(tx, [split(draft.stream)[1]])))
    opened = tx.append([track.task_for(e, ledger.clock()) for e in follow if e.type in EXCEPTIONS])
    had = draft.type == "OrderLifted" or any(getattr(state, "exceptions", ()) for state in before.values())
    closed = closings(tx, [event]) if had else ()
    state = reads.known(tx, *split(draft.stream))
    return Moved(
        event_id=event.event_id,
        position=event.position,
        subject=draft.stream,
        type=draft.type,
        status="" if state is None else state.status,
        tasks=tuple(split(e.stream)[1] for e in opened),
        closed=tuple(split(e.stream)[1] for e in closed),
    )


def closings(tx: Tx, events: Sequence[Event]) -> tuple[Event, ...]:
    """Close the open tasks whose cause is gone with events that were appended."""
    tasks = tuple(reads.everything(tx, "task", statuses=("open", "proposed")).values())
    closed: list[Event] = []
    for event in events if tasks else ():
        over = {split(e.stream)[1] for e in closed}
        left = [t for t in tasks if t.task_id not in over]
        closed += tx.append(track.closings(event, left, lambda kind, subject_id: reads.known(tx, kind, subject_id)))
    return tuple(closed)


def due(ledger: Ledger, states: Iterable[ContainerState]) -> tuple[Draft, ...]:
    """List the exceptions that states of containers and the time make, and that no event says yet."""
    return track.due_exceptions(states, ledger.clock(), most_kg=most_kg(ledger))


def most_kg(ledger: Ledger) -> Mapping[str, int]:
    """List the greatest gross mass of each container type."""
    found = ledger.kept.get("most_kg")
    if found is None:
        types = ledger.world.container_types
        found = ledger.kept["most_kg"] = {name: t.max_gross_kg for name, t in types.items()}
    most: Mapping[str, int] = found
    return most
