"""The indicator guard as the API speaks of it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from kernel.web.text import Line, Name, Note
from services.targets.api.schemas import Body, Version
from services.targets.domain.guard import Match
from services.targets.models import GuardExceptionRow, GuardRow


class GuardBody(Body):
    """`words`: groups; all words of a group found in an indicator match, a word with "!" must not be there."""

    title: Name
    words: Annotated[
        list[
            Annotated[
                list[Annotated[str, Field(min_length=2, max_length=30)]], Field(min_length=1, max_length=6)
            ]
        ],
        Field(min_length=1, max_length=50),
    ]
    ground: Line
    active: bool = True


class GuardChange(GuardBody):
    version: Version


class GuardOut(BaseModel):
    id: UUID
    version: int
    title: str
    words: list[list[str]]
    ground: str
    active: bool

    @classmethod
    def of(cls, row: GuardRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class GuardsOut(BaseModel):
    guards: list[GuardOut]


class ExceptionBody(Body):
    indicator_id: UUID
    guard_id: UUID
    reason: Note


class ExceptionOut(BaseModel):
    """Printed with the scheme: which indicator, from which entry, why, signed by whom and when."""

    id: UUID
    indicator_id: UUID
    guard_id: UUID
    indicator_name: str
    reason: str
    actor: str
    unit_id: UUID | None
    at: datetime

    @classmethod
    def of(cls, row: GuardExceptionRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class MatchOut(BaseModel):
    indicator_id: UUID
    indicator_code: str
    indicator_name: str
    guard_id: UUID
    guard_title: str
    ground: str
    words: list[str]

    @classmethod
    def of(cls, match: Match) -> Self:
        return cls(
            indicator_id=match.indicator.id,
            indicator_code=match.indicator.code,
            indicator_name=match.indicator.name,
            guard_id=match.guard.id,
            guard_title=match.guard.title,
            ground=match.guard.ground,
            words=list(match.words),
        )


class GuardedOut(BaseModel):
    """`matches` still stand against publishing; `exceptions` were signed."""

    matches: list[MatchOut]
    exceptions: list[ExceptionOut]
