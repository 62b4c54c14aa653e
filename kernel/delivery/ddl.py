"""The kernel's own tables in every service's database: schema `bus` (events) and schema `web` (answers)."""

from typing import Any

_V1 = """
CREATE SCHEMA bus;
CREATE SCHEMA web;

CREATE FUNCTION bus.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE bus.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  type text NOT NULL,
  aggregate_id text NOT NULL,
  aggregate_version bigint NOT NULL,
  order_key text NOT NULL,
  body text NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (type, aggregate_id, aggregate_version)
) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE bus.event_log (
  seq bigint PRIMARY KEY,
  epoch integer NOT NULL,
  event_id uuid NOT NULL UNIQUE,
  type text NOT NULL,
  aggregate_id text NOT NULL,
  aggregate_version bigint NOT NULL,
  order_key text NOT NULL,
  body text NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  content_hash text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL UNIQUE,
  alg text NOT NULL DEFAULT 'sha256',
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (type, aggregate_id, aggregate_version)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bus.event_log
  FOR EACH STATEMENT EXECUTE FUNCTION bus.refuse_change();

CREATE TABLE bus.stream_state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch integer NOT NULL,
  last_seq bigint NOT NULL,
  last_hash text NOT NULL,
  system_id text NOT NULL,
  timeline integer NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE bus.relay_cursor (
  transport text PRIMARY KEY,
  published_seq bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_error text,
  failures integer NOT NULL DEFAULT 0
);

CREATE TABLE bus.inbox (
  consumer text NOT NULL,
  stream text NOT NULL,
  event_id uuid NOT NULL,
  epoch integer NOT NULL,
  seq bigint NOT NULL,
  hash text NOT NULL,
  content_hash text NOT NULL,
  type text NOT NULL,
  order_key text NOT NULL,
  body text NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'recorded'
    CHECK (state IN ('recorded', 'applied', 'retry', 'parked', 'skipped')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  error_class text,
  last_error text,
  resolution text,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at timestamptz,
  PRIMARY KEY (consumer, stream, event_id),
  UNIQUE (consumer, stream, epoch, seq)
) WITH (fillfactor = 80);
CREATE INDEX ix_inbox_open ON bus.inbox (consumer, order_key, seq) WHERE state IN ('recorded', 'retry', 'parked');
CREATE INDEX ix_inbox_due ON bus.inbox (consumer, recorded_at) WHERE state IN ('recorded', 'retry');
CREATE INDEX ix_inbox_parked ON bus.inbox (consumer) WHERE state = 'parked';

CREATE TABLE bus.cursor (
  consumer text NOT NULL,
  stream text NOT NULL,
  epoch integer NOT NULL DEFAULT 0,
  seq bigint NOT NULL DEFAULT 0,
  hash text NOT NULL,
  head_seen_seq bigint NOT NULL DEFAULT 0,
  head_seen_at timestamptz,
  mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'fork', 'halted')),
  PRIMARY KEY (consumer, stream)
);

CREATE TABLE bus.incident (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL CHECK (kind IN ('fork', 'hash_mismatch', 'parked', 'skipped', 'epoch_opened')),
  stream text NOT NULL,
  seq bigint,
  detail text NOT NULL,
  resolved_at timestamptz,
  resolution text
);

CREATE TABLE bus.barrier (one boolean PRIMARY KEY DEFAULT true CHECK (one), n bigint NOT NULL DEFAULT 0);
INSERT INTO bus.barrier DEFAULT VALUES;

CREATE TABLE bus.job_run (
  name text PRIMARY KEY,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_error text,
  runs bigint NOT NULL DEFAULT 0
);

CREATE TABLE web.idempotency (
  principal_id uuid NOT NULL,
  key text NOT NULL,
  request text NOT NULL,
  request_hash text NOT NULL,
  status integer,
  body text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (principal_id, key)
);
CREATE INDEX ix_idempotency_created_at ON web.idempotency (created_at);
"""


# Of a fork (reliability: docs/reference/bus.md). A ghost is what a consumer recorded and the producer's history has no
# more; an offer is such an event, given back to its producer, on which two people decide.
_V2 = """
CREATE TABLE bus.ghost (
  consumer text NOT NULL,
  stream text NOT NULL,
  event_id uuid NOT NULL,
  epoch integer NOT NULL,
  seq bigint NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  content_hash text NOT NULL,
  type text NOT NULL,
  order_key text NOT NULL,
  body text NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  inbox_state text NOT NULL CHECK (inbox_state IN ('recorded', 'applied', 'retry', 'parked', 'skipped')),
  attempts integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  applied_at timestamptz,
  ancestor bigint NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'refused', 'returned', 'reversed')),
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  offered_at timestamptz,
  settled_at timestamptz,
  resolution text,
  last_error text,
  PRIMARY KEY (consumer, stream, event_id)
);
CREATE INDEX ix_ghost_held ON bus.ghost (consumer, stream, order_key) WHERE state IN ('open', 'refused');

CREATE TABLE bus.offer (
  event_id uuid PRIMARY KEY,
  epoch integer NOT NULL,
  seq bigint NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  content_hash text NOT NULL,
  type text NOT NULL,
  aggregate_id text NOT NULL,
  aggregate_version bigint NOT NULL,
  order_key text NOT NULL,
  body text NOT NULL,
  headers jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  offered_by text[] NOT NULL,
  offered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
  proposed text CHECK (proposed IN ('accepted', 'refused')),
  first_signature text,
  second_signature text,
  reason text,
  decided_at timestamptz,
  CHECK (state = 'open' OR second_signature <> first_signature)
);
CREATE INDEX ix_offer_open ON bus.offer (order_key) WHERE state = 'open';

ALTER TABLE bus.inbox DROP CONSTRAINT inbox_consumer_stream_epoch_seq_key;
ALTER TABLE bus.inbox ADD UNIQUE (consumer, stream, seq);

ALTER TABLE bus.incident DROP CONSTRAINT incident_kind_check;
ALTER TABLE bus.incident ADD CHECK (kind IN ('fork', 'hash_mismatch', 'parked', 'skipped', 'epoch_opened', 'ghost_reversed',
  'offer_decided'));
"""


def create_v1(op: Any) -> None:
    """The first version; later ones are functions of their own, called by later revisions."""
    for statement in split(_V1):
        op.execute(statement)


def create_v2(op: Any) -> None:
    """Forks can be resolved: ghosts aside, offers back, one row a number in the inbox."""
    for statement in split(_V2):
        op.execute(statement)


def split(script: str) -> list[str]:
    """The statements of a script; dollar-quoted bodies stay whole."""
    statements, current, quoted = [], "", False
    for line in script.splitlines():
        quoted ^= line.count("$$") % 2 == 1
        current += line + "\n"
        if not quoted and line.rstrip().endswith(";"):
            statements.append(current.strip().rstrip(";"))
            current = ""
    return statements
