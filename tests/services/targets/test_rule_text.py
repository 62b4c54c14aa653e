from typing import Any

import pytest

from services.targets.domain.rule_text import NotUnderstood, example_from_text, rule_from_text
from services.targets.domain.workbook.headers import find_header
from services.targets.domain.workbook.values import marks_of, module_of, subject_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("按比例;满分10;封顶100%", {"type": "ratio", "full": "10", "cap": "1"}),
        ("全有或全无;满分15;达到100%", {"full": "15", "threshold": "target"}),
        ("逐件;每件0.5分;上限5", {"each": "0.5", "cap": "5"}),
        ("扣分;每次-1;最多扣5", {"each": "-1", "floor": "-5"}),
        (
            "阶梯;基础30;目标以下每低2%扣1分;不足一档不扣;最低0",
            {
                "base": "30",
                "step": "2",
                "unit": "percent_of_target",
                "below": "-1",
                "mode": "whole",
                "floor": "0",
            },
        ),
        ("分档;≥95:10;≥90:8;≥80:6;其余:0", {"otherwise": "0"}),
    ],
)
def test_words_of_a_workbook_become_a_rule(text: str, said: dict[str, Any]):
    assert said.items() <= rule_from_text(text).items()


def test_what_is_not_understood_is_quoted_with_its_place():
    with pytest.raises(NotUnderstood, match="part 2, '酌情给分'"):
        rule_from_text("按比例;酌情给分")


def test_an_example_says_the_facts_and_the_points():
    assert example_from_text("目标10;完成8;得8分") == {
        "facts": {"target": "10", "actual": "8"},
        "points": "8",
    }


def test_the_header_row_is_found_below_merged_titles_and_by_synonyms():
    rows = [
        ["2026年目标责任细则"],
        [""],
        ["序号", "考核项目", "一级指标", "归口部门", "标准分(分)", "计分办法"],
    ]
    found = find_header(rows)
    assert found is not None
    assert found.last == 2
    assert found.columns == {"code": 0, "name": 1, "module": 2, "line": 3, "full_marks": 4, "standard": 5}


def test_cells_are_read_in_the_words_of_the_trade():
    assert (module_of("业务工作", {}), subject_of("单位、个人"), marks_of("15分")) == (
        "mod_business",
        "both",
        15,
    )
    assert marks_of("十五") is None
