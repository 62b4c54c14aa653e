"""Long work that people ask for."""

from alembic import op

from kernel.errands.ddl import create_v1

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_v1(op)
