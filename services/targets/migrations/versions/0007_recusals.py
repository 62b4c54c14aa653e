"""Copies of recusals and delegations"""

from alembic import op
import sqlalchemy as sa

revision = '0007'
down_revision = '0006'
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
    op.create_table('delegation',
    sa.Column('from_account_id', sa.Uuid(), nullable=False),
    sa.Column('from_officer_id', sa.Uuid(), nullable=True),
    sa.Column('to_account_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation'))
    )
    op.create_index('ix_delegation_to_account_id', 'delegation', ['to_account_id'], unique=False)
