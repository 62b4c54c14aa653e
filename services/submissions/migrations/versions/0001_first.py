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
    op.create_table('assessment_office',
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('covers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_office'))
    )
    op.create_table('holiday',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.CheckConstraint('char_length(name) <= 200', name=op.f('ck_holiday_name')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holiday'))
    )
    op.create_table('indicator',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('module', sa.Text(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('unit_of_measure', sa.Text(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('clause', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator'))
    )
    op.create_table('line_authority',
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_authority'))
    )
    op.create_index('ix_line_authority_line', 'line_authority', ['line'], unique=False)
    op.create_table('officer',
    sa.Column('police_number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer'))
    )
    op.create_table('period',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('cutoff_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('review_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('appeal_days', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_period'))
    )
    op.create_table('posting',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    op.create_index('ix_posting_officer_id', 'posting', ['officer_id'], unique=False)
    op.create_index('ix_posting_unit_id', 'posting', ['unit_id'], unique=False)
    op.create_table('scheme',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
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
    op.create_table('submission',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('client_key', sa.Text(), nullable=True),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('event_date', sa.Date(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('accepted_quantity', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('case_number', sa.Text(), nullable=True),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_by_account', sa.Uuid(), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('authority_unit_id', sa.Uuid(), nullable=True),
    sa.Column('routed_to_office', sa.Boolean(), nullable=False),
    sa.Column('reviewer_id', sa.Uuid(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('repair_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('decision_clause', sa.Text(), nullable=True),
    sa.Column('notice_number', sa.Text(), nullable=True),
    sa.Column('appeal_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("jsonb_typeof(evidence) = 'array'", name=op.f('ck_submission_evidence')),
    sa.CheckConstraint("status IN ('draft', 'submitted', 'in_review', 'accepted', 'returned', 'refused', 'under_appeal', 'upheld', 'changed', 'withdrawn', 'sealed')", name=op.f('ck_submission_status')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_submission_subject_kind')),
    sa.CheckConstraint('accepted_quantity BETWEEN 0 AND quantity', name=op.f('ck_submission_accepted_quantity')),
    sa.CheckConstraint('char_length(summary) BETWEEN 1 AND 200', name=op.f('ck_submission_summary')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_submission_quantity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('created_by_account', 'client_key', name=op.f('uq_submission_created_by_account_client_key')),
    sa.UniqueConstraint('number', name=op.f('uq_submission_number'))
    )
    op.create_index('ix_submission_created_by', 'submission', ['created_by', 'id'], unique=False)
    op.create_index('ix_submission_evidence', 'submission', ['evidence'], unique=False, postgresql_using='gin', postgresql_ops={'evidence': 'jsonb_path_ops'})
    op.create_index('ix_submission_indicator_id', 'submission', ['indicator_id', 'id'], unique=False)
    op.create_index('ix_submission_period_id', 'submission', ['period_id', 'id'], unique=False)
    op.create_index('ix_submission_queue', 'submission', ['submitted_at', 'id'], unique=False, postgresql_where=sa.text("status IN ('submitted', 'in_review')"))
    op.create_index('ix_submission_status', 'submission', ['status', 'id'], unique=False)
    op.create_index('ix_submission_subject_id', 'submission', ['subject_id', 'id'], unique=False)
    op.create_index('ix_submission_submitted_by', 'submission', ['submitted_by', 'id'], unique=False)
    op.create_index('ix_submission_target_id', 'submission', ['target_id', 'id'], unique=False)
    op.create_index('ix_submission_unit_id', 'submission', ['unit_id', 'id'], unique=False)
    op.create_table('target',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target'))
    )
    op.create_index('ix_target_period_id', 'target', ['period_id'], unique=False)
    op.create_index('ix_target_subject_id', 'target', ['subject_id'], unique=False)
    op.create_table('unit',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('level', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('series_id', sa.Uuid(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit'))
    )
    op.create_index('ix_unit_parent_id', 'unit', ['parent_id'], unique=False)
    op.create_index('ix_unit_path', 'unit', ['path'], unique=False, postgresql_ops={'path': 'text_pattern_ops'})
    op.create_table('appeal',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('appellant_id', sa.Uuid(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decide_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('admitted_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('accepted_quantity', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('filed', 'admitted', 'not_admitted', 'upheld', 'changed', 'withdrawn')", name=op.f('ck_appeal_status')),
    sa.CheckConstraint('char_length(grounds) BETWEEN 1 AND 2000', name=op.f('ck_appeal_grounds')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_appeal_submission_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('number', name=op.f('uq_appeal_number'))
    )
    op.create_index('ix_appeal_appellant_id', 'appeal', ['appellant_id', 'id'], unique=False)
    op.create_index('ix_appeal_status', 'appeal', ['status', 'id'], unique=False)
    op.create_index('ix_appeal_submission_id', 'appeal', ['submission_id'], unique=False)
    op.create_index('uq_appeal_live', 'appeal', ['submission_id'], unique=True, postgresql_where=sa.text("status IN ('filed', 'admitted')"))
    op.create_table('decision_notice',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('clause', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('claimed', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('accepted', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by_name', sa.Text(), nullable=False),
    sa.Column('decided_by_unit_id', sa.Uuid(), nullable=True),
    sa.Column('appeal_to_unit_id', sa.Uuid(), nullable=False),
    sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('refusal', 'reduction')", name=op.f('ck_decision_notice_kind')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_decision_notice_submission_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_notice')),
    sa.UniqueConstraint('number', name=op.f('uq_decision_notice_number')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_decision_notice_submission_id'))
    )
    op.create_table('history',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('appeal_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_history_submission_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history'))
    )
    op.create_index('ix_history_submission_id', 'history', ['submission_id', 'id'], unique=False)
    for sequence in ('submission_number', 'notice_number', 'appeal_number'):
        op.execute(f'CREATE SEQUENCE {sequence}')
    for table in ('history', 'decision_notice'):
        append_only(op, table)
