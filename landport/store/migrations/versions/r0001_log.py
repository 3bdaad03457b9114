"""The log, its projections, and what stands beside it."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the log, its projections, and what stands beside it."""
    _log_head()
    _event()
    _stream()
    _mention()
    _seal()
    _state()
    _tenant()
    _blob()
    _party()


def _log_head() -> None:
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO log_head (id, position) VALUES (1, 0)")


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.Column("happened_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.UniqueConstraint("tenant_id", "stream", "version", name="event_in_stream"),
    )


def _stream() -> None:
    op.create_table(
        "stream",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "stream"),
        sqlite_with_rowid=False,
    )


def _mention() -> None:
    op.create_table(
        "mention",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject", "position"),
        sqlite_with_rowid=False,
    )


def _seal() -> None:
    op.create_table(
        "seal",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until_position", sa.BigInteger, nullable=False),
        sa.Column("sealed_at", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )


def _state() -> None:
    op.create_table(
        "state",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "subject_id"),
    )
    op.create_index("state_by_status", "state", ["tenant_id", "kind", "status", "subject_id"])
    op.create_index("state_by_owner", "state", ["tenant_id", "kind", "owner", "subject_id"])


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )


def _blob() -> None:
    op.create_table(
        "blob",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "digest"),
    )


def _party() -> None:
    op.create_table(
        "party",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("party_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("is_erased", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "party_id"),
    )
    op.create_index("party_by_name", "party", ["tenant_id", "name"])
