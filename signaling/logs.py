"""Structured logs to standard error: one JSON object or one line an event. Nothing personal goes in: ids of rooms
yes; names, addresses and tokens never.
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Literal

import structlog

LogFormat = Literal["json", "console"]
DEEPEST_FRAMES = 12


def configure_logs(level: str, log_format: LogFormat) -> None:
    """Once, at the start of the process. aiohttp's own access log stays off: it writes addresses."""
    number = logging.getLevelNamesMapping()[level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_it_failed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s: %(levelname)s")


def where_it_failed(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception as its type and the places it passed. Its text and the values of variables may be personal."""
    if event.pop("exc_info", None):
        kind, error, trace = sys.exc_info()
        frames = traceback.extract_tb(trace)[-DEEPEST_FRAMES:]
        event["exception"] = "?" if kind is None else kind.__name__
        event["at"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        if isinstance(error, BaseExceptionGroup):
            event["exceptions"] = [type(each).__name__ for each in error.exceptions]
    return event
