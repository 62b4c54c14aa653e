"""Traces: requests, their statements, and the bus messages that follow from them. Off unless `configure` names an endpoint.

OpenTelemetry is not imported, and need not be installed, while it is off (extra `tracing`). A trace has the id of the request
where that is a UUID, as ours are: what an error page shows is what to look for. Values of statements, names and texts of people
and messages of exceptions are in no trace.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kernel.observability.otlp import Otlp, Span

Kind = Literal["server", "client", "producer", "consumer"]
_state: "list[Otlp]" = []


class TracingMissing(RuntimeError):
    """An endpoint is named, and what sends traces is not installed."""


def configure(endpoint: str | None, *, process: str, share: float) -> None:
    """Once a process: spans go to `endpoint`/v1/traces (OTLP over HTTP), of `share` of all traces. Raises TracingMissing."""
    if endpoint is None:
        return
    try:
        from kernel.observability.otlp import Otlp  # noqa: PLC0415 -- not there while it is off
    except ModuleNotFoundError as error:
        raise TracingMissing(f"{error.name}: pip install 'kaohe[tracing]'") from error
    _state.append(Otlp(endpoint, process=process, share=share))


def stop() -> None:
    """Send what is left; off afterwards."""
    while _state:
        _state.pop().stop()


@contextmanager
def span(
    name: str, kind: Kind, *, parent: str | None = None, root: str | None = None, **facts: str
) -> "Iterator[Span | None]":
    """The block as a span of `parent`, a traceparent; without one it begins the trace whose id is the UUID `root`."""
    if not _state:
        yield None
        return
    with _state[0].span(name, kind, parent, root, facts) as found:
        yield found


def on() -> bool:
    return bool(_state)


def begin(name: str, **facts: str) -> "Span | None":
    """A call to somewhere else, inside the span that goes on here and is kept; whoever gets one ends it."""
    return _state[0].begin(name, facts) if _state else None


def passed_on(name: str, kind: Kind, parents: Sequence[str | None], began_ns: int, **facts: str) -> None:
    """What was just done for several traces at once, a span each."""
    if _state:
        for parent in parents:
            if parent is not None:
                _state[0].past(name, kind, parent, began_ns, facts)


def traceparent() -> str | None:
    """Of the span that goes on here, for whatever follows from it."""
    return _state[0].traceparent() if _state else None
