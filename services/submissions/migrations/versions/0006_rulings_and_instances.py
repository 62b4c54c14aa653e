"""Rulings, second samples, appeals in two instances"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('appeal_opinion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('appeal_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_opinion'))
    )
    op.create_index('ix_appeal_opinion_appeal_id', 'appeal_opinion', ['appeal_id', 'id'], unique=False)
    op.create_table('recheck',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('appeal_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('clause', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'sealed', 'reopened', 'kept')", name=op.f('ck_recheck_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck')),
    sa.UniqueConstraint('appeal_id', 'submission_id', name=op.f('uq_recheck_appeal_id_submission_id'))
    )
    op.create_index('ix_recheck_open', 'recheck', ['id'], unique=False, postgresql_where=sa.text("state IN ('open', 'sealed')"))
    op.create_index('ix_recheck_submission_id', 'recheck', ['submission_id'], unique=False)
    op.create_table('ruling',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('by', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('verdict', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('accept', 'refuse', 'return')", name=op.f('ck_ruling_kind')),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_ruling'))
    )
    op.create_index('ix_ruling_effective_at', 'ruling', ['effective_at'], unique=False)
    op.create_table('sample_draw',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('scope_path', sa.Text(), nullable=False),
    sa.Column('seed', sa.Text(), nullable=False),
    sa.Column('candidates', sa.BigInteger(), nullable=False),
    sa.Column('drawn', sa.BigInteger(), nullable=False),
    sa.Column('drawn_by', sa.Uuid(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_draw'))
    )
    op.create_index('ix_sample_draw_period_id', 'sample_draw', ['period_id', 'id'], unique=False)
    op.create_table('sample',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('draw_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('decided', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('reviewer_id', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agrees', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['draw_id'], ['sample_draw.id'], name=op.f('fk_sample_draw_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample')),
    sa.UniqueConstraint('draw_id', 'submission_id', name=op.f('uq_sample_draw_id_submission_id'))
    )
    op.create_index('ix_sample_open', 'sample', ['id'], unique=False, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_index('ix_sample_reviewer_id', 'sample', ['reviewer_id'], unique=False, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_index('ix_sample_submission_id', 'sample', ['submission_id'], unique=False)
    op.drop_table('holiday')
    op.add_column('appeal', sa.Column('level', sa.BigInteger(), nullable=False, server_default='1'))
    op.alter_column('appeal', 'level', server_default=None)
    op.add_column('appeal', sa.Column('first_id', sa.Uuid(), nullable=True))
    op.add_column('appeal', sa.Column('clause', sa.Text(), nullable=True))
    op.add_column('appeal', sa.Column('before_quantity', sa.Numeric(precision=16, scale=4), nullable=True))
    op.add_column('appeal', sa.Column('wanted', sa.Numeric(precision=16, scale=4), nullable=True))
    op.add_column('appeal', sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.alter_column('appeal', 'files', server_default=None)
    op.add_column('appeal', sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('appeal', sa.Column('days_left', sa.BigInteger(), nullable=True))
    op.add_column('appeal', sa.Column('material_asked', sa.Text(), nullable=True))
    op.add_column('appeal', sa.Column('material_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('appeal', sa.Column('extended_days', sa.BigInteger(), nullable=False, server_default='0'))
    op.alter_column('appeal', 'extended_days', server_default=None)
    op.add_column('appeal', sa.Column('again_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('appeal', sa.Column('by_silence', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('appeal', 'by_silence', server_default=None)
    op.add_column('appeal', sa.Column('clause_wrong', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('appeal', 'clause_wrong', server_default=None)
    op.create_index('ix_appeal_clause', 'appeal', ['clause', 'decided_at'], unique=False)
    op.create_index('ix_appeal_decide_until', 'appeal', ['decide_until'], unique=False, postgresql_where=sa.text("status IN ('filed', 'admitted', 'waiting')"))
    op.drop_constraint(op.f('uq_decision_notice_submission_id'), 'decision_notice', type_='unique')
    op.create_index('ix_decision_notice_submission_id', 'decision_notice', ['submission_id', 'id'], unique=False)
    op.create_index('ix_submission_claimed_until', 'submission', ['claimed_until'], unique=False, postgresql_where=sa.text("status = 'in_review'"))
    op.create_index('ix_submission_decided_at', 'submission', ['decided_at'], unique=False, postgresql_where=sa.text('decided_at IS NOT NULL'))
    op.execute("ALTER TABLE appeal DROP CONSTRAINT ck_appeal_status")
    op.execute(
        "ALTER TABLE appeal ADD CONSTRAINT ck_appeal_status CHECK (status IN "
        "('filed', 'admitted', 'waiting', 'not_admitted', 'upheld', 'changed', 'partly', 'withdrawn'))"
    )
    op.execute("ALTER TABLE appeal ADD CONSTRAINT ck_appeal_level CHECK (level IN (1, 2))")
    op.drop_index('uq_appeal_live', 'appeal')
    op.create_index('uq_appeal_live', 'appeal', ['submission_id'], unique=True, postgresql_where=sa.text("status IN ('filed', 'admitted', 'waiting')"))
    op.execute(
        "UPDATE appeal a SET clause = n.clause, before_quantity = n.accepted FROM decision_notice n "
        "WHERE n.submission_id = a.submission_id"
    )
    append_only(op, 'appeal_opinion')
