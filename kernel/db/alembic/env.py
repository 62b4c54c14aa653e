# ruff: noqa: INP001 -- Alembic runs this file, nobody imports it
"""Alembic's entry: one for all services, on the connection that kernel.db.migrations hands over."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
