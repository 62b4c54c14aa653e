"""Pages as the API speaks of them."""

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from kernel.db.paging import PageRequest

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """`next` goes into `after` of the request for the following page; null on the last."""

    items: list[T]
    next: str | None


async def _page(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=2000)] = None,
) -> PageRequest:
    return PageRequest(limit, after)


PageQuery = Annotated[PageRequest, Depends(_page)]
