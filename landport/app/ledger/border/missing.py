"""A window that was missed: a strike for its enterprise, and, for freight of the plan, an exception and a task."""

from __future__ import annotations

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.border import places, reading, recording
from landport.app.ledger.border.recording import Scene
from landport.appointments import booking
from landport.appointments.states import AppointmentState
from landport.model.events import Event
from landport.model.gate_facts import WindowMissed
from landport.track.states import ContainerState


def missed(scene: Scene, before: AppointmentState, why: str = "") -> Event:
    """Write that a truck did not come in time; its place is given back if its window is not over."""
    visit = before.visit
    enterprise = reading.enterprise(scene.tx, visit.enterprise_id)
    cool_down = booking.cool_down_until(enterprise, scene.border.policy, scene.at) if visit.enterprise_id else None
    is_over = before.closes_at is None or before.closes_at <= scene.at
    fact = WindowMissed(
        window_id=before.window_id,
        had_come=before.presented_at is not None,
        frees=None if is_over else places.freed(scene, before),
        cool_down_until_at=cool_down,
        departure_id=visit.departure_id,
        why=why,
    )
    about = [*recording.windows(before.window_id), *recording.of_visit(visit), scene.day(before.channel)]
    about += [scene.queue()] if before.presented_at or before.called_at else []
    about += consignments(scene, visit.container_ids)
    event = recording.write(scene, f"appointment/{before.appointment_id}", fact, about)
    if visit.container_ids:
        scene.tx.append([track.task_for(event, scene.at)])
    return event


def consignments(scene: Scene, container_ids: tuple[str, ...]) -> list[str]:
    """Name the consignments in containers."""
    boxes = (reads.known(scene.tx, "container", c) for c in container_ids)
    found = (c for b in boxes if isinstance(b, ContainerState) and b.plan for c in b.plan.consignment_ids)
    return [f"consignment/{c}" for c in dict.fromkeys(found)]
