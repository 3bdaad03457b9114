"""The event log and its tables: one interface, SQLite by default, PostgreSQL by URL."""

from landport.store.session import EVERYBODY, SYSTEM, Projection, Row, Tx, View
from landport.store.store import NoStates, Store, open_store

__all__ = ["EVERYBODY", "SYSTEM", "NoStates", "Projection", "Row", "Store", "Tx", "View", "open_store"]
