"""Search index, corrected seals"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import apply_again

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# Work that was heard of before; units, people and indicators are applied again, for the sake of their pinyin.
_WORK = """
INSERT INTO search_item (kind, id, version, code, title, haystack, grams)
SELECT 'submission', w.id, w.version, w.number, left(w.summary, 60), w.hay, ARRAY(
  SELECT DISTINCT substr(t, n, 2) FROM regexp_split_to_table(w.hay, '\\s+') t, generate_series(1, length(t) - 1) n
  ORDER BY 1)
FROM (SELECT *, lower(concat(number, ' ', case_number, ' ', left(summary, 60))) AS hay FROM submission
      WHERE status <> 'draft') w
"""


def upgrade() -> None:
    op.create_table('search_item',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('haystack', sa.Text(), nullable=False),
    sa.Column('grams', sa.ARRAY(sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'id', name=op.f('pk_search_item'))
    )
    op.create_index('ix_search_item_grams', 'search_item', ['grams'], unique=False, postgresql_using='gin')
    op.add_column('bulletin', sa.Column('initials', sa.Text(), server_default='', nullable=False))
    op.add_column('version', sa.Column('correction', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute(_WORK)
    apply_again(op, 'org.unit.v1', 'org.officer.v1', 'targets.indicator.v1', 'scoring.supplement.v1')
