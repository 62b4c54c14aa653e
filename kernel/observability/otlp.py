"""The half of `tracing` that needs OpenTelemetry; imported when an endpoint is named, and by nothing else."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

import requests
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, StatusCode, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes
from typing_extensions import override

from kernel.version import VERSION

SEND_TIMEOUT_S = 5.0
_KINDS = {
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_wanted: ContextVar[int | None] = ContextVar("wanted_trace_id", default=None)


class Span:
    """One that goes on."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def tell(self, *, name: str | None = None, failed: bool = False, **facts: str | int) -> None:
        if name is not None:
            self._span.update_name(name)
        for key, value in facts.items():
            self._span.set_attribute(_dotted(key), value)
        if failed:
            self._span.set_status(StatusCode.ERROR)

    def end(self) -> None:
        self._span.end()


class _Ids(RandomIdGenerator):
    @override
    def generate_trace_id(self) -> int:
        return _wanted.get() or super().generate_trace_id()


class _Share(Sampler):
    """The same traces in every process: by a hash of the id, because ids of requests begin with the time."""

    def __init__(self, share: float) -> None:
        self._bound = int(share * 2**64)

    @override
    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        digest = hashlib.sha256(trace_id.to_bytes(16, "big")).digest()
        kept = int.from_bytes(digest[:8], "big") < self._bound
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes)

    @override
    def get_description(self) -> str:
        return "share of traces, by a hash of their ids"


class Otlp:
    """Spans of one process, on their way to a collector. It being away costs spans and nothing else."""

    def __init__(self, endpoint: str, *, process: str, share: float) -> None:
        session = requests.Session()
        session.trust_env = False
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_TIMEOUT_S, session=session
        )
        resource = Resource(
            {"service.namespace": "kaohe", "service.name": process, "service.version": VERSION}
        )
        self._provider = TracerProvider(
            resource=resource, sampler=_Share(share), id_generator=_Ids(), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("kaohe", VERSION)
        self._headers = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self, name: str, kind: str, parent: str | None, root: str | None, facts: Mapping[str, str]
    ) -> Iterator[Span]:
        wanted = _wanted.set(_as_trace_id(root))
        try:
            going = self._tracer.start_span(
                name, context=self._context(parent), kind=_KINDS[kind], attributes=_named(facts)
            )
        finally:
            _wanted.reset(wanted)
        # What an exception says may name people: only that there was one is told.
        with trace.use_span(going, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield Span(going)
            except BaseException:
                going.set_status(StatusCode.ERROR)
                raise

    def begin(self, name: str, facts: Mapping[str, str]) -> Span | None:
        if not trace.get_current_span().is_recording():
            return None
        return Span(self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=_named(facts)))

    def past(self, name: str, kind: str, parent: str, began_ns: int, facts: Mapping[str, str]) -> None:
        self._tracer.start_span(
            name,
            context=self._context(parent),
            kind=_KINDS[kind],
            attributes=_named(facts),
            start_time=began_ns,
        ).end()

    def traceparent(self) -> str | None:
        found: dict[str, str] = {}
        self._headers.inject(found)
        return found.get("traceparent")

    def stop(self) -> None:
        self._provider.shutdown()

    def _context(self, parent: str | None) -> Context:
        """Never what happens to go on here: each of these spans begins something, here or in this process."""
        return self._headers.extract({"traceparent": parent} if parent else {}, context=Context())


def _named(facts: Mapping[str, str]) -> dict[str, str]:
    return {_dotted(key): value for key, value in facts.items()}


def _dotted(key: str) -> str:
    """`http_response_status__code` is the convention's `http.response.status_code`."""
    return key.replace("__", "\0").replace("_", ".").replace("\0", "_")


def _as_trace_id(text: str | None) -> int | None:
    try:
        return UUID(text).int if text else None
    except ValueError:
        return None
