"""Ways over the dated timetable: which departures, trucks and transfers lead where, at what price."""

from landport.route.arrays import Space, space
from landport.route.ask import MOST, ORDERS, Asked, Desk
from landport.route.cutoffs import cut_offs
from landport.route.fronts import EPS
from landport.route.legs import pairs, priced_legs
from landport.route.odds import Sampler
from landport.route.plain import Plain
from landport.route.plan import plan, usable_gross_kg
from landport.route.priced import Priced
from landport.route.standing import Standing

__all__ = [
    "EPS",
    "MOST",
    "ORDERS",
    "Asked",
    "Desk",
    "Plain",
    "Priced",
    "Sampler",
    "Space",
    "Standing",
    "cut_offs",
    "pairs",
    "plan",
    "priced_legs",
    "space",
    "usable_gross_kg",
]
