"""In whose place an award was entered and an appeal decided"""

from alembic import op
import sqlalchemy as sa

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('award', sa.Column('entered_for', sa.Uuid(), nullable=True))
    op.add_column('entry_appeal', sa.Column('decided_for', sa.Uuid(), nullable=True))
    op.add_column('entry_appeal', sa.Column('final_for', sa.Uuid(), nullable=True))
