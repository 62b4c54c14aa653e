"""Waiting until a process that was started answers that it is ready."""

import asyncio
import time

import httpx2

from kernel.local.child import Child

READY_S = 180
PAUSE_S = 0.1


async def until_ready(url: str, child: Child, *, seconds: float = READY_S) -> None:
    """Until `/health/ready` answers 200; raises ChildFailed's reason if the process ends first."""
    end = time.monotonic() + seconds
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        while True:
            if child.process.poll() is not None:
                raise RuntimeError(f"{child.name} ended with {child.process.returncode}\n{child.tail()}")
            try:
                if (await client.get(f"{url}/health/ready")).status_code == httpx2.codes.OK:
                    return
            except httpx2.TransportError:
                pass
            if time.monotonic() > end:
                raise TimeoutError(f"{child.name} is not ready after {seconds:.0f} s\n{child.tail()}")
            await asyncio.sleep(PAUSE_S)
