"""A group of query parameters as a model, read where the request is read."""

import inspect
from typing import Any

from fastapi import Depends
from pydantic import BaseModel


def asked(model: type[BaseModel]) -> Any:
    """A dependency that gives the model.

    For annotations: `Chosen = Annotated[Choice, asked(Choice)]`. FastAPI hands whatever is no coroutine to a thread, and waits for it; so it does with a model's class.
    """

    async def read(**given: Any) -> BaseModel:
        return model(**given)

    read.__signature__ = inspect.signature(model)  # type: ignore[attr-defined]
    return Depends(read)
