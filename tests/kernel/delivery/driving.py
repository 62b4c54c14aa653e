"""Small steps of the delivery, driven by hand."""

from uuid import UUID, uuid4

from sqlalchemy import text

from contracts.envelope import Event
from kernel.bells import Bell
from kernel.delivery.applier import Applier
from kernel.delivery.feed import LocalFeed
from kernel.delivery.handlers import Handlers
from kernel.delivery.recorder import Recorder
from kernel.delivery.stamper import stamp_batch
from kernel.delivery.transaction import Database
from tests.kernel.delivery.conftest import STREAM, Thing


def thing(
    version: int = 1, *, key: UUID | None = None, owner: str | None = None, name: str = "thing"
) -> Thing:
    return Thing(id=key or uuid4(), version=version, owner=owner, name=name)


async def publish(db: Database, *events: Event) -> None:
    async with db.transaction() as tx:
        await tx.publish_many(lambda event: event, events)


async def stamp_all(db: Database) -> int:
    total = 0
    while count := await stamp_batch(db, STREAM):
        total += count
    return total


def recorder(consumer: Database, producer: Database, name: str = "reader") -> Recorder:
    return Recorder(consumer, name, STREAM, LocalFeed(producer, STREAM), Bell())


def applier(consumer: Database, handlers: Handlers, name: str = "reader", workers: int = 4) -> Applier:
    return Applier(consumer, name, handlers, workers=workers)


async def scalars(db: Database, statement: str, **values: object) -> list[object]:
    async with db.reading() as session:
        return list((await session.scalars(text(statement), values)).all())


async def run(db: Database, statement: str, **values: object) -> None:
    async with db.engine.begin() as connection:
        await connection.execute(text(statement), values)


def writing(handlers: Handlers) -> Handlers:
    """Handlers that write the name of each thing, so that an effect can be counted."""

    @handlers.on(Thing)
    async def write(tx, event, _):
        await tx.session.execute(
            text("INSERT INTO effect (what) VALUES (:what)"), {"what": f"{event.name} {event.version}"}
        )

    return handlers
