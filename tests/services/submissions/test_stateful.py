"""Everything that people do, in any order, with crashes in between, on a real database: the invariants hold after each step."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import text

from contracts.org import Posting, PostingKind
from contracts.permissions import Role
from contracts.targets import Period
from kernel.clock import ManualClock
from kernel.delivery.stamper import open_stream, stamp_batch
from kernel.delivery.transaction import Transaction
from kernel.delivery.verification import verify_chain
from kernel.errors import Problem
from kernel.ids import new_id
from kernel.local.objectstore import ObjectStore
from kernel.testing.databases import Databases
from kernel.testing.people import grant
from kernel.testing.platform import Platform
from services.submissions.actions import (
    adjudging,
    appealing,
    drafting,
    hearing,
    rerouting,
    reviewing,
    ruling,
    sending,
    submitting,
)
from services.submissions.domain.appeal import AppealState
from services.submissions.manifest import service
from services.submissions.settings import SubmissionSettings
from tests.services.submissions.bureau import CUTOFF, NOON, Bureau
from tests.services.submissions.invariants import Broken, Known, check

EXAMPLES = int(os.environ.get("KAOHE_TEST_EXAMPLES", "300"))
STEPS = 50
REVIEWERS = ("assessor", "other_assessor", "office", "author", "judge_and_assessor", "wrong_line")
JUDGES = ("adjudicator", "second", "judge_and_assessor", "author")
AUTHORS = ("author", "stranger", "leader")


class Crash(Exception):
    """The process dies before it commits."""


class World:
    """The service, the bureau and the clock, shared by all examples; each example has a period and targets of its own."""

    def __init__(self, runner: asyncio.Runner, platform: Platform, clock: ManualClock) -> None:
        self.runner, self.platform, self.clock = runner, platform, clock
        self.bureau = Bureau()
        city = self.bureau.units["CITY"]
        self.bureau.join("second", "KHB", grant(Role.ADJUDICATOR, city.id, city.path))
        runner.run(platform.tell("submissions", *self.bureau.events))
        self.db = platform.runtimes["submissions"].db
        found = platform.runtimes["submissions"].settings
        assert isinstance(found, SubmissionSettings)
        self.settings = found.model_copy(update={"undo_seconds": 8})

    def tell(self, *events: Any) -> None:
        self.runner.run(self.platform.tell("submissions", *events))


class Life(RuleBasedStateMachine):
    """Rules try; what the service refuses must have changed nothing, what it grants must keep the invariants."""

    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        world = self.world
        world.clock.move_to(NOON)
        self.period: Period = world.bureau.period.model_copy(update={"id": new_id()})
        self.targets = {}
        for name in ("author", "stranger"):
            made = world.bureau.target(name).model_copy(update={"period_id": self.period.id})
            self.targets[name] = made
        world.tell(self.period, *self.targets.values())
        self.known: dict[UUID, Known] = {}
        self.appeals: dict[UUID, UUID] = {}
        self.crashing = False

    def _try(self, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        """The outcome, or None if it was refused or the process died; all that is known is looked at afterwards."""

        async def dying(tx: Transaction) -> Any:
            await work(tx)
            await tx.session.flush()
            raise Crash

        async def step() -> Any:
            async with self.world.db.transaction() as tx:
                return await (dying(tx) if self.crashing else work(tx))

        try:
            return self.world.runner.run(step())
        except (Problem, Crash):
            return None
        finally:
            self.crashing = False

    def _look(self, submission_id: UUID) -> None:
        async def look() -> None:
            async with self.world.db.reading() as session:
                await check(session, submission_id, self.known[submission_id])

        self.world.runner.run(look())

    def teardown(self) -> None:
        """Steps that were refused, and those that died, are looked at here."""
        for one in getattr(self, "known", ()):
            self._look(one)

    def _some(self, n: int) -> UUID | None:
        return list(self.known)[n % len(self.known)] if self.known else None

    @rule()
    def the_next_step_dies_before_it_commits(self) -> None:
        self.crashing = True

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))

    @rule()
    def the_cut_off_comes(self) -> None:
        self.world.clock.move_to(max(self.world.clock.now(), CUTOFF - timedelta(minutes=1)))

    @rule(
        who=st.sampled_from(AUTHORS),
        subject=st.sampled_from(["author", "stranger"]),
        quantity=st.integers(1, 5),
        lost=st.booleans(),
        behalf=st.booleans(),
    )
    def somebody_sends(self, who: str, subject: str, quantity: int, *, lost: bool, behalf: bool) -> None:
        """With `lost`, the answer does not arrive and the form is sent again; it arrives once."""
        key, by, target = str(uuid4()), self.world.bureau.people[who], self.targets[subject]
        day = NOON.date()
        work = drafting.Work(target.id, day, Decimal(quantity), "抓获一名", None, key, behalf)

        async def send(tx: Transaction) -> Any:
            return await sending.send(tx, work, by=by, settings=self.world.settings)

        sent = self._try(send)
        if lost or sent is None:
            sent = self._try(send) or sent
        if sent is None:
            return
        row = sent[0].case.row
        known = Known(key, target.subject_id, self.period.cutoff_at, row.version)
        self.known[row.id] = known
        known.acknowledged.add(row.version)
        self._look(row.id)

    @rule(
        n=st.integers(0, 9),
        who=st.sampled_from(AUTHORS),
        step=st.sampled_from(["recall", "withdraw", "correct", "submit"]),
    )
    def an_author_goes_on(self, n: int, who: str, step: str) -> None:
        one = self._some(n)
        if one is None:
            return
        by, our = self.world.bureau.people[who], self.world.settings

        async def work(tx: Transaction) -> Any:
            match step:
                case "recall":
                    return await submitting.take_back(tx, one, by=by)
                case "withdraw":
                    return await submitting.withdraw(tx, one, by=by)
                case "correct":
                    changes = drafting.Corrections(None, quantity=Decimal(4), summary="改")
                    return await drafting.correct(tx, one, changes, by=by, settings=our)
                case _:
                    return await submitting.submit(tx, one, by=by, settings=our)

        done = self._try(work)
        if step == "submit" and done is not None:
            self.known[one].acknowledged.add(done.case.row.version)
        if done is not None:
            self._look(one)

    @rule(
        n=st.integers(0, 9),
        who=st.sampled_from(REVIEWERS),
        step=st.sampled_from(
            ["claim", "next", "release", "accept", "reduce", "refuse", "return", "undo", "reopen"]
        ),
    )
    def a_reviewer_goes_on(self, n: int, who: str, step: str) -> None:  # noqa: C901 -- one case a step
        one = self._some(n)
        if one is None:
            return
        by, our = self.world.bureau.people[who], self.world.settings

        async def work(tx: Transaction) -> Any:  # noqa: PLR0911 -- one a step
            match step:
                case "claim":
                    return await reviewing.claim_one(tx, one, by=by, settings=our)
                case "release":
                    return await reviewing.release(tx, one, by=by)
                case "undo":
                    return await ruling.undo(tx, [one], by=by)
                case "reopen":
                    return await rerouting.reopen_decision(tx, one, reason="看错", by=by, settings=our)
                case "next":
                    await reviewing.claim_one(tx, one, by=by, settings=our)
                    return await ruling.rule(tx, one, "accept", ruling.Verdict(), by=by, settings=our)
                case "reduce":
                    verdict = ruling.Verdict(Decimal(1), "重复", "第三条")
                    return await ruling.rule(tx, one, "accept", verdict, by=by, settings=our)
                case "accept":
                    return await ruling.rule(tx, one, "accept", ruling.Verdict(), by=by, settings=our)
                case _:
                    verdict = ruling.Verdict(None, "不符", "第三条")
                    return await ruling.rule(tx, one, step, verdict, by=by, settings=our)

        if self._try(work) is not None:
            self._look(one)

    @rule()
    def decisions_take_effect(self) -> None:
        self.world.clock.advance(timedelta(seconds=9))

        async def work(tx: Transaction) -> Any:
            return [
                await ruling.take_effect(tx, one, settings=self.world.settings)
                for one in await ruling.take_due(tx)
            ]

        self._try(work)
        for one in self.known:
            self._look(one)

    @rule(n=st.integers(0, 9), who=st.sampled_from(AUTHORS), wanted=st.sampled_from([None, Decimal(1)]))
    def somebody_appeals(self, n: int, who: str, wanted: Decimal | None) -> None:
        one = self._some(n)
        if one is None:
            return
        by, our = self.world.bureau.people[who], self.world.settings
        plea, earlier = appealing.Plea("事实清楚", wanted), self.appeals.get(one)

        async def work(tx: Transaction) -> Any:
            if earlier is None:
                return await appealing.file_appeal(tx, one, plea, by=by, settings=our)
            return await appealing.ask_again(tx, earlier, plea, by=by, settings=our)

        heard = self._try(work)
        if heard is not None:
            self.appeals[one] = heard[0].id
            self._look(one)

    @rule(
        n=st.integers(0, 9),
        who=st.sampled_from(JUDGES),
        step=st.sampled_from(["admit", "not_admit", "upheld", "changed", "less", "withdraw"]),
    )
    def an_appeal_goes_on(self, n: int, who: str, step: str) -> None:
        one = self._some(n)
        appeal = self.appeals.get(one) if one else None
        if one is None or appeal is None:
            return
        by, our = self.world.bureau.people[who], self.world.settings

        async def work(tx: Transaction) -> Any:
            match step:
                case "admit":
                    return await hearing.admit(tx, appeal, by=by, settings=our)
                case "not_admit":
                    return await hearing.not_admit(tx, appeal, reason="x", by=by, settings=our)
                case "withdraw":
                    return await appealing.withdraw_appeal(tx, appeal, by=by)
                case "upheld":
                    ruled = adjudging.Ruling(AppealState.UPHELD, None, "维持")
                case _:
                    quantity = Decimal(1) if step == "less" else Decimal(3)
                    ruled = adjudging.Ruling(AppealState.CHANGED, quantity, "变更")
            return await adjudging.decide(tx, appeal, ruled, by=by, settings=our)

        if self._try(work) is not None:
            self._look(one)

    @rule(unit=st.sampled_from(["ZD1", "ZD2", "XJ1"]))
    def the_officer_is_transferred(self, unit: str) -> None:
        """From today on; what was done before stays where it was."""
        officer = self.world.bureau.people["stranger"].officer_id
        assert officer is not None
        today = self.world.clock.now().date()
        self.world.tell(
            Posting(
                id=uuid4(), version=1, officer_id=officer, unit_id=self.world.bureau.units[unit].id, post="民警",
                kind=PostingKind.REGULAR, role_coefficient=Decimal(1), is_primary=True, valid_from=today, valid_to=today,
            )
        )  # fmt: skip

    @rule()
    def the_rule_of_the_indicator_changes(self) -> None:
        indicator = self.world.bureau.without_evidence
        revised = indicator.model_copy(
            update={"version": indicator.version + 1, "revision": indicator.revision + 1}
        )
        self.world.bureau.without_evidence = revised
        self.world.tell(revised)


@pytest.fixture(scope="module")
def world(databases: Databases, objects: ObjectStore) -> Iterator[World]:
    with asyncio.Runner() as runner:
        clock = ManualClock(NOON)
        platform = Platform(databases, objects, [service], clock=clock)
        runner.run(platform.__aenter__())
        try:
            yield World(runner, platform, clock)
        finally:
            runner.run(platform.__aexit__())


@pytest.mark.timeout(1200)
def test_whatever_people_do_the_invariants_hold(world: World) -> None:
    Life.world = world
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck), print_blob=False,
        ),
    )  # fmt: skip

    async def whole() -> None:
        await open_stream(world.db, "submissions")
        while await stamp_batch(world.db, "submissions"):
            pass
        async with world.db.reading() as session:
            found = await verify_chain(session, "submissions")
            assert found.first_wrong is None
            assert found.events > EXAMPLES
            counted = await session.execute(
                text("SELECT (SELECT count(*) FROM submission) AS rows, (SELECT sum(version) FROM submission) AS versions, "
                     "(SELECT count(*) FROM bus.event_log WHERE type = 'submissions.submission.v1') AS events")
            )  # fmt: skip
            row = counted.one()
            assert row.versions == row.events

    world.runner.run(whole())


#: What breaks what: a hand at the database, or a rule that is missing, and the invariant that must notice.
MUTANTS = {
    "I-ORDER": "DELETE FROM bus.outbox WHERE aggregate_id = :id AND aggregate_version = 1",
    "I-AUDIT one step": "DELETE FROM history WHERE submission_id = CAST(:id AS uuid) AND version = 1",
    "I-AUDIT every step": "UPDATE history SET actor = '' WHERE submission_id = CAST(:id AS uuid)",
    "I-UNKNOWN": "UPDATE submission SET client_key = (SELECT client_key FROM submission WHERE id = CAST(:id AS uuid)) "
    "WHERE id = (SELECT id FROM submission WHERE id <> CAST(:id AS uuid) LIMIT 1)",
    "I-ACK": "DELETE FROM arrival WHERE submission_id = CAST(:id AS uuid)",
    "I-CUT": "UPDATE arrival SET arrived_at = arrived_at + interval '60 days' WHERE submission_id = CAST(:id AS uuid)",
    "I-AUTHZ own": "UPDATE submission SET decided_by = subject_id WHERE id = CAST(:id AS uuid)",
    "I-AUTHZ appeal": "UPDATE appeal SET decided_by = (SELECT first_decided_by FROM submission WHERE id = CAST(:id AS uuid)) "
    "WHERE submission_id = CAST(:id AS uuid)",
    "I-NO-WORSE": "UPDATE appeal SET before_quantity = 2, accepted_quantity = NULL WHERE submission_id = CAST(:id AS uuid)",
}


@pytest.mark.parametrize("name", MUTANTS)
def test_each_invariant_notices_what_breaks_it(world: World, name: str) -> None:
    life = Life()
    Life.world = world
    life.begin()
    people, our = world.bureau.people, world.settings.model_copy(update={"undo_seconds": 0})
    for _ in range(2):
        life.somebody_sends("author", "author", 3, lost=False, behalf=False)
    one = next(iter(life.known))

    async def refused_and_heard(tx: Transaction) -> Any:
        await reviewing.claim_one(tx, one, by=people["assessor"], settings=our)
        await ruling.rule(
            tx, one, "refuse", ruling.Verdict(None, "不符", "第三条"), by=people["assessor"], settings=our
        )
        plea = appealing.Plea("事实清楚")
        heard, _ = await appealing.file_appeal(tx, one, plea, by=people["author"], settings=our)
        await hearing.admit(tx, heard.id, by=people["adjudicator"], settings=our)
        ruled = adjudging.Ruling(AppealState.UPHELD, None, "维持")
        return await adjudging.decide(tx, heard.id, ruled, by=people["adjudicator"], settings=our)

    assert life._try(refused_and_heard) is not None
    life._look(one)

    async def sabotage() -> None:
        from sqlalchemy.ext.asyncio import create_async_engine

        from kernel.db.engine import async_url

        engine = create_async_engine(async_url(world.platform.owner_urls["submissions"]))
        async with engine.connect() as connection:
            begun = await connection.begin()
            for table in ("history", "arrival"):
                await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER append_only"))
            await connection.execute(
                text("ALTER TABLE submission DROP CONSTRAINT uq_submission_created_by_account_client_key")
            )
            await connection.execute(text(MUTANTS[name]), {"id": str(one)})
            from sqlalchemy.ext.asyncio import AsyncSession

            with pytest.raises(Broken, match=name):
                await check(AsyncSession(bind=connection), one, life.known[one])
            await begun.rollback()
        await engine.dispose()

    world.runner.run(sabotage())
