"""Writes the tables of `sealing.shapes` and `sealing.texts` into both stand-alone verifiers, and the page's policy.

    python -m sealing.standalone.tables

The page allows exactly its own script and style, by their hashes; after any change to it this is run again.
"""

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from sealing.digests import sha256
from sealing.shapes import LEAVES, SHAPES
from sealing.texts import FAILED, NOT_VERIFIED, PASSED, SKIPPED, STEPS, UNUSABLE

PLACE: Final = Path(__file__).parent
TABLES: Final[dict[str, Any]] = {
    "shapes": SHAPES,
    "leaves": list(LEAVES),
    "steps": STEPS,
    "passed": PASSED,
    "skipped": SKIPPED,
    "failed": FAILED,
    "not_verified": NOT_VERIFIED,
    "unusable": UNUSABLE,
}


def as_json() -> str:
    """One line a member, so that a change shows as a line."""
    rows = []
    for name, table in TABLES.items():
        if isinstance(table, dict):
            inner = ",\n".join(f"  {_dump(key)}: {_dump(value)}" for key, value in table.items())
            rows.append(f" {_dump(name)}: {{\n{inner}\n }}")
        else:
            rows.append(f" {_dump(name)}: {_dump(table)}")
    return "{\n" + ",\n".join(rows) + "\n}"


def into_python(source: str) -> str:
    block = f'TABLES: Dict[str, Any] = json.loads(\n    r"""{as_json()}"""\n)\n'
    return _between(source, r"(# the tables [^\n]*\n)", block, r"(# end of the tables)")


def into_page(source: str) -> str:
    page = _between(
        source, r"(<script id=\"tables\" type=\"application/json\">\n)", as_json() + "\n", "(</script>)"
    )
    for kind, tag in (("script", r"<script id=\"verifier\">"), ("style", "<style>")):
        found = re.search(f"{tag}(.*?)</{kind}>", page, re.DOTALL)
        digest = sha256((found[1] if found else "").encode())
        page = re.sub(f"{kind}-src '[^']*'", f"{kind}-src 'sha256-{b64encode(digest).decode()}'", page)
    return page


def _between(source: str, begin: str, block: str, end: str) -> str:
    return re.sub(f"{begin}.*?{end}", lambda m: m[1] + block + m[2], source, count=1, flags=re.DOTALL)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    for name, embed in (("verify_receipt.py", into_python), ("verify_receipt.html", into_page)):
        path = PLACE / name
        if path.exists():
            path.write_text(embed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
