"""Outcomes of checks, and the files of periods that are being closed."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('check_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_at', sa.BigInteger(), nullable=False),
    sa.Column('failures', sa.BigInteger(), nullable=False),
    sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_run'))
    )
    op.create_index('ix_check_run_name_id', 'check_run', ['name', 'id'], unique=False)
    append_only(op, 'check_run')
    op.create_table('closing_file',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'sound', 'wrong', 'missing', 'uncopied')", name=op.f('ck_closing_file_state')),
    sa.CheckConstraint("(state = 'waiting') = (checked_at IS NULL)", name=op.f('ck_closing_file_checked')),
    sa.PrimaryKeyConstraint('period_id', 'sha256', name=op.f('pk_closing_file'))
    )
