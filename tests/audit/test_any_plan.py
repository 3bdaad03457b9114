"""The auditor never raises, and lets no figure of a plan pass unjudged."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.model.plans import Before, Hand, Plan, Replan
from tests.broken.patch import _plain
from tests.broken.week import TRAIN, tiny

NO_RULES = {"rates": [], "train_rules": [], "forbidden_pairs": []}
NUMBERS = (0, -1, 1, 2, 7, 10_000, -10_000, 2**31, 2**63 - 1, -(2**63))
WORDS = ("", "C00001", "C00004", "B1", "B4", "I1", "URC", "ALM", "40HC", "run", "X@2022-13-99", "U-ALM-W@9999-12-29")


@cache
def _again() -> Replan:
    """What the tiny plan might have been re-planned from: everything rode as it does, and one box was left."""
    plan = tiny()[0]
    rides = {b.container_id: tuple(r for r in plan.rides if r.subject_id == b.container_id) for b in plan.containers}
    records = tuple(
        Before(
            container_id=b.container_id,
            container_type=b.container_type,
            at_id=b.at_id,
            destination_id=b.destination_id,
            ready_at=b.ready_at,
            cargo_kg=b.cargo_kg,
            rides=rides[b.container_id],
            freed="no room" if b.container_id == "C00001" else "",
        )
        for b in plan.containers
    )
    return Replan(
        digest="0123456789ab",
        freeze_until_at=4000,
        change_usd_cents=100,
        hands=(Hand(container_id="C00002", departure_id=TRAIN, what="pin"),),
        runs=plan.runs[:2],
        containers=records,
    )


@cache
def _document(*, is_again: bool = False) -> dict[str, Any]:
    plan = replace(tiny()[0], replanned=_again() if is_again else None)
    return _without_rules(plan) if is_again else {k: v for k, v in _without_rules(plan).items() if k != "replanned"}


def _without_rules(plan: Plan) -> dict[str, Any]:
    return _plain(replace(plan, rules=msgspec.convert(NO_RULES, type(plan.rules)))) | {"rules": NO_RULES}


def _judged(document: dict[str, Any]) -> tuple[audit.Violation, ...]:
    _, week, world = tiny()
    plan = replace(msgspec.convert(document, Plan), rules=world.rules)
    return audit.check(plan, week, world)


def _spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List every value and row of a document by its path."""
    if path:
        yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from _spots(value, (*path, key))
        else:
            yield (*path, key)


@cache
def _all_spots(*, is_again: bool = False) -> tuple[tuple[Any, ...], ...]:
    return tuple(spot for spot in _spots(_document(is_again=is_again)) if spot[0] != "rules")


def _holder(document: Any, path: tuple[Any, ...]) -> Any:
    """Follow a path to the container of its last key; None when it is gone."""
    for key in path[:-1]:
        if isinstance(document, list) and key >= len(document):
            return None
        document = document[key]
    gone = isinstance(document, list) and path[-1] >= len(document)
    return None if gone else document


def _spoil(document: dict[str, Any], path: tuple[Any, ...], number: int, word: str, *, twice: bool) -> None:
    holder = _holder(document, path)
    if holder is None:
        return
    value = holder[path[-1]]
    if isinstance(value, bool):
        holder[path[-1]] = not value
    elif isinstance(value, int):
        holder[path[-1]] = number
    elif isinstance(value, str):
        holder[path[-1]] = word
    elif isinstance(holder, list) and twice:
        holder.append(copy.deepcopy(value))
    elif isinstance(holder, list):
        del holder[path[-1]]
    elif isinstance(value, list):
        holder[path[-1]] = []


@given(st.data())
def test_no_plan_makes_the_auditor_raise(data):
    """Rows vanish or double, ids are swapped, numbers run wild: there is always an answer."""
    is_again = data.draw(st.booleans())
    document = copy.deepcopy(_document(is_again=is_again))
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(_all_spots(is_again=is_again)))
        number, word = data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from(WORDS))
        _spoil(document, path, number, word, twice=data.draw(st.booleans()))
    for violation in _judged(document):
        assert violation.code in audit.RULES
        assert violation.message


FREE = {
    "version name seed effort",  # of the plan: for the record
    "remarks why",  # words for the reader (an empty why is found)
    "name unit cost bound seed effort",  # of other stages than `assemble`, and any bound below the cost
    "master_id x_mm y_mm",  # another number, another spot on the same floor
}


def test_every_figure_of_a_plan_is_judged():
    """Whatever number or word of the tiny plan is changed, the auditor notices, but for what is free."""
    free = {word for line in FREE for word in line.split()}
    document, unnoticed = copy.deepcopy(_document()), []
    for path in _all_spots():
        holder = _holder(document, path)
        value = holder[path[-1]]
        if isinstance(value, dict | list) or path[-1] in free:
            continue
        for other in (value + 1, value - 1) if isinstance(value, int) else (f"{value}x",):
            holder[path[-1]] = other
            if not _judged(document):
                unnoticed.append((path, other))
        holder[path[-1]] = value
    assert unnoticed == []
