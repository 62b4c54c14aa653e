"""The texts behind a seal's system leaves are kept: a bundle is made of them."""

from alembic import op
import sqlalchemy as sa

from kernel.db.migrations import append_only

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seal_record',
    sa.Column('seal_number', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seal_number', 'subject', name=op.f('pk_seal_record'))
    )
    append_only(op, "seal_record")
