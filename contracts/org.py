"""What `org` tells the others: units, officers, postings, who assesses whom, who holds which role."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from typing_extensions import override

from contracts.envelope import Event
from contracts.permissions import Role

STREAM = "org"


class UnitKind(StrEnum):
    CITY_BUREAU = "city_bureau"
    ASSESSMENT_OFFICE = "assessment_office"
    DETACHMENT = "detachment"
    COUNTY_BUREAU = "county_bureau"
    SUB_BUREAU = "sub_bureau"
    POLICE_STATION = "police_station"
    BRIGADE = "brigade"
    SQUADRON = "squadron"
    SECTION = "section"
    INTERNAL_DEPARTMENT = "internal_department"
    CUSTODY_UNIT = "custody_unit"
    POLICE_POST = "police_post"
    TASK_FORCE = "task_force"


class SubjectKind(StrEnum):
    UNIT = "unit"
    OFFICER = "officer"


class OfficerCategory(StrEnum):
    OFFICER = "officer"
    AUXILIARY = "auxiliary"
    CIVILIAN = "civilian"


class OfficerStatus(StrEnum):
    IN_SERVICE = "in_service"
    PROBATION = "probation"
    LEFT = "left"
    RETIRED = "retired"


class PostingKind(StrEnum):
    REGULAR = "regular"
    CONCURRENT = "concurrent"
    SECONDMENT = "secondment"
    LOAN = "loan"
    TASK_DETAIL = "task_detail"
    LEAVE = "leave"
    TRAINING = "training"
    PROBATION = "probation"


class GrantStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


class Unit(Event):
    """`path` is the codes from the root to this unit, each followed by "/"; a subtree is a prefix.

    `deleted`: made by an import that was undone; it never was. `merged_into`, `split_from`: where its work went, or came from.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.unit.v1"

    code: str
    name: str
    level: int
    kind: UnitKind
    parent_id: UUID | None
    path: str
    series_id: UUID | None
    lines: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    deleted: bool = False
    merged_into: UUID | None = None
    split_from: UUID | None = None


class Series(Event):
    """A peer group in which units or officers are ranked."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.series.v1"

    code: str
    name: str
    subject_kind: SubjectKind


class Officer(Event):
    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.officer.v1"

    police_number: str
    name: str
    category: OfficerCategory
    status: OfficerStatus
    series_id: UUID | None


class Posting(Event):
    """Where an officer serves from `valid_from` to `valid_to`, both inclusive. One posting a day is primary."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.posting.v1"

    officer_id: UUID
    unit_id: UUID
    post: str
    kind: PostingKind
    role_coefficient: Decimal
    is_primary: bool
    valid_from: date
    valid_to: date | None
    deleted: bool = False

    @property
    @override
    def order_key(self) -> str:
        return f"org.officer.v1:{self.officer_id}"


class AssessmentOffice(Event):
    """`unit_id` assesses the units of the kinds `covers` below `scope_unit_id` (no kinds: all)."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.assessment_office.v1"

    unit_id: UUID
    scope_unit_id: UUID
    covers: tuple[UnitKind, ...]
    valid_from: date
    valid_to: date | None
    deleted: bool = False


class LineAuthority(Event):
    """归口: `unit_id` reviews the work of business line `line` inside the subtree of `scope_unit_id`."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.line_authority.v1"

    scope_unit_id: UUID
    line: str
    unit_id: UUID
    valid_from: date
    valid_to: date | None
    deleted: bool = False


class Grant(Event):
    """A role in a subtree, for some lines, for some time; effective only while `approved`.

    `decided_at`: when it was approved, refused or revoked; whoever lost it by being revoked had it until then.
    `noticed_at`: when it was said that it ends soon, once.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.grant.v1"

    account_id: UUID
    officer_id: UUID | None
    role: Role
    scope_unit_id: UUID
    lines: tuple[str, ...]
    status: GrantStatus
    valid_from: date
    valid_to: date | None
    decided_at: datetime | None = None
    noticed_at: datetime | None = None


class Delegation(Event):
    """A substitute for an absent assessor or adjudicator: `to_account_id` acts by the grant of `from_account_id`.

    One level: what was delegated is not delegated on. Every act names both. In force from `valid_from` to `valid_to`, both
    inclusive, unless `ended`.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.delegation.v1"

    grant_id: UUID
    role: Role
    scope_unit_id: UUID
    lines: tuple[str, ...]
    from_account_id: UUID
    from_officer_id: UUID | None
    to_account_id: UUID
    to_officer_id: UUID | None
    valid_from: date
    valid_to: date
    ended: bool


class RecusalGround(StrEnum):
    DECLARED = "declared"
    REQUESTED = "requested"


class Recusal(Event):
    """`officer_id` decides nothing about the subject while `in_force`. What kind of relation it is, is told to nobody.

    That nobody decides on himself or on his own unit needs no recusal: it follows from the postings.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.recusal.v1"

    officer_id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    ground: RecusalGround
    valid_from: date
    valid_to: date | None
    in_force: bool


class ConditionKind(StrEnum):
    INVESTIGATION = "investigation"
    SUSPENSION = "suspension"
    SANCTION = "sanction"
    SECLUDED = "secluded"


class Condition(Event):
    """A dated state of an officer that bounds the grade: `best_grade` is the best he may get, `held` that none is given yet.

    `no_grade`: assessed, but no grade is set (document and clause in `basis`).
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.condition.v1"

    officer_id: UUID
    kind: ConditionKind
    held: bool
    no_grade: bool
    best_grade: str | None
    basis: str
    valid_from: date
    valid_to: date | None
    deleted: bool = False

    @property
    @override
    def order_key(self) -> str:
        return f"org.officer.v1:{self.officer_id}"


class Parameter(Event):
    """A figure of the whole system, from `effective_on` until the next of the same key; proposed by one, approved by another.

    `value` is text: a number in decimals, true or false, or a word, as the key's definition says.
    """

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.parameter.v1"

    key: str
    value: str
    effective_on: date


class Term(Event):
    """A word of a dictionary (modules, reasons …). A word that was ever used is disabled, never deleted."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.term.v1"

    dictionary: str
    code: str
    zh: str
    en: str
    position: int
    enabled: bool


class Session(Event):
    """Published when a session is ended before its time, so that its still-valid tokens are refused everywhere."""

    stream: ClassVar[str] = STREAM
    type: ClassVar[str] = "org.session.v1"

    account_id: UUID
    revoked_at: datetime
