"""Recusals and delegations that were said before there were copies of them"""

from alembic import op

from kernel.db.migrations import apply_again

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    apply_again(op, 'org.recusal.v1', 'org.delegation.v1')
