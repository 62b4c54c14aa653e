"""What a figure says for itself reads as a sentence, in the words of the regulation and in either language."""

import re

import pytest

from cli.plan_files import read_file
from rules.plan import evaluate, parse_facts, parse_plan
from rules.plan.conditions import Condition
from rules.plan.coverage import Interval
from rules.plan.explanation import explain
from rules.plan.operands import Operand
from tests.rules.plan.files import PLANS, facts_of, plan_of

_LATE = {"type": "deeds", "events": "e", "kinds": {"late": {"each": "-1"}, "theft": {"levels": {"big": "-5"}},
         "hurt": {"bands": [{"op": ">=", "bound": "3", "marks": "-5"}, {"op": "<", "bound": "3", "as": "late"}]}},
         "multipliers": [{"flag": "again", "times": "2"}]}  # fmt: skip
_WORDS = {"words": {"late": "迟到", "theft": {"zh": "被盗", "en": "theft"}, "big": {"zh": "重大", "en": "grave"},
                    "hurt": {"zh": "伤亡", "en": "casualties"}, "my_score": "得分", "town": {"zh": "属于乡镇", "en": "a town"}}}  # fmt: skip


def _said(node, figures, **more):
    """The total's sentence and its steps, in Chinese and in English."""
    plan = parse_plan(plan_of({"total": node}) | _WORDS | more)
    found = evaluate(plan, parse_facts(facts_of({"id": "a", "figures": figures})))
    return [(line.words, *line.steps) for language in ("zh", "en") for line in explain(found, "a", language)]


@pytest.mark.parametrize(
    ("node", "figures", "zh", "en"),
    [
        ({"type": "take", "of": "my_score"}, {"my_score": "95.5"}, "95.50:取“得分”的数", "95.50: the figure of “my score”"),
        ({"type": "take", "of": "3"}, {}, "3.00:固定分值", "3.00: a fixed number"),
        (_LATE, {"e": []}, "0.00:没有计分的事件", "0.00: no event counts"),
        (_LATE | {"base": "8"}, {"e": []}, "8.00:基础分 8,没有加扣分的事件", "8.00: 8 to begin with, and no event counts"),
        ({"type": "gate", "of": "my_score", "effect": "zero", "when": {"mark": "town"}}, {"my_score": "9"}, "9.00:未出现“属于乡镇”,不变", "9.00: “a town” does not hold, so unchanged"),
        ({"type": "gate", "of": "my_score", "effect": "cap", "amount": "5", "label": "late", "when": {"of": "my_score", "op": ">", "than": "8"}}, {"my_score": "9"}, "5.00:迟到:因“得分” 超过 8,由 9 改为 5", "5.00: late: because “my score” is more than 8, 9 becomes 5"),
        ({"type": "all_or_nothing", "actual": "my_score", "full": "5", "threshold": "90"}, {"my_score": "89"}, "0.00:89 不符合“90 以上”", "0.00: 89 is not at least 90"),
        ({"type": "band", "actual": "my_score", "bands": [{"op": ">", "bound": "90", "points": "3"}], "otherwise": "0"}, {"my_score": "91"}, "3.00:91 属于“超过 90”档", "3.00: 91 is more than 90"),
        ({"type": "band", "actual": "my_score", "bands": [{"op": ">", "bound": "90", "points": "3"}], "otherwise": "0"}, {"my_score": "90"}, "0.00:90 不在以上各档,按其余计", "0.00: 90 is in no band"),
        ({"type": "table", "of": "my_score", "rows": [{"from": "80", "under": "90", "marks": "3"}]}, {"my_score": "80"}, "3.00:80 属于“80 以上、不满 90”", "3.00: 80 is at least 80 and less than 90"),
        ({"type": "lookup", "of": "my_score", "table": {"late": "2"}}, {"my_score": "late"}, "2.00:“迟到”的分值", "2.00: what “late” stands for"),
        ({"type": "take", "of": "my_score", "decimals": 4}, {"my_score": "1.23456"}, "1.235:取“得分”的数;四舍五入到 4 位小数:1.2346", "1.235: the figure of “my score”; rounded half up to 4 decimals: 1.2346"),
    ],
)  # fmt: skip
def test_a_node_says_itself(node, figures, zh, en):
    assert _said(node, figures) == [(zh,), (en,)]


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        ({"kind": "late"}, "迟到:-1 = 1 × -1", "late: -1 = 1 × -1"),
        ({"kind": "theft", "level": "big"}, "被盗:-5(重大)", "theft: -5 (grave)"),
        ({"kind": "hurt", "quantity": "3"}, "伤亡:-5(3,属“3 以上”)", "casualties: -5 (3 is at least 3)"),
        ({"kind": "hurt", "quantity": "3", "flags": ["again"]}, "伤亡:-10 = -5(3,属“3 以上”) × 2", "casualties: -10 = -5 (3 is at least 3) × 2"),
        ({"kind": "hurt", "quantity": "2"}, "迟到:-2 = 伤亡 2,属“不满 3”,计作迟到:2 × -1", "late: -2 = casualties, 2 is less than 3, counts as late: 2 × -1"),
    ],
)  # fmt: skip
def test_an_event_says_what_it_brings_and_why(event, zh, en):
    assert [steps for _, *steps in _said(_LATE, {"e": [event]})] == [[zh], [en]]


