"""Windows of border ports: how many places, what wait, who is called next, and who moves in a closure. Pure policy."""

from landport.appointments.capacity import Opening, lanes_at, local_day, openings, shift_of, window_id

__all__ = ["Opening", "lanes_at", "local_day", "openings", "shift_of", "window_id"]
