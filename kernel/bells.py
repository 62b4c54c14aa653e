"""A doorbell: rung from anywhere in the process, answered by whoever waits."""

import asyncio


class Bell:
    """Many rings before an answer count as one; a ring is never lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    @property
    def rings(self) -> bool:
        """Whether it was rung and nobody has answered yet."""
        return self._rung.is_set()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 -- polling is the fallback, not an error
        """Until the next ring, or `timeout` seconds. True if it rang."""
        try:
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True
