"""What can go wrong, as classes: a kind, a code and a sentence in both languages. Only kernel.web knows HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


class Problem(Exception):
    """A foreseen refusal. Subclasses set `code`, `zh` and `en`; the sentences are formatted with the facts."""

    kind: ClassVar[Kind]
    code: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The sentence for a person, `language` being "zh" or "en"."""
        return (self.zh if language == "zh" else self.en).format_map(_Facts(self.facts))


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


class Invalid(Problem):
    kind = Kind.INVALID
    code = "invalid"
    zh = "输入有误"
    en = "The input is not valid"


class Unauthenticated(Problem):
    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"
    zh = "请先登录"
    en = "Please sign in"


class Forbidden(Problem):
    kind = Kind.FORBIDDEN
    code = "forbidden"
    zh = "您没有此项权限"
    en = "You do not have this permission"


class NotFound(Problem):
    kind = Kind.NOT_FOUND
    code = "not-found"
    zh = "没有找到,或您无权查看"
    en = "Not found, or not visible to you"


class Conflict(Problem):
    kind = Kind.CONFLICT
    code = "conflict"
    zh = "与当前状态冲突"
    en = "This conflicts with the current state"


class TooLarge(Problem):
    kind = Kind.TOO_LARGE
    code = "too-large"
    zh = "内容过大,上限为 {limit} 字节"
    en = "Too large; the limit is {limit} bytes"


class Unsupported(Problem):
    kind = Kind.UNSUPPORTED
    code = "unsupported"
    zh = "不支持的类型"
    en = "This type is not supported"


class TooMany(Problem):
    kind = Kind.TOO_MANY
    code = "too-many"
    zh = "请求过多,请在 {retry_after} 秒后再试"
    en = "Too many requests; try again in {retry_after} seconds"


class Unavailable(Problem):
    kind = Kind.UNAVAILABLE
    code = "unavailable"
    zh = "服务暂时不可用,请稍后再试"
    en = "Temporarily unavailable; please try again"


class OutcomeUnknown(Unavailable):
    """The COMMIT was sent but its answer was lost; a retry with the same Idempotency-Key finds out (reliability D1.3)."""

    code = "outcome-unknown"
    zh = "结果未知,请用同一请求标识重试,不会重复提交"
    en = "The outcome is unknown; retry with the same Idempotency-Key, nothing will be doubled"


@dataclass(frozen=True, slots=True)
class Finding:
    """One error among many, with its place (a field path, or sheet and Excel row)."""

    place: str
    code: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Findings(Invalid):
    """Several findings at once: import rows, plan checks, field errors."""

    code = "findings"
    zh = "发现 {count} 处问题"
    en = "{count} problems were found"

    def __init__(self, items: Sequence[Finding], **facts: Any) -> None:
        self.items = tuple(items)
        super().__init__(count=len(self.items), **facts)
