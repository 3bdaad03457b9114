"""Ways over the dated timetable: which departures, trucks and transfers lead where, at what price."""

from landport.route.arrays import Space, space
from landport.route.cutoffs import cut_offs
from landport.route.plan import plan, usable_gross_kg

__all__ = ["Space", "cut_offs", "plan", "space", "usable_gross_kg"]
