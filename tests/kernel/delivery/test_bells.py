"""The doorbell between the processes of a service: one that only writes wakes the one that numbers."""

from uuid import uuid4

import pytest

from kernel.bells import Bell
from kernel.db.leader import hear, leadership
from kernel.delivery.idempotency import KeyReused
from kernel.delivery.transaction import OUTBOX_BELL, Database
from tests.kernel.delivery.driving import thing

BOUND_S = 10.0


async def test_events_of_a_process_that_does_not_number_ring_the_one_that_does(producer: Database):
    bell, elsewhere = Bell(), Database(producer.engine)
    async with leadership(producer.engine, f"test-{uuid4()}") as connection:
        await hear(connection, OUTBOX_BELL, bell.ring)
        async with elsewhere.transaction() as tx:
            await tx.publish(lambda event: event, thing())
        assert await bell.wait(BOUND_S)


async def test_a_transaction_that_says_nothing_and_one_that_is_rolled_back_do_not_ring(producer: Database):
    bell, elsewhere = Bell(), Database(producer.engine)
    async with leadership(producer.engine, f"test-{uuid4()}") as connection:
        await hear(connection, OUTBOX_BELL, bell.ring)
        async with elsewhere.transaction():
            pass
        with pytest.raises(KeyReused):
            async with elsewhere.transaction() as tx:
                await tx.publish(lambda event: event, thing())
                raise KeyReused
        async with elsewhere.transaction() as tx:
            await tx.publish(lambda event: event, thing(name="heard"))
        assert await bell.wait(BOUND_S)
        assert not bell.rings
