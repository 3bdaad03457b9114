"""Which passages of a way an order's quota counts."""

from dataclasses import replace

import pytest

from landport.model.bookings import RestrictionOrder
from landport.model.orders import Goods, Move, goods_of, names, passages, quotas
from tests.broken.week import booking

ON = RestrictionOrder(
    order_id="O1", number="1", issuer="yard", place_id="P", towards_id="", from_at=100, until_at=200, hs_prefixes=(),
    un_classes=(), container_types=(), max_trains_per_day=None, text="", max_teu_per_day=8,
)  # fmt: skip


def way(*moves: tuple[str, int, int] | tuple[str, int, int, bool]) -> list[Move]:
    """Legs such as ("AP", 90, 110); a fourth value False makes it a truck on demand."""
    return [Move(ends[0], ends[1], *rest) for ends, *rest in moves]


CASES = {
    "through": (way(("AP", 90, 110), ("PB", 120, 130)), [110], [120]),
    "through, a day later": (way(("AP", 90, 110), ("PB", 190, 300)), [110], [190]),
    "comes before it is in force": (way(("AP", 80, 90), ("PB", 120, 130)), [120], [120]),
    "leaves when it is over": (way(("AP", 90, 110), ("PB", 200, 230)), [110], []),
    "starts there": (way(("PB", 120, 130), ("BC", 140, 150)), [120], [120]),
    "ends there": (way(("AP", 90, 110)), [110], []),
    "to another stop": (way(("AP", 90, 110), ("PC", 120, 130)), [110], []),
    "brought by truck": (way(("AP", 90, 110, False), ("PB", 120, 130)), [120], [120]),
    "taken away by truck": (way(("AP", 90, 110), ("PB", 120, 130, False)), [110], []),
    "a truck there and back": (
        way(("AP", 90, 110), ("PX", 120, 125, False), ("XP", 130, 135, False), ("PB", 140, 150)), [110, 140], [140],
    ),
    "twice": (way(("AP", 90, 110), ("PB", 120, 130), ("BP", 140, 150), ("PB", 160, 170)), [110, 150], [120, 160]),
    "elsewhere": (way(("AC", 90, 110), ("CB", 120, 130)), [], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_passage_is_counted_once(case):
    """One stay is one passage, on the minute it comes; with a next stop named, each leg there is one."""
    moves, anywhere, towards_b = CASES[case]
    assert passages(ON, moves) == anywhere
    assert passages(replace(ON, towards_id="B"), moves) == towards_b


def test_what_orders_may_name():
    """Of each booking the most precise code; classes of dangerous goods only where there are some."""
    some = [booking("B1", hs="3924", gng_code="39241000"), booking("B2", hs="8471", un_class="3")]
    assert goods_of(some) == Goods(cargo_codes=("39241000", "8471"), un_classes=("3",))
    assert names(ON, "40HC", (), ())
    assert quotas([ON]) == (ON,)
