"""One line of JSON for each event, secrets left out, the libraries' own lines too."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from kernel.observability import logging as ours


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level, kept = root.level, structlog.get_config()
    root.handlers = []
    ours.configure(file=tmp_path / "log")
    (handler,) = root.handlers
    yield tmp_path / "log"
    root.removeHandler(handler)
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()
    structlog.configure(**kept)
    handler.stream.close()  # type: ignore[attr-defined]


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_an_event_says_when_what_and_for_which_request(log: Path):
    structlog.contextvars.bind_contextvars(service="org", request_id="abc-12345")
    structlog.get_logger("new").info("unit_closed", units=3)
    (line,) = lines(log)
    assert line.pop("ts").endswith("Z")
    assert line == {
        "event": "unit_closed", "level": "info", "service": "org", "request_id": "abc-12345", "units": 3
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["password", "new_password", "csrf", "session_token", "Authorization", "set_cookie"]
)
def test_secrets_are_left_out(log: Path, name: str):
    structlog.get_logger("new").warning("odd", **{name: "tr0ub4dor"})
    assert "tr0ub4dor" not in log.read_text(encoding="utf-8")


def test_a_trace_stays_on_its_line(log: Path):
    try:
        int('first\nsecond "quoted"')
    except ValueError as error:
        structlog.get_logger("new").error("unhandled", exc_info=error)
    (line,) = lines(log)
    assert "ValueError" in line["exception"]


def test_lines_of_libraries_are_json_too(log: Path):
    logging.getLogger("library").warning('a "quoted" %s', "word\nand a second line")
    logging.getLogger("library").info("not worth a line")
    (line,) = lines(log)
    assert (line["level"], line["event"]) == ("warning", 'a "quoted" word\nand a second line')
