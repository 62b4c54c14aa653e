"""Bulletins by the calendar, of weeks and campaigns, with all that they were read from"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('bulletin', sa.Column('week_of', sa.Date(), nullable=True))
    op.add_column('bulletin', sa.Column('campaign_id', sa.Uuid(), nullable=True))
    op.add_column('bulletin', sa.Column('basis', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('bulletin', sa.Column('occasion', sa.Text(), nullable=True))
    op.create_unique_constraint(op.f('uq_bulletin_scheme_id_occasion'), 'bulletin', ['scheme_id', 'occasion'])
