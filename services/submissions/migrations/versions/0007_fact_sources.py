"""Systems that report figures"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fact_source',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('scope_path', sa.Text(), nullable=False),
    sa.Column('indicator_codes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('auto_accept', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('generation', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fact_source'))
    )
    op.create_index('ix_fact_source_scope_path', 'fact_source', ['scope_path'], unique=False)
