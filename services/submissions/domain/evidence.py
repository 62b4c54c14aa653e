"""Files that prove the work."""

from kernel.errors import Conflict, Invalid

NAME_LENGTH = 120


class EvidenceMissing(Conflict):
    code = "evidence-missing"
    zh = "该指标要求上传佐证材料"
    en = "The indicator requires evidence"


class TooManyFiles(Conflict):
    code = "too-many-files"
    zh = "每项工作最多 {limit} 个佐证文件"
    en = "A submission has at most {limit} files"


class FileNameInvalid(Invalid):
    code = "file-name-invalid"
    zh = "文件名为空、过长(上限 {limit} 字)或含有不允许的字符"
    en = "The file name is empty, longer than {limit} characters, or has characters that are not allowed"


def ensure_complete(requirement: str, files: int) -> None:
    """Before sending: required evidence is there."""
    if requirement == "required" and files == 0:
        raise EvidenceMissing


def ensure_room(files: int, *, limit: int) -> None:
    if files >= limit:
        raise TooManyFiles(limit=limit)
