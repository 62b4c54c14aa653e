"""The first tables."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only
from kernel.delivery.ddl import create_v1

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


# 三员分立: the row of the account is the lock, so that two grants at once cannot slip past each other.
SEPARATION = """
CREATE FUNCTION refuse_mixed_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('proposed', 'approved') THEN
    PERFORM 1 FROM account WHERE id = NEW.account_id FOR UPDATE;
    IF EXISTS (SELECT FROM role_grant g WHERE g.account_id = NEW.account_id AND g.id <> NEW.id
               AND g.status IN ('proposed', 'approved') AND g.role_class <> NEW.role_class) THEN
      RAISE EXCEPTION 'one account cannot hold roles of two classes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_separation', TABLE = 'role_grant';
    END IF;
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    create_v1(op)
    op.create_table('history',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('thing', sa.Text(), nullable=False),
    sa.Column('thing_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history'))
    )
    op.create_index('ix_history_thing_id', 'history', ['thing_id', 'id'], unique=False)
    op.create_table('roster_import',
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('workbook', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('mapping', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('errors', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('previewed', 'applied')", name=op.f('ck_roster_import_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_import'))
    )
    op.create_table('series',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_series_subject_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('code', name=op.f('uq_series_code'))
    )
    op.create_table('officer',
    sa.Column('police_number', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('series_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("category IN ('officer', 'auxiliary', 'civilian')", name=op.f('ck_officer_category')),
    sa.CheckConstraint("status IN ('in_service', 'probation', 'left', 'retired')", name=op.f('ck_officer_status')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_officer_series_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer')),
    sa.UniqueConstraint('police_number', name=op.f('uq_officer_police_number'))
    )
    op.create_index('ix_officer_name', 'officer', ['name', 'id'], unique=False)
    op.create_table('unit',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('level', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('series_id', sa.Uuid(), nullable=True),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('city_bureau', 'assessment_office', 'detachment', 'county_bureau', 'sub_bureau', 'police_station', 'brigade', 'squadron', 'section', 'internal_department', 'custody_unit', 'police_post', 'task_force')", name=op.f('ck_unit_kind')),
    sa.CheckConstraint('(parent_id IS NULL) = (level = 1)', name=op.f('ck_unit_root')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_unit_level')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_unit_dates')),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_id')),
    sa.ForeignKeyConstraint(['series_id'], ['series.id'], name=op.f('fk_unit_series_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('code', name=op.f('uq_unit_code'))
    )
    op.create_index('ix_unit_parent_id', 'unit', ['parent_id', 'code'], unique=False)
    op.create_index('ix_unit_path', 'unit', ['path'], unique=True, postgresql_ops={'path': 'text_pattern_ops'})
    op.create_table('account',
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('former_hashes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('open', 'closed')", name=op.f('ck_account_status')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_account_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('officer_id', name=op.f('uq_account_officer_id')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    op.create_index('ix_account_name', 'account', ['name', 'id'], unique=False)
    op.create_table('assessment_office',
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('covers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_assessment_office_dates')),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_assessment_office_scope_unit_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_assessment_office_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_office'))
    )
    op.create_table('line_authority',
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_line_authority_dates')),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_line_authority_scope_unit_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_line_authority_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_authority'))
    )
    op.create_index('uq_line_authority_open', 'line_authority', ['scope_unit_id', 'line'], unique=True, postgresql_where=sa.text('valid_to IS NULL AND NOT deleted'))
    op.create_table('posting',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('role_coefficient', sa.Numeric(precision=6, scale=3), nullable=False),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("NOT is_primary OR kind = 'regular'", name=op.f('ck_posting_primary_regular')),
    sa.CheckConstraint("kind IN ('regular', 'concurrent', 'secondment', 'loan', 'task_detail', 'leave', 'training')", name=op.f('ck_posting_kind')),
    sa.CheckConstraint('role_coefficient > 0', name=op.f('ck_posting_role_coefficient')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_posting_dates')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_posting_officer_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_posting_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    op.create_index('ix_posting_officer_id', 'posting', ['officer_id', 'valid_from'], unique=False)
    op.create_index('ix_posting_unit_id', 'posting', ['unit_id'], unique=False, postgresql_where=sa.text('NOT deleted'))
    op.create_index('uq_posting_primary_open', 'posting', ['officer_id'], unique=True, postgresql_where=sa.text('is_primary AND valid_to IS NULL AND NOT deleted'))
    op.create_table('role_grant',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('role_class', sa.Text(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("role_class IN ('roster', 'security', 'audit', 'assessment')", name=op.f('ck_role_grant_role_class')),
    sa.CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name=op.f('ck_role_grant_two_people')),
    sa.CheckConstraint("status IN ('proposed', 'approved', 'refused', 'revoked')", name=op.f('ck_role_grant_status')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_role_grant_dates')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_role_grant_account_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_role_grant_decided_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_role_grant_proposed_by')),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_role_grant_scope_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    op.create_index('ix_role_grant_account_id', 'role_grant', ['account_id'], unique=False, postgresql_where=sa.text("status IN ('proposed', 'approved')"))
    op.create_index('ix_role_grant_status', 'role_grant', ['status', 'id'], unique=False)
    op.create_table('session',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('secret_hash', sa.Text(), nullable=False),
    sa.Column('former_hash', sa.Text(), nullable=True),
    sa.Column('rotated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('csrf', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idle_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('client', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_session_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_session_secret_hash'))
    )
    op.create_index('ix_session_account_id', 'session', ['account_id'], unique=False, postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_index('ix_session_former_hash', 'session', ['former_hash'], unique=False)
    op.create_index('ix_session_revoked_at', 'session', ['revoked_at'], unique=False, postgresql_where=sa.text('revoked_at IS NOT NULL'))
    op.create_table('sign_in_failure',
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('failures', sa.BigInteger(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('username', name=op.f('pk_sign_in_failure'))
    )
    op.create_index('ix_sign_in_failure_at', 'sign_in_failure', ['at'], unique=False)
    op.execute(SEPARATION)
    op.execute(
        "CREATE TRIGGER grant_separation BEFORE INSERT OR UPDATE ON role_grant "
        "FOR EACH ROW EXECUTE FUNCTION refuse_mixed_roles()"
    )
    append_only(op, "history")
