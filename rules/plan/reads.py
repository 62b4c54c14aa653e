"""Which nodes and figures several operands and conditions read, together."""

from collections.abc import Iterable
from typing import Protocol


class Reads(Protocol):
    @property
    def inputs(self) -> tuple[str, ...]: ...

    @property
    def figures(self) -> tuple[str, ...]: ...


def inputs_of(*each: Reads | None) -> tuple[str, ...]:
    """The ids of nodes, in order, each once."""
    return _once(name for one in each if one is not None for name in one.inputs)


def figures_of(*each: Reads | None) -> tuple[str, ...]:
    return _once(name for one in each if one is not None for name in one.figures)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
