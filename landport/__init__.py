"""landport: planning for an inland rail port, from bookings to audited train plans."""

__version__ = "0.1.0"
