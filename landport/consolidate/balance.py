"""Centre of gravity: what stands in a container is moved, mirrored and exchanged until it is in balance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landport.consolidate.crosswise import Lean, Places, mirrored, moved, upright
from landport.consolidate.lengthwise import Line, Row, in_balance
from landport.consolidate.scale import tilts, weigh
from landport.consolidate.sliding import slid
from landport.consolidate.towers import Wall, joined, rank, swapped, turned, wall_of, walls_of
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
    is_over
        Tells whether the time is over: then only the next of many ways is tried.
    """

    kind: ContainerType
    rules: LoadRules
    piece_g: Mapping[str, int]
    ranks: Mapping[str, int]
    fixed: tuple[CargoBlock, ...] = ()
    is_over: Callable[[], bool] = lambda: False


def scene(
    kind: ContainerType,
    items: Sequence[CargoItem],
    bookings: Sequence[Booking],
    rules: LoadRules,
    fixed: Sequence[CargoBlock] = (),
    is_over: Callable[[], bool] = lambda: False,
) -> Scene:
    """Look up what a load is balanced by."""
    by_id = {b.booking_id: b for b in bookings}
    return Scene(
        kind=kind,
        rules=rules,
        piece_g={i.item_id: i.piece_g for i in items},
        ranks={i.item_id: rank(i, by_id[i.booking_id]) for i in items},
        fixed=tuple(fixed),
        is_over=is_over,
    )


def balance(box: LoadedBox, by: Scene, *, seed: int = 0) -> LoadedBox | None:
    """Bring a load into balance by moving what stands, keeping every other rule; None: no way was found.

    Notes
    -----
    Across: the load is moved aside; else its walls (`towers.walls_of`) are mirrored and moved one by one. Along: the
    load is moved or turned round; else its walls change places, are turned round, moved, and parted by a gap
    (`lengthwise.in_balance`). Where that does not do, strips of walls are mirrored each in its place and change places
    across (`_swung`), and all is tried again. At last towers slide one by one (`sliding.slid`). Walls, strips and
    towers rest on nothing but themselves, so that support, layers and what tops bear stay as they are. Nothing passes
    what is unloaded at another time, or what was there before; what stands between that and the closed end stays, too.
    A load in balance is answered as it is. Audited by `audit`.
    """
    if not tilts_of(box.blocks, by):
        return box
    found = _settled(box.blocks, by, seed)
    if found is None and not by.is_over():
        swung = _swung(box.blocks, by, seed)
        found = None if swung is None else _settled(swung, by, seed)
    if found is None:
        found = _slid(box.blocks, by)
    return None if found is None else replace(box, blocks=joined(found, by.fixed))


def _slid(blocks: Sequence[CargoBlock], by: Scene) -> list[CargoBlock] | None:
    """Slide towers along, and across if all is unloaded at the same time; none where pieces hang over.

    What slides below a piece that hangs over would come to bear it.
    """
    if 0 < by.rules.support_pct < 100:
        return None
    sides = by.kind.inside_length_mm, by.kind.inside_width_mm
    is_even = len({by.ranks[b.item_id] for b in blocks}) < 2
    found = list(blocks)
    for is_across in (False, True):
        if (is_even or not is_across) and tilts_of(found, by):
            found = slid(found, by.piece_g, sides[is_across], by.fixed, is_across=is_across) or found
    return None if tilts_of(found, by) else found


def _settled(blocks: Sequence[CargoBlock], by: Scene, seed: int) -> Sequence[CargoBlock] | None:
    """Move, turn round and exchange walls."""
    found = _across(blocks, by)
    if found is not None and tilts_of(found, by):
        found = _along(found, by, seed)
    return None if found is None or tilts_of(found, by) else found


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
    lean = Lean(inside_mm=inside, fixed=fixed, most=2 * pct * inside * mass // 100, is_over=by.is_over)
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
        is_over=by.is_over,
    )
    if not walls:
        return None
    whole = [wall_of((b for w in walls for b in w.blocks), by.piece_g, by.ranks)]
    found = in_balance(whole, line, seed) or in_balance(walls, line, seed)
    if found is None:
        return None
    return [*stay, *_placed(*found)]


def _placed(row: Row, starts: Sequence[int]) -> Iterator[CargoBlock]:
    for (wall, is_turned), start in zip(row, starts, strict=True):
        own = turned(wall.blocks, wall.x0 + wall.x1, across=False) if is_turned else wall.blocks
        yield from (replace(b, x_mm=b.x_mm - wall.x0 + start) for b in own)


def _swung(blocks: Sequence[CargoBlock], by: Scene, seed: int) -> list[CargoBlock] | None:
    """Mirror strips of walls, each in its place, so that the load leans least along and across; None: there are none.

    Notes
    -----
    A strip is what planes along a wall part it into. Only walls of which all is unloaded at the same time are parted.
    Where the load still leans too much to a side, strips of one wall change places as well.
    """
    stay, walls = _split(blocks, by)
    parts = [(w, walls_of([swapped(b) for b in w.blocks], by.piece_g, by.ranks) if w.is_even else []) for w in walls]
    pairs = [(w, strip) for w, strips in parts for strip in strips]
    if len(pairs) == sum(1 for w in walls if w.is_even) and len(pairs) < 2:
        return None
    scales = weigh(blocks, by.piece_g, by.kind)
    along = [strip.sway - strip.mass_g * (w.x0 + w.x1) for w, strip in pairs]
    across = [strip.moment - strip.mass_g * strip.length_mm for _, strip in pairs]
    sides = (by.kind.inside_length_mm, by.kind.inside_width_mm)
    flips = []
    for n, leans in enumerate((along, across)):
        off = int(2 * scales.mass_g * scales.cog_mm[n]) - scales.mass_g * sides[n]
        flips.append(mirrored(leans, off - sum(leans), by.is_over))
    found = stay + [b for w, strips in parts if not strips for b in w.blocks]
    for (w, strip), is_along, is_across in zip(pairs, *flips, strict=True):
        own = [swapped(b) for b in strip.blocks]
        own = list(turned(own, w.x0 + w.x1, across=False)) if is_along else own
        found += turned(own, strip.x0 + strip.x1, across=True) if is_across else own
    return _exchanged(found, by, seed)


def _exchanged(blocks: list[CargoBlock], by: Scene, seed: int) -> list[CargoBlock]:
    """Let strips of a wall change places, where that brings the load into balance across; else leave all as it is."""
    pct, scales = by.rules.cog_width_pct, weigh(blocks, by.piece_g, by.kind)
    inside, mass = by.kind.inside_width_mm, scales.mass_g
    total = int(2 * mass * scales.cog_mm[1])
    if pct is None or abs(total - mass * inside) * 100 <= 2 * pct * inside * mass:
        return blocks
    stay, walls = _split(blocks, by)
    for wall in sorted(walls, key=lambda w: -w.mass_g):
        if by.is_over():
            break
        strips = walls_of([swapped(b) for b in wall.blocks], by.piece_g, by.ranks) if wall.is_even else []
        rest = total - sum(s.moment + 2 * s.mass_g * s.x0 for s in strips)
        line = Line(
            from_mm=0,
            inside_mm=inside,
            mass_g=mass,
            moment=rest,
            closed_end_g=0.0,
            cog_pct=pct,
            half_pct=None,
            is_over=by.is_over,
        )
        found = in_balance(strips, line, seed) if len(strips) > 1 else None
        if found is not None:
            others = (b for w in walls if w is not wall for b in w.blocks)
            return [*stay, *others, *map(swapped, _placed(*found))]
    return blocks
