"""How a route gets at its service's runtime."""

from typing import Annotated

from fastapi import Depends, Request

from kernel.runtime import Runtime


async def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


App = Annotated[Runtime, Depends(_runtime)]
