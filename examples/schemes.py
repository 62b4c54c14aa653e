"""Three published assessment schemes as 目标责任细则, in own words, with the source in 依据.

Only figures that the sources publish are given as theirs; what a source leaves open and an example needs (such as how a
part of full marks is earned) is marked 演示约定 in 条款.
"""

from dataclasses import dataclass
from typing import Any

DEMONSTRATION = "演示约定"
BOTH, UNIT = "单位和个人", "单位"


@dataclass(frozen=True)
class Indicator:
    """One row of the workbook, in the words of a bureau."""

    code: str
    name: str
    module: str
    line: str
    subject: str
    measure: str
    marks: str
    rule: str
    clause: str
    evidence: str
    example: str
    direction: str = "越高越好"


@dataclass(frozen=True)
class Scheme:
    """A workbook, and how the scheme that it belongs to is set up."""

    code: str
    name: str
    workbook: str
    source: str
    modules: tuple[dict[str, Any], ...]
    indicators: tuple[Indicator, ...]
    plan: dict[str, Any] | None = None


def module(code: str, name: str, full_marks: str, **bounds: str) -> dict[str, Any]:
    return {"code": code, "name": name, "full_marks": full_marks, "weight": "1", **bounds}


def safety_plan() -> dict[str, Any]:
    """The same regulation as a whole plan: four items make 100, honours and criticism stand outside (see SAFETY)."""
    items = {
        "ZF-01": ("order", "40"),
        "ZF-02": ("stability", "30"),
        "ZF-03": ("business", "15"),
        "ZF-04": ("cults", "15"),
    }
    nodes: dict[str, Any] = {
        node: {
            "type": "ratio", "actual": f"{node}_done", "target": f"{node}_goal", "full": full, "full_marks": full,
            "title": title,
        }
        for (node, full), title in zip(
            items.values(), ("社会治安管理", "维护社会稳定", "优化投资环境", "防范邪教"), strict=True
        )
    }  # fmt: skip
    nodes["work"] = {
        "type": "combine", "method": "sum", "parts": [{"of": node} for node in nodes], "missing": "zero",
        "not_applicable": "zero", "full_marks": "100", "title": "四项合计",
    }  # fmt: skip
    nodes["honours"] = {
        "type": "deeds", "events": "honours_won", "kinds": {"honour": {"each": "1"}}, "title": "表彰",
    }  # fmt: skip
    nodes["criticism"] = {
        "type": "deeds", "events": "criticisms", "kinds": {"criticism": {"each": "-0.5"}}, "title": "通报批评",
    }  # fmt: skip
    nodes["total"] = {
        "type": "combine", "method": "sum", "parts": [{"of": "work"}, {"of": "honours"}, {"of": "criticism"}],
        "decimals": 2, "missing": "zero", "not_applicable": "zero", "title": "总分",
    }  # fmt: skip
    sources: dict[str, Any] = {}
    for code, (node, _) in items.items():
        sources |= {f"{node}_done": {"indicator": code}, f"{node}_goal": {"indicator": code, "how": "target"}}
    sources["honours_won"] = {"indicator": "ZF-05", "how": "events", "event": "honour"}
    sources["criticisms"] = {"indicator": "ZF-06", "how": "events", "event": "criticism"}
    business = [{"node": node, "module": "mod_business"} for node, _ in items.values()]
    return {
        "plan": {
            "format": "kaohe/plan/1", "name": "政法工作目标考核(演示)", "source": "韩城市2017年政法工作考核(新闻报道所载分值)",
            "figures": dict.fromkeys(sources, "项"), "nodes": nodes, "total": "total",
        },
        "sources": sources,
        "lines": [
            *business, {"node": "honours", "module": "mod_bonus"}, {"node": "criticism", "module": "mod_deduction"},
        ],
        "rest": "mod_business",
    }  # fmt: skip


CASES = Scheme(
    "DEMO-CASES",
    "案件办理绩效考核(演示)",
    "indicators-cases.xlsx",
    "派出所案件办理队工作绩效考核办法(网上办案部分,50分)",
    (module("mod_business", "业务工作", "50", cap="50", floor="0"),),
    (
        Indicator(
            "AJ-01", "网上受理全流程", "业务工作", "legal", BOTH, "件", "10", "全有或全无;满分10;达到目标",
            "全流程:受理10分,达到100%方可得分", "受案登记表截图或回执", "目标100;完成97;得0分",
        ),
        Indicator(
            "AJ-02", "网上结案全流程", "业务工作", "legal", BOTH, "件", "5", "全有或全无;满分5;达到目标",
            "全流程:结案5分,达到100%方可得分", "结案文书", "目标40;完成40;得5分",
        ),
        Indicator(
            "AJ-03", "受理案件24小时内录入", "业务工作", "criminal_investigation", BOTH, "件", "10",
            "全有或全无;满分10;达到目标", "时限:全部24小时内录入得10分", "案件系统时间截图", "目标100;完成97;得0分",
        ),
        Indicator(
            "AJ-04", "超期未结案件", "业务工作", "criminal_investigation", BOTH, "件", "15",
            "阶梯;基础15;起点0;以上每超1件扣0.5分;不足一档不扣;最低0", "时限:30日(可延30日)内办结15分,每超期一件扣0.5分",
            "超期案件清单", "发生3;得13.5分", "越低越好",
        ),
        Indicator(
            "AJ-05", "信息采集缺项", "业务工作", "public_order", BOTH, "项", "10",
            "阶梯;基础10;起点0;以上每超1项扣0.1分;不足一档不扣;最低0", "采集10分,每缺一项扣0.1分",
            "信息采集核查表", "发生12;得8.8分", "越低越好",
        ),
    ),
)  # fmt: skip

