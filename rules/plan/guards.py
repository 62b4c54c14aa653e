"""Indicators that must not be used, each with the ground in law. A list, not arithmetic: who knows more adds a row."""

from dataclasses import dataclass

from rules.fields import name, optional_name, some
from rules.reading import Reader
from rules.sentences import Sentence

INDICATOR, VETO = "indicator", "veto"
#: Not by words: the weight of ratings from below is worked out (see `upward`).
UPWARD_WEIGHT = "upward-weight"
_QUALITY = Sentence(
    "公安机关执法质量考核评议规定(公安部令第137号)及省级实施细则:不得将罚没款数额、拘留人数、发案数、退查率、破案率等作为考评指标",
    "Ministry of Public Security order 137 (2016) and provincial rules: fines, detentions, case counts, return and clearance "
    "rates are not to be used as indicators",
)
_TOWNS = Sentence(
    "山东省乡镇人民政府工作条例第十九条:未经国家或者省有关部门批准,不得对乡镇人民政府增设或者变通设置“一票否决”事项",
    "Shandong regulation on the work of town governments, article 19: no veto on towns without national or provincial approval",
)


@dataclass(frozen=True, slots=True)
class Guard:
    """`words`: any of them in a node's or figure's name. `assesses`: only in plans that assess such bodies."""

    id: str
    kind: str
    words: tuple[str, ...]
    ground: Sentence
    assesses: str | None = None


GUARDS = (
    Guard(
        "fines",
        INDICATOR,
        ("罚没", "罚款数", "罚款金额", "罚款额", "fines collected", "amount of fines"),
        _QUALITY,
    ),
    Guard(
        "detentions",
        INDICATOR,
        ("拘留人数", "拘留数", "逮捕数", "逮捕人数", "劳教", "number of detentions", "arrests made"),
        _QUALITY,
    ),
    Guard(
        "case-counts", INDICATOR, ("发案数", "立案数", "办案数量", "case count", "number of cases"), _QUALITY
    ),
    Guard("return-rate", INDICATOR, ("退查率", "退回补充侦查率", "return rate"), _QUALITY),
    Guard("clearance-rate", INDICATOR, ("破案率", "clearance rate"), _QUALITY),
    Guard("town-veto", VETO, ("一票否决", "veto"), _TOWNS, "towns"),
)
#: What a plan can be exempted from.
KNOWN = (*(guard.id for guard in GUARDS), UPWARD_WEIGHT)


@dataclass(frozen=True, slots=True)
class Exemption:
    """The guard does not hold for this plan: on what ground, and who says so. It is printed with every check."""

    guard: str
    ground: str
    by: str
    node: str | None = None

    @property
    def words(self) -> str:
        return f"{self.ground}({self.by})"


def read_exemptions(reader: Reader) -> tuple[Exemption, ...]:
    found = []
    for item in some(reader, "exemptions"):
        exemption = Exemption(
            name(item, "guard"), name(item, "ground"), name(item, "by"), optional_name(item, "node")
        )
        if exemption.guard and exemption.guard not in KNOWN:
            shown = "、".join(KNOWN)
            item.refuse("guard", "guard-unknown", f"应为以下之一:{shown}", f"must be one of {shown}")
        item.close()
        found.append(exemption)
    return tuple(found)


def guards_against(text: str, kind: str, assesses: str | None) -> list[Guard]:
    """Those whose words are in the text."""
    lowered = text.lower()
    return [
        guard
        for guard in GUARDS
        if guard.kind == kind
        and (guard.assesses is None or guard.assesses == assesses)
        and any(word in lowered for word in guard.words)
    ]


def exemption_from(exemptions: tuple[Exemption, ...], guard: str, node: str | None) -> Exemption | None:
    """The one that holds for the node, or for the whole plan."""
    return next((each for each in exemptions if each.guard == guard and each.node in {None, node}), None)
