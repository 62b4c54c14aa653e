"""Files as they are stored once, whoever uses them; who has which in the own library; uploads that are under way."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment
from kernel.ids import new_id
from services.submissions.domain.files import PreviewState, ScanState
from services.submissions.tables import Base

_SCANS = ", ".join(f"'{state}'" for state in ScanState)
_PREVIEWS = ", ".join(f"'{state}'" for state in PreviewState)


class FileRow(Base):
    """One content. `look` is the perceptual hash of an image (64 bits), `band_1` to `band_4` its quarters.

    `waiting` while the worker has something to do with it; `attempts` counts how often it died of it.
    """

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[Moment]
    scan: Mapped[str] = mapped_column(default=ScanState.UNSCANNED.value)
    scan_finding: Mapped[str | None]
    scanned_at: Mapped[Moment | None]
    preview: Mapped[str] = mapped_column(default=PreviewState.PENDING.value)
    preview_problem: Mapped[str | None]
    pages: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    look: Mapped[int | None] = mapped_column(BigInteger)
    band_1: Mapped[int | None]
    band_2: Mapped[int | None]
    band_3: Mapped[int | None]
    band_4: Mapped[int | None]
    waiting: Mapped[bool] = mapped_column(default=True)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[Moment | None]

    __table_args__: Any = (
        CheckConstraint(f"scan IN ({_SCANS})", name="scan"),
        CheckConstraint(f"preview IN ({_PREVIEWS})", name="preview"),
        *(
            Index(f"ix_stored_file_band_{n}", f"band_{n}", postgresql_where=text("look IS NOT NULL"))
            for n in (1, 2, 3, 4)
        ),
        Index("ix_stored_file_waiting", "stored_at", postgresql_where=text("waiting")),
    )


class PreviewRow(Base):
    """A picture made of a file: `kind` is thumbnail, web or page-<n>; `picture` is its own address in the store."""

    __tablename__ = "file_preview"

    sha256: Mapped[str] = mapped_column(ForeignKey(FileRow.sha256), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[str]


class LibraryRow(Base):
    """A file in somebody's library, under the name that he or she gave it. What quotas count."""

    __tablename__ = "library_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID]
    officer_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    sha256: Mapped[str] = mapped_column(ForeignKey(FileRow.sha256))
    name: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[Moment]

    __table_args__: Any = (
        UniqueConstraint("account_id", "sha256"),
        Index("ix_library_file_account_id", "account_id", "id"),
        Index("ix_library_file_sha256", "sha256"),
    )


class StoreUseRow(Base):
    """How many bytes a person's or a unit's libraries hold: quotas are told without adding up."""

    __tablename__ = "store_use"

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class UploadRow(Base):
    """A large file that comes in parts; over at `expires_at`."""

    __tablename__ = "upload"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID]
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str | None]
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    parts: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    finished: Mapped[bool] = mapped_column(default=False)

    __table_args__: Any = (
        Index("ix_upload_account_id", "account_id", "id"),
        Index("ix_upload_expires_at", "expires_at"),
        CheckConstraint("received BETWEEN 0 AND size", name="received"),
    )
