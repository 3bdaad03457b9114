"""Tables of the store, the same on SQLite and PostgreSQL. Instants are whole microseconds since 1970, UTC."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

META: Final = MetaData()

HEAD: Final = Table(
    "log_head",
    META,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    comment="One row: the position of the newest event. Whoever writes events holds it, so positions have no gaps.",
)

EVENT: Final = Table(
    "event",
    META,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("tenant_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("type_version", Integer, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("tenant_id", "stream", "version", name="event_in_stream"),
    comment="The log: appended to, never changed.",
)

STREAM: Final = Table(
    "stream",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "stream"),
    sqlite_with_rowid=False,
    comment="The newest event of each stream.",
)

MENTION: Final = Table(
    "mention",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant_id", "subject", "position"),
    sqlite_with_rowid=False,
    comment="Projection: events about a subject that stand in the streams of others.",
)

SEAL: Final = Table(
    "seal",
    META,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("until_position", BigInteger, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    comment="Chain over the heads of all streams.",
)

STATE: Final = Table(
    "state",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant_id", "kind", "subject_id"),
    Index("state_by_status", "tenant_id", "kind", "status", "subject_id"),
    Index("state_by_owner", "tenant_id", "kind", "owner", "subject_id"),
    comment="Projection: what became of every subject, as JSON; `position` is that of the last event that changed it.",
)

TENANT: Final = Table(
    "tenant",
    META,
    Column("tenant_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

BLOB: Final = Table(
    "blob",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant_id", "digest"),
    comment="Plans and weeks that events name by digest (SHA-256, hex); packed by zlib.",
)

PARTY: Final = Table(
    "party",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("party_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("is_erased", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant_id", "party_id"),
    Index("party_by_name", "tenant_id", "name"),
    comment="Names and contacts, outside the log so that they can be erased; `owner`: the forwarder that named them.",
)

ACCOUNT: Final = Table(
    "account",
    META,
    Column("account_id", Text, primary_key=True),
    Column("tenant_id", Text, ForeignKey("tenant.tenant_id"), nullable=False, index=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("party_id", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

LINK: Final = Table(
    "link",
    META,
    Column("token_hash", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False, index=True),
    Column("account_id", Text, ForeignKey("account.account_id"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    comment="One-time links that let somebody choose a password.",
)

SESSION: Final = Table(
    "session",
    META,
    Column("token_hash", Text, primary_key=True),
    Column("tenant_id", Text, nullable=False, index=True),
    Column("account_id", Text, ForeignKey("account.account_id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

KEY: Final = Table(
    "api_key",
    META,
    Column("key_id", Text, primary_key=True),
    Column("tenant_id", Text, ForeignKey("tenant.tenant_id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("party_id", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)

THROTTLE: Final = Table(
    "throttle",
    META,
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since_at", BigInteger, nullable=False),
    comment="How often something failed, such as log-ins under a name, since when.",
)

ANSWER: Final = Table(
    "answer",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant_id", "actor", "key"),
    Index("answer_by_age", "created_at"),
    comment="Idempotency: what was answered under a key, written together with what it answers for.",
)

JOB: Final = Table(
    "job",
    META,
    Column("job_id", Text, primary_key=True),
    Column("tenant_id", Text, ForeignKey("tenant.tenant_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("progress", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Index("job_by_tenant", "tenant_id", "created_at"),
    Index(
        "one_plan_at_a_time",
        "tenant_id",
        unique=True,
        sqlite_where=text("status IN ('queued', 'running')"),
        postgresql_where=text("status IN ('queued', 'running')"),
    ),
    comment="Long work: one at a time for each tenant.",
)

SERVER: Final = Table(
    "server",
    META,
    Column("instance_id", Text, primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    comment="Servers that run over this database, and when each was last alive.",
)

GATE_KEY: Final = Table(
    "gate_key",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
    PrimaryKeyConstraint("tenant_id", "key_id"),
    comment="Ed25519 keys that sign the codes of appointments; whoever reads a private one can sign, too.",
)

WINDOW: Final = Table(
    "gate_window",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("window_id", Text, nullable=False),
    Column("border_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("opens_at", BigInteger, nullable=False),
    Column("closes_at", BigInteger, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("booked", Integer, nullable=False),
    PrimaryKeyConstraint("tenant_id", "window_id"),
    CheckConstraint("booked >= 0 AND booked <= capacity", name="never_over_capacity"),
    Index("window_by_time", "tenant_id", "border_id", "opens_at"),
    sqlite_with_rowid=False,
    comment="Projection: windows of a border port; the database itself refuses more trucks than places.",
)

SEAT: Final = Table(
    "window_seat",
    META,
    Column("tenant_id", Text, nullable=False),
    Column("window_id", Text, nullable=False),
    Column("seat", Integer, nullable=False),
    Column("appointment_id", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "window_id", "seat"),
    UniqueConstraint("tenant_id", "appointment_id", name="one_place_each"),
    CheckConstraint("seat >= 1", name="seats_from_one"),
    sqlite_with_rowid=False,
    comment="Projection: who has which place of a window.",
)

PROJECTIONS: Final = (STATE, MENTION, WINDOW, SEAT)
"""Tables that can be dropped and rebuilt from the log."""

WALLED: Final = tuple(t for t in META.tables.values() if "tenant_id" in t.c)
"""Tables whose rows belong to one tenant each."""
