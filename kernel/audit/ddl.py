"""The audit log's tables in every service's database: schema `audit`."""

from typing import Any

_V1 = (
    "CREATE SCHEMA audit",
    # The columns are made from the hashed text by the database, so that they cannot say anything else.
    """
    CREATE TABLE audit.record (
      id uuid PRIMARY KEY,
      body text NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      at text COLLATE "C" GENERATED ALWAYS AS (body::jsonb ->> 'at') STORED,
      actor_kind text GENERATED ALWAYS AS (body::jsonb #>> '{actor,kind}') STORED,
      account text GENERATED ALWAYS AS (body::jsonb #>> '{actor,account}') STORED,
      action text GENERATED ALWAYS AS (body::jsonb ->> 'action') STORED,
      kind text GENERATED ALWAYS AS (body::jsonb #>> '{object,kind}') STORED,
      object text GENERATED ALWAYS AS (body::jsonb #>> '{object,id}') STORED,
      request text GENERATED ALWAYS AS (body::jsonb ->> 'request') STORED
    )
    """,
    "CREATE INDEX ix_record_object ON audit.record (object, id)",
    "CREATE INDEX ix_record_account ON audit.record (account, id)",
    "CREATE INDEX ix_record_action ON audit.record (action, id)",
    "CREATE INDEX ix_record_request ON audit.record (request)",
    "CREATE INDEX ix_record_at ON audit.record (at)",
    # What waits for its number. The only table of the log that rows leave.
    """
    CREATE TABLE audit.unchained (
      n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      record_id uuid NOT NULL UNIQUE
    ) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0)
    """,
    """
    CREATE FUNCTION audit.ask_for_number() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO audit.unchained (record_id) SELECT id FROM fresh ORDER BY id;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER ask_for_number AFTER INSERT ON audit.record REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit.ask_for_number()
    """,
    """
    CREATE TABLE audit.chain (
      seq bigint PRIMARY KEY,
      record_id uuid NOT NULL UNIQUE REFERENCES audit.record (id),
      prev_hash text NOT NULL,
      hash text NOT NULL UNIQUE,
      chained_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    """
    CREATE TABLE audit.state (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      last_seq bigint NOT NULL DEFAULT 0,
      last_hash text NOT NULL DEFAULT repeat('0', 64)
    )
    """,
    "INSERT INTO audit.state DEFAULT VALUES",
    *(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bus.refuse_change()"
        for table in ("record", "chain")
    ),
)


def create_v1(op: Any) -> None:
    """The first version; later ones are functions of their own, called by later revisions."""
    for statement in _V1:
        op.execute(statement)
