"""Roster import as a wizard; names found by pinyin; units that merge, split, or never were."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.pinyin import initials

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    for table in ('unit', 'officer'):
        op.add_column(table, sa.Column('initials', sa.Text(), nullable=False, server_default=''))
        op.alter_column(table, 'initials', server_default=None)
        _fill_initials(table)
    op.add_column('unit', sa.Column('deleted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('unit', 'deleted', server_default=None)
    for column in ('merged_into', 'split_from'):
        op.add_column('unit', sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f'fk_unit_{column}'), 'unit', 'unit', [column], ['id'])
    for table, number in (('unit', 'code'), ('officer', 'police_number')):
        columns = ('name', number, 'initials')
        op.create_index(
            f'ix_{table}_search', table, columns, postgresql_using='gin', postgresql_ops=dict.fromkeys(columns, 'gin_trgm_ops')
        )
    _roster()


def _fill_initials(table: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f'SELECT id, name FROM {table}')).all()
    if rows:
        connection.execute(
            sa.text(f'UPDATE {table} SET initials = :initials WHERE id = :id'),
            [{'id': row.id, 'initials': initials(row.name)} for row in rows],
        )


def _roster() -> None:
    # Workbooks of before were checked by other rules; what they did stays in the history.
    op.execute('DELETE FROM roster_import')
    op.drop_constraint('ck_roster_import_status', 'roster_import')
    for column in ('mapping', 'errors', 'counts'):
        op.drop_column('roster_import', column)
    for column in ('given', 'sheets', 'counts', 'units'):
        kind = postgresql.JSONB(astext_type=sa.Text())
        op.add_column('roster_import', sa.Column(column, kind, nullable=False))
    op.add_column('roster_import', sa.Column('effective_on', sa.Date(), nullable=True))
    op.add_column('roster_import', sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('roster_import', sa.Column('errand_id', sa.Uuid(), nullable=True))
    op.add_column('roster_import', sa.Column('scope_unit_id', sa.Uuid(), nullable=False))
    op.create_check_constraint(
        op.f('ck_roster_import_status'), 'roster_import',
        "status IN ('uploaded', 'unmapped', 'checked', 'applied', 'undone')",
    )
    op.create_index('ix_roster_import_created_by', 'roster_import', ['created_by', 'id'])
    op.create_table('roster_line',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('sheet', sa.Text(), nullable=False),
    sa.Column('row', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    *(sa.Column(name, sa.Text(), nullable=True) for name in ('number', 'name', 'unit', 'post', 'category', 'series')),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('coefficient', sa.Numeric(precision=6, scale=3), nullable=True),
    *(sa.Column(name, sa.Uuid(), nullable=True) for name in ('unit_id', 'officer_id', 'posting_id')),
    sa.Column('cells', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('findings', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('effect', sa.Text(), nullable=True),
    sa.Column('before', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['roster_import.id'], name=op.f('fk_roster_line_import_id')),
    sa.PrimaryKeyConstraint('import_id', 'position', name=op.f('pk_roster_line'))
    )
    op.create_index(
        'ix_roster_line_findings', 'roster_line', ['import_id', 'position'], postgresql_where=sa.text('findings IS NOT NULL')
    )
    op.create_index('ix_roster_line_effect', 'roster_line', ['import_id', 'effect', 'position'])
    op.create_table('roster_patch',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('sheet', sa.Text(), nullable=False),
    sa.Column('row', sa.BigInteger(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['roster_import.id'], name=op.f('fk_roster_patch_import_id')),
    sa.PrimaryKeyConstraint('import_id', 'sheet', 'row', 'field', name=op.f('pk_roster_patch'))
    )
    op.create_table('roster_mapping',
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_roster_mapping_scope_unit_id')),
    sa.PrimaryKeyConstraint('scope_unit_id', 'fingerprint', name=op.f('pk_roster_mapping'))
    )
