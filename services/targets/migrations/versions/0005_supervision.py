"""Deadlines, supervision, consultation, the indicator guard, webhooks; refusals and orphans of targets."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('digest',
    sa.Column('recipient_kind', sa.Text(), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unsent', sa.BigInteger(), nullable=False),
    sa.Column('overdue', sa.BigInteger(), nullable=False),
    sa.Column('unacknowledged', sa.BigInteger(), nullable=False),
    sa.Column('unsplit', sa.BigInteger(), nullable=False),
    sa.Column('notes_open', sa.BigInteger(), nullable=False),
    sa.Column('notes_overdue', sa.BigInteger(), nullable=False),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest')),
    sa.UniqueConstraint('day', 'recipient_id', name=op.f('uq_digest_day_recipient_id'))
    )
    op.create_index('ix_digest_recipient_id', 'digest', ['recipient_id', 'day'], unique=False)
    op.create_table('guard',
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('words', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('ground', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guard'))
    )
    op.create_table('submission',
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission'))
    )
    op.create_index('ix_submission_target_id', 'submission', ['target_id'], unique=False)
    op.create_table('supervision_note',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issuer_unit_id', sa.Uuid(), nullable=False),
    sa.Column('issued_by', sa.Uuid(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('addressee_unit_id', sa.Uuid(), nullable=False),
    sa.Column('about_kind', sa.Text(), nullable=True),
    sa.Column('about_id', sa.Uuid(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answer_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_late', sa.Boolean(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('escalation', sa.BigInteger(), nullable=False),
    sa.Column('escalated_to', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('signal', sa.Text(), nullable=False),
    sa.Column('worst_signal', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL) AND about_kind IN ('target', 'period', 'indicator', 'campaign', 'submission')", name=op.f('ck_supervision_note_about')),
    sa.CheckConstraint("signal IN ('none', 'yellow', 'orange', 'red')", name=op.f('ck_supervision_note_signal')),
    sa.CheckConstraint("status IN ('issued', 'answered', 'returned', 'closed', 'withdrawn')", name=op.f('ck_supervision_note_status')),
    sa.CheckConstraint("worst_signal IN ('none', 'yellow', 'orange', 'red')", name=op.f('ck_supervision_note_worst_signal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_note')),
    sa.UniqueConstraint('number', name=op.f('uq_supervision_note_number'))
    )
    op.create_index('ix_supervision_note_about_id', 'supervision_note', ['about_id'], unique=False)
    op.create_index('ix_supervision_note_addressee_unit_id', 'supervision_note', ['addressee_unit_id', 'id'], unique=False)
    op.create_index('ix_supervision_note_issuer_unit_id', 'supervision_note', ['issuer_unit_id', 'id'], unique=False)
    op.create_index('ix_supervision_note_waiting', 'supervision_note', ['answer_due'], unique=False, postgresql_where=sa.text("status IN ('issued', 'returned')"))
    op.create_table('webhook',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('secret_name', sa.Text(), nullable=False),
    sa.Column('kinds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    sa.UniqueConstraint('name', name=op.f('uq_webhook_name'))
    )
    op.create_table('working_days',
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('days', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('year BETWEEN 2000 AND 2199', name=op.f('ck_working_days_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_days')),
    sa.UniqueConstraint('year', name=op.f('uq_working_days_year'))
    )
    op.create_table('scheme_revision',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('open', 'scheduled', 'in_force', 'dropped')", name=op.f('ck_scheme_revision_status')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_scheme_revision_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheme_revision'))
    )
    op.create_index('ix_scheme_revision_due', 'scheme_revision', ['effective_from'], unique=False, postgresql_where=sa.text("status = 'scheduled'"))
    op.create_index('uq_scheme_revision_pending', 'scheme_revision', ['scheme_id'], unique=True, postgresql_where=sa.text("status IN ('open', 'scheduled')"))
    op.create_table('scheme_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_scheme_version_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scheme_version')),
    sa.UniqueConstraint('scheme_id', 'revision', name=op.f('uq_scheme_version_scheme_id_revision'))
    )
    op.create_table('webhook_delivery',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('thing_id', sa.Uuid(), nullable=False),
    sa.Column('thing_version', sa.BigInteger(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_status', sa.BigInteger(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.CheckConstraint("status IN ('waiting', 'delivered', 'given_up')", name=op.f('ck_webhook_delivery_status')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
    sa.UniqueConstraint('webhook_id', 'thing_id', 'thing_version', name=op.f('uq_webhook_delivery_webhook_id_thing_id_thing_version'))
    )
    op.create_index('ix_webhook_delivery_due', 'webhook_delivery', ['next_at'], unique=False, postgresql_where=sa.text("status = 'waiting'"))
    op.create_index('ix_webhook_delivery_webhook_id', 'webhook_delivery', ['webhook_id', 'id'], unique=False)
    op.create_table('campaign',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('cutoff_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pool', sa.Numeric(precision=15, scale=3), nullable=False),
    sa.Column('indicator_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('unit_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('draft', 'open', 'closed')", name=op.f('ck_campaign_status')),
    sa.CheckConstraint('pool >= 0', name=op.f('ck_campaign_pool')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_campaign_bounds')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_campaign_period_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_campaign_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('scheme_id', 'code', name=op.f('uq_campaign_scheme_id_code'))
    )
    op.create_index('ix_campaign_period_id', 'campaign', ['period_id'], unique=False)
    op.create_table('comment',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('adopted', sa.Boolean(), nullable=True),
    sa.Column('answered_by', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint('(answer IS NULL) = (adopted IS NULL)', name=op.f('ck_comment_answered')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_comment_indicator_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_comment_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    op.create_index('ix_comment_scheme_id', 'comment', ['scheme_id', 'id'], unique=False)
    op.create_table('guard_exception',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_id', sa.Uuid(), nullable=False),
    sa.Column('guard_id', sa.Uuid(), nullable=False),
    sa.Column('indicator_name', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guard_id'], ['guard.id'], name=op.f('fk_guard_exception_guard_id')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_guard_exception_indicator_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_guard_exception_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guard_exception'))
    )
    op.create_index('ix_guard_exception_scheme_id', 'guard_exception', ['scheme_id', 'id'], unique=False)
    op.create_table('reminder',
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('recipient_kind', sa.Text(), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missing', sa.BigInteger(), nullable=False),
    sa.Column('target_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('sent_by', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("recipient_kind IN ('unit', 'officer')", name=op.f('ck_reminder_recipient_kind')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_reminder_period_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_reminder_scheme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder'))
    )
    op.create_index('ix_reminder_open', 'reminder', ['period_id', 'recipient_id'], unique=False, postgresql_where=sa.text('settled_at IS NULL'))
    op.create_index('ix_reminder_recipient_id', 'reminder', ['recipient_id', 'id'], unique=False)
    op.create_index('ix_reminder_unit_id', 'reminder', ['unit_id', 'id'], unique=False)
    op.create_index('uq_reminder_stage', 'reminder', ['cause', 'stage', 'recipient_id', 'period_id', 'due_at'], unique=True, postgresql_where=sa.text("stage <> 'hand'"))
    op.create_index('ix_reminder_target_ids', 'reminder', ['target_ids'], unique=False, postgresql_using='gin', postgresql_ops={'target_ids': 'jsonb_path_ops'})
    op.create_table('reminder_sweep',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_reminder_sweep_period_id')),
    sa.PrimaryKeyConstraint('period_id', 'due_at', 'stage', name=op.f('pk_reminder_sweep'))
    )
    op.create_table('extension',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_extension_campaign_id')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_extension_indicator_id')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_extension_period_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_extension_scheme_id')),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], name=op.f('fk_extension_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    op.create_index('ix_extension_period_id', 'extension', ['period_id', 'id'], unique=False)
    op.create_table('late_application',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('deciding_unit_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f('ck_late_application_status')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_late_application_period_id')),
    sa.ForeignKeyConstraint(['scheme_id'], ['scheme.id'], name=op.f('fk_late_application_scheme_id')),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], name=op.f('fk_late_application_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_application'))
    )
    op.create_index('ix_late_application_period_id', 'late_application', ['period_id', 'id'], unique=False)
    op.create_index('uq_late_application_open', 'late_application', ['target_id'], unique=True, postgresql_where=sa.text("status = 'asked'"))
    op.add_column('indicator_import', sa.Column('notes', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('indicator_import', sa.Column('fixes', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.add_column('indicator_import', sa.Column('mapping', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='{}'))
    op.add_column('indicator_import', sa.Column('workbook', sa.LargeBinary(), nullable=False, server_default=''))
    op.add_column('posting', sa.Column('role_coefficient', sa.Numeric(precision=16, scale=4), nullable=False, server_default='1'))
    op.add_column('scheme', sa.Column('review_unit', sa.Text(), nullable=True))
    op.add_column('scheme', sa.Column('rest_day', sa.Text(), nullable=True))
    op.add_column('scheme', sa.Column('reminders', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('scheme', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('scheme', sa.Column('consult_until', sa.Date(), nullable=True))
    op.add_column('target', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('target', sa.Column('previous_quantity', sa.Numeric(precision=16, scale=4), nullable=True))
    op.add_column('target', sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('target', sa.Column('refused_by', sa.Uuid(), nullable=True))
    op.add_column('target', sa.Column('refusal_reason', sa.Text(), nullable=True))
    op.add_column('target', sa.Column('refusal_answer', sa.Text(), nullable=True))
    op.add_column('target', sa.Column('orphaned_on', sa.Date(), nullable=True))
    op.create_index('ix_target_orphaned', 'target', ['scheme_id', 'id'], unique=False, postgresql_where=sa.text('orphaned_on IS NOT NULL'))
    op.create_index('ix_target_refused', 'target', ['scheme_id', 'id'], unique=False, postgresql_where=sa.text('refused_at IS NOT NULL'))
    op.add_column('indicator', sa.Column('initials', sa.Text(), nullable=False, server_default=''))
    op.drop_constraint(op.f('ck_history_thing'), 'history')
    op.drop_constraint(op.f('ck_scheme_status'), 'scheme')
    op.create_check_constraint(op.f('ck_scheme_status'), 'scheme', "status IN ('draft', 'consultation', 'published', 'archived')")
    op.create_check_constraint(op.f('ck_scheme_review_unit'), 'scheme', "review_unit IN ('calendar_days', 'working_days')")
    op.create_check_constraint(op.f('ck_scheme_rest_day'), 'scheme', "rest_day IN ('stays', 'next', 'previous')")
    op.create_check_constraint(op.f('ck_target_refusal'), 'target', '(refused_at IS NULL) = (refusal_reason IS NULL)')
    for table in ('scheme_version', 'guard_exception'):
        append_only(op, table)
