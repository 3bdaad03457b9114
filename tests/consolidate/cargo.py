"""Small cargo and a slow, independent judge of how it was packed."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadGroup, Loads


def booking(booking_id="B", **changes):
    given = {
        "shipper": "s",
        "consignee": "c",
        "kind": "LCL",
        "origin_id": "O",
        "at_id": "HUB",
        "destination_id": "D",
        "ready_at": 0,
        "due_at": 10_000,
        "container_type": "",
        "n_containers": 0,
        "goods_id": "g",
        "hs": "",
        "gng_code": "",
        "declared_kg": 0,
        "weighed_kg": None,
        "value_usd_cents": 0,
        "priority": 0,
        "may_split": False,
        "temperature_min_c": None,
        "temperature_max_c": None,
        "un_class": "",
        "un_number": "",
    }
    return Booking(booking_id=booking_id, **(given | changes))


def item(item_id="I", booking_id="B", size=(10, 10, 10), count=1, **changes):
    given = {
        "goods_id": "g",
        "mass_g": 1000,
        "weighed_g": None,
        "vertical": "h",
        "max_layers": 100,
        "max_on_top_g": 10**9,
    }
    length, width, height = size
    return CargoItem(
        item_id=item_id,
        booking_id=booking_id,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        count=count,
        **(given | changes),
    )


def kind(name="40HC", inside=(40, 20, 20), teu=2, equipment="dry"):
    return ContainerType(
        container_type=name,
        name=name,
        length_ft=20 * teu,
        teu=teu,
        inside_length_mm=inside[0],
        inside_width_mm=inside[1],
        inside_height_mm=inside[2],
        outside_length_mm=6058 * teu,
        tare_kg=4000,
        max_gross_kg=30_000,
        payload_kg=26_000,
        equipment=equipment,
    )


def group(bookings, items, kinds=None, payload_kg=26_000, group_id="G"):
    kinds = kinds or (kind(),)
    given = payload_kg if isinstance(payload_kg, dict) else {k.container_type: payload_kg for k in kinds}
    return LoadGroup(
        group_id=group_id,
        at_id="HUB",
        destination_id="D",
        bookings=tuple(bookings),
        items=tuple(items),
        ready_at={b.booking_id: 0 for b in bookings},
        container_types=tuple(kinds),
        payload_kg=given,
        lane_id="D",
    )


def pieces(box: LoadedBox):
    """List every piece of a box as (item id, x0, y0, z0, x1, y1, z1)."""
    for b in box.blocks:
        for i in range(b.nx):
            for j in range(b.ny):
                for k in range(b.nz):
                    x, y, z = b.x_mm + i * b.dx_mm, b.y_mm + j * b.dy_mm, b.z_mm + k * b.dz_mm
                    yield b.item_id, x, y, z, x + b.dx_mm, y + b.dy_mm, z + b.dz_mm


def overlap(a, b):
    """Area in plan that two pieces share."""
    return max(0, min(a[4], b[4]) - max(a[1], b[1])) * max(0, min(a[5], b[5]) - max(a[2], b[2]))


def poses(i: CargoItem):
    size = {"l": i.length_mm, "w": i.width_mm, "h": i.height_mm}
    for up in i.vertical:
        a, b = (size[s] for s in "lwh" if s != up)
        yield from ((a, b, size[up]), (b, a, size[up]))


def faults_in_box(box: LoadedBox, of: LoadGroup) -> list[str]:
    """Judge a box piece by piece."""
    items = {i.item_id: i for i in of.items}
    inside = next(k for k in of.container_types if k.container_type == box.container_type)
    placed = sorted(pieces(box), key=lambda p: p[3])
    faults = [*misplaced(placed, items, inside), *overloaded(placed, items)]
    mass = sum(items[p[0]].piece_g for p in placed)
    if mass != box.cargo_g or mass > of.payload_kg[box.container_type] * 1000:
        faults.append(f"mass {mass}")
    if sorted({items[p[0]].booking_id for p in placed}) != sorted(box.booking_ids):
        faults.append("bookings")
    return faults


def misplaced(placed, items, inside):
    """Judge poses, walls and overlaps."""
    for n, p in enumerate(placed):
        if (p[4] - p[1], p[5] - p[2], p[6] - p[3]) not in poses(items[p[0]]):
            yield f"pose {p}"
        if min(p[1:4]) < 0 or p[4] > inside.inside_length_mm or p[5] > inside.inside_width_mm:
            yield f"outside {p}"
        if p[6] > inside.inside_height_mm:
            yield f"too high {p}"
        yield from (f"overlap {p} {q}" for q in placed[:n] if overlap(p, q) and p[3] < q[6] and q[3] < p[6])


def overloaded(placed, items):
    """Judge support, layers and loads, in exact fractions."""
    below = [[m for m, q in enumerate(placed) if q[6] == p[3] and overlap(p, q)] for p in placed]
    base = [(p[4] - p[1]) * (p[5] - p[2]) for p in placed]
    layers, carried = {}, Counter()
    for n, p in enumerate(placed):
        if p[3] > 0 and sum(overlap(p, placed[m]) for m in below[n]) != base[n]:
            yield f"floats {p}"
        layers[n] = 1 + max((layers[m] for m in below[n] if placed[m][0] == p[0]), default=0)
        if layers[n] > items[p[0]].max_layers:
            yield f"layers {p}"
    for n, p in reversed(list(enumerate(placed))):
        for m in below[n]:
            carried[m] += (items[p[0]].piece_g + carried[n]) * Fraction(overlap(p, placed[m]), base[n])
        if carried[n] > items[p[0]].max_on_top_g:
            yield f"load {p} {carried[n]}"


def faults(loads: Loads, groups) -> list[str]:
    """Judge a plan: every box, every piece once, and bookings whole unless the remarked ones."""
    by_id = {g.group_id: g for g in groups}
    found = [f for box in loads.boxes for f in faults_in_box(box, by_id[box.group_id])]
    packed = Counter((box.group_id, b.item_id) for box in loads.boxes for b in box.blocks for _ in range(b.count))
    for left in loads.left:
        owner = next(g.group_id for g in groups if left.booking_id in g.ready_at)
        packed[owner, left.item_id] += left.count
    booked = Counter({(g.group_id, i.item_id): i.count for g in groups for i in g.items if i.count})
    return found if packed == booked else [*found, "lost or doubled pieces"]


def torn(loads: Loads, groups) -> set[str]:
    """Find the bookings that may not be split but stand in several boxes."""
    whole = {b.booking_id for g in groups for b in g.bookings if not b.may_split}
    boxes = Counter(b for box in loads.boxes for b in box.booking_ids)
    return {b for b in whole if boxes[b] > 1}
