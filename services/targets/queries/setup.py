"""Where an office stands that sets the platform up: each step, whether it is done, and what to do next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.targets.domain.target import TargetState
from services.targets.models import IndicatorRow, PeriodRow, SchemeRow, TargetRow, WorkingDaysRow
from services.targets.queries.org import Span, overlaps
from services.targets.queries.visibility import schemes_visible_to, visible_to
from services.targets.replicas import (
    AssessmentOfficeReplica,
    LineAuthorityReplica,
    OfficerReplica,
    UnitReplica,
)


@dataclass(frozen=True, slots=True)
class Step:
    step: str
    count: int
    zh: str
    en: str

    @property
    def done(self) -> bool:
        return self.count > 0


async def setup_of(session: AsyncSession, *, by: Principal, today: date) -> list[Step]:
    """In the order in which one thing needs another."""
    now = Span(today, today)
    seen = select(SchemeRow.id).where(schemes_visible_to(by))
    published = SchemeRow.status == "published"

    async def count(column: object, *where: ColumnElement[bool]) -> int:
        return await session.scalar(select(func.count(column)).where(*where)) or 0  # type: ignore[arg-type]

    return [
        Step("units", await count(UnitReplica.id), "请先导入机构和人员", "import units and people first"),
        Step("officers", await count(OfficerReplica.id), "请导入警力花名册", "import the roster"),
        Step(
            "offices",
            await count(
                AssessmentOfficeReplica.id,
                ~AssessmentOfficeReplica.deleted,
                overlaps(AssessmentOfficeReplica, now),
            ),
            "请设置考核办",
            "set up the assessment offices",
        ),
        Step(
            "authorities",
            await count(
                LineAuthorityReplica.id, ~LineAuthorityReplica.deleted, overlaps(LineAuthorityReplica, now)
            ),
            "请设置各条线的归口部门,否则由考核办代审",
            "name the authority of each business line, or the office reviews all",
        ),
        Step(
            "working_days",
            await count(WorkingDaysRow.id, WorkingDaysRow.year == today.year),
            f"请导入 {today.year} 年放假安排",
            f"import the working days of {today.year}",
        ),
        Step(
            "scheme",
            await count(SchemeRow.id, SchemeRow.id.in_(seen)),
            "请编制或复制考核方案",
            "draft or copy a scheme",
        ),
        Step(
            "indicators",
            await count(IndicatorRow.id, IndicatorRow.scheme_id.in_(seen)),
            "请导入目标责任细则",
            "import the indicators",
        ),
        Step(
            "periods",
            await count(PeriodRow.id, PeriodRow.scheme_id.in_(seen)),
            "请设置考核日历",
            "set the calendar",
        ),
        Step(
            "published",
            await count(SchemeRow.id, SchemeRow.id.in_(seen), published),
            "请通过检查并发布方案",
            "publish the scheme",
        ),
        Step(
            "targets",
            await count(TargetRow.id, visible_to(by), TargetRow.status != TargetState.DRAFT.value),
            "请下达目标",
            "issue the targets",
        ),
    ]
