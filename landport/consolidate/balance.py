"""Centre of gravity: what stands in a container is moved, mirrored and exchanged until it is in balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landport.consolidate.crosswise import Lean, Places, moved, upright
from landport.consolidate.lengthwise import Line, in_balance
from landport.consolidate.scale import tilts, weigh
from landport.consolidate.towers import Wall, joined, rank, turned, wall_of, walls_of
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadRules
from landport.model.plans import CargoBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a load is balanced by.

    Parameters
    ----------
    piece_g, ranks
        By item id: mass of a piece, and when it is unloaded (`towers.rank`).
    fixed
        Blocks that were there before and stay.
    """

    kind: ContainerType
    rules: LoadRules
    piece_g: Mapping[str, int]
    ranks: Mapping[str, int]
    fixed: tuple[CargoBlock, ...] = ()


def scene(
    kind: ContainerType,
    items: Sequence[CargoItem],
    bookings: Sequence[Booking],
    rules: LoadRules,
    fixed: Sequence[CargoBlock] = (),
) -> Scene:
    """Look up what a load is balanced by."""
    by_id = {b.booking_id: b for b in bookings}
    return Scene(
        kind=kind,
        rules=rules,
        piece_g={i.item_id: i.piece_g for i in items},
        ranks={i.item_id: rank(i, by_id[i.booking_id]) for i in items},
        fixed=tuple(fixed),
    )


def balance(box: LoadedBox, by: Scene, *, seed: int = 0) -> LoadedBox | None:
    """Bring a load into balance by moving what stands, keeping every other rule; None: no way was found.

    Notes
    -----
    Across: the load is moved aside; else its walls (`towers.walls_of`) are mirrored and moved one by one. Along: the
    load is moved or turned round; else its walls change places, are turned round, moved, and parted by a gap
    (`lengthwise.in_balance`). Walls rest on nothing but themselves, so that support, layers and what tops bear stay as
    they are. Nothing passes what is unloaded at another time, or what was there before; what stands between that and
    the closed end stays, too. A load in balance is answered as it is. Audited by `audit`.
    """
    if not tilts_of(box.blocks, by):
        return box
    blocks = _across(box.blocks, by)
    if blocks is not None and tilts_of(blocks, by):
        blocks = _along(blocks, by, seed)
    if blocks is None or tilts_of(blocks, by):
        return None
    return replace(box, blocks=joined(blocks, by.fixed))


def tilts_of(blocks: Sequence[CargoBlock], by: Scene) -> tuple[str, ...]:
    """Say each rule of balance that blocks break."""
    return tilts(weigh(blocks, by.piece_g, by.kind), by.kind, by.rules)


def _split(blocks: Sequence[CargoBlock], by: Scene) -> tuple[list[CargoBlock], list[Wall]]:
    """Part a load into the blocks that stay and the walls behind them."""
    walls = walls_of(blocks, by.piece_g, by.ranks)
    end = max((b.x_mm + b.nx * b.dx_mm for b in by.fixed), default=0)
    from_mm = max((w.x1 for w in walls if w.x0 < end), default=0)
    stay = [b for b in blocks if b in by.fixed]
    for b in blocks:
        n_kept = min(b.nx, -(-(from_mm - b.x_mm) // b.dx_mm))
        if b not in by.fixed and n_kept > 0:
            stay.append(replace(b, nx=n_kept))
    return stay, [w for w in walls if w.x0 >= from_mm]


def _across(blocks: Sequence[CargoBlock], by: Scene) -> list[CargoBlock] | None:
    pct, inside = by.rules.cog_width_pct, by.kind.inside_width_mm
    stay, walls = _split(blocks, by)
    mass = sum(b.count * by.piece_g[b.item_id] for b in blocks)
    off = 2 * mass * (weigh(blocks, by.piece_g, by.kind).cog_mm[1]) - mass * inside
    if pct is None or abs(off) * 100 <= 2 * pct * inside * mass:
        return list(blocks)
    fixed = int(off) - sum(w.sway - w.mass_g * inside for w in walls)
    lean = Lean(inside_mm=inside, fixed=fixed, most=2 * pct * inside * mass // 100)
    if not walls:
        return None
    whole = [wall_of((b for w in walls for b in w.blocks), by.piece_g, by.ranks)]
    places = moved(whole, [False], lean)
    if places is not None:
        walls = whole
    else:
        places = upright(walls, lean)
    return None if places is None else [*stay, *_placed_across(walls, places, inside)]


def _placed_across(walls: Sequence[Wall], places: Places, inside_mm: int) -> Iterator[CargoBlock]:
    for wall, (is_mirrored, shift) in zip(walls, places, strict=True):
        own = turned(wall.blocks, inside_mm, across=True) if is_mirrored else wall.blocks
        yield from (replace(b, y_mm=b.y_mm + shift) for b in own)


def _along(blocks: Sequence[CargoBlock], by: Scene, seed: int) -> list[CargoBlock] | None:
    stay, walls = _split(blocks, by)
    settled = weigh(stay, by.piece_g, by.kind)
    line = Line(
        from_mm=max((b.x_mm + b.nx * b.dx_mm for b in stay), default=0),
        inside_mm=by.kind.inside_length_mm,
        mass_g=settled.mass_g + sum(w.mass_g for w in walls),
        moment=int(2 * settled.mass_g * settled.cog_mm[0]),
        closed_end_g=float(settled.closed_end_g),
        cog_pct=by.rules.cog_length_pct,
        half_pct=by.rules.half_pct,
    )
    if not walls:
        return None
    whole = [wall_of((b for w in walls for b in w.blocks), by.piece_g, by.ranks)]
    found = in_balance(whole, line, seed) or in_balance(walls, line, seed)
    if found is None:
        return None
    row, starts = found
    for (wall, is_turned), start in zip(row, starts, strict=True):
        own = turned(wall.blocks, wall.x0 + wall.x1, across=False) if is_turned else wall.blocks
        stay += (replace(b, x_mm=b.x_mm - wall.x0 + start) for b in own)
    return stay
