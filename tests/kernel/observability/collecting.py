"""A collector of our own: takes OTLP over HTTP as any other does, and keeps what it was told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from kernel.observability import tracing


@dataclass(frozen=True)
class Told:
    """A span as it came over the wire."""

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    failed: bool
    facts: dict[str, Any]
    events: int
    process: str


@dataclass
class Collector:
    url: str
    spans: list[Told] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def of_kind(self, kind: str) -> list[Told]:
        return [span for span in self.spans if span.kind == kind]


@contextmanager
def collecting(*, share: float = 1.0) -> Iterator[Collector]:
    """Traces of the block; all are there after it."""
    found = Collector("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.paths.add(self.path)
            found.spans += read(ExportTraceServiceRequest.FromString(body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    tracing.configure(found.url, process="org", share=share)
    try:
        yield found
    finally:
        tracing.stop()
        server.shutdown()
        thread.join()
        server.server_close()


def read(request: ExportTraceServiceRequest) -> Iterator[Told]:
    for resource in request.resource_spans:
        process = {a.key: a.value.string_value for a in resource.resource.attributes}["service.name"]
        for scope in resource.scope_spans:
            for span in scope.spans:
                facts = {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
                kind = ("", "internal", "server", "client", "producer", "consumer")[span.kind]
                yield Told(
                    span.name, kind, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(),
                    span.status.code == 2, facts, len(span.events), process,
                )  # fmt: skip
