"""The ledger in depth: shared awards and causes, attendance, shortfalls, what is carried over, appeals against entries."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('attendance',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('before', sa.Numeric(precision=16, scale=4), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_attendance_quantity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance'))
    )
    op.create_index('ix_attendance_day', 'attendance', ['day'], unique=False)
    op.create_index('ix_attendance_import_id', 'attendance', ['import_id'], unique=False)
    op.create_index('ix_attendance_key', 'attendance', ['officer_id', 'day', 'kind', 'id'], unique=False)
    op.create_table('attendance_import',
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('workbook', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('errors', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('entered', sa.BigInteger(), nullable=False),
    sa.Column('changed', sa.BigInteger(), nullable=False),
    sa.Column('unchanged', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('previewed', 'applied', 'undone')", name=op.f('ck_attendance_import_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_import'))
    )
    op.create_index('ix_attendance_import_account_id', 'attendance_import', ['account_id', 'id'], unique=False)
    op.create_table('carried',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('points_milli', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carried'))
    )
    op.create_index('ix_carried_key', 'carried', ['period_id', 'subject_id', 'node', 'id'], unique=False)
    op.create_table('entry_appeal',
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('module', sa.Text(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('entry_milli', sa.BigInteger(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('filed_by', sa.Uuid(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('wanted_milli', sa.BigInteger(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('second_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('second_grounds', sa.Text(), nullable=True),
    sa.Column('second_filed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('final_by', sa.Uuid(), nullable=True),
    sa.Column('final_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('final_reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('filed', 'upheld', 'changed', 'second', 'final_upheld', 'final_changed', 'withdrawn')", name=op.f('ck_entry_appeal_status')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_entry_appeal_subject_kind')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> filed_by', name=op.f('ck_entry_appeal_not_the_appellant')),
    sa.CheckConstraint('final_by IS NULL OR final_by NOT IN (filed_by, decided_by)', name=op.f('ck_entry_appeal_second_instance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry_appeal'))
    )
    op.create_index('ix_entry_appeal_period_id', 'entry_appeal', ['period_id', 'id'], unique=False)
    op.create_index('ix_entry_appeal_subject_id', 'entry_appeal', ['subject_id', 'id'], unique=False)
    op.create_index('uq_entry_appeal_entry_id', 'entry_appeal', ['entry_id'], unique=True, postgresql_where="status IN ('filed', 'second')")
    op.create_table('shortfall',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('targets', sa.BigInteger(), nullable=False),
    sa.Column('posted', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('period_id', name=op.f('pk_shortfall'))
    )
    for column in (
        sa.Column('deed_id', sa.Uuid()),
        sa.Column('deed_points', sa.Numeric(precision=15, scale=3)),
        sa.Column('part', sa.BigInteger()),
        sa.Column('parts', sa.BigInteger()),
    ):
        op.add_column('award', column)
    # Every award so far was one subject's alone.
    op.execute("UPDATE award SET deed_id = id, deed_points = points, part = 1, parts = 1")
    for name in ('deed_id', 'deed_points', 'part', 'parts'):
        op.alter_column('award', name, nullable=False)
    op.add_column('award', sa.Column('cause', sa.Text(), nullable=True))
    op.create_unique_constraint(op.f('uq_award_deed_id_subject_id'), 'award', ['deed_id', 'subject_id'])
    op.create_check_constraint(op.f('ck_award_part'), 'award', 'part > 0 AND part <= parts')
    for table in ("attendance", "carried", "shortfall"):
        append_only(op, table)
