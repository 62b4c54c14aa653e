from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kernel.db.columns import Moment
from services.scoring.tables import Base


class ShortfallRow(Base):
    """From here on, in this period, a target without accepted work is scored as zero. Append-only; one a period."""

    __tablename__ = "shortfall"

    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    targets: Mapped[int]  # without accepted work
    posted: Mapped[int]  # of these, such as are worth something else than nothing
