"""Random loads that stand: rows of stacks across a small container, one behind the other."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from landport.model.loads import LoadedBox, LoadRules
from landport.model.plans import CargoBlock
from tests.consolidate.cargo import booking, group, item, kind
from tests.consolidate.judge import out_of_order, pieces, ranks

KIND = kind(inside=(40, 20, 20))
RULES = st.builds(
    LoadRules,
    cog_length_pct=st.sampled_from([None, 2, 5, 10]),
    cog_width_pct=st.sampled_from([None, 2, 5, 10]),
    half_pct=st.sampled_from([None, 55, 60, 70]),
)


@st.composite
def stacks(draw, rules=RULES, orders=(0,), releases=(True,), splits=(True,), most_rows=5):
    """A group and its one loaded box: up to five rows, each of up to three stacks, each of up to two sorts."""
    given = draw(rules)
    bookings = [
        booking(f"B{n}", is_released=draw(st.sampled_from(releases)), may_split=draw(st.sampled_from(splits)))
        for n in range(3)
    ]
    items, blocks, x = [], [], draw(st.integers(0, 3))
    for _ in range(draw(st.integers(1, most_rows))):
        y, deepest = draw(st.integers(0, 2)), 0
        for _ in range(draw(st.integers(1, 3))):
            dx, dy = draw(st.integers(2, 7)), draw(st.integers(2, 8))
            nx = draw(st.integers(1, 2))
            if x + nx * dx > 40 or y + dy > 20:
                break
            z, owner = 0, draw(st.sampled_from(bookings)).booking_id
            order = draw(st.sampled_from(orders))
            for _ in range(draw(st.integers(1, 2))):
                name, nz = f"I{len(items)}", draw(st.integers(1, 2))
                items.append(
                    item(
                        name,
                        owner,
                        (dx, dy, 5),
                        nx * nz,
                        mass_g=draw(st.integers(1, 50)) * 100,
                        unload_order=order,
                    )
                )
                blocks.append(
                    CargoBlock(item_id=name, x_mm=x, y_mm=y, z_mm=z, dx_mm=dx, dy_mm=dy, dz_mm=5, nx=nx, ny=1, nz=nz)
                )
                z += 5 * nz
            y, deepest = y + dy, max(deepest, nx * dx)
        x += deepest + draw(st.sampled_from([0, 0, 0, 2]))
    of = replace(group(bookings, items, (KIND,)), rules=given)
    return of, loaded(blocks, of)


def loaded(blocks, of):
    """A box of these blocks."""
    mass = {i.item_id: i.piece_g for i in of.items}
    owner = {i.item_id: i.booking_id for i in of.items}
    inside = {owner[b.item_id] for b in blocks}
    return LoadedBox(
        group_id=of.group_id,
        container_type=KIND.container_type,
        booking_ids=tuple(b.booking_id for b in of.bookings if b.booking_id in inside),
        cargo_g=sum(b.count * mass[b.item_id] for b in blocks),
        blocks=tuple(blocks),
    )


def is_in_order(of, box):
    """Tell whether nothing stands in the way of what is unloaded before it."""
    return not list(out_of_order(list(pieces(box)), ranks(of)))
