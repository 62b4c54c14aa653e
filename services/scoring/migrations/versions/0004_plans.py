"""Scoring by whole plans: what is due, what was run, readings from outside; the groups that plans compare in."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0004'
down_revision = '0003'
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
    UPDATE unit SET kind = b->>'kind', series_id = (b->>'series_id')::uuid
    FROM ({_LATEST.format(type="org.unit.v1")}) AS latest WHERE unit.id = (b->>'id')::uuid
    """,
    f"""
    UPDATE officer SET category = b->>'category', series_id = (b->>'series_id')::uuid
    FROM ({_LATEST.format(type="org.officer.v1")}) AS latest WHERE officer.id = (b->>'id')::uuid
    """,
    f"""
    UPDATE scheme SET revision = (b->>'revision')::bigint
    FROM ({_LATEST.format(type="targets.scheme.v1")}) AS latest WHERE scheme.id = (b->>'id')::uuid
    """,
)


def upgrade() -> None:
    op.create_table('plan_due',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('cause_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=True),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_due'))
    )
    op.create_index('ix_plan_due_period_id', 'plan_due', ['period_id', 'id'], unique=False)
    op.create_table('plan_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scheme_revision', sa.BigInteger(), nullable=False),
    sa.Column('causes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('evaluated', sa.BigInteger(), nullable=False),
    sa.Column('moved', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_run'))
    )
    op.create_index('ix_plan_run_period_id', 'plan_run', ['period_id', 'id'], unique=False)
    op.create_table('reading',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.Numeric(precision=16, scale=4), nullable=True),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('not_applicable', 'not_assessed', 'abstained')", name=op.f('ck_reading_state')),
    sa.CheckConstraint('(value IS NULL) <> (state IS NULL)', name=op.f('ck_reading_value')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reading'))
    )
    op.create_index('ix_reading_key', 'reading', ['period_id', 'subject_id', 'name', 'id'], unique=False)
    op.add_column('officer', sa.Column('category', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('officer', sa.Column('series_id', sa.Uuid(), nullable=True))
    op.add_column('scheme', sa.Column('revision', sa.BigInteger(), nullable=False, server_default=sa.text("1")))
    op.add_column('scheme', sa.Column('plan', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_index('ix_submission_period_id', 'submission', ['period_id'], unique=False)
    op.create_index('ix_target_period_id', 'target', ['period_id'], unique=False)
    op.add_column('unit', sa.Column('kind', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('unit', sa.Column('series_id', sa.Uuid(), nullable=True))
    for statement in _BACKFILL:
        op.execute(statement)
    for table, column in (("officer", "category"), ("scheme", "revision"), ("unit", "kind")):
        op.alter_column(table, column, server_default=None)
    for table in ("plan_run", "reading"):
        append_only(op, table)
