"""The tables of errands, in every service's database beside the answers to requests."""

from typing import Any

from kernel.delivery.ddl import split

_V1 = """
CREATE TABLE web.errand (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  owner_id uuid NOT NULL,
  owner jsonb NOT NULL,
  headers jsonb NOT NULL,
  asked jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cancel_asked boolean NOT NULL DEFAULT false,
  step text NOT NULL DEFAULT '',
  done bigint NOT NULL DEFAULT 0,
  total bigint,
  mark jsonb NOT NULL DEFAULT '{}',
  result jsonb,
  problem jsonb,
  attempts integer NOT NULL DEFAULT 0,
  claim uuid,
  beat_at timestamptz,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  CHECK ((state = 'running') = (claim IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX ix_errand_open ON web.errand (due_at) WHERE state IN ('waiting', 'running');
CREATE INDEX ix_errand_owner ON web.errand (owner_id, id);
CREATE INDEX ix_errand_finished ON web.errand (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE web.errand_file (
  errand_id uuid PRIMARY KEY REFERENCES web.errand ON DELETE CASCADE,
  name text NOT NULL,
  media_type text NOT NULL,
  content bytea NOT NULL,
  once boolean NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX ix_errand_file_expires_at ON web.errand_file (expires_at);
"""


def create_v1(op: Any) -> None:
    for statement in split(_V1):
        op.execute(statement)
