"""The HTML shell of the pages: Streamlit's own, in our language, with our icon and a known base address."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from dashboard.assets import asset_url
from dashboard.i18n import _, current_locale

_SERVICE_LINK: Final = re.compile(r"<!--(?:(?!-->).)*-->|<link rel=\"service-desc\"[^>]*>", re.DOTALL)
_NOSCRIPT: Final = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


class _PageName(Convertor[str]):
    """Names of pages: lower-case words joined by hyphens, which no address of Streamlit's own is."""

    regex = "[a-z]+(-[a-z]+)*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", _PageName())


def shell_routes() -> list[BaseRoute]:
    """Return the route of all pages; which of them exist is the pages' registry's to say."""
    return [Route("/{name:page}", _show_shell)]


async def _show_shell(request: Request) -> Response:
    return HTMLResponse(page_shell(current_locale()))


@lru_cache(maxsize=4)
def page_shell(locale: str) -> str:
    """Return the shell in the current language, which ``locale`` names.

    Streamlit looks for its server beneath the page's address first and so logs two errors on every
    deep link; told the base address, it does not. The title and the words for browsers without
    scripts are ours.
    """
    shell = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    title = escape(_("Environmental grid dashboard"))
    head = (
        f'<link rel="icon" type="image/svg+xml" href="{asset_url("gridguard", "icon.svg")}">'
        f'<link rel="stylesheet" href="{asset_url("gridguard", "shell.css")}">'
        f"<script>window.__streamlit = {{ BACKEND_BASE_URL: location.origin + '/' }};</script>"
        f'<script src="{asset_url("gridguard", "shell.js")}" defer></script>'
    )
    noscript = f"<noscript><p>{escape(_('This page needs JavaScript.'))}</p></noscript>"
    shell = _NOSCRIPT.sub(noscript, _SERVICE_LINK.sub("", shell))
    return (
        shell.replace('<html lang="en">', f'<html lang="{locale.replace("_", "-")}">')
        .replace('<link rel="shortcut icon" href="./favicon.png" />', head)
        .replace("<title>Streamlit</title>", f"<title>{title}</title>")
    )
