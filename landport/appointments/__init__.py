"""Windows of border ports: how many places, what wait, who is called next, and who moves in a closure. Pure policy.

`fluid` predicts waits; it compiles, so it is imported by those alone who predict.
"""

from landport.appointments.calling import Waiting, in_order, next_called, points
from landport.appointments.capacity import Opening, lanes_at, local_day, openings, shift_of, window_id
from landport.appointments.shifting import Booked, Room, Shift, shifted

__all__ = [
    "Booked",
    "Opening",
    "Room",
    "Shift",
    "Waiting",
    "in_order",
    "lanes_at",
    "local_day",
    "next_called",
    "openings",
    "points",
    "shift_of",
    "shifted",
    "window_id",
]
