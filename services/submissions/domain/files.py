"""What is known of a stored file, who may open it, and how much room people have."""

from enum import StrEnum
from typing import Final

from kernel.errors import Conflict, Forbidden, TooLarge


class ScanState(StrEnum):
    """`unscanned`: no scanner is set up, or it could not look at this one."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


class PreviewState(StrEnum):
    """`none`: there is nothing to show of this kind of file."""

    PENDING = "pending"
    MADE = "made"
    NONE = "none"
    FAILED = "failed"


#: Kinds of which a preview is made.
PICTURED: Final = frozenset({"image/png", "image/jpeg", "application/pdf"})


class FileInfected(Forbidden):
    code = "file-infected"
    zh = "该文件被查出病毒({finding}),不能打开"
    en = "The file carries a virus ({finding}) and cannot be opened"


class FileNotScanned(Conflict):
    code = "file-not-scanned"
    zh = "该文件尚未完成病毒检查,审核人员暂不能打开"
    en = "The file has not been checked for viruses yet; reviewers cannot open it before"


class PersonalQuotaFull(TooLarge):
    code = "personal-quota-full"
    zh = "您的材料空间已满:已用 {used_mb} MB,上限 {limit_mb} MB,本文件需 {needs_mb} MB。请先删除不用的材料"
    en = "Your library is full: {used_mb} of {limit_mb} MB used, this file needs {needs_mb} MB. Remove what you do not need"


class UnitQuotaFull(TooLarge):
    code = "unit-quota-full"
    zh = "本单位的材料空间已满:已用 {used_mb} MB,上限 {limit_mb} MB,本文件需 {needs_mb} MB"
    en = "The library of your unit is full: {used_mb} of {limit_mb} MB used, this file needs {needs_mb} MB"


def ensure_openable(scan: ScanState, finding: str | None, *, own: bool, scanning: bool) -> None:
    """With scanning on, others open only what was found clean; what is infected, nobody opens, its owner included."""
    if scan is ScanState.INFECTED:
        raise FileInfected(finding=finding or "?")
    if scanning and not own and scan is not ScanState.CLEAN:
        raise FileNotScanned


def ensure_quota(used: int, needs: int, *, limit: int, of_unit: bool) -> None:
    """`limit` 0 means none."""
    if not limit or used + needs <= limit:
        return
    facts = {"used_mb": _mb(used), "limit_mb": _mb(limit), "needs_mb": _mb(needs)}
    raise (UnitQuotaFull if of_unit else PersonalQuotaFull)(**facts)


def _mb(count: int) -> str:
    return f"{count / (1024 * 1024):.1f}"
