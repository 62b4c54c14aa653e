"""Whether somebody may decide about these subjects at all (`domain.recusing`), and in whose place he then does."""

from datetime import date

from kernel.delivery.recusals import standing_of
from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.recusal import Absent, Standing
from services.scoring.domain.recusing import About, ensure_free


async def free_of(tx: Transaction, permission: str, *abouts: About, today: date, by: Principal) -> Principal:
    """`by`, with the absent person whose right is used for them, the first where it is several. Raises Recused."""
    standing = await standing_of(tx.session, by, today=today)
    absent = [in_place_of(standing, permission, about, by=by) for about in abouts]
    return by.standing_in_for(next((each for each in absent if each is not None), None))


def in_place_of(standing: Standing, permission: str, about: About, *, by: Principal) -> Absent | None:
    """That the grants cover the subject is for others to ask; those that reach it through a scheme may not."""
    claims = by.covering(permission, about.path)
    own = [None] if not claims or any(claim.delegated_by is None for claim in claims) else []
    others = [standing.absent.get(claim.delegated_by) for claim in claims if claim.delegated_by is not None]
    return ensure_free(standing.me, [*own, *(party for party in others if party is not None)], about)
