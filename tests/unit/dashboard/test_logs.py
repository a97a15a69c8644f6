"""What log lines hold, and what they never do."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from dashboard.logs import configure_logging
from dashboard.settings import Settings


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """Put the configuration of the test run back."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "name",
    ["uvicorn.error", "uvicorn.access", "websockets.server", "python_multipart.multipart", "urllib3.connectionpool"],
)
def test_what_comes_over_the_network_is_not_logged_even_for_debugging(name: str) -> None:
    configure_logging(Settings(log_level="debug"))
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), "handshakes hold the cookie of the session"
    assert logging.getLogger("dashboard").isEnabledFor(logging.DEBUG)
