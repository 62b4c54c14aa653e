"""What goes in and out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.org import OfficerCategory, OfficerStatus, PostingKind, SubjectKind, UnitKind
from contracts.permissions import Role
from kernel.web.text import Code, Name, Orderly
from services.org.domain.roles import Risk

Username = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=64)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
UnitCode = Annotated[str, Orderly, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
PoliceNumber = Annotated[str, Orderly, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]
Lines = Annotated[tuple[Code, ...], Field(max_length=50)]
Day = Annotated[date, Field(ge=date(1949, 1, 1), le=date(2200, 12, 31))]
Coefficient = Annotated[
    Decimal, Field(ge=Decimal("0.01"), le=5, max_digits=4, decimal_places=3, allow_inf_nan=False)
]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls.model_validate(row)


class UnitOut(Out):
    id: UUID
    version: int
    code: str
    name: str
    level: int
    kind: UnitKind
    parent_id: UUID | None
    path: str
    series_id: UUID | None
    lines: list[str]
    valid_from: date
    valid_to: date | None
    merged_into: UUID | None
    split_from: UUID | None


class UnitIn(In):
    code: UnitCode
    name: Name
    kind: UnitKind
    parent_id: UUID | None = None
    series_id: UUID | None = None
    lines: Lines = ()
    valid_from: Day


class UnitChange(In):
    version: int = Field(ge=1, le=2**53)
    name: Name | None = None
    series_id: UUID | None = None
    lines: Lines | None = None


class LastDay(In):
    """The last day on which it holds."""

    on: Day


class SeriesOut(Out):
    id: UUID
    version: int
    code: str
    name: str
    subject_kind: SubjectKind


class SeriesIn(In):
    code: Code
    name: Name
    subject_kind: SubjectKind


class SeriesChange(In):
    version: int = Field(ge=1, le=2**53)
    name: Name


class PostingOut(Out):
    id: UUID
    version: int
    officer_id: UUID
    unit_id: UUID
    post: str
    kind: PostingKind
    role_coefficient: Decimal
    is_primary: bool
    valid_from: date
    valid_to: date | None


class PostingIn(In):
    officer_id: UUID
    unit_id: UUID
    post: Name
    kind: PostingKind = PostingKind.REGULAR
    role_coefficient: Coefficient = Decimal(1)
    is_primary: bool
    valid_from: Day
    valid_to: Day | None = None


class OfficerOut(Out):
    """`unit_id` and `post` are those of the primary posting today."""

    id: UUID
    version: int
    police_number: str
    name: str
    category: OfficerCategory
    status: OfficerStatus
    series_id: UUID | None
    unit_id: UUID | None = None
    post: str | None = None


class OfficerDetail(OfficerOut):
    postings: list[PostingOut]


class ChangeOfPlace(PostingOut):
    """`from_unit_id`: where the main posting was until the eve."""

    police_number: str
    name: str
    status: OfficerStatus
    from_unit_id: UUID | None


class DepartureIn(In):
    """`on`: the last day of service."""

    status: Literal[OfficerStatus.LEFT, OfficerStatus.RETIRED]
    on: Day


class OfficerIn(In):
    police_number: PoliceNumber
    name: Name
    category: OfficerCategory = OfficerCategory.OFFICER
    status: OfficerStatus = OfficerStatus.IN_SERVICE
    series_id: UUID | None = None


class OfficerChange(In):
    version: int = Field(ge=1, le=2**53)
    name: Name | None = None
    category: OfficerCategory | None = None
    status: OfficerStatus | None = None
    series_id: UUID | None = None


class OfficeOut(Out):
    id: UUID
    version: int
    unit_id: UUID
    scope_unit_id: UUID
    covers: list[UnitKind]
    valid_from: date
    valid_to: date | None


class OfficeIn(In):
    unit_id: UUID
    scope_unit_id: UUID
    covers: Annotated[tuple[UnitKind, ...], Field(max_length=20)] = ()
    valid_from: Day
    valid_to: Day | None = None


class AuthorityOut(Out):
    id: UUID
    version: int
    scope_unit_id: UUID
    line: str
    unit_id: UUID
    valid_from: date
    valid_to: date | None


class AuthorityIn(In):
    scope_unit_id: UUID
    line: Code
    unit_id: UUID
    valid_from: Day
    valid_to: Day | None = None


class AuthoritiesIn(In):
    authorities: Annotated[list[AuthorityIn], Field(min_length=1, max_length=500)]


class AccountOut(Out):
    id: UUID
    username: str
    name: str
    officer_id: UUID | None
    status: str
    must_change_password: bool


class AccountIn(In):
    """Either the officer, or a user name with a name for an account without police number."""

    officer_id: UUID | None = None
    username: Username | None = None
    name: Name | None = None


class AccountsIn(In):
    officer_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class SlipOut(BaseModel):
    """Shown once; the password must be changed at the first sign-in."""

    account_id: UUID
    officer_id: UUID | None
    police_number: str | None
    username: str
    one_time_password: str


class GrantOut(Out):
    id: UUID
    version: int
    account_id: UUID
    role: Role
    scope_unit_id: UUID
    lines: list[str]
    status: str
    valid_from: date
    valid_to: date | None
    proposed_by: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None


class GrantLineOut(GrantOut):
    """`others`: further roles of the account. `risks`: what to look at before approving."""

    account_name: str
    username: str
    scope_name: str
    scope_level: int
    proposed_by_name: str | None
    decided_by_name: str | None
    others: list[str]
    risks: list[Risk]


class GrantIn(In):
    account_id: UUID
    role: Role
    scope_unit_id: UUID
    lines: Lines = ()
    valid_from: Day
    valid_to: Day | None = None


class ApprovalIn(In):
    """`valid_to`: an earlier last day than was proposed; without it, as proposed."""

    valid_to: Day | None = None


class GrantsIn(In):
    grants: Annotated[list[GrantIn], Field(min_length=1, max_length=1000)]


class Ids(In):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]