@pytest.mark.parametrize(
    ("actual", "zh", "en"),
    [
        ("94", "-0.50:实际 94,低于 96 达 2个百分点,计 2 档,-0.5 分", "-0.50: actual 94 is 2 percentage points below 96: 2 steps, -0.5 points"),
        ("95", "-0.25:实际 95,低于 96 达 1个百分点,计 1 档,-0.25 分", "-0.25: actual 95 is 1 percentage point below 96: 1 step, -0.25 points"),
        ("96", "0.00:实际 96,正好 96,不加不扣", "0.00: actual 96 is exactly 96"),
    ],
)  # fmt: skip
def test_steps_say_how_far_it_was(actual, zh, en):
    node = {
        "type": "step",
        "actual": "my_score",
        "threshold": "96",
        "step": "1",
        "unit": "points",
        "below": "-0.25",
    }
    assert _said(node, {"my_score": actual}) == [(zh,), (en,)]


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (None, None, "任何值", "any value"),
        ((5, 0), (5, 1), "等于 5", "equal to 5"),
        ((5, 1), None, "超过 5", "more than 5"),
        (None, (5, 1), "5 以下", "at most 5"),
        (None, (5, 0), "不满 5", "less than 5"),
    ],
)
def test_a_row_is_said_as_a_regulation_words_it(low, high, zh, en):
    assert (Interval(low, high).words().zh, Interval(low, high).words().en) == (zh, en)


def test_a_condition_is_said_in_words():
    of = Operand("x")
    assert Condition("compare", of, "==", Operand(number=3)).words().zh.endswith("等于 3")
    assert Condition("state", of, state="not_submitted").words().en.endswith("is not submitted")


def test_words_are_text_or_both_languages():
    plan = plan_of({"total": {"type": "take", "of": "a"}})
    names = parse_plan(plan | _WORDS).names
    assert [names.of("late", language) for language in ("zh", "en")] == ["迟到", "late"]
    assert [names.of("no_word", language) for language in ("zh", "en")] == ["no_word", "no word"]


_EXAMPLES = [
    (plan, facts)
    for plan in sorted(PLANS.glob("*/plan*.yaml"))
    for facts in sorted(plan.parent.glob("facts*.yaml"))
]


@pytest.mark.parametrize(("plan", "facts"), _EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_examples_are_explained_without_ids_and_in_one_language(plan, facts):
    evaluation = evaluate(parse_plan(read_file(plan)), parse_facts(read_file(facts)))
    given = {
        deed.reason
        for s in evaluation.board.facts.subjects
        for deeds in s.figures.values()
        if isinstance(deeds, tuple)
        for deed in deeds
    }
    for subject in evaluation.board.facts.subjects:
        for language, foreign in (("zh", r"[A-Za-z_]{2,}|>=|<="), ("en", r"[\u4e00-\u9fff_]|>=|<=")):
            for line in explain(evaluation, subject.id, language):
                for text in (line.title, line.words, *line.steps):
                    said = text
                    for reason in given - {""}:
                        said = said.replace(reason, "")
                    assert not re.search(f"{foreign}|[\ue000\ue001]", said), text
