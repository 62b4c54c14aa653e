"""To-dos and messages, what people did with them, campaigns and supervision."""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('late_application',
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_application'))
    )
    op.create_table('campaign',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('cutoff_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('indicator_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('unit_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign'))
    )
    op.create_table('reminder',
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('recipient_kind', sa.Text(), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('unit_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missing', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder'))
    )
    op.create_index('ix_reminder_period_id', 'reminder', ['period_id', 'unit_id'], unique=False)
    op.create_table('supervision_note',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('issuer_unit_id', sa.Uuid(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('addressee_unit_id', sa.Uuid(), nullable=False),
    sa.Column('about_kind', sa.Text(), nullable=True),
    sa.Column('about_id', sa.Uuid(), nullable=True),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('answer_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_late', sa.Boolean(), nullable=False),
    sa.Column('escalation', sa.BigInteger(), nullable=False),
    sa.Column('signal', sa.Text(), nullable=False),
    sa.Column('worst_signal', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_note'))
    )
    op.create_index('ix_supervision_note_addressee_unit_id', 'supervision_note', ['addressee_unit_id', 'issued_at'], unique=False)
    op.create_table('todo',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('object_kind', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=True),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('permission', sa.Text(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('via_unit_id', sa.Uuid(), nullable=True),
    sa.Column('never', sa.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('judges', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_todo'))
    )
    op.create_index('ix_todo_object_id', 'todo', ['object_id'], unique=False)
    op.create_index('ix_todo_officer_id', 'todo', ['officer_id', 'closed'], unique=False)
    op.create_index('ix_todo_unit_id', 'todo', ['unit_id', 'permission'], unique=False, postgresql_where=sa.text('NOT closed'))
    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('news', sa.Text(), nullable=False),
    sa.Column('object_kind', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=True),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('permission', sa.Text(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('everybody', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    op.create_index('ix_message_at', 'message', ['at', 'id'], unique=False)
    op.create_index('ix_message_officer_id', 'message', ['officer_id', 'at'], unique=False)
    op.create_table('todo_mark',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('todo_id', sa.Uuid(), nullable=False),
    sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('account_id', 'todo_id', name=op.f('pk_todo_mark'))
    )
    op.create_table('message_mark',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('account_id', 'message_id', name=op.f('pk_message_mark'))
    )
    op.create_table('message_preference',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('read_to', sa.DateTime(timezone=True), nullable=True),
    sa.Column('muted', sa.ARRAY(sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_message_preference'))
    )
