"""The proof for schemes with a plan: the plan, applied to the recorded events, gives what the ledger holds."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.aside import aside
from rules.plan import evaluate
from services.scoring.actions.carrying import carried_of, standing
from services.scoring.actions.evaluating import wanted_of
from services.scoring.actions.verdict import Verdict
from services.scoring.queries import gathering, planned


async def verify_plans(session: AsyncSession, verdict: Verdict, period_id: UUID | None) -> set[UUID]:
    """Periods that a plan scores, one after the other. Their ids: rules of indicators do not hold there."""
    periods = await planned.periods_by_plan(session, period_id)
    for period in periods:
        binding = await planned.binding_of(session, period.scheme_id)
        if binding is None:
            continue
        gathered = await gathering.gather_from_the_logs(session, binding, period)
        evaluation = await aside(len(gathered.kinds), evaluate, binding.plan, gathered.facts)
        posted = await planned.posted(session, period.id)
        for subject_id in sorted(gathered.kinds.keys() | posted.keys()):
            here = subject_id in gathered.kinds
            wanted = wanted_of(binding, evaluation, str(subject_id)) if here else {}
            held = posted[subject_id].nodes if subject_id in posted else {}
            for node, module in sorted({*wanted, *held}):
                one, other = wanted.get((node, module), 0), held.get((node, module), 0)
                if one != other:
                    verdict.differ("plan", f"{subject_id}/{node}/{period.id}", one, other)
        carried = {key: row.points_milli for key, row in (await standing(session, period.id)).items()}
        should = carried_of(binding, evaluation, gathered)
        for key in sorted({*carried, *should}):
            if carried.get(key) != should.get(key):
                verdict.differ("carried", f"{key[0]}/{key[1]}/{period.id}", should.get(key), carried.get(key))
        verdict.scored += len(gathered.kinds)
    return {period.id for period in periods}
