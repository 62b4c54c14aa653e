"""Measurements: ratios against the least work that could do the same, and the closing of a whole city."""

import json
import os
import platform
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"


def record(part: str, figures: dict[str, Any]) -> None:
    """Keep the last figures of a part, with the machine that they are of and what else ran on it (load of five minutes)."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept[part] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": round(os.getloadavg()[1], 1),
        **figures,
    }
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
