"""Structured logs of the supervisor and of signaling, on standard error; the media node sets up its own.

Called once at the start of a process by whoever composes it. What libraries say by `logging` comes out in the
same form, from warnings on.
"""

import logging
import sys

import structlog

from zvonok.config import Log

_LEVELS = logging.getLevelNamesMapping()


def configure_logs(log: Log, process: str) -> None:
    """`process` stands in every line."""
    as_json = log.format == "json"
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[log.level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(_LEVELS[log.level.upper()], logging.WARNING), force=True)
