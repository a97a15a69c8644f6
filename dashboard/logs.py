"""Log lines: one configuration for our own records and those of the libraries."""

import logging
import sys
from typing import Final

import structlog
from structlog.types import Processor

from dashboard.settings import Settings

_TALKATIVE: Final = ("uvicorn", "streamlit", "apscheduler")
# For debugging these tell every header of a handshake, the cookie of the session among them.
_INDISCREET: Final = (
    *("uvicorn.error", "uvicorn.access", "websockets", "python_multipart", "multipart"),
    *("urllib3", "requests", "apprise"),  # these tell the addresses of webhooks, which are secrets
)


def configure_logging(settings: Settings) -> None:
    """Send log lines to standard error, as text for people or JSON for programs; times are UTC."""
    stamped: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=stamped,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    is_debugging = settings.log_level == "debug"
    for name in (*_TALKATIVE, *_INDISCREET):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.DEBUG if is_debugging and name in _TALKATIVE else logging.WARNING)
    structlog.configure(
        processors=[*stamped, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
