"""Bulletins, outcomes decided, red lines."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulletin',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('figures', sa.Text(), nullable=False),
    sa.Column('version_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('unit_path', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('data_digest', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=True),
    sa.Column('drafted_by', sa.Uuid(), nullable=True),
    sa.Column('sent_by', sa.Uuid(), nullable=True),
    sa.Column('signed_by', sa.Uuid(), nullable=True),
    sa.Column('signer', sa.Text(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('recall_reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('week', 'month', 'quarter', 'half', 'year', 'campaign', 'zero')", name=op.f('ck_bulletin_kind')),
    sa.CheckConstraint("state IN ('draft', 'sent', 'issued', 'recalled')", name=op.f('ck_bulletin_state')),
    sa.CheckConstraint('signed_by IS NULL OR signed_by IS DISTINCT FROM sent_by', name=op.f('ck_bulletin_two_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    sa.UniqueConstraint('word', 'year', 'number', name=op.f('uq_bulletin_word_year_number'))
    )
    op.create_index('ix_bulletin_period_id', 'bulletin', ['period_id', 'kind'], unique=False)
    op.create_table('bulletin_step',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('bulletin_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('data_digest', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin_step'))
    )
    op.create_index('ix_bulletin_step_bulletin_id', 'bulletin_step', ['bulletin_id', 'id'], unique=False)
    op.create_table('bulletin_receipt',
    sa.Column('bulletin_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('bulletin_id', 'account_id', name=op.f('pk_bulletin_receipt'))
    )
    op.create_table('bulletin_template',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin_template')),
    sa.UniqueConstraint('number', name=op.f('uq_bulletin_template_number'))
    )
    op.create_table('outcome_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('candidate_id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('grounds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('cure_until', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("decision IN ('confirmed', 'dismissed', 'lifted')", name=op.f('ck_outcome_decision_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_decision'))
    )
    op.create_index('ix_outcome_decision_candidate_id', 'outcome_decision', ['candidate_id', 'id'], unique=False)
    op.create_index('ix_outcome_decision_subject_id', 'outcome_decision', ['subject_id'], unique=False)
    for table in ('bulletin_step', 'bulletin_receipt', 'bulletin_template', 'outcome_decision'):
        append_only(op, table)
    op.add_column('standing_setting', sa.Column('red_lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='{}'))
