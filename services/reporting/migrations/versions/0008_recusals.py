"""Copies of recusals: nothing is to be done by whoever must not"""

from alembic import op
import sqlalchemy as sa

from kernel.db.migrations import apply_again

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recusal',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('in_force', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal'))
    )
    op.create_index('ix_recusal_officer_id', 'recusal', ['officer_id'], unique=False)
    apply_again(op, 'org.recusal.v1')
