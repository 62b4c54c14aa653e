"""Off, nothing of it is there; on, a share of the traces goes out, and a collector that is away disturbs nobody."""

import subprocess
import sys
from uuid import uuid4

import pytest

from kernel.local.child import free_port
from kernel.observability import tracing
from tests.kernel.observability.collecting import collecting


def test_without_an_endpoint_nothing_that_sends_is_imported() -> None:
    script = (
        "import sys, kernel.lifecycle, kernel.service, cli.serve, services.org.manifest\n"
        "from kernel.observability import tracing\n"
        "tracing.configure(None, process='org', share=1)\n"
        "with tracing.span('GET', 'server') as span: assert span is None and tracing.traceparent() is None\n"
        # FastAPI brings the interface, which does nothing by itself.
        "sends = ('opentelemetry.sdk', 'opentelemetry.exporter', 'google.protobuf', 'requests')\n"
        "print([name for name in sys.modules if name.startswith(sends)])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_endpoint_without_the_extra_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from kernel.observability import tracing\n"
        "try: tracing.configure('http://127.0.0.1:4318', process='org', share=1)\n"
        "except tracing.TracingMissing as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'kaohe[tracing]'" in done.stdout


def test_the_share_is_of_traces_whatever_their_ids_begin_with() -> None:
    from kernel.ids import new_id

    with collecting(share=0.5) as found:
        for _ in range(400):
            with tracing.span("GET", "server", root=str(new_id())):
                tracing_inside = tracing.begin("SELECT")
                if tracing_inside is not None:
                    tracing_inside.end()
    kept = {span.trace_id for span in found.of_kind("server")}
    assert 120 < len(kept) < 280  # ten standard deviations are 100
    assert {span.trace_id for span in found.of_kind("client")} == kept, "whole traces or none"
    with collecting(share=0) as nothing, tracing.span("GET", "server"):
        pass
    assert nothing.spans == []


def test_what_an_exception_says_is_in_no_trace() -> None:
    with (
        collecting() as found,
        pytest.raises(ValueError, match="张三"),
        tracing.span("process", "consumer", messaging_destination_name="org"),
    ):
        raise ValueError("张三")
    [span] = found.spans
    assert (span.failed, span.events, span.facts) == (True, 0, {"messaging.destination.name": "org"})
    assert found.paths == {"/v1/traces"}
    assert span.process == "org"


def test_a_collector_that_is_away_disturbs_nobody() -> None:
    tracing.configure(f"http://127.0.0.1:{free_port()}", process="org", share=1)
    with tracing.span("GET", "server", root=str(uuid4())) as span:
        assert span is not None
    tracing.stop()
    assert not tracing.on()
