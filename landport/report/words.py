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
    "road": "Trucks",
    "time": "Time under way",
    "late": "Lateness",
    "left": "Freight left",
}
"""Kinds of charge."""

CODES: Final = {
    "full": "Departures are full",
    "cancelled": "Its train is cancelled",
    "no-wagon": "No wagon position fits",
    "dear": "Dearer than leaving it",
    "overweight": "Too heavy",
    "order": "Restriction order",
    "equipment": "Wrong equipment",
    "too-late": "No way in time",
    "no-connection": "No connection",
    "no-road": "No road to the hub",
}
"""Binding rules in two or three words; a code without an entry shows itself."""

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
    "closedEnd": "closed end",
    "door": "door",
    "cog": "centre of gravity",
    "high": "above the floor",
    "along": "of length from the middle",
    "massPerSlice": "bars: mass along the length, closed end left; green: ±5 %",
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


def reason(code: str) -> str:
    """Say a binding rule in a few words.

    Examples
    --------
    >>> reason("full"), reason("some-new-rule")
    ('Departures are full', 'Some new rule')
    """
    return CODES.get(code, code.replace("-", " ").capitalize() or "Not said")
