"""Windows of border ports and their places; the database refuses more trucks than places."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final = None
depends_on: Final = None

MINE: Final = "tenant_id = current_setting('landport.tenant', true) OR current_setting('landport.tenant', true) = '*'"


def upgrade() -> None:
    """Make the tables, and wall them off as the others are."""
    op.create_table(
        "gate_window",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("window_id", sa.Text, nullable=False),
        sa.Column("border_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("opens_at", sa.BigInteger, nullable=False),
        sa.Column("closes_at", sa.BigInteger, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("booked", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "window_id"),
        sa.CheckConstraint("booked >= 0 AND booked <= capacity", name="never_over_capacity"),
        sqlite_with_rowid=False,
    )
    op.create_index("window_by_time", "gate_window", ["tenant_id", "border_id", "opens_at"])
    op.create_table(
        "window_seat",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("window_id", sa.Text, nullable=False),
        sa.Column("seat", sa.Integer, nullable=False),
        sa.Column("appointment_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "window_id", "seat"),
        sa.UniqueConstraint("tenant_id", "appointment_id", name="one_place_each"),
        sa.CheckConstraint("seat >= 1", name="seats_from_one"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("gate_window", "window_seat"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY walled ON {table} USING ({MINE}) WITH CHECK ({MINE})")
