"""Where a second copy of a stored file lies in a folder: below the first two letters of its SHA-256."""

from pathlib import Path


def relative_place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def place_of(folder: Path, sha256: str) -> Path:
    return folder / relative_place(sha256)
