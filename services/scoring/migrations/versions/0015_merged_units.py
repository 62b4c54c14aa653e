"""Where the work of a merged unit went"""

from alembic import op
import sqlalchemy as sa

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('unit', sa.Column('merged_into', sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column('unit', 'merged_into')
