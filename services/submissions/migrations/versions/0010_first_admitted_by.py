"""Who admitted an appeal in the first instance that silence took to the second"""

from alembic import op
import sqlalchemy as sa

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# Whoever admitted it before it went up; one admitted afterwards was admitted by the second instance.
_KNOWN = """
    UPDATE appeal a SET first_admitted_by = a.admitted_by
    WHERE a.level = 2 AND a.first_id IS NULL AND a.admitted_by IS NOT NULL AND EXISTS (
      SELECT FROM history admitted JOIN history risen ON risen.appeal_id = admitted.appeal_id AND risen.id > admitted.id
      WHERE admitted.appeal_id = a.id AND admitted.action = 'appeal_admitted' AND risen.action = 'appeal_silence_up')
"""


def upgrade() -> None:
    op.add_column('appeal', sa.Column('first_admitted_by', sa.Uuid(), nullable=True))
    op.execute(_KNOWN)
