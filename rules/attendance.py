"""Kinds of attendance (考勤): what is a fault, and what is leave that the law protects and nobody may be marked down for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class AttendanceKind:
    """`unit`: what its quantity counts. `ground`: the rule that protects it; empty for a fault."""

    code: str
    zh: str
    en: str
    unit: str
    ground: str = ""

    @property
    def protected(self) -> bool:
        return bool(self.ground)


TIMES, DAYS = "times", "days"
_WOMEN = "《女职工劳动保护特别规定》(国务院令第619号)"
_WEDDING = "《关于国营企业职工请婚丧假和路程假问题的通知》(〔80〕劳总薪字29号)"
_POPULATION = "《人口与计划生育法》第二十五条"

KINDS: Mapping[str, AttendanceKind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            AttendanceKind("late", "迟到", "late", TIMES),
            AttendanceKind("early", "早退", "left early", TIMES),
            AttendanceKind("unrecorded", "缺卡", "not recorded", TIMES),
            AttendanceKind("absent", "旷工", "absent without leave", DAYS),
            AttendanceKind("personal_leave", "事假", "personal leave", DAYS),
            AttendanceKind(
                "annual_leave", "年休假", "annual leave", DAYS, "《职工带薪年休假条例》(国务院令第514号)"
            ),
            AttendanceKind(
                "sick_leave", "病假", "sick leave", DAYS, "《国务院关于国家机关工作人员病假期间生活待遇的规定》(国发〔1981〕52号)"
            ),
            AttendanceKind(
                "injury_leave", "工伤假", "leave after an injury on duty", DAYS, "《工伤保险条例》第三十三条"
            ),
            AttendanceKind("maternity_leave", "产假", "maternity leave", DAYS, _WOMEN),
            AttendanceKind("antenatal_leave", "产前检查假", "antenatal care", DAYS, _WOMEN),
            AttendanceKind("nursing_leave", "哺乳假", "nursing leave", DAYS, _WOMEN),
            AttendanceKind("paternity_leave", "陪产假", "paternity leave", DAYS, _POPULATION),
            AttendanceKind("parental_leave", "育儿假", "parental leave", DAYS, _POPULATION),
            AttendanceKind("marriage_leave", "婚假", "marriage leave", DAYS, _WEDDING),
            AttendanceKind("bereavement_leave", "丧假", "bereavement leave", DAYS, _WEDDING),
            AttendanceKind(
                "home_leave", "探亲假", "home leave", DAYS, "《国务院关于职工探亲待遇的规定》(国发〔1981〕36号)"
            ),
            AttendanceKind("compensatory_leave", "补休", "time off in lieu", DAYS, "《劳动法》第四十四条"),
            AttendanceKind("official_business", "公差", "away on duty", DAYS, "在岗履职"),
            AttendanceKind("training", "培训", "training", DAYS, "在岗履职"),
        )
    }
)  # fmt: skip
FAULTS = frozenset(code for code, kind in KINDS.items() if not kind.protected)
