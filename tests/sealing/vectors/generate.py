"""Writes the test vectors: receipts that are sound, and receipts with one fault each. The same bytes at every run.

python -m tests.sealing.vectors.generate
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from tests.sealing.vectors import faults, keylists, sound

PLACE = Path(__file__).parent


def written() -> dict[str, str]:
    """File name and text of every vector."""
    vectors = [*sound.vectors(), *faults.vectors(), *keylists.vectors()]
    names = [vector.name for vector in vectors]
    assert len(set(names)) == len(names), "two vectors of one name"
    return {f"{vector.name}.json": text(vector.data()) for vector in vectors}


def text(data: dict[str, Any]) -> str:
    def plain(value: Any) -> Any:
        if not isinstance(value, bytes):
            return value
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": b64encode(value).decode()}

    return json.dumps({k: plain(v) for k, v in data.items()}, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    files = written()
    for old in PLACE.glob("*.json"):
        if old.name not in files:
            old.unlink()
    for name, source in files.items():
        (PLACE / name).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
