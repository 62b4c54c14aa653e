"""Exact arithmetic over thousands takes seconds: it is done beside the event loop, which has others to serve."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

Made = TypeVar("Made")
#: Up to so many things the work is done where it is asked for: going to a thread and back would cost more.
FEW: Final = 25


async def aside(things: int, work: Callable[..., Made], *args: Any) -> Made:
    """`work(*args)`, which is about so many things."""
    return await asyncio.to_thread(work, *args) if things > FEW else work(*args)
