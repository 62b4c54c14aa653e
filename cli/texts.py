"""What the command line says, in the language of the terminal."""

import os
from typing import Final

EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_FINDINGS: Final = 3
EXIT_PRECONDITION: Final = 4
EXIT_DEPENDENCY: Final = 5
EXIT_INTERRUPTED: Final = 130


def say(zh: str, en: str) -> str:
    """Chinese where LANG is Chinese, English elsewhere."""
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return zh if language.lower().startswith("zh") else en
