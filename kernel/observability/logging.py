"""JSON lines on standard output: an event name and facts, never names of people or texts they wrote."""

import logging
import sys
from pathlib import Path
from typing import Any

import structlog

_SECRET = ("password", "token", "secret", "cookie", "authorization", "csrf")


def _redact(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {k: "…" if any(word in k.lower() for word in _SECRET) else v for k, v in event.items()}


def configure(level: str = "INFO", file: Path | None = None) -> None:
    """Once a process, before anything else logs; to standard output unless a file is named."""
    out = file.open("a", encoding="utf-8", buffering=1) if file else sys.stdout
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=out, format='{"level": "%(levelname)s", "logger": "%(name)s", "event": "%(message)s"}')
