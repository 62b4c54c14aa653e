"""What a review or an appeal may decide."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from kernel.errors import Invalid
from services.submissions.domain.impartiality import ClaimedByOther, NotYourClaim
from services.submissions.domain.submission import WAITING, State, move, wrong_state

NOTHING = Decimal(0)


class AcceptAboveClaim(Invalid):
    code = "accept-above-claim"
    zh = "认定数量 {quantity} 超过申报数量 {claimed}"
    en = "The accepted quantity {quantity} is above the claim of {claimed}"


class AcceptNothing(Invalid):
    code = "accept-nothing"
    zh = "认定数量必须大于零;不予认定请用“不通过”"
    en = "The accepted quantity must be above zero; refuse it otherwise"


class ReasonRequired(Invalid):
    code = "reason-required"
    zh = "核减须写明理由"
    en = "A reduction needs a reason"


class ClauseRequired(Invalid):
    code = "clause-required"
    zh = "核减须引用条款"
    en = "A reduction needs the clause it is based on"


class WorseThanBefore(Invalid):
    code = "worse-than-before"
    zh = "复议结果不得低于原认定数量 {accepted}"
    en = "An appeal never ends below the {accepted} accepted before"


class NoChange(Invalid):
    code = "no-change"
    zh = "变更须给出不同于原认定的数量"
    en = "A change needs a quantity that differs from the one decided before"


class QuantityNotWanted(Invalid):
    code = "quantity-not-wanted"
    zh = "维持原认定时不填数量"
    en = "An upheld decision takes no quantity"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a submission for review, and until when."""

    officer_id: UUID | None
    until: datetime | None

    def held_by_other(self, officer_id: UUID | None, *, now: datetime) -> bool:
        return self.officer_id not in {None, officer_id} and self.until is not None and now <= self.until


def claim(state: State, held: Claim, *, officer_id: UUID | None, now: datetime, shown_until: str) -> State:
    """In review by `officer_id`. Renewing one's own claim and taking over an expired one are allowed."""
    if state not in WAITING:
        raise wrong_state(state, State.IN_REVIEW)
    if state is State.IN_REVIEW:
        if held.held_by_other(officer_id, now=now):
            raise ClaimedByOther(until=shown_until)
        return state
    return move(state, State.IN_REVIEW)


def ensure_claimed(state: State, held: Claim, *, officer_id: UUID | None, to: State) -> State:
    """The state after the holder of the claim decided; raises WrongState or NotYourClaim."""
    if state is State.SUBMITTED:
        raise NotYourClaim
    after = move(state, to)
    if held.officer_id != officer_id:
        raise NotYourClaim
    return after


def accepted_quantity(
    claimed: Decimal, wanted: Decimal | None, *, reason: str | None, clause: str | None
) -> Decimal:
    """What counts: the claim, or less with reason and clause. Never more."""
    quantity = claimed if wanted is None else wanted
    if quantity > claimed:
        raise AcceptAboveClaim(quantity=str(quantity), claimed=str(claimed))
    if quantity <= NOTHING:
        raise AcceptNothing
    if quantity < claimed:
        if not reason:
            raise ReasonRequired
        if not clause:
            raise ClauseRequired
    return quantity


def appealed_quantity(
    outcome: State, *, claimed: Decimal, accepted: Decimal, wanted: Decimal | None
) -> Decimal:
    """What counts after an appeal: as before when upheld, more than before and at most the claim when changed."""
    if outcome is State.UPHELD:
        if wanted is not None and wanted != accepted:
            raise QuantityNotWanted
        return accepted
    if wanted is None or wanted == accepted:
        raise NoChange
    if wanted < accepted:
        raise WorseThanBefore(accepted=str(accepted))
    if wanted > claimed:
        raise AcceptAboveClaim(quantity=str(wanted), claimed=str(claimed))
    return wanted
