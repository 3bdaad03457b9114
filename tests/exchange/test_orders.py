"""What the lists of an order on file hit, as the auditor finds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landport import audit, exchange
from landport.exchange.example import example
from landport.model.scenario import World
from tests.broken.week import tiny

GOODS = [
    # prefix of the order, heading and GNG code of the cargo, is it hit
    ("39", "3924", "", True),
    ("3924", "3924", "", True),
    ("3923", "3924", "", False),
    ("392410", "3924", "39241000", True),
    ("39241000", "3924", "39241000", True),
    ("392410", "3924", "39249000", False),  # it is known to be other goods
    ("392410", "3924", "", True),  # it is not known: it may be these goods
    ("392410", "3923", "", False),
    ("9921", "3924", "99211000", True),
]
CLASSES = [
    ("3", "3", True),
    ("1.4", "1.4S", True),
    ("1.4", "1.4", True),
    ("1", "1.4S", True),
    ("1", "1.1", True),
    ("6", "6.1", True),
    ("1.4S", "1.4S", True),
    ("1.4S", "1.4", False),
    ("1.4S", "1.4G", False),
    ("1.4", "1.1D", False),
    ("3", "", False),
    ("3", "8", False),
]


def banned(lists: dict[str, tuple[str, ...]], **cargo: str) -> bool:
    """Judge the tiny plan with one order at Horgos, its boxes of booking B2 holding this cargo."""
    plan, week, world = tiny()
    order, *_ = week.orders
    bookings = tuple(replace(b, **cargo) if b.booking_id == "B2" else b for b in week.bookings)
    spoilt = replace(week, bookings=bookings, orders=(replace(order, **{"hs_prefixes": (), **lists}),))
    return any(v.code == "ORDER_BAN" and "C00002" in v.about for v in audit.check(plan, spoilt, world))


@pytest.mark.parametrize(("prefix", "hs", "gng_code", "is_hit"), GOODS)
def test_goods_are_hit_as_far_as_their_code_is_known(prefix: str, hs: str, gng_code: str, is_hit: bool) -> None:
    """Digits agree as far as order and cargo both state them; the GNG code goes before the heading."""
    assert banned({"hs_prefixes": (prefix,)}, hs=hs, gng_code=gng_code) is is_hit


@pytest.mark.parametrize(("ban", "un_class", "is_hit"), CLASSES)
def test_a_class_stands_for_its_divisions_and_letters(ban: str, un_class: str, is_hit: bool) -> None:
    """A class bans its divisions, a division its compatibility groups, and none the other way round."""
    assert banned({"un_classes": (ban,)}, un_class=un_class) is is_hit


def test_such_lists_are_read(tmp_path: Path, world: World) -> None:
    """Prefixes up to eight digits, whole classes, divisions and letters come back from a file as they were."""
    order = replace(example(world).orders[0], hs_prefixes=("392410", "86"), un_classes=("1", "1.4", "1.4S"))
    exchange.write_scenario(replace(example(world), orders=(order,)), tmp_path / "week", world)
    assert exchange.read_scenario(tmp_path / "week", world)[0].orders == (order,)


def test_a_quota_is_read(tmp_path: Path, world: World) -> None:
    """TEU a day and a price come back from a file; without a price it is free; without the columns there is none."""
    one, *others = example(world).orders
    quotas = (
        replace(one, max_trains_per_day=None, max_teu_per_day=0),
        replace(others[0], max_teu_per_day=120, usd_cents_per_teu=3_050),
        others[1],
    )
    exchange.write_scenario(replace(example(world), orders=quotas), tmp_path / "week", world)
    text = (tmp_path / "week" / "orders.csv").read_text("utf-8")
    assert ",120,30.50," in text
    assert exchange.read_scenario(tmp_path / "week", world)[0].orders == quotas
    head, *rows = text.splitlines()
    n_kept = head.split(",").index("max_teu_per_day")
    lines = [line.split(",")[:n_kept] + line.split(",")[n_kept + 2 :] for line in (head, *rows)]
    (tmp_path / "week" / "orders.csv").write_text("\n".join(map(",".join, lines)), "utf-8")
    before = tuple(replace(o, max_teu_per_day=None, usd_cents_per_teu=0) for o in quotas)
    assert exchange.read_scenario(tmp_path / "week", world)[0].orders == before
