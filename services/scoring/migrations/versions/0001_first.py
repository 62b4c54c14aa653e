"""The first tables."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only
from kernel.delivery.ddl import create_v1

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_v1(op)
    op.create_table('award',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('points', sa.Numeric(precision=15, scale=3), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('document_number', sa.Text(), nullable=False),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reversed_by', sa.Uuid(), nullable=True),
    sa.Column('reversal_reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('bonus', 'penalty')", name=op.f('ck_award_kind')),
    sa.CheckConstraint("status IN ('pending', 'posted', 'refused', 'reversed')", name=op.f('ck_award_status')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_award_subject_kind')),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> entered_by', name=op.f('ck_award_two_people')),
    sa.CheckConstraint('points > 0', name=op.f('ck_award_points')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award'))
    )
    op.create_index('ix_award_period_id', 'award', ['period_id', 'id'], unique=False)
    op.create_index('ix_award_subject_id', 'award', ['subject_id', 'id'], unique=False)
    op.create_table('indicator',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('module', sa.Text(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('rule', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator'))
    )
    op.create_table('ledger_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('module', sa.Text(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('points_milli', sa.BigInteger(), nullable=False),
    sa.Column('rule_revision', sa.BigInteger(), nullable=True),
    sa.Column('rule_key', sa.Text(), nullable=False),
    sa.Column('line_no', sa.BigInteger(), nullable=False),
    sa.Column('source_event_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=True),
    sa.Column('award_id', sa.Uuid(), nullable=True),
    sa.Column('reason_zh', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('prev_hash', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('task', 'shortfall', 'bonus', 'penalty', 'attendance', 'appeal', 'reversal', 'adjustment')", name=op.f('ck_ledger_entry_kind')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_ledger_entry_subject_kind')),
    sa.CheckConstraint('points_milli <> 0', name=op.f('ck_ledger_entry_points')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('hash', name=op.f('uq_ledger_entry_hash')),
    sa.UniqueConstraint('seq', name=op.f('uq_ledger_entry_seq')),
    sa.UniqueConstraint('source_event_id', 'rule_key', 'line_no', name=op.f('uq_ledger_entry_source_event_id_rule_key_line_no'))
    )
    op.create_index('ix_ledger_entry_key', 'ledger_entry', ['subject_id', 'indicator_id', 'period_id'], unique=False)
    op.create_index('ix_ledger_entry_period_id', 'ledger_entry', ['period_id', 'seq'], unique=False)
    op.create_index('ix_ledger_entry_subject_id', 'ledger_entry', ['subject_id', 'period_id', 'seq'], unique=False)
    op.create_index('ix_ledger_entry_submission_id', 'ledger_entry', ['submission_id'], unique=False)
    op.create_index('ix_ledger_entry_unit_id', 'ledger_entry', ['unit_id', 'seq'], unique=False)
    op.create_table('ledger_head',
    sa.Column('one', sa.Boolean(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.CheckConstraint('one', name=op.f('ck_ledger_head_one')),
    sa.PrimaryKeyConstraint('one', name=op.f('pk_ledger_head'))
    )
    op.create_table('period',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_period'))
    )
    op.create_index('ix_period_scheme_id', 'period', ['scheme_id', 'starts_on'], unique=False)
    op.create_table('posting',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    op.create_index('ix_posting_officer_id', 'posting', ['officer_id'], unique=False)
    op.create_table('roll_up_due',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_up_due'))
    )
    op.create_table('scheme',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('modules', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('module_combination', sa.Text(), nullable=False),
    sa.Column('total_decimals', sa.BigInteger(), nullable=False),
    sa.Column('roll_up', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('bonus_cap', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('deduction_cap', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('second_signature_above', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheme'))
    )
    op.create_table('session',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session'))
    )
    op.create_index(op.f('ix_session_revoked_at'), 'session', ['revoked_at'], unique=False)
    op.create_table('statement',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('modules', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('entries', sa.BigInteger(), nullable=False),
    sa.Column('entries_milli', sa.BigInteger(), nullable=False),
    sa.Column('own_milli', sa.BigInteger(), nullable=False),
    sa.Column('members_milli', sa.BigInteger(), nullable=True),
    sa.Column('members', sa.BigInteger(), nullable=False),
    sa.Column('total_milli', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_statement_subject_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('subject_id', 'period_id', name=op.f('uq_statement_subject_id_period_id'))
    )
    op.create_index('ix_statement_period_id', 'statement', ['period_id', 'id'], unique=False)
    op.create_index('ix_statement_unit_id', 'statement', ['unit_id', 'period_id'], unique=False)
    op.create_table('submission',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('event_date', sa.Date(), nullable=False),
    sa.Column('accepted_quantity', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission'))
    )
    op.create_index('ix_submission_indicator_id', 'submission', ['indicator_id', 'period_id'], unique=False)
    op.create_index('ix_submission_key', 'submission', ['subject_id', 'indicator_id', 'period_id'], unique=False)
    op.create_table('target',
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target'))
    )
    op.create_index('ix_target_subject_id', 'target', ['subject_id', 'indicator_id', 'period_id'], unique=False)
    op.create_table('unit',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('level', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit'))
    )
    op.create_index('ix_unit_parent_id', 'unit', ['parent_id'], unique=False)
    op.create_index('ix_unit_path', 'unit', ['path'], unique=False, postgresql_ops={'path': 'text_pattern_ops'})
    append_only(op, "ledger_entry")
