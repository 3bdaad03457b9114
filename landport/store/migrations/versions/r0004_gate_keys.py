"""Keys that sign the codes of appointments."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final = None
depends_on: Final = None

MINE: Final = "tenant_id = current_setting('landport.tenant', true) OR current_setting('landport.tenant', true) = '*'"


def upgrade() -> None:
    """Make the table of keys, walled as those before it."""
    op.create_table(
        "gate_key",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("private_key", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("retired_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("tenant_id", "key_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE gate_key ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE gate_key FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY walled ON gate_key USING ({MINE}) WITH CHECK ({MINE})")
