"""Streamlit's options: set from the shipped file and the settings, read back, refused when unsafe."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from streamlit import config
from streamlit.web.bootstrap import load_config_options

from dashboard.settings import Settings
from dashboard.theme import theme_options
from governance.errors import InvalidInput

CONFIG_FILE: Final = Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml"

REQUIRED: Final[Mapping[str, object]] = {
    "global.developmentMode": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    # Whose messages steer a page: else those of every application on Streamlit's public host.
    "client.allowedOrigins": [],
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.baseUrlPath": "",
    "browser.gatherUsageStats": False,
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
}


def apply_options(settings: Settings) -> None:
    """Give Streamlit the options of the shipped file, completed from the settings.

    Whatever the working directory, its configuration files and ``STREAMLIT_*`` variables say is overruled.
    """
    options = flattened(tomllib.loads(CONFIG_FILE.read_text(encoding="utf-8")))
    options |= theme_options(settings.theme)
    options |= {
        "server.address": settings.host,
        "server.port": settings.port,
        "server.allowedHosts": list(settings.trusted_hosts),
        "server.maxUploadSize": settings.max_upload_mb,
    }
    load_config_options(options)


def flattened(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as one mapping with dotted names, in the order of the file."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


def unsafe_options(
    settings: Settings, *, option: Callable[[str], object] = config.get_option
) -> dict[str, tuple[object, object]]:
    """Return (is, must be) of each option that was read back with an unsafe value."""
    required: dict[str, object] = {
        **REQUIRED,
        "server.maxUploadSize": settings.max_upload_mb,
        "server.allowedHosts": list(settings.trusted_hosts),
    }
    found = {name: option(name) for name in required}
    return {name: (found[name], value) for name, value in required.items() if found[name] != value}


def require_safe_options(settings: Settings) -> None:
    """Refuse to start when an option that matters for safety is not in force.

    Raises
    ------
    InvalidInput
        ``unsafe_options``: names each option, its value and the value it must have.
    """
    unsafe = unsafe_options(settings)
    if unsafe:
        listed = "; ".join(f"{name} = {is_!r} ({must!r})" for name, (is_, must) in unsafe.items())
        raise InvalidInput(
            "unsafe_options",
            "The server does not start with unsafe options; in brackets what they must be: {options}.",
            options=listed,
        )
