"""Who may share a container: by class of dangerous goods, and by temperature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landport.audit.fitting import needs_temperature
from landport.audit.violation import Finding
from landport.model.bookings import Booking

HARMLESS = "9"
"""The one class that tables of segregation keep apart from nothing: it is in none of their pairs."""


def apart(label: str, bookings: Sequence[Booking], pairs: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """List goods of a container that segregation keeps apart, or does not know."""
    forbidden = set(pairs)
    listed = {HARMLESS, *(name for pair in forbidden for name in pair)}
    classes = [(division(b.un_class), b.booking_id) for b in bookings if b.un_class]
    for i, (one, first) in enumerate(classes):
        for other, second in classes[i + 1 :]:
            unlisted = [name for name in (one, other) if name not in listed]
            if unlisted or (min(one, other), max(one, other)) in forbidden:
                text = f"{label} holds class {one} ({first}) and class {other} ({second}) together"
                why = f"; segregation knows no class {unlisted[0]}, so it goes alone" if unlisted else ""
                yield text + why, (label, first, second)


def division(un_class: str) -> str:
    """Class as segregation tables write it: explosives without their compatibility group."""
    return un_class.rstrip("ABCDEFGHJKLNS") if un_class.startswith("1.") else un_class


def no_common_range(label: str, bookings: Sequence[Booking]) -> Iterator[Finding]:
    """Tell where the temperatures that goods of a container need have none in common."""
    lows = [(b.temperature_min_c, b.booking_id) for b in bookings if b.temperature_min_c is not None]
    highs = [(b.temperature_max_c, b.booking_id) for b in bookings if b.temperature_max_c is not None]
    if lows and highs and max(lows)[0] > min(highs)[0]:
        (low, warm), (high, cold) = max(lows), min(highs)
        text = f"{label}: {warm} needs {low} °C or more, {cold} {high} °C or less"
        yield text, (label, warm, cold)


def some_without_range(label: str, bookings: Sequence[Booking]) -> Iterator[Finding]:
    """Tell where goods that need a temperature lie with goods that state none."""
    warm_ids = [b.booking_id for b in bookings if needs_temperature(b)]
    other_ids = [b.booking_id for b in bookings if not needs_temperature(b)]
    if warm_ids and other_ids:
        text = f"{label}: {warm_ids[0]} needs a temperature, {other_ids[0]} states none"
        yield text, (label, warm_ids[0], other_ids[0])
