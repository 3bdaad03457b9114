"""Every word that Python and the page's script put on a screen, in one place; templates mark theirs with `_()`."""

from __future__ import annotations

from typing import Final

STOPPED: Final = {
    "optimal": "proven optimal",
    "bound": "gap closed to its target",
    "effort": "effort used up",
    "time": "time used up",
    "infeasible": "no plan exists",
}
"""Why a stage stopped."""

KINDS: Final = {
    "freight": "Freight",
    "fixed": "Fixed cost of trains",
    "handling": "Handling and borders",
    "quota": "Quotas of orders",
    "road": "Trucks",
    "time": "Time under way",
    "late": "Lateness",
    "left": "Freight left",
    "change": "Changes of the plan before",
}
"""Kinds of charge."""

CODES: Final = {
    "full": "Departures are full",
    "cancelled": "Its train is cancelled",
    "no-wagon": "No wagon position fits",
    "dear": "Dearer than leaving it",
    "overweight": "Too heavy",
    "order": "Restriction order",
    "quota": "An order's quota is full",
    "equipment": "Wrong equipment",
    "too-late": "No way in time",
    "no-connection": "No connection",
    "unbalanced": "Load out of balance",
    "customs-hold": "Held by customs",
    "by-hand": "Held back by hand",
    "no-road": "No road to the hub",
    "at-destination": "Already there",
    "no-container-type": "No container suits",
    "too-large": "Piece too large",
    "too-heavy": "Piece too heavy",
    "un-refused": "Goods not taken",
    "no-room": "No room left",
    "segregation": "Classes kept apart",
    "temperature": "No common temperature",
}
"""Binding rules in two or three words; a code without an entry shows itself."""

ADVICE: Final = {
    "full": "Add a departure, ask for more room, raise its priority.",
    "cancelled": "Gather more freight for the train, or let it wait.",
    "no-wagon": "Ask for other wagons, or send the container another day.",
    "dear": "Raise its priority, or let it wait.",
    "order": "Wait until the order ends, or choose another destination.",
    "quota": "Let it wait for another day, ask for a greater quota, raise its priority.",
    "too-late": "Agree on a later due time.",
    "no-connection": "Give more horizon_days, or add a service.",
    "unbalanced": (
        "Load one more container, let it wait for a load that balances it, or spread its mass over more pieces."
    ),
    "customs-hold": "Wait until customs release it, then plan again.",
    "by-hand": "Drop the ban, and plan again.",
    "overweight": "Take cargo out, or use another container.",
    "equipment": "Book another container type.",
    "at-destination": "Drop the booking.",
    "no-road": "Book it at a place that has one.",
    "no-container-type": "Book FCL.",
    "too-large": "Check its size and vertical; else book FCL.",
    "too-heavy": "Check its mass; else ask for a special transport.",
    "un-refused": "Book it on a service that does.",
    "no-room": "Load one more container, or let it wait.",
    "segregation": "Load one more container.",
    "temperature": "Load one more container.",
}
"""What to do about freight that is left, by its code; docs/errors.md says the same."""

CANCELS: Final = {
    "too dear": "what could ride goes by other departures, or waits",
    "not needed": "what could ride goes by other departures, or waits",
    "limit on trains": "an order or the yard lets no more trains run",
    "too small a quota": "what is left of an order's quota is less than the minimum",
    "too little on board": "room and wagons were found for less than the minimum",
    "too little freight": "less could ride than the minimum",
    "no freight": "nothing could ride",
    "kept cancelled": "the plan before cancelled them, and they leave soon",
    "by hand": "somebody banned them",
}
"""Kinds of reasons why trains are cancelled, as they begin, and what each means."""

GROUPS: Final = {
    "assembly": "Outbound",
    "assembly-return": "Return trains",
    "feeder": "Feeders to the hub",
    "feeder-return": "Feeders from the hub",
    "domestic": "Domestic",
    "through": "Passing",
    "through-return": "Passing",
}
"""Groups of services."""

SCRIPT: Final = {
    "days": "Mon Tue Wed Thu Fri Sat Sun",
    "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "wagon": "Wagon",
    "of": "of",
    "to": "to",
    "ofVolume": "of volume",
    "limit": "limit",
    "box": "box",
    "boxes": "boxes",
    "cargo": "boxes' gross mass",
    "gross": "with wagons",
    "perWagon": "t a wagon",
    "metres": "m",
    "locomotive": "Locomotive",
    "fewer": "Nothing matches. Clear the filter to see all rows.",
    "rows": "rows",
    "shown": "of",
    "piece": "piece",
    "pieces": "pieces",
    "container": "Container",
    "fullest": "fullest by volume",
    "emptiest": "emptiest by volume",
    "byVolume": "by volume",
    "packedAtHub": "packed at the hub",
    "drawn": "drawn",
    "showLoad": "Show its load",
    "printed": "rows printed; landport report --csv writes them all",
    "from": "from",
    "why": "Why?",
    "tare": "Tare",
    "total": "Total",
    "position": "Position",
    "ofLimit": "of its limit",
    "closedEnd": "closed end",
    "door": "door",
    "cog": "centre of gravity",
    "high": "above the floor",
    "along": "of length from the middle",
    "massPerSlice": "from above and from the side; bars: mass along the length; green: ±5 %",
    "play": "Play",
    "pause": "Pause",
    "late": "late",
    "truck": "truck",
    "waits": "waits",
    "bookings": "bookings",
    "empty": "empty",
    "cancelledTrain": "cancelled",
    "noConsist": "This train has no wagon plan.",
    "front": "Front half of its wagons:",
    "ofMass": "of that mass",
    "rear": "rear half",
    "difference": "difference",
    "service": "Service",
    "departs": "Departs",
    "load": "Load",
    "mass": "Mass",
    "wagons": "Wagons",
    "reason": "Reason",
    "showConsist": "Show consist",
    "topUp": "added at the hub",
    "passes": "passes",
}
"""Words of the page's script."""


def cancel_kind(why: str) -> str:
    """Say in two or three words why a train is cancelled: how its reason begins; empty where that is no known kind.

    Examples
    --------
    >>> cancel_kind("too dear: 900 USD to run; the 4 TEU that could ride it wait"), cancel_kind("a strike")
    ('too dear', '')
    """
    kind = why.partition(":")[0]
    return kind if kind in CANCELS else ""


def reason(code: str) -> str:
    """Say a binding rule in a few words.

    Examples
    --------
    >>> reason("full"), reason("some-new-rule")
    ('Departures are full', 'Some new rule')
    """
    return CODES.get(code, code.replace("-", " ").capitalize() or "Not said")
