"""Runs the steps inside the transaction that `schema.upgrade` holds."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=False, transaction_per_migration=False
)
context.run_migrations()