SAFETY = Scheme(
    "DEMO-SAFETY",
    "政法工作目标考核(演示)",
    "indicators-safety.xlsx",
    "韩城市2017年政法工作考核(新闻报道所载分值)",
    (
        module("mod_business", "业务工作", "100"),
        module("mod_bonus", "激励加分", "0"),
        module("mod_deduction", "减分考核", "0"),
    ),
    (
        Indicator(
            "ZF-01", "社会治安管理", "业务工作", "public_order", BOTH, "项", "40", "按比例;满分40;封顶100%",
            f"四项之一,40分;按完成比例计分为{DEMONSTRATION}", "治安检查记录", "目标10;完成8;得32分",
        ),
        Indicator(
            "ZF-02", "维护社会稳定", "业务工作", "petitions", UNIT, "项", "30", "按比例;满分30;封顶100%",
            f"四项之一,30分;按完成比例计分为{DEMONSTRATION}", "矛盾化解台账", "目标6;完成5;得25分",
        ),
        Indicator(
            "ZF-03", "优化投资环境", "业务工作", "economic_crime", UNIT, "项", "15", "按比例;满分15;封顶100%",
            f"四项之一,15分;按完成比例计分为{DEMONSTRATION}", "走访企业记录", "目标5;完成4;得12分",
        ),
        Indicator(
            "ZF-04", "防范邪教", "业务工作", "domestic_security", UNIT, "项", "15", "按比例;满分15;封顶100%",
            f"四项之一,15分;按完成比例计分为{DEMONSTRATION}", "宣传活动记录", "目标4;完成4;得15分",
        ),
        Indicator(
            "ZF-05", "受到表彰", "激励加分", "political_work", BOTH, "次", "0",
            "逐件;每件1分;市级:1;地市级:1.5;省级:2;国家级:3", f"表彰每次加1、1.5、2、3分;未写明级别按市级为{DEMONSTRATION}",
            "表彰文件", "省级×1;市级×1;得3分",
        ),
        Indicator(
            "ZF-06", "受到通报批评", "减分考核", "oversight", UNIT, "次", "0",
            "扣分;每次-0.5;市级:0.5;地市级:1;省级以上:1.5", f"批评每次扣0.5、1、1.5分;未写明级别按市级为{DEMONSTRATION}",
            "通报文件", "市级×1;扣0.5分", "越低越好",
        ),
    ),
    safety_plan(),
)  # fmt: skip

PERFORMANCE = Scheme(
    "DEMO-PERFORMANCE",
    "经费执行与平安建设考核(演示)",
    "indicators-performance.xlsx",
    "宣城市公安局禁毒经费自评表;经营业绩考核市级办法;平安建设考核办法",
    (
        module("mod_business", "业务工作", "52", cap="52", floor="0"),
        module("mod_deduction", "减分考核", "0", cap="0"),
    ),
    (
        Indicator(
            "JF-01", "禁毒经费执行", "业务工作", "narcotics", UNIT, "万元", "10", "按比例;满分10;封顶100%",
            "自评表:10分,超过目标不另加分", "经费支出明细", "目标2400;完成3200;得10分",
        ),
        Indicator(
            "JF-02", "禁毒宣传覆盖", "业务工作", "narcotics", UNIT, "人次", "12", "按比例;满分12;封顶100%",
            f"自评表:12分按完成比例;项目名称为{DEMONSTRATION}", "宣传活动台账", "目标2400;完成1800;得9分",
        ),
        Indicator(
            "JF-03", "年度任务完成", "业务工作", "command", BOTH, "件", "30",
            "阶梯;基础30;目标以下每低2%扣1分;不足一档不扣;最低0", "市级办法:每低于目标2%扣1分,扣完为止",
            "任务完成证明", "目标100;完成95;得28分",
        ),
        Indicator(
            "PA-01", "材料迟报", "减分考核", "command", BOTH, "次", "0", "扣分;每次-0.5;最多扣5",
            f"平安建设:迟报每次扣0.5分;上限5分为{DEMONSTRATION}", "签收登记", "发生2;扣1分", "越低越好",
        ),
        Indicator(
            "PA-02", "瞒报情况", "减分考核", "oversight", UNIT, "次", "0", "扣分;每次-1;最多扣5",
            f"平安建设:瞒报每次扣1分;上限5分为{DEMONSTRATION}", "核查报告", "发生1;扣1分", "越低越好",
        ),
        Indicator(
            "PA-03", "领导干部违纪违法", "减分考核", "inspection", UNIT, "人", "0", "扣分;每人-2.5;最多扣5",
            "平安建设:每人扣2.5分,最多扣5分", "处分决定书", "发生3;扣5分", "越低越好",
        ),
    ),
)  # fmt: skip

ALL = (CASES, SAFETY, PERFORMANCE)
