"""Grants say when they were decided: until when somebody led a unit"""

from alembic import op
import sqlalchemy as sa

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('role_grant', sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
