"""Constraints of the database, told as problems."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from kernel.errors import Problem


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the violated constraint, if the server said it."""
    cause: BaseException | None = error.orig
    while cause is not None:
        name = getattr(cause, "constraint_name", None)
        if name:
            return str(name)
        cause = cause.__cause__
    return None


@contextmanager
def conflicts(problems: Mapping[str, Callable[[], Problem]]) -> Iterator[None]:
    """Raise the problem that belongs to a violated constraint; others pass through unchanged.

    The transaction is lost then: use it around the last write, and let the problem end the request.
    """
    try:
        yield
    except IntegrityError as error:
        make = problems.get(constraint_of(error) or "")
        if make is None:
            raise
        raise make() from error
