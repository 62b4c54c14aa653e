import json
import re
from pathlib import Path

from rules.standing import parse_standing

_GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "standing.md"


def test_the_example_of_the_guide_is_a_setting_that_comes_back_from_its_data():
    (example,) = re.findall(r"```json\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    standing = parse_standing(json.loads(example))
    assert parse_standing(standing.to_data()) == standing
    assert standing.describe("zh")[0].startswith("高者在前;并列占位")
