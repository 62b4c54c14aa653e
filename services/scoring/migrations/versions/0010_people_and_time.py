"""People and time: kinds of postings, decisions about people and units, the standing that follows from a plan."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# What the replicas did not keep so far is in the events that were recorded.
_LATEST = """
  SELECT DISTINCT ON (body::jsonb->>'id') body::jsonb AS b FROM bus.inbox
  WHERE consumer = 'scoring' AND state = 'applied' AND type = '{type}'
  ORDER BY body::jsonb->>'id', (body::jsonb->>'version')::bigint DESC
"""
_BACKFILL = (
    f"""
    UPDATE posting SET kind = b->>'kind', post = b->>'post', role_coefficient = (b->>'role_coefficient')::numeric
    FROM ({_LATEST.format(type="org.posting.v1")}) AS latest WHERE posting.id = (b->>'id')::uuid
    """,
    f"""
    UPDATE officer SET status = b->>'status'
    FROM ({_LATEST.format(type="org.officer.v1")}) AS latest WHERE officer.id = (b->>'id')::uuid
    """,
    f"""
    UPDATE unit SET valid_from = (b->>'valid_from')::date, valid_to = (b->>'valid_to')::date
    FROM ({_LATEST.format(type="org.unit.v1")}) AS latest WHERE unit.id = (b->>'id')::uuid
    """,
)


def upgrade() -> None:
    op.add_column('posting', sa.Column('kind', sa.Text(), nullable=False, server_default='regular'))
    op.add_column('posting', sa.Column('post', sa.Text(), nullable=False, server_default=''))
    op.add_column('posting', sa.Column('role_coefficient', sa.Numeric(precision=16, scale=4), nullable=False, server_default='1'))
    op.add_column('officer', sa.Column('status', sa.Text(), nullable=False, server_default='in_service'))
    op.add_column('unit', sa.Column('valid_from', sa.Date(), nullable=True))
    op.add_column('unit', sa.Column('valid_to', sa.Date(), nullable=True))
    for statement in _BACKFILL:
        op.execute(statement)
    for table, column in (('posting', 'kind'), ('posting', 'post'), ('posting', 'role_coefficient'), ('officer', 'status')):
        op.alter_column(table, column, server_default=None)
    op.create_index('ix_posting_unit_id', 'posting', ['unit_id'], unique=False)
    op.create_table('circumstance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('document_number', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('ends', sa.Uuid(), nullable=True),
    sa.Column('lifted', sa.Boolean(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("ends IS NOT NULL OR NOT lifted", name=op.f('ck_circumstance_lifted')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_circumstance_subject_kind')),
    sa.CheckConstraint("until IS NULL OR since <= until", name=op.f('ck_circumstance_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circumstance'))
    )
    op.create_index('ix_circumstance_subject_id', 'circumstance', ['subject_id', 'id'], unique=False)
    op.create_index('uq_circumstance_ends', 'circumstance', ['ends'], unique=True, postgresql_where='ends IS NOT NULL')
    op.create_table('standing',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('total', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('zero', sa.Text(), nullable=True),
    sa.Column('positions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('grade', sa.Text(), nullable=True),
    sa.Column('shown', sa.Text(), nullable=True),
    sa.Column('grade_state', sa.Text(), nullable=True),
    sa.Column('outside', sa.Text(), nullable=True),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('given', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_standing_subject_kind')),
    sa.PrimaryKeyConstraint('period_id', 'subject_id', name=op.f('pk_standing'))
    )
    op.create_index('ix_standing_unit_id', 'standing', ['unit_id', 'period_id'], unique=False)
    op.create_table('standing_run',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('period_id', name=op.f('pk_standing_run'))
    )
    op.create_table('rescore_due',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('after', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rescore_due'))
    )
    append_only(op, 'circumstance')
