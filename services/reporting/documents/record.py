"""An officer's record as a PDF."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from services.reporting.domain.records import Record, YearOf
from services.reporting.domain.versions import VersionKind
from services.reporting.domain.wording import written_points

TEMPLATE: Final = Path(__file__).with_name("record.typ")
_STATES = {VersionKind.LIVE: "实时", VersionKind.PUBLIC: "公示", VersionKind.SEALED: "封存"}
_KINDS = {"bonus": "奖励加分", "penalty": "惩罚扣分", "reversal": "冲销", "adjustment": "更正"}


def record_data(record: Record, *, issuer: str, at: datetime) -> dict[str, Any]:
    """For the template; `at` in the bureau's zone."""
    about = [
        ("姓名", record.name), ("警号", record.police_number), ("单位", record.unit or "—"), ("职务", record.post or "—"),
    ]  # fmt: skip
    return {
        "title": f"{record.name}考核档案", "issuer": issuer, "code": f"KH {record.officer_id}", "about": about,
        "years": [_year(year) for year in record.years],
        "marks": [
            [m.occurred_on.isoformat(), _KINDS[m.kind], written_points(m.points_milli), m.reason_zh] for m in record.marks
        ],
        "followed": [
            [f.decided_on.isoformat(), f.span, "、".join(f.gives) + ("(已解除)" if f.decision == "lifted" else ""), f.why_zh]
            for f in record.followed
        ],
        "printed": f"{at:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _year(year: YearOf) -> dict[str, Any]:
    months = [
        [
            m.code, written_points(m.total_milli), _STATES[m.state], f"{m.rank}/{m.peers}" if m.rank is not None else "—",
            m.grade or "—", "可下载" if m.seal else "—",
        ]
        for m in year.months
    ]  # fmt: skip
    note = f"{len(months)} 个周期,平均 {written_points(year.mean_milli)} 分。名次为封存时在本人序列中的名次。"
    note = (f"年度等次:{year.grade}。" if year.grade else "") + note
    return {"title": f"{year.year} 年 {year.scheme}", "months": months, "note": note}
