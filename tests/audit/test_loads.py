"""Load plans against a slow twin that looks at every piece by itself."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.model.plans import CargoBlock
from tests.broken.week import item, tiny

ITEMS = (
    item(
        "T1", "B3", 8, 400, 300, 200, mass_g=10_000, max_on_top_g=15_000, max_layers=2, vertical="lwh", unload_order=1
    ),
    item("T2", "B4", 8, 300, 300, 300, mass_g=7_000, max_on_top_g=9_000, max_layers=1),
    item("T3", "B3", 8, 600, 400, 200, mass_g=21_001, max_on_top_g=40_000, max_layers=3, vertical="lh", is_rigid=True),
)
RANKS = {"T1": 1, "T2": 0, "T3": 9}
"""In which order they come out: customs have not released B4."""
CODES = ("BLOCK_INSIDE", "BLOCK_TURNED", "BLOCK_OVERLAP", "BLOCK_SUPPORT", "BLOCK_LAYERS", "BLOCK_ON_TOP")
CODES += ("BLOCK_RIGID", "BLOCK_UNLOAD", "BLOCK_DOOR")
SIZES = {i.item_id: (i.length_mm, i.width_mm, i.height_mm) for i in ITEMS}
TURNS = ((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 1, 0))


@st.composite
def blocks(draw) -> CargoBlock:
    """A small block near the corner, often on top of something."""
    chosen = draw(st.sampled_from(ITEMS))
    size = [SIZES[chosen.item_id][side] for side in draw(st.sampled_from(TURNS))]
    x, y = draw(st.integers(-1, 8)) * 100, draw(st.integers(0, 6)) * 100
    z = draw(st.sampled_from((0, 0, 200, 200, 300, 400, 500, 600)))
    nx, ny, nz = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 2)))
    return CargoBlock(
        item_id=chosen.item_id, x_mm=x, y_mm=y, z_mm=z, dx_mm=size[0], dy_mm=size[1], dz_mm=size[2], nx=nx, ny=ny, nz=nz
    )


def pieces(stow):
    """Every piece: item, block number, corner and far corner."""
    for n, b in enumerate(stow):
        for i, j, k in product(range(b.nx), range(b.ny), range(b.nz)):
            low = (b.x_mm + i * b.dx_mm, b.y_mm + j * b.dy_mm, b.z_mm + k * b.dz_mm)
            far = (low[0] + b.dx_mm, low[1] + b.dy_mm, low[2] + b.dz_mm)
            yield next(t for t in ITEMS if t.item_id == b.item_id), n, low, far


def shared(p, q) -> int:
    """Area that two pieces share, seen from above."""
    sides = [min(p[3][a], q[3][a]) - max(p[2][a], q[2][a]) for a in (0, 1)]
    return sides[0] * sides[1] if min(sides) > 0 else 0


def slow(stow, kind) -> set[str]:
    """Judge piece by piece."""
    every, found = sorted(pieces(stow), key=lambda p: -p[2][2]), set()
    inside = (kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm)
    for p in every:
        if min(p[2]) < 0 or any(p[3][a] > inside[a] for a in range(3)):
            found.add("BLOCK_INSIDE")
        dims = sorted(SIZES[p[0].item_id]), sorted(p[3][a] - p[2][a] for a in range(3))
        upright = p[3][2] - p[2][2]
        if dims[0] != dims[1] or upright not in [SIZES[p[0].item_id]["lwh".index(v)] for v in p[0].vertical]:
            found.add("BLOCK_TURNED")
        if any(q[1] != p[1] and shared(p, q) and p[2][2] < q[3][2] and q[2][2] < p[3][2] for q in every):
            found.add("BLOCK_OVERLAP")
        base = (p[3][0] - p[2][0]) * (p[3][1] - p[2][1])
        if p[2][2] and sum(shared(p, q) for q in every if q[3][2] == p[2][2]) < base:
            found.add("BLOCK_SUPPORT")
    borne = [Fraction(0)] * len(every)
    layers = [1] * len(every)
    for i, p in enumerate(every):
        base = (p[3][0] - p[2][0]) * (p[3][1] - p[2][1])
        for j, q in enumerate(every):
            if q[3][2] == p[2][2] and shared(p, q):
                borne[j] += (p[0].piece_g + borne[i]) * Fraction(shared(p, q), base)
                if q[0] is p[0]:
                    layers[j] = max(layers[j], layers[i] + 1)
    found |= {"BLOCK_ON_TOP" for p, load in zip(every, borne, strict=True) if load > p[0].max_on_top_g}
    found |= {"BLOCK_LAYERS" for p, count in zip(every, layers, strict=True) if count > p[0].max_layers}
    return found | slow_order(every) | {"BLOCK_RIGID" for p in every if p[0].is_rigid and not stands_rigid(p, every)}


def stands_rigid(p, every) -> bool:
    """Tell whether a rigid pallet stands upright and wholly on the floor or on others."""
    on = sum(shared(p, q) for q in every if q[3][2] == p[2][2] and q[0].is_rigid)
    base = (p[3][0] - p[2][0]) * (p[3][1] - p[2][1])
    return p[3][2] - p[2][2] == p[0].height_mm and (p[2][2] == 0 or on == base)


def slow_order(every) -> set[str]:
    """Compare every two pieces: who is in the way of whom."""
    found = set()
    for p, q in product(every, repeat=2):
        meets = [min(p[3][a], q[3][a]) > max(p[2][a], q[2][a]) for a in range(3)]
        before = q[2][0] >= p[3][0] and meets[1] and meets[2]
        above = q[2][2] >= p[3][2] and meets[0] and meets[1]
        if RANKS[p[0].item_id] < RANKS[q[0].item_id] and (before or above):
            found.add("BLOCK_UNLOAD" if RANKS[p[0].item_id] else "BLOCK_DOOR")
    return found


def fast(stow) -> set[str]:
    """Judge as the auditor does, in the groupage container of the tiny plan."""
    plan, week, world = tiny()
    boxes = tuple(replace(b, blocks=tuple(stow)) if b.blocks else b for b in plan.containers)
    bookings = tuple(replace(b, is_released=b.booking_id != "B4") for b in week.bookings)
    found = audit.check(replace(plan, containers=boxes), replace(week, items=ITEMS, bookings=bookings), world)
    return {v.code for v in found} & set(CODES)


@given(st.lists(blocks(), min_size=1, max_size=5))
def test_blocks_are_judged_as_pieces_are(stow):
    """Where blocks are sound and apart, the auditor's verdict on blocks is the verdict on single pieces."""
    kind = tiny()[2].container_types["40HC"]
    wanted, given_ = slow(stow, kind), fast(stow)
    unsound = {"BLOCK_INSIDE", "BLOCK_TURNED", "BLOCK_OVERLAP"}
    assert wanted & unsound == given_ & unsound
    if not wanted & unsound:
        assert wanted == given_


@given(st.lists(blocks(), min_size=1, max_size=5))
def test_the_order_of_blocks_does_not_matter(stow):
    """A load plan read backwards has the same faults."""
    assert fast(stow) == fast(stow[::-1])
