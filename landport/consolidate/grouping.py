"""Who may share containers: one lane and cut-off, one temperature range, compatible classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landport.consolidate.segregation import Segregation, division, segregation
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import CutOff, LoadGroup, LoadRules
from landport.model.rules import Rules

THIN_PCT = 60
"""A group that fills less of one preferred container, by volume and by mass, waits for a later cut-off."""

Lane = tuple[str, int | None, int | None, int]
"""Destination, temperature range, and number of a set of classes that may share containers."""


@dataclass(frozen=True, slots=True)
class _Size:
    volume_mm3: int
    mass_g: int


def group(
    bookings: Iterable[Booking],
    items: Iterable[CargoItem],
    *,
    ready_at: Mapping[str, int],
    cut_offs: Mapping[str, tuple[CutOff, ...]],
    hub_id: str,
    container_types: Sequence[ContainerType],
    payload_kg: Mapping[tuple[str, str], int],
    rules: Rules,
) -> tuple[LoadGroup, ...]:
    """Group LCL bookings by destination, temperature range, classes that go together, and cut-off.

    Parameters
    ----------
    ready_at
        Minute by booking id at which its goods can be packed; bookings without are left out.
    cut_offs
        By destination, in order of `packed_by`.
    container_types
        The preferred first; reefers serve the goods that need a temperature, the others the rest.
    payload_kg
        Usable payload by destination and container type.

    Returns
    -------
    tuple[LoadGroup, ...]
        By destination, temperature, classes and cut-off; the last of a lane may be one that waits: it has no cut-off.

    Notes
    -----
    A booking takes the first cut-off at or after the minute it is ready. A thin group then joins the next later group
    of its lane if all its bookings still arrive by their due minute. Dangerous goods join the first set of classes
    that all go with theirs. O(n log n), and for explosives, each of which opens a set, O(n2). Deterministic. Audited
    by `audit` (BOX_DANGEROUS, BOX_TEMPERATURE, BOX_READY).
    """
    asked = [b for b in bookings if b.kind == "LCL" and b.booking_id in ready_at]
    of: dict[str, list[CargoItem]] = {b.booking_id: [] for b in asked}
    for item in items:
        if item.booking_id in of:
            of[item.booking_id].append(item)
    groups = []
    for lane, members in _lanes(asked, rules).items():
        destination = lane[0]
        has_reefer = lane[1] is not None or lane[2] is not None
        kinds = tuple(k for k in container_types if (k.equipment == "reefer") == has_reefer)
        payload = {k.container_type: payload_kg.get((destination, k.container_type), 0) for k in kinds}
        times = cut_offs.get(destination, ())
        by_cut_off = _by_cut_off(members, times, ready_at)
        if kinds:
            _roll(by_cut_off, times, {b: _size(found) for b, found in of.items()}, kinds[0], payload)
        for n, together in sorted(by_cut_off.items()):
            groups.append(
                LoadGroup(
                    group_id=_name(lane, times[n] if n < len(times) else None),
                    at_id=hub_id,
                    destination_id=destination,
                    bookings=tuple(together),
                    items=tuple(item for b in together for item in of[b.booking_id]),
                    ready_at={b.booking_id: ready_at[b.booking_id] for b in together},
                    container_types=kinds,
                    payload_kg=payload,
                    lane_id=_name(lane, None),
                    arrives_at=times[n].arrives_at if n < len(times) else None,
                    rules=LoadRules(forbidden_pairs=rules.forbidden_pairs),
                )
            )
    return tuple(groups)


def _lanes(bookings: Sequence[Booking], rules: Rules) -> dict[Lane, list[Booking]]:
    """Sort bookings into sets that may share containers whatever their cut-off."""
    ranges: dict[tuple[str, int | None, int | None], list[Booking]] = {}
    for booking in bookings:
        key = booking.destination_id, booking.temperature_min_c, booking.temperature_max_c
        ranges.setdefault(key, []).append(booking)
    lanes: dict[Lane, list[Booking]] = {}
    kept_apart = segregation(rules.forbidden_pairs)
    for key in sorted(ranges, key=lambda k: (k[0], k[1] is not None, k[1] or 0, k[2] is not None, k[2] or 0)):
        sets: list[list[str]] = []
        for booking in ranges[key]:
            number = _set_for(division(booking.un_class), sets, kept_apart)
            lanes.setdefault((*key, number), []).append(booking)
    return lanes


def _set_for(un_class: str, sets: list[list[str]], kept_apart: Segregation) -> int:
    """Find the first set of classes that this one may join, or open one."""
    for number, classes in enumerate(sets):
        if not any(kept_apart.parts(un_class, other) for other in classes):
            if un_class not in classes:
                classes.append(un_class)
            return number
    sets.append([un_class])
    return len(sets) - 1


def _by_cut_off(
    bookings: Sequence[Booking], times: Sequence[CutOff], ready_at: Mapping[str, int]
) -> dict[int, list[Booking]]:
    """Give each booking the index of its first cut-off; len(times) when none is left."""
    found: dict[int, list[Booking]] = {}
    for booking in bookings:
        ready = ready_at[booking.booking_id]
        first = next((n for n, c in enumerate(times) if c.packed_by >= ready), len(times))
        found.setdefault(first, []).append(booking)
    return found


def _roll(
    by_cut_off: dict[int, list[Booking]],
    times: Sequence[CutOff],
    sizes: Mapping[str, _Size],
    kind: ContainerType,
    payload: Mapping[str, int],
) -> None:
    """Let each thin group join the next later one, if all its bookings still arrive in time."""
    for n in sorted(by_cut_off):
        if n >= len(times) or not _is_thin(by_cut_off[n], sizes, kind, payload):
            continue
        due = min(b.due_at for b in by_cut_off[n])
        later = [k for k in sorted(by_cut_off) if n < k < len(times) and times[k].arrives_at <= due]
        if later:
            by_cut_off[later[0]] = by_cut_off.pop(n) + by_cut_off[later[0]]


def _is_thin(
    bookings: Sequence[Booking], sizes: Mapping[str, _Size], kind: ContainerType, payload: Mapping[str, int]
) -> bool:
    volume_mm3 = sum(sizes[b.booking_id].volume_mm3 for b in bookings)
    mass_g = sum(sizes[b.booking_id].mass_g for b in bookings)
    payload_g = payload[kind.container_type] * 1000
    return volume_mm3 * 100 < THIN_PCT * kind.volume_mm3 and mass_g * 100 < THIN_PCT * payload_g


def _size(items: Sequence[CargoItem]) -> _Size:
    return _Size(sum(i.volume_mm3 * i.count for i in items), sum(i.piece_g * i.count for i in items))


def _name(lane: Lane, cut_off: CutOff | None) -> str:
    destination, low, high, number = lane
    parts = [destination]
    if low is not None or high is not None:
        parts.append(f"{'' if low is None else low}..{'' if high is None else high}C")
    if number:
        parts.append(f"set{number + 1}")
    parts.append("waiting" if cut_off is None else f"{cut_off.packed_by}-{cut_off.arrives_at}")
    return "/".join(parts)
