"""What a plan must speak of so that its figures can be summed, whether it holds or not."""

from __future__ import annotations

from collections.abc import Iterator

from landport.errors import InputError, Problem
from landport.model.plans import Plan
from landport.model.scenario import FAR_MINUTES, World

FAR = 2 * FAR_MINUTES
"""Minutes from the scenario's start beyond which no time can be shown: twenty years."""


def expect_known(plan: Plan, world: World, file: str) -> None:
    """Refuse a plan whose figures cannot be summed.

    Parameters
    ----------
    file
        What messages call the plan.

    Raises
    ------
    InputError
        `input`: every container of an unknown type or of no bookings, every time that no calendar holds.
    """
    if problems := [*_types(plan, world, file), *_owners(plan, file), *_times(plan, file)]:
        raise InputError.of(problems)


def _types(plan: Plan, world: World, file: str) -> Iterator[Problem]:
    for box in plan.containers:
        if box.container_type not in world.container_types:
            expected = f"expected a container type that is known; container {box.container_id} has none"
            yield Problem(file=file, column="container_type", value=box.container_type, expected=expected)


def _owners(plan: Plan, file: str) -> Iterator[Problem]:
    for box in plan.containers:
        said = ", ".join(box.booking_ids)
        if not box.booking_ids or len(set(box.booking_ids)) < len(box.booking_ids):
            expected = f"expected bookings, each once; these are of container {box.container_id}"
            yield Problem(file=file, column="booking_ids", value=said, expected=expected)


def _times(plan: Plan, file: str) -> Iterator[Problem]:
    spans = [(f"container {c.container_id}", {"ready_at": c.ready_at, "due_at": c.due_at}) for c in plan.containers]
    spans += [
        (f"ride {r.seq} of {r.subject_id}", {"departs_at": r.departs_at, "arrives_at": r.arrives_at})
        for r in plan.rides
    ]
    for record, times in spans:
        for name, minute in times.items():
            if abs(minute) > FAR:
                expected = f"expected minutes within twenty years of the week's start; this is of {record}"
                yield Problem(file=file, column=name, value=str(minute), expected=expected)
