"""What can be searched: one line a thing, derived from events, with pieces of two letters to find it by."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.tables import Base


class SearchItemRow(Base):
    """`haystack` is what is looked in, in lower case: numbers, name, initials of its pinyin, the beginning of a summary.

    `grams` are its words cut into pieces of two letters; an array with an index, so that no extension is needed.
    """

    __tablename__ = "search_item"
    __table_args__: Any = (Index("ix_search_item_grams", "grams", postgresql_using="gin"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str]
    title: Mapped[str]
    haystack: Mapped[str]
    grams: Mapped[list[str]] = mapped_column(ARRAY(Text))
