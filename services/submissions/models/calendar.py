from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.submissions.tables import Base


class HolidayRow(Base):
    """A day on which the week's rule does not hold: a day off, or a worked weekend."""

    __tablename__ = "holiday"
    __table_args__: Any = (CheckConstraint("char_length(name) <= 200", name="name"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str]
