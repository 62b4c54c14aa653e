"""What is left over after a fork of an event stream can be settled."""

from alembic import op

from kernel.delivery.ddl import create_v2

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_v2(op)
