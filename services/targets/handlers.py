"""Keeping the copies of what `org` owns, and following the closing of periods."""

from contracts import scoring
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.replicas import replicate
from kernel.delivery.transaction import Transaction
from services.targets.actions import scheduling
from services.targets.replicas import REPLICAS

handlers = Handlers()
replicate(handlers, *REPLICAS)


@handlers.on(scoring.Closing)
async def closing_moved(tx: Transaction, event: scoring.Closing, _: Delivered) -> None:
    await scheduling.follow_closing(tx, event)


@handlers.on_lost(scoring.Closing)
async def closing_lost(
    tx: Transaction, lost: scoring.Closing, instead: scoring.Closing | None, _: Delivered
) -> None:
    await scheduling.forget_closing(tx, lost, instead)
