"""The migrations of each service stand in one line: a number once, each after the one before."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = sorted(ROOT.glob("services/*/migrations/versions"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parents[1].name)
def test_migrations_stand_in_one_line(folder: Path) -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("0*.py"))]
    numbers = [
        re.findall(r"^(?:revision|down_revision)\b.*?= *['\"]?(\w+)['\"]?$", text, re.MULTILINE)
        for text in texts
    ]
    assert [pair[0] for pair in numbers] == [f"{n:04}" for n in range(1, len(texts) + 1)]
    assert [pair[1] for pair in numbers] == ["None", *(pair[0] for pair in numbers[:-1])]
