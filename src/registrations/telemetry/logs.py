"""The log: JSON lines, or colours on a terminal; lines of Python's `logging` have the same format."""

import json
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

IDS: ContextVar[Mapping[str, str]] = ContextVar("IDS", default=MappingProxyType({}))
"""Fields that every line written during a request has, such as the id of the request."""


class Log:
    """The log of requests, without Python's `logging`, which would take several times as long for each."""

    def __init__(self, stream: TextIO) -> None:
        on_terminal = stream.isatty()
        logger = structlog.WriteLogger(stream) if on_terminal else structlog.BytesLogger(stream.buffer)
        self._write: Callable[[Any], None] = logger.msg
        self._render = _for_people() if on_terminal else _as_json

    def write(self, level: str, event: str, fields: Mapping[str, Any]) -> None:
        self._write(self._render(None, level, {**_head(level, event), **fields}))


def logging_config() -> dict[str, Any]:
    """The same format for Python's `logging`, as `logging.config.dictConfig` takes it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": _formatter, "stream": "ext://sys.stderr"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"},
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"registrations": {"level": "INFO"}, "uvicorn": {"level": "INFO"}},
    }


def _formatter(stream: TextIO) -> logging.Formatter:
    to_text: list[Processor] = [_for_people()] if stream.isatty() else [structlog.processors.format_exc_info, _as_text]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, _with_head],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *to_text],
    )


def _with_head(_logger: WrappedLogger, level: str, event: EventDict) -> EventDict:
    return {**_head(level, event.pop("event")), **event}


def _head(level: str, event: str) -> dict[str, Any]:
    """The fields that every line begins with."""
    return {"timestamp": datetime.now(UTC), "level": level, "event": event, **IDS.get()}


def _for_people() -> Processor:
    # Not structlog's own choice of a traceback: it shows the values of local variables, tokens among them.
    return structlog.dev.ConsoleRenderer(sort_keys=False, exception_formatter=structlog.dev.plain_traceback)


def _as_json(_logger: WrappedLogger, _level: str, event: EventDict) -> bytes:
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z)
    except TypeError:  # half a surrogate pair, or an integer of more than 64 bits
        return json.dumps(event, default=str).encode()


def _as_text(logger: WrappedLogger, level: str, event: EventDict) -> str:
    return _as_json(logger, level, event).decode()
