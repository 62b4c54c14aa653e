"""Appeals with their instance, the clause they are about and what counted before"""

from alembic import op
import sqlalchemy as sa

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# What was heard of appeals before is read again from where it was recorded.
_HEARD = """
UPDATE appeal a SET level = coalesce(CAST(h.b ->> 'level' AS bigint), 1), clause = h.b ->> 'clause',
  before_quantity = CAST(h.b ->> 'before_quantity' AS numeric),
  clause_wrong = coalesce(CAST(h.b ->> 'clause_wrong' AS boolean), false)
FROM (SELECT CAST(body AS jsonb) AS b FROM bus.inbox
      WHERE type = 'submissions.appeal.v1' AND consumer = 'reporting' AND state = 'applied') h
WHERE CAST(h.b ->> 'id' AS uuid) = a.id AND CAST(h.b ->> 'version' AS bigint) = a.version
"""


def upgrade() -> None:
    op.add_column('appeal', sa.Column('level', sa.BigInteger(), server_default='1', nullable=False))
    op.add_column('appeal', sa.Column('clause', sa.Text(), nullable=True))
    op.add_column('appeal', sa.Column('before_quantity', sa.Numeric(16, 4), nullable=True))
    op.add_column('appeal', sa.Column('clause_wrong', sa.Boolean(), server_default='false', nullable=False))
    op.execute(_HEARD)
