"""Row-level security on PostgreSQL: the second wall between tenants."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final = None
depends_on: Final = None

WALLED: Final = (
    "event",
    "stream",
    "mention",
    "state",
    "tenant",
    "blob",
    "party",
    "account",
    "link",
    "session",
    "api_key",
    "answer",
    "job",
)
MINE: Final = "tenant_id = current_setting('landport.tenant', true) OR current_setting('landport.tenant', true) = '*'"


def upgrade() -> None:
    """Let a session see and write rows of the tenant that it names; without a name, none."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY walled ON {table} USING ({MINE}) WITH CHECK ({MINE})")
