"""Closing of periods, and seals that nothing can be posted behind."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

# What the replicas did not keep so far is in the events that were recorded.
_LATEST = """
  SELECT DISTINCT ON (order_key) body::jsonb AS b FROM bus.inbox
  WHERE consumer = 'scoring' AND state = 'applied' AND type = '{type}'
  ORDER BY order_key, (body::jsonb->>'version')::bigint DESC
"""
_CUTOFFS = f"""
UPDATE period SET cutoff_at = (b->>'cutoff_at')::timestamptz
FROM ({_LATEST.format(type="targets.period.v1")}) AS latest WHERE period.id = (b->>'id')::uuid
"""
_OFFICERS = f"""
INSERT INTO officer (id, version, police_number, name)
SELECT (b->>'id')::uuid, (b->>'version')::bigint, b->>'police_number', b->>'name'
FROM ({_LATEST.format(type="org.officer.v1")}) AS latest
"""
_REFUSE_SEALED = """
CREATE FUNCTION refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE period uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.period_id ELSE NEW.period_id END;
BEGIN
  IF EXISTS (SELECT FROM seal WHERE seal.period_id = period AND kind = 'main') THEN
    RAISE EXCEPTION 'period % is sealed: % of % refused', period, TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    op.create_table('closing',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('begun_by', sa.Uuid(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('trial_number', sa.BigInteger(), nullable=True),
    sa.Column('public_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('objections_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sealed_by', sa.Uuid(), nullable=True),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seal_number', sa.BigInteger(), nullable=True),
    sa.Column('root_sha256', sa.Text(), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('checking', 'public', 'sealed', 'withdrawn')", name=op.f('ck_closing_status')),
    sa.CheckConstraint('sealed_by IS NULL OR sealed_by <> approved_by', name=op.f('ck_closing_two_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing')),
    sa.UniqueConstraint('period_id', name=op.f('uq_closing_period_id'))
    )
    op.create_table('closing_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing_step'))
    )
    op.create_index('ix_closing_step_period_id', 'closing_step', ['period_id', 'id'], unique=False)
    op.create_table('objection',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('trial_number', sa.BigInteger(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('raised_by', sa.Uuid(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("state IN ('open', 'upheld', 'refused')", name=op.f('ck_objection_state')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_objection_subject_kind')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> raised_by', name=op.f('ck_objection_two_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection'))
    )
    op.create_index('ix_objection_period_id', 'objection', ['period_id', 'id'], unique=False)
    op.create_table('officer',
    sa.Column('police_number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer'))
    )
    op.create_table('seal',
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('supplements', sa.BigInteger(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('statement_sha256', sa.Text(), nullable=False),
    sa.Column('root_sha256', sa.Text(), nullable=False),
    sa.Column('root_sm3', sa.Text(), nullable=False),
    sa.Column('tree_size', sa.BigInteger(), nullable=False),
    sa.Column('log_index', sa.BigInteger(), nullable=False),
    sa.Column('checkpoint', sa.Text(), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=False),
    sa.Column('sealed_by', sa.Uuid(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'supplement') = (supplements IS NOT NULL)", name=op.f('ck_seal_supplements')),
    sa.CheckConstraint("kind IN ('main', 'supplement')", name=op.f('ck_seal_kind')),
    sa.CheckConstraint('approved_by <> sealed_by', name=op.f('ck_seal_two_people')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_seal')),
    sa.UniqueConstraint('log_index', name=op.f('uq_seal_log_index'))
    )
    op.create_index('uq_seal_main_period_id', 'seal', ['period_id'], unique=True, postgresql_where="kind = 'main'")
    op.create_table('seal_leaf',
    sa.Column('seal_number', sa.BigInteger(), nullable=False),
    sa.Column('idx', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('leaf', sa.Text(), nullable=False),
    sa.Column('hash_sha256', sa.Text(), nullable=False),
    sa.Column('hash_sm3', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('officer', 'system', 'unit')", name=op.f('ck_seal_leaf_kind')),
    sa.PrimaryKeyConstraint('seal_number', 'idx', name=op.f('pk_seal_leaf')),
    sa.UniqueConstraint('seal_number', 'kind', 'subject', name=op.f('uq_seal_leaf_seal_number_kind_subject'))
    )
    op.create_table('seal_signature',
    sa.Column('seal_number', sa.BigInteger(), nullable=False),
    sa.Column('key_name', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('algorithm', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('seal_number', 'key_name', 'key_id', name=op.f('pk_seal_signature'))
    )
    op.create_table('trial',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('seconds_milli', sa.BigInteger(), nullable=False),
    sa.Column('subjects', sa.BigInteger(), nullable=False),
    sa.Column('entries', sa.BigInteger(), nullable=False),
    sa.Column('total_milli', sa.BigInteger(), nullable=False),
    sa.Column('moved', sa.BigInteger(), nullable=False),
    sa.Column('different', sa.BigInteger(), nullable=False),
    sa.Column('differences', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('period_id', 'number', name=op.f('pk_trial'))
    )
    op.create_table('trial_line',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('entries', sa.BigInteger(), nullable=False),
    sa.Column('total_milli', sa.BigInteger(), nullable=False),
    sa.Column('last_milli', sa.BigInteger(), nullable=True),
    sa.Column('previous_milli', sa.BigInteger(), nullable=True),
    sa.Column('moved_milli', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_trial_line_subject_kind')),
    sa.PrimaryKeyConstraint('period_id', 'number', 'subject_id', name=op.f('pk_trial_line'))
    )
    op.create_index('ix_trial_line_moved', 'trial_line', ['period_id', 'number', 'moved_milli', 'subject_id'], unique=False)
    op.add_column('period', sa.Column('cutoff_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(_CUTOFFS)
    op.alter_column('period', 'cutoff_at', nullable=False)
    op.execute(_OFFICERS)
    for table in ("closing_step", "trial", "trial_line", "seal", "seal_leaf", "seal_signature"):
        append_only(op, table)
    op.execute(_REFUSE_SEALED)
    op.execute(
        "CREATE TRIGGER sealed BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_sealed()"
    )
    op.execute(
        "CREATE TRIGGER sealed BEFORE INSERT OR UPDATE OR DELETE ON statement "
        "FOR EACH ROW EXECUTE FUNCTION refuse_sealed()"
    )
