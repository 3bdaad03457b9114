"""Masters: every container of groupage with its house consignments, each with its own part."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest

from landport import report
from landport.model.plans import CargoBlock
from tests.report.instances import Case, booking, box, tiny, tiny_item


@pytest.fixture
def case() -> Case:
    """Consignment B1 in two containers, in one of them with B5, which customs holds; the second container stays."""
    made = tiny()
    held = booking("B5", kind="LCL", n_containers=0, hs="3208", gng_code="32089091", un_class="3", un_number="UN1263")
    held = replace(held, is_released=False, consignee="Zhetysu Paints", goods_id="paint_drums")
    own = replace(tiny_item("B1"), item_id="I2", goods_id="led_lamps", mass_g=12_250, count=4, weighed_g=12_345)
    paint = replace(tiny_item("B5"), item_id="I5", goods_id="paint_drums", mass_g=20_000, count=6)
    block = made.plan.containers[0].blocks[0]
    second = (
        replace(block, item_id="I5", nx=3, nz=1),
        replace(block, item_id="I2", nx=2, nz=1, x_mm=3000),
        replace(block, item_id="I5", nx=3, nz=1, x_mm=6000),
    )
    first, *others = made.plan.containers
    third = box("C00004", booking_ids=("B1", "B5"), master_id="M00002", cargo_kg=145, gross_kg=4085, blocks=second)
    plan = replace(made.plan, containers=(third, first, *others))
    bookings = tuple(replace(b, goods_id="tomato_paste") for b in made.scenario.bookings)
    scenario = replace(made.scenario, bookings=(*bookings, held), items=(*made.scenario.items, own, paint))
    return Case(plan, scenario, made.world)


def listed(case: Case) -> tuple[report.HouseRow, ...]:
    return report.masters(case.plan, case.scenario, case.world)


def test_each_master_lists_its_house_consignments(case: Case) -> None:
    """By master, then as the container holds them; FCL has none."""
    assert [(r.master_id, r.container_id, r.booking_id, r.n_pieces, r.mass_kg, r.released) for r in listed(case)] == [
        ("M00001", "C00001", "B1", 10, "5000", "yes"),
        ("M00002", "C00004", "B1", 2, "24.69", "yes"),
        ("M00002", "C00004", "B5", 6, "120", "no"),
    ]


def test_a_house_consignment_says_what_customs_asks(case: Case) -> None:
    """Goods and HS of the pieces in this container: as booked, else the heading of their category."""
    first, second, paint = listed(case)
    train = case.plan.runs[0].departure_id
    assert (first.container_type, first.container_gross_kg, first.trains, second.trains) == ("40HC", 8900, train, "")
    assert (first.from_id, first.to_id, first.consignee, first.hs) == ("URC", "ALM", "Almaty Foods", "2002")
    assert (second.goods, second.hs) == ("LED lamps", "8539")
    assert (paint.consignee, paint.goods, paint.hs, paint.gng_code) == (
        "Zhetysu Paints",
        "paint drums",
        "3208",
        "32089091",
    )
    assert (paint.un_class, paint.un_number) == ("3", "UN1263")


def test_masters_of_a_broken_plan_are_listed(case: Case) -> None:
    """Of what nobody knows there is a row without particulars; nothing fails."""
    block = CargoBlock(item_id="?", x_mm=0, y_mm=0, z_mm=0, dx_mm=1, dy_mm=1, dz_mm=1, nx=1, ny=1, nz=1)
    odd = box("C00009", booking_ids=("?",), master_id="M00009", blocks=(block,))
    (row,) = listed(replace(case, plan=replace(case.plan, containers=(odd,))))
    assert (row.booking_id, row.shipper, row.n_pieces, row.mass_kg, row.goods) == ("?", "", 0, "0", "")
    assert all(isinstance(cell, str | int) for cell in astuple(row))
