"""The types that the pages are written against say what the services say."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))

from pages import GENERATED, digest_of, documents


def test_the_generated_types_are_of_the_present_documents():
    for name, document in documents().items():
        first = (GENERATED / f"{name}.d.ts").read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.endswith(digest_of(document)), f"{name}: run `make api`"
