"""The second wall between tenants: row-level security, which PostgreSQL keeps for all but superusers."""

from __future__ import annotations

from sqlalchemy import text

from landport.store.session import View


def bind(view: View) -> bool:
    """Tell whether row-level security binds whoever is logged in; SQLite has none, and says yes."""
    if view.connection.dialect.name == "sqlite":
        return True
    found = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    return not view.connection.execute(found).scalar()
