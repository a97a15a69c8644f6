"""Pages of our own outside of Streamlit: templates that escape every value, filled in the language of the request."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.i18n import _, current_locale


@cache
def _templates() -> Environment:
    folder = Path(__file__).resolve().parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(template: str, **values: object) -> str:
    """Return a template's text; it finds ``_`` for sentences and ``lang`` for the language beside the values."""
    return _templates().get_template(template).render(_=_, lang=current_locale().replace("_", "-"), **values)


def json_in_html(value: Any) -> Markup:
    """Return a value as JSON that may stand within HTML: nothing in it can end the element or begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that means something in HTML is written as an escape
