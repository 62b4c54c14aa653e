"""Boards from what changed last, versions that stand still, and all that to-dos and bulletins need to know.

Columns of copies that were kept before have placeholders until `kaohe rebuild reporting` has filled them.
"""

from typing import Any

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())
_AT = sa.DateTime(timezone=True)
_POINTS = sa.Numeric(15, 3)

COLUMNS: dict[str, list[Any]] = {
    'posting': [
        sa.Column('post', sa.Text(), nullable=False, server_default=''),
        sa.Column('kind', sa.Text(), nullable=False, server_default='regular'),
        sa.Column('role_coefficient', sa.Numeric(16, 4), nullable=False, server_default='1'),
    ],
    'scheme': [
        sa.Column('scope_unit_id', sa.Uuid()),
        sa.Column('module_combination', sa.Text(), nullable=False, server_default='sum'),
        sa.Column('total_decimals', sa.BigInteger(), nullable=False, server_default='3'),
        sa.Column('roll_up', _JSON, nullable=False, server_default='{}'),
        sa.Column('bonus_cap', _POINTS),
        sa.Column('deduction_cap', _POINTS),
        sa.Column('plan', _JSON),
    ],
    'indicator': [
        sa.Column('subject_kind', sa.Text(), nullable=False, server_default='both'),
        sa.Column('full_marks', _POINTS, nullable=False, server_default='0'),
        sa.Column('rule', _JSON, nullable=False, server_default='{}'),
        sa.Column('basis', sa.Text(), nullable=False, server_default=''),
        sa.Column('clause', sa.Text(), nullable=False, server_default=''),
        sa.Column('active', sa.Boolean(), nullable=False, server_default='true'),
    ],
    'period': [
        sa.Column('year', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('quarter', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('month', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('review_until', _AT),
    ],
    'target': [sa.Column('issued_at', _AT), sa.Column('acknowledged_at', _AT), sa.Column('acknowledged_by', sa.Uuid())],
    'submission': [
        sa.Column('late', sa.Boolean()),
        *(
            sa.Column(name, sa.Uuid())
            for name in ('submitted_by', 'authority_unit_id', 'reviewer_id', 'first_decided_by', 'decided_by', 'appeal_id')
        ),
    ],
    'entry': [sa.Column('actor_id', sa.Uuid())],
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE period SET year = extract(year FROM ends_on), month = extract(month FROM ends_on), "
               "quarter = (extract(month FROM ends_on) + 2)::int / 3")
    op.create_index('ix_indicator_scheme_id', 'indicator', ['scheme_id', 'code'])
    op.execute("CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
               "BEGIN NEW.changed_in := pg_current_xact_id()::text::bigint; RETURN NEW; END $$")
    for table in ('statement', 'officer', 'unit'):
        op.add_column(table, sa.Column('changed_in', sa.BigInteger(), nullable=False, server_default='0'))
        op.execute(f"CREATE TRIGGER note_change BEFORE INSERT OR UPDATE ON {table} "
                   "FOR EACH ROW EXECUTE FUNCTION note_change()")
    op.create_index('ix_statement_changed_in', 'statement', ['period_id', 'subject_kind', 'changed_in'])
    op.create_index('ix_officer_changed_in', 'officer', ['changed_in'])
    op.create_index('ix_unit_changed_in', 'unit', ['changed_in'])
    op.create_table('role_grant',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('lines', _JSON, nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    op.create_index('ix_role_grant_scope_unit_id', 'role_grant', ['scope_unit_id', 'role'])
    op.create_table('appeal',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('appellant_id', sa.Uuid(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('filed_at', _AT, nullable=False),
    sa.Column('file_until', _AT, nullable=False),
    sa.Column('decide_until', _AT, nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', _AT, nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('accepted_quantity', sa.Numeric(16, 4), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal'))
    )
    op.create_index('ix_appeal_submission_id', 'appeal', ['submission_id'])
    op.create_table('closing',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('trial_number', sa.BigInteger(), nullable=True),
    sa.Column('public_from', _AT, nullable=True),
    sa.Column('objections_until', _AT, nullable=True),
    sa.Column('sealed_at', _AT, nullable=True),
    sa.Column('seal_number', sa.BigInteger(), nullable=True),
    sa.Column('root_sha256', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing'))
    )
    op.create_index('ix_closing_period_id', 'closing', ['period_id'])
    op.create_table('version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('at', _AT, nullable=False),
    sa.Column('log_seq', sa.BigInteger(), nullable=False),
    sa.Column('root_sha256', sa.Text(), nullable=True),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('trial', 'public', 'sealed')", name=op.f('ck_version_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version'))
    )
    op.create_index('ix_version_period_id', 'version', ['period_id', 'log_seq'])
    op.create_table('version_line',
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('series_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('total_milli', sa.BigInteger(), nullable=False),
    sa.Column('modules', _JSON, nullable=False),
    sa.Column('entries', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('version_id', 'subject_kind', 'subject_id', name=op.f('pk_version_line'))
    )
    op.create_table('standing_setting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('data', _JSON, nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', _AT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_setting')),
    sa.UniqueConstraint('scheme_id', 'number', name=op.f('uq_standing_setting_scheme_id_number'))
    )
    append_only(op, 'standing_setting')
