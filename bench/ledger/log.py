"""A long log of a busy port, for measuring: containers booked, readied, carried by trains and delivered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from landport.model.events import Draft
from landport.store import Store, Tx

START = datetime(2025, 1, 6, tzinfo=UTC)
BOXES = 50
"""Containers of a train."""

SENT = 20
"""Trains whose events share a request."""

STOPS = ("KHG", "ALA", "MOS", "MAL", "DUI")
"""Places a train comes to and leaves."""


def _goods(rng: Random, at: datetime) -> dict[str, object]:
    return {
        "kind": "FCL",
        "shipper_id": f"P{rng.randrange(900):05d}",
        "consignee_id": f"P{rng.randrange(900):05d}",
        "forwarder_id": f"F{rng.randrange(40):03d}",
        "origin_id": "XIAN",
        "at_id": "KHG",
        "destination_id": "DUI",
        "ready_at": at,
        "due_at": at + timedelta(days=21),
        "container_type": "40HC",
        "n_containers": 1,
        "goods_id": "electronics",
        "hs": "8471",
        "gng_code": "847130",
        "declared_kg": rng.randrange(8_000, 24_000),
        "weighed_kg": None,
        "value_usd_cents": rng.randrange(10**6, 10**8),
        "priority": rng.randrange(1, 4),
        "may_split": False,
        "temperature_min_c": None,
        "temperature_max_c": None,
        "un_class": "",
        "un_number": "",
        "is_released": False,
        "items": (),
    }


def _box(rng: Random, n: int, train: str, at: datetime) -> Iterator[Draft]:
    """Make what happens to one container before its train leaves."""
    box, note, truck = f"container/C{n:06d}", f"consignment/B{n:06d}", f"truck/{n % 9000:05d}"
    rides = [
        {
            "departure_id": train,
            "from_id": a,
            "to_id": b,
            "departs_at": at + timedelta(days=2 + k),
            "arrives_at": at + timedelta(days=3 + k),
        }
        for k, (a, b) in enumerate(pairwise(STOPS))
    ]
    said: list[tuple[str, str, dict[str, object], tuple[str, ...]]] = [
        (note, "ConsignmentBooked", {"goods": _goods(rng, at), "quote_id": ""}, ()),
        (
            box,
            "ContainerPlanned",
            {
                "plan_digest": f"{n // 3000:064x}",
                "consignment_ids": (f"B{n:06d}",),
                "master_id": "",
                "container_type": "40HC",
                "destination_id": "DUI",
                "gross_kg": 21_000,
                "due_at": at + timedelta(days=21),
                "cut_off_at": at + timedelta(days=2),
                "rides": rides,
                "wagon_departure_id": train,
                "wagon_seq": n % BOXES + 1,
                "wagon_position": 1,
            },
            (note,),
        ),
        (box, "ContainerNumbered", {"number": f"MSKU{n:07d}"}, (note,)),
        (box, "ContainerGatedIn", {"at_id": "KHG", "truck": f"{n % 9000:05d}", "driver_id": "D1"}, (note, truck)),
        (box, "ContainerWeighed", {"gross_kg": 21_000 + n % 90, "method": 1}, (note,)),
        (box, "ContainerReleased", {"reference": f"DE{n:09d}"}, (note,)),
        (box, "ContainerSealed", {"seals": (f"S{n:07d}",)}, (note,)),
        (box, "NoteIssued", {"number": f"N{n:08d}", "form": "CIM/SMGS"}, (note,)),
        (
            box,
            "ContainerLoaded",
            {"departure_id": train, "at_id": "KHG", "wagon": f"{n % 4000:08d}", "position": 1},
            (note, f"wagon/{n % 4000:08d}"),
        ),
    ]
    for k, (stream, kind, payload, about) in enumerate(said):
        yield Draft(stream=stream, type=kind, payload=payload, happened_at=at + timedelta(hours=k), about=about)


def _train(rng: Random, number: int) -> Iterator[Draft]:
    """Make all that happens to the containers of one train, and to it."""
    at, train = START + timedelta(hours=4 * number), f"D{number:05d}"
    boxes = range(number * BOXES, (number + 1) * BOXES)
    for n in boxes:
        yield from _box(rng, n, train, at)
    about = tuple(s for n in boxes for s in (f"container/C{n:06d}", f"wagon/{n % 4000:08d}"))
    for k, place in enumerate(STOPS):
        for kind, hours in (("TrainArrived", 0), ("TrainDeparted", 6)):
            if (kind, k) not in (("TrainArrived", 0), ("TrainDeparted", len(STOPS) - 1)):
                when = at + timedelta(days=2 + k, hours=hours)
                yield Draft(stream=f"train/{train}", type=kind, payload={"at_id": place}, happened_at=when, about=about)
    for n in boxes:
        box, note, when = f"container/C{n:06d}", f"consignment/B{n:06d}", at + timedelta(days=9)
        for kind, payload in (
            ("ContainerUnloaded", {"departure_id": train, "at_id": "DUI"}),
            ("ContainerGatedOut", {"at_id": "DUI", "truck": f"{n % 9000:05d}", "driver_id": ""}),
            ("ContainerDelivered", {"at_id": "DUI", "receiver_id": "P1"}),
        ):
            yield Draft(stream=box, type=kind, payload=payload, happened_at=when, about=(note,))


def fill(store: Store, n_events: int, *, tenant_id: str = "port", seed: int = 1) -> int:
    """Append so many events at least; answer how many the log has."""
    rng, number = Random(seed), 0
    while store.position() < n_events:
        drafts = [draft for train in range(number, number + SENT) for draft in _train(rng, train)]

        def work(tx: Tx, drafts: list[Draft] = drafts) -> int:
            return len(tx.append(drafts))

        store.write_now(tenant_id, "A1", work)
        number += SENT
    return store.position()
