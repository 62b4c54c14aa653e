"""JSON lines on standard output: an event name and facts, never names of people or texts they wrote."""

import logging
import sys
from pathlib import Path
from typing import Any

import structlog

_SECRET = ("password", "token", "secret", "cookie", "authorization", "csrf")


def _redact(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {k: "…" if any(word in k.lower() for word in _SECRET) else v for k, v in event.items()}


_COMMON: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
    structlog.processors.format_exc_info,
    _redact,
)


def configure(level: str = "INFO", file: Path | None = None) -> None:
    """Once a process, before anything else logs; to standard output unless a file is named."""
    out = file.open("a", encoding="utf-8", buffering=1) if file else sys.stdout
    structlog.configure(
        processors=[*_COMMON, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    # Libraries log through the standard library: the same lines, from warnings on.
    handler = logging.StreamHandler(out)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[remove, renderer], foreign_pre_chain=_COMMON)
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
