"""Reorganisations, delegations, recusals, conditions, parameters, dictionaries, machines, first sign-in."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sign_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('client', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in'))
    )
    op.create_index('ix_sign_in_account_id', 'sign_in', ['account_id', 'id'], unique=False)
    op.create_table('term',
    sa.Column('dictionary', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('zh', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term')),
    sa.UniqueConstraint('dictionary', 'code', name=op.f('uq_term_dictionary_code'))
    )
    op.create_index('ix_term_position', 'term', ['dictionary', 'position'], unique=False)
    op.create_table('officer_condition',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('no_grade', sa.Boolean(), nullable=False),
    sa.Column('best_grade', sa.Text(), nullable=True),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('investigation', 'suspension', 'sanction', 'secluded')", name=op.f('ck_officer_condition_kind')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_officer_condition_dates')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_officer_condition_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_condition'))
    )
    op.create_index('ix_officer_condition_officer_id', 'officer_condition', ['officer_id'], unique=False)
    op.create_table('reorganisation',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('wish', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('effects', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('failure', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("kind IN ('move', 'merge', 'split', 'rename', 'close')", name=op.f('ck_reorganisation_kind')),
    sa.CheckConstraint("status IN ('planned', 'effective', 'undone', 'failed')", name=op.f('ck_reorganisation_status')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_reorganisation_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reorganisation'))
    )
    op.create_index('ix_reorganisation_status', 'reorganisation', ['status', 'effective_on'], unique=False)
    op.create_table('machine',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('scope_unit_id', sa.Uuid(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('key_hash', sa.Text(), nullable=True),
    sa.Column('key_made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name=op.f('ck_machine_two_people')),
    sa.CheckConstraint("status IN ('proposed', 'approved', 'refused', 'revoked')", name=op.f('ck_machine_status')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_machine_decided_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_machine_proposed_by')),
    sa.ForeignKeyConstraint(['scope_unit_id'], ['unit.id'], name=op.f('fk_machine_scope_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_machine')),
    sa.UniqueConstraint('name', name=op.f('uq_machine_name'))
    )
    op.create_table('parameter',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status <> 'approved' OR decided_by IS DISTINCT FROM proposed_by", name=op.f('ck_parameter_two_people')),
    sa.CheckConstraint("status IN ('proposed', 'approved', 'refused', 'withdrawn')", name=op.f('ck_parameter_status')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_parameter_decided_by')),
    sa.ForeignKeyConstraint(['proposed_by'], ['account.id'], name=op.f('fk_parameter_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parameter'))
    )
    op.create_index('ix_parameter_key', 'parameter', ['key', 'effective_on'], unique=False)
    op.create_index('uq_parameter_proposed', 'parameter', ['key', 'effective_on'], unique=True, postgresql_where=sa.text("status = 'proposed'"))
    op.create_table('recusal',
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=True),
    sa.Column('mirrors', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("ground IN ('declared', 'requested')", name=op.f('ck_recusal_ground')),
    sa.CheckConstraint("status IN ('requested', 'granted', 'refused', 'ended')", name=op.f('ck_recusal_status')),
    sa.CheckConstraint("subject_kind IN ('unit', 'officer')", name=op.f('ck_recusal_subject_kind')),
    sa.CheckConstraint('officer_id <> subject_id', name=op.f('ck_recusal_two_people')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_recusal_asked_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_recusal_decided_by')),
    sa.ForeignKeyConstraint(['mirrors'], ['recusal.id'], name=op.f('fk_recusal_mirrors')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_recusal_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal'))
    )
    op.create_index('ix_recusal_asked_by', 'recusal', ['asked_by', 'id'], unique=False)
    op.create_index('ix_recusal_officer_id', 'recusal', ['officer_id'], unique=False)
    op.create_index('ix_recusal_status', 'recusal', ['status', 'id'], unique=False)
    op.create_table('roster_report',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('open', 'settled')", name=op.f('ck_roster_report_status')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_roster_report_account_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_roster_report_officer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_report'))
    )
    op.create_index('ix_roster_report_status', 'roster_report', ['status', 'id'], unique=False)
    op.create_table('delegation',
    sa.Column('grant_id', sa.Uuid(), nullable=False),
    sa.Column('from_account_id', sa.Uuid(), nullable=False),
    sa.Column('to_account_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('to_account_id <> from_account_id', name=op.f('ck_delegation_two_people')),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_delegation_dates')),
    sa.ForeignKeyConstraint(['from_account_id'], ['account.id'], name=op.f('fk_delegation_from_account_id')),
    sa.ForeignKeyConstraint(['grant_id'], ['role_grant.id'], name=op.f('fk_delegation_grant_id')),
    sa.ForeignKeyConstraint(['to_account_id'], ['account.id'], name=op.f('fk_delegation_to_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation'))
    )
    op.create_index('ix_delegation_grant_id', 'delegation', ['grant_id'], unique=False)
    op.create_index('ix_delegation_to_account_id', 'delegation', ['to_account_id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'))
    op.add_column('account', sa.Column('one_time_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('totp_secret', sa.Text(), nullable=True))
    op.add_column('account', sa.Column('totp_confirmed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('account', 'totp_confirmed', server_default=None)
    op.add_column('account', sa.Column('totp_step', sa.BigInteger(), nullable=False, server_default='0'))
    op.alter_column('account', 'totp_step', server_default=None)
    op.add_column('account', sa.Column('preferences', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.alter_column('account', 'preferences', server_default=None)
    op.add_column('role_grant', sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('session', sa.Column('address', sa.Text(), nullable=False, server_default=''))
    op.alter_column('session', 'address', server_default=None)
    append_only(op, 'sign_in')
    op.drop_constraint('ck_posting_kind', 'posting')
    op.create_check_constraint(
        op.f('ck_posting_kind'), 'posting',
        "kind IN ('regular', 'concurrent', 'secondment', 'loan', 'task_detail', 'leave', 'training', 'probation')",
    )
