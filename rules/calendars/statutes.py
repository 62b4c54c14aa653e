"""The procedures of public law and of published bureau rules, as data; a plan may bring its own instead."""

from typing import Any

from rules.calendars.deadlines import Procedures
from rules.reading import Reader

_REVIEW, _APPEAL = "公务员法(2018)第95条", "公务员法(2018)第96条"
_INSPECTION, _BUREAU = "公安机关督察条例(2011)第14条", "刑警大队刑事执法质量考评实施细则第6条"
_AUXILIARY, _AWARDS = "虎门公安分局辅警量化考核细则", "公安机关人民警察奖励条令"


def _row(name: str, title: tuple[str, str], length: int, ground: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "zh": title[0], "en": title[1], "length": length, "ground": ground, **more}


_GRADES = {"grades": ["不称职"]}
_WORKING = {"unit": "working_days"}

DATA: dict[str, Any] = {
    "procedures": [
        _row("review", ("申请复核", "asking for review"), 30, _REVIEW, **_GRADES),
        _row("appeal_after_review", ("复核后申诉", "appeal after review"), 15, _REVIEW, **_GRADES),
        _row("direct_appeal", ("直接申诉", "direct appeal"), 30, _REVIEW, **_GRADES),
        _row("review_decision", ("复核决定", "decision on review"), 30, _APPEAL),
        _row("appeal_decision", ("申诉决定", "decision on appeal"), 60, _APPEAL, extension=30),
        _row("suspension_decision", ("停止执行职务申诉决定", "decision on suspension"), 5, _INSPECTION),
        _row("confinement_decision", ("禁闭申诉决定", "decision on confinement"), 24, _INSPECTION, unit="hours"),
        _row("bureau_objection", ("考评异议", "objection to an assessment"), 3, _BUREAU),
        _row("bureau_decision", ("考评异议决定", "decision on an objection"), 3, _BUREAU),
        _row("auxiliary_objection", ("辅警复议申请", "objection of an auxiliary"), 3, _AUXILIARY, **_WORKING),
        _row("auxiliary_answer", ("辅警复议答复", "answer to an auxiliary"), 3, _AUXILIARY, **_WORKING),
        _row("award_notice", ("奖励公示", "public notice of an award"), 7, _AWARDS, **_WORKING),
    ]
}  # fmt: skip


def published() -> Procedures:
    return Procedures.read(Reader(DATA, "", []))
