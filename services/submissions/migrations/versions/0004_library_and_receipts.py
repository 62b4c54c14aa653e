"""A library of evidence, signed receipts, saved forms, phrases, windows"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from kernel.db.migrations import append_only

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('autosave',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('account_id', 'key', name=op.f('pk_autosave'))
    )
    op.create_index('ix_autosave_saved_at', 'autosave', ['saved_at'], unique=False)
    op.create_table('campaign',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('cutoff_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('indicator_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('unit_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign'))
    )
    op.create_index('ix_campaign_period_id', 'campaign', ['period_id'], unique=False)
    op.create_table('extension',
    sa.Column('scheme_id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    op.create_index('ix_extension_period_id', 'extension', ['period_id'], unique=False)
    op.create_table('outage',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ended_at > began_at', name=op.f('ck_outage_ended_at')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage'))
    )
    op.create_index('ix_outage_ended_at', 'outage', ['ended_at'], unique=False)
    op.create_table('phrase',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('clause', sa.Text(), nullable=True),
    sa.Column('indicator_id', sa.Uuid(), nullable=True),
    sa.Column('unit_path', sa.Text(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('summary', 'return', 'refusal', 'reduction', 'appeal')", name=op.f('ck_phrase_kind')),
    sa.CheckConstraint('char_length(text) BETWEEN 1 AND 500', name=op.f('ck_phrase_text')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phrase'))
    )
    op.create_index('ix_phrase_account_id', 'phrase', ['account_id', 'kind'], unique=False)
    op.create_index('ix_phrase_unit_path', 'phrase', ['unit_path'], unique=False, postgresql_where=sa.text('unit_path IS NOT NULL'))
    op.create_table('pulse',
    sa.Column('one', sa.Boolean(), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('one', name=op.f('pk_pulse'))
    )
    op.create_table('store_use',
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('holder_id', name=op.f('pk_store_use'))
    )
    op.create_table('stored_file',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scan', sa.Text(), nullable=False),
    sa.Column('scan_finding', sa.Text(), nullable=True),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('preview', sa.Text(), nullable=False),
    sa.Column('preview_problem', sa.Text(), nullable=True),
    sa.Column('pages', sa.BigInteger(), nullable=True),
    sa.Column('width', sa.BigInteger(), nullable=True),
    sa.Column('height', sa.BigInteger(), nullable=True),
    sa.Column('look', sa.BigInteger(), nullable=True),
    sa.Column('band_1', sa.BigInteger(), nullable=True),
    sa.Column('band_2', sa.BigInteger(), nullable=True),
    sa.Column('band_3', sa.BigInteger(), nullable=True),
    sa.Column('band_4', sa.BigInteger(), nullable=True),
    sa.Column('waiting', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("preview IN ('pending', 'made', 'none', 'failed')", name=op.f('ck_stored_file_preview')),
    sa.CheckConstraint("scan IN ('pending', 'clean', 'infected', 'unscanned')", name=op.f('ck_stored_file_scan')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_stored_file'))
    )
    op.create_index('ix_stored_file_band_1', 'stored_file', ['band_1'], unique=False, postgresql_where=sa.text('look IS NOT NULL'))
    op.create_index('ix_stored_file_band_2', 'stored_file', ['band_2'], unique=False, postgresql_where=sa.text('look IS NOT NULL'))
    op.create_index('ix_stored_file_band_3', 'stored_file', ['band_3'], unique=False, postgresql_where=sa.text('look IS NOT NULL'))
    op.create_index('ix_stored_file_band_4', 'stored_file', ['band_4'], unique=False, postgresql_where=sa.text('look IS NOT NULL'))
    op.create_index('ix_stored_file_waiting', 'stored_file', ['stored_at'], unique=False, postgresql_where=sa.text('waiting'))
    op.create_table('upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('received', sa.BigInteger(), nullable=False),
    sa.Column('parts', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished', sa.Boolean(), nullable=False),
    sa.CheckConstraint('received BETWEEN 0 AND size', name=op.f('ck_upload_received')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    op.create_index('ix_upload_account_id', 'upload', ['account_id', 'id'], unique=False)
    op.create_index('ix_upload_expires_at', 'upload', ['expires_at'], unique=False)
    op.create_table('working_days',
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('days', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_working_days'))
    )
    op.create_index(op.f('ix_working_days_year'), 'working_days', ['year'], unique=False)
    op.create_table('arrival',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('submission_id', 'version', name=op.f('pk_arrival'))
    )
    op.create_table('file_preview',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('width', sa.BigInteger(), nullable=False),
    sa.Column('height', sa.BigInteger(), nullable=False),
    sa.Column('picture', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_file_preview_sha256')),
    sa.PrimaryKeyConstraint('sha256', 'kind', name=op.f('pk_file_preview'))
    )
    op.create_table('library_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=True),
    sa.Column('unit_id', sa.Uuid(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_library_file_sha256')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_file')),
    sa.UniqueConstraint('account_id', 'sha256', name=op.f('uq_library_file_account_id_sha256'))
    )
    op.create_index('ix_library_file_account_id', 'library_file', ['account_id', 'id'], unique=False)
    op.create_index('ix_library_file_sha256', 'library_file', ['sha256'], unique=False)
    op.create_table('suspicion',
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('same_file', 'similar_image', 'same_case')", name=op.f('ck_suspicion_kind')),
    sa.PrimaryKeyConstraint('submission_id', 'kind', name=op.f('pk_suspicion'))
    )
    op.add_column('history', sa.Column('version', sa.BigInteger(), nullable=True))
    op.add_column('indicator', sa.Column('direction', sa.Text(), nullable=True))
    op.add_column('indicator', sa.Column('full_marks', sa.Numeric(precision=16, scale=4), nullable=True))
    op.add_column('indicator', sa.Column('revision', sa.BigInteger(), nullable=True))
    op.add_column('indicator', sa.Column('rule', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('scheme', sa.Column('plan', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('submission', sa.Column('on_behalf', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('submission', 'on_behalf', server_default=None)
    op.add_column('submission', sa.Column('source', sa.Text(), nullable=True))
    op.add_column('submission', sa.Column('source_id', sa.Uuid(), nullable=True))
    op.add_column('submission', sa.Column('source_ref', sa.Text(), nullable=True))
    op.create_index('ix_submission_case_number', 'submission', ['case_number'], unique=False, postgresql_where=sa.text('case_number IS NOT NULL'))
    op.create_unique_constraint(op.f('uq_submission_source_id_source_ref'), 'submission', ['source_id', 'source_ref'])
    op.add_column('target', sa.Column('quantity', sa.Numeric(precision=16, scale=4), nullable=True))
    _fill_replicas()
    _fill_library()
    for table in ('arrival', 'outage'):
        append_only(op, table)


def _fill_replicas() -> None:
    """The events that the copies were made of have the new columns: the newest version of each, from the inbox."""
    for table, event, columns in (
        ('indicator', 'targets.indicator.v1', {
            'direction': "b->>'direction'", 'full_marks': "(b->>'full_marks')::numeric",
            'revision': "(b->>'revision')::bigint", 'rule': "b->'rule'",
        }),
        ('target', 'targets.target.v1', {'quantity': "(b->>'quantity')::numeric"}),
        ('scheme', 'targets.scheme.v1', {'plan': "nullif(b->'plan', 'null'::jsonb)"}),
    ):
        news = ', '.join(f'{name} = {value}' for name, value in columns.items())
        op.execute(
            f"UPDATE {table} t SET {news} FROM (SELECT DISTINCT ON (body::jsonb->>'id') body::jsonb AS b FROM bus.inbox "
            f"WHERE type = '{event}' ORDER BY body::jsonb->>'id', (body::jsonb->>'version')::bigint DESC) newest "
            "WHERE t.id = (b->>'id')::uuid"
        )
    for column in ('direction', 'full_marks', 'revision', 'rule'):
        op.alter_column('indicator', column, nullable=False)
    op.alter_column('target', 'quantity', nullable=False)


def _fill_library() -> None:
    """Evidence of work from before is in the library of whoever wrote it down."""
    op.execute(
        """
        CREATE TEMP TABLE known ON COMMIT DROP AS
        SELECT DISTINCT ON (s.created_by_account, f->>'sha256') s.created_by_account AS account_id, s.created_by AS officer_id,
          s.unit_id, f->>'sha256' AS sha256, f->>'name' AS name, (f->>'size')::bigint AS size, f->>'media_type' AS media_type,
          s.created_at AS added_at
        FROM submission s, jsonb_array_elements(s.evidence) AS f ORDER BY s.created_by_account, f->>'sha256', s.id
        """
    )
    op.execute(
        """
        INSERT INTO stored_file (sha256, size, media_type, stored_at, scan, preview, waiting, attempts)
        SELECT DISTINCT ON (sha256) sha256, size, media_type, added_at, 'unscanned', p, p = 'pending', 0
        FROM known, LATERAL (SELECT CASE WHEN media_type IN ('image/png', 'image/jpeg', 'application/pdf')
          THEN 'pending' ELSE 'none' END AS p) AS state ORDER BY sha256, added_at
        """
    )
    op.execute(
        """
        INSERT INTO library_file (id, account_id, officer_id, unit_id, sha256, name, size, added_at)
        SELECT gen_random_uuid(), account_id, officer_id, unit_id, sha256, name, size, added_at FROM known
        """
    )
    op.execute(
        """
        INSERT INTO store_use (holder_id, bytes)
        SELECT holder, sum(size) FROM library_file, LATERAL (VALUES (account_id), (unit_id)) AS v (holder)
        WHERE holder IS NOT NULL GROUP BY holder
        """
    )
