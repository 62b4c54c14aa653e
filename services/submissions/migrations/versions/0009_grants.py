"""Copies of grants: whether anybody of a unit may review a work; what was said before of them, of recusals and delegations"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import apply_again

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_grant',
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    apply_again(op, 'org.grant.v1', 'org.recusal.v1', 'org.delegation.v1')
