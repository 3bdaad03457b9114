"""Rules of whole consists: what is cut off first, goods that keep apart, loads of bogies, length and number."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case, breaks
from landport.audit.sharing import division
from landport.audit.stow import piece_g
from landport.audit.violation import Finding, Rule
from landport.audit.wagons import Loaded, about, assembled, consist_legs, loaded, rules_of, stop_of
from landport.model.equipment import WagonType
from landport.model.plans import PlannedContainer

TENTHS_PER_FOOT = 3048
"""Tenths of a millimetre in a foot."""

CONVENTIONAL_MM = 14_000
"""Length of a conventional wagon."""


def _stop(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        stops = {stop_of(case, wagon.run, box.container_id) for box, _ in wagon.boxes}
        if len(stops) > 1:
            ends = " and ".join(wagon.run.service.legs[stop - 1].to_id for stop in sorted(stops))
            yield f"boxes of {wagon.name} leave it at {ends}; a wagon is cut off once", about(wagon)


def _order(case: Case) -> Iterator[Finding]:
    before: dict[str, Loaded] = {}
    for wagon in sorted(loaded(case), key=lambda w: (w.load.departure_id, w.load.seq)):
        ahead = before.get(wagon.load.departure_id)
        if ahead is not None and ahead.legs < wagon.legs:
            first, later = (w.run.service.legs[w.legs - 1].to_id for w in (ahead, wagon))
            text = f"{ahead.name} is cut off at {first}, but wagon {wagon.load.seq} behind it goes on to {later}"
            yield text, (wagon.load.departure_id, *ahead.load.container_ids, *wagon.load.container_ids)
        before[wagon.load.departure_id] = wagon


def _apart(case: Case) -> Iterator[Finding]:
    least = {(a, b): n for a, b, n in case.world.rules.wagons_between}
    told = []
    for wagon in loaded(case) if least else ():
        for box, _ in wagon.boxes:
            classes = sorted({division(b.un_class) for b in case.bookings_of(box) if b.un_class})
            told += [(wagon, box, un_class) for un_class in classes]
    for i, (one, first, a) in enumerate(told):
        for other, second, b in told[i + 1 :]:
            between = abs(one.load.seq - other.load.seq) - 1
            needs = least.get((min(a, b), max(a, b)), -2)
            same_box = first.container_id == second.container_id
            if one.load.departure_id == other.load.departure_id and not same_box and between < needs + (needs == 0):
                where = f"{max(0, between)} wagons lie between" if between >= 0 else "both stand on one wagon"
                text = f"{first.container_id} (class {a}) and {second.container_id} (class {b}): {where}"
                ids = (one.load.departure_id, first.container_id, second.container_id)
                yield f"{text}; {needs} must" if needs else f"{text}; they must not", ids


def _middles(kind: WagonType, lengths: tuple[int, ...]) -> list[int] | None:
    """Middles of boxes from the wagon's middle, tenths of a mm; None: no configuration has them."""
    whole = [c for c in kind.configurations if c == lengths]
    begun = [c for c in kind.configurations if c[: len(lengths)] == lengths]
    for configuration in whole + begun:
        front = -sum(configuration) * TENTHS_PER_FOOT // 2
        found = []
        for feet in lengths:
            found.append(front + feet * TENTHS_PER_FOOT // 2)
            front += feet * TENTHS_PER_FOOT
        return found
    return None


def _moments(case: Case, box: PlannedContainer) -> tuple[int, int]:
    """Twice the moment of what is in a box about its middle, in g mm: towards the door, and its right wall.

    Of boxes without a load plan nobody knows it, nor of load plans in weeks that ask for no balance: 0.
    """
    along = across = 0
    inside = case.types[box.container_type]
    for block in box.blocks if case.scenario.is_balanced else ():
        item = case.items.get(block.item_id)
        if item is not None:
            grams = piece_g(item) * block.nx * block.ny * block.nz
            along += grams * (2 * block.x_mm + block.nx * block.dx_mm - inside.inside_length_mm)
            across += grams * (2 * block.y_mm + block.ny * block.dy_mm - inside.inside_width_mm)
    return along, across


def _bogies(case: Case) -> Iterator[Finding]:
    share = case.milli("bogie_centres_share")
    for wagon in loaded(case):
        middles = _middles(wagon.type, tuple(kind.length_ft for _, kind in wagon.boxes))
        if wagon.type.axles != 4 or middles is None or not share:
            continue
        moment = 0
        for (box, _), middle in zip(wagon.boxes, middles, strict=True):
            moment += 200 * box.gross_kg * middle + _moments(case, box)[0]
        apart_kg = -(-abs(moment) // (wagon.type.length_mm * share))
        for rule in rules_of(case, "max_bogie_load_difference_t", wagon):
            if breaks(rule, apart_kg):
                text = f"the bogies of {wagon.name} differ by {apart_kg:,} kg of boxes"
                yield f"{text}; rule {rule.rule_id} allows {rule.milli:,} kg", (*about(wagon), rule.rule_id)


def _lateral(case: Case) -> Iterator[Finding]:
    for wagon in loaded(case):
        across = abs(sum(_moments(case, box)[1] for box, _ in wagon.boxes))
        for rule in rules_of(case, "max_lateral_cog_mm", wagon) if across and wagon.cargo_kg > 0 else ():
            offset = -(-across // (2 * wagon.cargo_kg))  # thousandths of a mm
            if breaks(rule, offset):
                text = f"the boxes of {wagon.name} weigh {offset / 1000:.1f} mm beside its middle"
                yield f"{text}; rule {rule.rule_id} allows {rule.milli / 1000:g} mm", (*about(wagon), rule.rule_id)


def _conventional(case: Case) -> Iterator[Finding]:
    for departure_id, run in assembled(case).items():
        kinds = [case.world.wagon_types.get(w.wagon_type) for w in case.plan.wagons if w.departure_id == departure_id]
        length = sum(kind.length_mm for kind in kinds if kind is not None)
        for leg in range(consist_legs(run)):
            for rule in case.limits("max_length_conventional_wagons", run, leg):
                if length * 1000 > CONVENTIONAL_MM * (rule.milli - (rule.operator == "<")):
                    text = (
                        f"the wagons of {departure_id} are {length:,} mm, {length / CONVENTIONAL_MM:.1f} conventional"
                    )
                    yield f"{text}; rule {rule.rule_id} allows {rule.milli / 1000:g}", (departure_id, rule.rule_id)


def _boxes(case: Case) -> Iterator[Finding]:
    for departure_id, run in assembled(case).items():
        for leg in range(consist_legs(run)):
            boxes = case.on_board.get((departure_id, leg), ())
            for rule in case.limits("max_boxes", run, leg):
                head = rule.applies_to.partition("ft")[0]
                feet = int(head) if head.isdecimal() else 0
                kinds = [case.types[b.container_type] for b in boxes if b.container_type in case.types]
                count = sum(not feet or kind.length_ft == feet for kind in kinds)
                if breaks(rule, 1000 * count):
                    text = f"{departure_id} carries {count} boxes on leg {leg + 1}"
                    yield f"{text}; rule {rule.rule_id} allows {rule.milli / 1000:g}", (departure_id, rule.rule_id)


RULES = (
    Rule("WAGON_STOP", "All boxes of a wagon leave it at one stop, or where the gauge changes.", _stop),
    Rule("WAGON_ORDER", "Wagons that are cut off first stand last.", _order),
    Rule("WAGON_APART", "Dangerous goods have the wagons between them that their classes need.", _apart),
    Rule("WAGON_BOGIES", "Bogie loads of a wagon differ as allowed (`max_bogie_load_difference_t`).", _bogies),
    Rule("WAGON_LATERAL", "Boxes weigh near the middle of their wagon's width (`max_lateral_cog_mm`).", _lateral),
    Rule(
        "TRAIN_CONVENTIONAL",
        "Wagons together are as many conventional ones as allowed (`max_length_conventional_wagons`).",
        _conventional,
    ),
    Rule("TRAIN_BOXES", "Trains carry as many boxes as allowed (`max_boxes`).", _boxes),
)
