"""Many hands at once, with a bar that shows how far they are."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from cli.rehearsal.showing import Show

T = TypeVar("T")
R = TypeVar("R")


async def each(
    show: Show, title: str, items: Iterable[T], act: Callable[[T], Awaitable[R]], *, hands: int = 8
) -> list[R]:
    """`act` on every item, at most `hands` at a time; the results in the order of the items. The first error ends it."""
    todo = list(items)
    results: dict[int, R] = {}
    queue = iter(enumerate(todo))

    with show.stage(title, len(todo)) as step:

        async def work() -> None:
            for index, item in queue:
                results[index] = await act(item)
                step()

        async with asyncio.TaskGroup() as group:
            for _ in range(min(hands, len(todo))):
                group.create_task(work())
    return [results[index] for index in range(len(todo))]
