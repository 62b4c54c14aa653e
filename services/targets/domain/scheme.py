"""The life of a scheme: drafted, shown for comments, published, archived."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from kernel.errors import Conflict, Invalid

ONE: Final = Decimal(1)


class SchemeState(StrEnum):
    DRAFT = "draft"
    CONSULTATION = "consultation"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class SumCheck(StrEnum):
    """What happens when the parts of a target add up to more than the target."""

    BLOCKING = "blocking"
    WARNING = "warning"


MOVES: Final = {
    SchemeState.DRAFT: frozenset({SchemeState.CONSULTATION, SchemeState.PUBLISHED}),
    SchemeState.CONSULTATION: frozenset({SchemeState.DRAFT, SchemeState.PUBLISHED}),
    SchemeState.PUBLISHED: frozenset({SchemeState.ARCHIVED}),
    SchemeState.ARCHIVED: frozenset[SchemeState](),
}


#: Not binding yet: everything in it may still be changed.
UNBOUND: Final = frozenset({SchemeState.DRAFT, SchemeState.CONSULTATION})


class SchemeMoveRefused(Conflict):
    code = "scheme-move-refused"
    zh = "方案当前状态为 {status},不能变为 {wanted}"
    en = "The scheme is {status} and cannot become {wanted}"


class SchemeNotDraft(Conflict):
    code = "scheme-not-draft"
    zh = "方案已发布,不能再这样修改"
    en = "The scheme is published; this can only be changed in a draft"


class SchemeNotPublished(Conflict):
    code = "scheme-not-published"
    zh = "方案尚未发布或已归档"
    en = "The scheme is not published, or is archived"


class VersionStale(Conflict):
    code = "stale-version"
    zh = "数据已被他人修改,请刷新后再试"
    en = "Somebody else has changed this meanwhile; reload and try again"


class RollUpInvalid(Invalid):
    code = "roll-up-invalid"
    zh = "本级权重与成员权重之和必须等于 1"
    en = "own_weight and members_weight must add up to 1"


class ModuleTwice(Invalid):
    code = "module-twice"
    zh = "模块 {module} 重复"
    en = "The module {module} is listed twice"


class ModuleBoundsInvalid(Invalid):
    code = "module-bounds-invalid"
    zh = "模块 {module} 的下限高于上限"
    en = "The floor of module {module} is above its cap"


def move(status: SchemeState, wanted: SchemeState) -> SchemeState:
    if wanted not in MOVES[status]:
        raise SchemeMoveRefused(status=status.value, wanted=wanted.value)
    return wanted


def ensure_draft(status: str) -> None:
    """In consultation a scheme is still being written."""
    if status not in UNBOUND:
        raise SchemeNotDraft


def ensure_published(status: str) -> None:
    if status != SchemeState.PUBLISHED:
        raise SchemeNotPublished


def ensure_not_archived(status: str) -> None:
    if status == SchemeState.ARCHIVED:
        raise SchemeNotPublished


def ensure_version(found: int, wanted: int | None) -> None:
    if wanted is not None and found != wanted:
        raise VersionStale


def ensure_roll_up(own_weight: Decimal, members_weight: Decimal) -> None:
    if own_weight + members_weight != ONE:
        raise RollUpInvalid


def ensure_modules(modules: list[tuple[str, Decimal | None, Decimal | None]]) -> None:
    """(code, cap, floor) of each: no code twice, no floor above a cap."""
    seen: set[str] = set()
    for code, cap, floor in modules:
        if code in seen:
            raise ModuleTwice(module=code)
        seen.add(code)
        if cap is not None and floor is not None and floor > cap:
            raise ModuleBoundsInvalid(module=code)
