"""Rules of load plans: what lies where in a container, on what, under what."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.stow import Body, Contact, Stow, Stowage, may_lie, piece_g
from landport.audit.violation import Finding, Rule

_TOLERANCE_G = 0.001
"""Shares of masses are fractions; sums of them may err by this much."""


def _shapeless(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        for b in stow.shapeless:
            grid, size = f"{b.nx} x {b.ny} x {b.nz}", f"{b.dx_mm} x {b.dy_mm} x {b.dz_mm} mm"
            text = f"{stow.label}: a block of {b.item_id} has {grid} pieces of {size}"
            yield text, (stow.label, b.item_id)


def _outside(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        k = stow.loading.kind
        inside = f"{k.inside_length_mm:,} x {k.inside_width_mm:,} x {k.inside_height_mm:,} mm"
        for body in stow.bodies:
            if not body.is_inside:
                text = f"{stow.label}: {where(body)} is not inside {inside} ({k.container_type})"
                yield text, (stow.label, body.block.item_id)


def _turned(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        for body in stow.bodies:
            b, item = body.block, body.item
            if item is not None and not may_lie(b, item):
                size = f"{item.length_mm} x {item.width_mm} x {item.height_mm} mm, vertical {item.vertical!r}"
                lies = f"{b.dx_mm} x {b.dy_mm} x {b.dz_mm} mm"
                text = f"{stow.label}: pieces of {b.item_id} ({size}) lie as {lies}"
                yield text, (stow.label, b.item_id)


def _overlapping(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        for i, j in sorted(stow.clashes.items()):
            one, other = stow.bodies[min(i, j)], stow.bodies[max(i, j)]
            text = f"{stow.label}: {where(one)} and {where(other)} overlap"
            yield text, (stow.label, one.block.item_id, other.block.item_id)


def _hanging(of: Stowage) -> Iterator[Finding]:
    for stow in (s for s in of.stows if not s.is_heap):
        pct = stow.loading.rules.support_pct
        on: list[list[Contact]] = [[] for _ in stow.bodies]
        for contact in stow.contacts if pct > 0 else ():
            on[contact.upper].append(contact)
        for body, contacts in zip(stow.bodies, on, strict=True):
            area, base = _borne(body, contacts, pct)
            if body.z0 > 0 and area * 100 < base * pct:
                least = "" if pct == 100 else f"; {pct} % must"
                part = f"only {area:,} of the {base:,} mm2 of its base stand on tops at that height{least}"
                yield f"{stow.label}: under {where(body)} {part}", _about(stow, body)


def _borne(body: Body, contacts: list[Contact], pct: int) -> tuple[int, int]:
    """Measure what is borne of the base of a body and how large it is, in mm2.

    Of a whole block, where all of it must be borne; else of the piece in its lowest layer that is borne least.
    """
    b = body.block
    if pct >= 100 or b.nx * b.ny == 1 or not body.is_sound:
        return sum(c.area_mm2 for c in contacts), (body.x1 - body.x0) * (body.y1 - body.y0)
    columns: dict[int, int] = {}
    for c in contacts:
        for column, area in _columns(body, c.x0, c.x1, c.y0, c.y1):
            columns[column] = columns.get(column, 0) + area
    least = min(columns.values(), default=0) if len(columns) == b.nx * b.ny else 0
    return least, b.dx_mm * b.dy_mm


def _rigid(of: Stowage) -> Iterator[Finding]:
    for stow in (s for s in of.stows if not s.is_heap):
        borne: dict[int, int] = {}
        for contact in stow.contacts:
            below = stow.bodies[contact.lower].item
            if below is not None and below.is_rigid:
                borne[contact.upper] = borne.get(contact.upper, 0) + contact.area_mm2
        for i, body in enumerate(stow.bodies):
            if body.item is None or not body.item.is_rigid:
                continue
            base = (body.x1 - body.x0) * (body.y1 - body.y0)
            if may_lie(body.block, body.item) and body.block.dz_mm != body.item.height_mm:
                text = f"{body.block.dz_mm:,} mm of it stand upright; its height is {body.item.height_mm:,} mm"
                yield f"{stow.label}: rigid pallet {where(body)} is turned: {text}", _about(stow, body)
            elif body.z0 > 0 and borne.get(i, 0) < base:
                part = f"only {borne.get(i, 0):,} of the {base:,} mm2 of its base stand on other rigid pallets"
                yield f"{stow.label}: under rigid pallet {where(body)} {part}", _about(stow, body)


def _piled(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        layers = [body.block.nz for body in stow.bodies]
        for contact in sorted(stow.contacts, key=lambda c: stow.bodies[c.upper].z0):
            upper, lower = stow.bodies[contact.upper].block, stow.bodies[contact.lower].block
            if upper.item_id == lower.item_id:
                layers[contact.upper] = max(layers[contact.upper], layers[contact.lower] + upper.nz)
        for body, count in zip(stow.bodies, layers, strict=True):
            if body.item is not None and count > body.item.max_layers:
                most = f"{count} layers of itself; {body.item.max_layers} are allowed"
                text = f"{stow.label}: {where(body)} tops {most}"
                yield text, (stow.label, body.block.item_id)


def _crushed(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        below: list[list[Contact]] = [[] for _ in stow.bodies]
        for contact in stow.contacts:
            if stow.bodies[contact.upper].is_sound and stow.bodies[contact.lower].is_sound:
                below[contact.upper].append(contact)
        loads: dict[int, list[float]] = {}
        for i in sorted(range(len(stow.bodies)), key=lambda i: -stow.bodies[i].z0):
            body = stow.bodies[i]
            if not body.is_sound or body.item is None:
                continue
            load = loads.get(i)
            hardest = (max(load) if load else 0.0) + (body.block.nz - 1) * piece_g(body.item)
            if hardest > body.item.max_on_top_g + _TOLERANCE_G:
                most = f"bears {hardest:,.0f} g; {body.item.max_on_top_g:,} g are allowed"
                yield f"{stow.label}: a piece of {where(body)} {most}", _about(stow, body)
            for contact in below[i]:
                _press(stow, contact, load, loads)


def _press(stow: Stow, contact: Contact, load: list[float] | None, loads: dict[int, list[float]]) -> None:
    """Add to the columns of the lower body what the columns of the upper one press on them, by area share.

    Notes
    -----
    A column of a block is one stack of its pieces; `load` says what lies on each column, row by row of x.
    """
    upper, lower = stow.bodies[contact.upper], stow.bodies[contact.lower]
    assert upper.item is not None
    own = upper.block.nz * piece_g(upper.item)
    size = upper.block.dx_mm * upper.block.dy_mm
    onto = loads.setdefault(contact.lower, [0.0] * (lower.block.nx * lower.block.ny))
    if load is None:
        for column, area in _columns(lower, contact.x0, contact.x1, contact.y0, contact.y1):
            onto[column] += own * area / size
        return
    b = upper.block
    for column, _ in _columns(upper, contact.x0, contact.x1, contact.y0, contact.y1):
        x0 = upper.x0 + column // b.ny * b.dx_mm
        y0 = upper.y0 + column % b.ny * b.dy_mm
        x1, y1 = min(contact.x1, x0 + b.dx_mm), min(contact.y1, y0 + b.dy_mm)
        for under, area in _columns(lower, max(contact.x0, x0), x1, max(contact.y0, y0), y1):
            onto[under] += (own + load[column]) * area / size


def _columns(body: Body, x0: int, x1: int, y0: int, y1: int) -> Iterator[tuple[int, int]]:
    """List the columns of a body that a rectangle touches, each with the area touched."""
    b = body.block
    for ix in range((x0 - body.x0) // b.dx_mm, (x1 - 1 - body.x0) // b.dx_mm + 1):
        left = body.x0 + ix * b.dx_mm
        wide = min(x1, left + b.dx_mm) - max(x0, left)
        for iy in range((y0 - body.y0) // b.dy_mm, (y1 - 1 - body.y0) // b.dy_mm + 1):
            front = body.y0 + iy * b.dy_mm
            yield ix * b.ny + iy, wide * (min(y1, front + b.dy_mm) - max(y0, front))


def where(body: Body) -> str:
    """Name a body by its item and its corners."""
    return f"{body.block.item_id} at ({body.x0}, {body.y0}, {body.z0}) to ({body.x1}, {body.y1}, {body.z1})"


def _about(stow: Stow, body: Body) -> tuple[str, ...]:
    return stow.label, body.block.item_id


RULES = (
    Rule("BLOCK_SHAPE", "A block has at least one piece each way, and its pieces have a size.", _shapeless),
    Rule("BLOCK_INSIDE", "Every block lies inside its container.", _outside),
    Rule("BLOCK_TURNED", "Pieces lie on a side that may: only the dimensions in `vertical` stand upright.", _turned),
    Rule("BLOCK_OVERLAP", "No two blocks of a container overlap.", _overlapping),
    Rule(
        "BLOCK_SUPPORT",
        "Every piece stands with its base, or the share asked for, on the floor or on tops at that height.",
        _hanging,
    ),
    Rule("BLOCK_LAYERS", "No item is stacked on itself in more than `max_layers` layers.", _piled),
    Rule("BLOCK_ON_TOP", "No piece bears more than `max_on_top_g`, masses above shared by area.", _crushed),
    Rule("BLOCK_RIGID", "Rigid pallets stand upright, on the floor or wholly on other rigid pallets.", _rigid),
)
