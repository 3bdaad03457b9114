"""Pulling a consignment: what must move is what no smaller set would free, and what goes back stands."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landport.consolidate.pulling import pull
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock
from tests.consolidate.cargo import booking, group, item, pieces
from tests.consolidate.judge import is_above, is_beyond, judged
from tests.consolidate.stacks import KIND, is_in_order, loaded, stacks

RULES = st.just(LoadRules())


def pulled(of, box, booking_id):
    items, bookings = {i.item_id: i for i in of.items}, {b.booking_id: b for b in of.bookings}
    return pull(box.blocks, booking_id, KIND, items, bookings, of.rules)


def owner(of):
    return {i.item_id: i.booking_id for i in of.items}


def corner(piece):
    return piece[0], piece[1:4]


@given(stacks(rules=RULES, most_rows=2))
@settings(max_examples=60)
def test_no_smaller_set_frees_the_consignment(load):
    """Brute force over all sets of pieces: the one that moves is the least that nothing stands in the way of."""
    of, box = load
    placed, owners = list(pieces(box)), owner(of)
    assume(len(placed) <= 10)
    for booking_id in box.booking_ids:
        moved = {(m.item_id, m.from_mm) for m in pulled(of, box, booking_id).out}
        wanted = [p for p in placed if owners[p[0]] == booking_id]
        others = [p for p in placed if owners[p[0]] != booking_id]
        least = next(
            [*wanted, *more]
            for n in range(len(others) + 1)
            for more in combinations(others, n)
            if is_free([*wanted, *more], placed)
        )
        assert moved == {corner(p) for p in least}


def is_free(moving, placed):
    rest = [q for q in placed if q not in moving]
    return not any(is_beyond(p, q) or is_above(p, q) for p in moving for q in rest)


@given(stacks(rules=RULES, orders=(0, 1, 2), releases=(True, False)))
@settings(max_examples=150)
def test_pieces_leave_and_return_one_by_one(load):
    """Nothing stands in the way of a piece as it leaves, or as it goes back; and the rest stands."""
    of, box = load
    assume(is_in_order(of, box))
    owners = owner(of)
    for booking_id in box.booking_ids:
        found = pulled(of, box, booking_id)
        inside = {corner(p): p for p in pieces(box)}
        for move in found.out:
            piece = inside.pop((move.item_id, move.from_mm))
            assert not any(is_beyond(piece, q) or is_above(piece, q) for q in inside.values())
            assert move.is_pulled == (owners[move.item_id] == booking_id)
        gone = {(m.item_id, m.from_mm) for m in found.out if m.is_pulled}
        gone |= {(m.item_id, m.from_mm) for m in found.stranded}
        kept = found.blocks
        assert sorted(p[0] for p in pieces(replace(box, blocks=kept))) == sorted(
            p[0] for p in pieces(box) if corner(p) not in gone
        )
        assert booking_id not in {owners[b.item_id] for b in kept}
        if kept:
            assert judged(loaded(kept, of), of) == []
        sizes = {corner(p): [p[a + 3] - p[a] for a in (1, 2, 3)] for p in pieces(box)}
        for move in found.back:
            x, y, z = move.to_mm
            dx, dy, dz = sizes[move.item_id, move.from_mm]
            piece = (move.item_id, x, y, z, x + dx, y + dy, z + dz)
            assert not any(is_beyond(piece, q) or is_above(piece, q) for q in inside.values())
            inside[move.item_id, move.to_mm] = piece


def cubes(*rows, **changes):
    """Cubes of 10 mm: item id, booking id, corner; and a group of them."""
    items, blocks = [], []
    for name, owned, (x, y, z) in rows:
        items.append(item(name, owned, (10, 10, 10), **changes.get(name, {})))
        blocks.append(CargoBlock(item_id=name, x_mm=x, y_mm=y, z_mm=z, dx_mm=10, dy_mm=10, dz_mm=10, nx=1, ny=1, nz=1))
    bookings = [booking(b) for b in sorted({owned for _, owned, _ in rows})]
    of = group(bookings, items, (KIND,))
    return of, loaded(blocks, of)


def test_a_row_of_cubes():
    """The cube wanted is second in its row, with one on top: three go out, two come back, one of them down."""
    of, box = cubes(
        ("back", "A", (0, 0, 0)),
        ("it", "B", (10, 0, 0)),
        ("top", "A", (10, 0, 10)),
        ("door", "A", (20, 0, 0)),
        ("beside", "A", (10, 10, 0)),
    )
    found = pulled(of, box, "B")
    assert [m.item_id for m in found.out] == ["door", "top", "it"]
    assert [(m.item_id, m.to_mm) for m in found.back] == [("top", (10, 0, 0)), ("door", (20, 0, 0))]
    assert found.stranded == ()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        pytest.param({}, (0, 0, 0), id="down its own stack"),
        pytest.param({"low": {"max_layers": 1}, "top": {"is_rigid": True}}, (0, 0, 0), id="a pallet, too"),
    ],
)
def test_what_stood_on_it_comes_down(changes, place):
    """Where the consignment stood is room now."""
    of, box = cubes(("low", "B", (0, 0, 0)), ("top", "A", (0, 0, 10)), **changes)
    assert [m.to_mm for m in pulled(of, box, "B").back] == [place]


FULL = [(f"f{x}{y}", "A", (x, y, 0)) for x in (0, 10, 20, 30) for y in (0, 10)]
FRAGILE = {name: {"max_on_top_g": 0} for name, _, _ in FULL}


def test_what_nothing_is_in_the_way_of_leaves_alone():
    """The top at the door goes, and nothing else."""
    of, box = cubes(*FULL, ("it", "B", (30, 0, 10)), ("on", "A", (20, 0, 10)))
    found = pulled(of, box, "B")
    assert [m.item_id for m in found.out] == ["it"]
    assert (found.back, found.stranded) == ((), ())
    assert sorted(pieces(replace(box, blocks=found.blocks))) == sorted(p for p in pieces(box) if p[0] != "it")


def test_what_finds_no_place_is_stranded():
    """The floor is full of what bears nothing: a long piece that stood on the consignment cannot go down."""
    of, box = cubes(*[row for row in FULL if row[0] != "f00"], ("it", "B", (0, 0, 0)), **FRAGILE)
    long = item("on", "C", (20, 10, 10))
    of = replace(of, items=(*of.items, long), bookings=(*of.bookings, booking("C")))
    top = CargoBlock(item_id="on", x_mm=0, y_mm=0, z_mm=10, dx_mm=20, dy_mm=10, dz_mm=10, nx=1, ny=1, nz=1)
    found = pulled(of, replace(box, blocks=(*box.blocks, top)), "B")
    assert [m.item_id for m in found.out if not m.is_pulled] == ["f300", "f200", "on", "f100"]
    assert [m.item_id for m in found.stranded] == ["on"]
