"""A scheme may have a whole plan in the place of the rules of its indicators."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('scheme', sa.Column('plan', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
