"""Languages: catalogues compiled in memory, the locale of the running request, and how values are shown."""

import gettext as standard_gettext
import io
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from dashboard.settings import settings

LOCALES: Final = ("zh_CN", "en")
LOCALE_COOKIE: Final = "gridguard_locale"
_LOCALE_DIR: Final = Path(__file__).resolve().parent / "locale"
_chosen: ContextVar[str | None] = ContextVar("gridguard_locale", default=None)
_sources: list[Callable[[], str | None]] = []


def catalogue_path(locale: str) -> Path:
    """Return the .po file of a locale, whether or not it exists."""
    return _LOCALE_DIR / locale / "LC_MESSAGES" / "gridguard.po"


@lru_cache(maxsize=len(LOCALES))
def _catalogue(locale: str) -> standard_gettext.NullTranslations:
    with catalogue_path(locale).open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return standard_gettext.GNUTranslations(compiled)


@lru_cache(maxsize=64)
def normal_locale(name: str | None) -> str | None:
    """Return the supported locale that a cookie, header or setting names, or None.

    Only the language part counts: ``zh``, ``zh-Hans-CN`` and ``zh_CN`` are one; ties do not occur.
    """
    language = (name or "").replace("-", "_").split("_")[0].lower()
    return next((locale for locale in LOCALES if locale.split("_")[0] == language), None)


def set_locale(locale: str | None) -> None:
    """Choose the language of the running request or script run; None or an unknown name takes the default."""
    _chosen.set(normal_locale(locale))


def add_locale_source(source: Callable[[], str | None]) -> None:
    """Name a function that is asked for the locale where nobody called `set_locale`.

    Streamlit runs a fragment without its entry script: there the page's cookie is the only witness.
    Sources are asked in the order in which they were added; adding one twice has no effect.
    """
    if source not in _sources:
        _sources.append(source)


def current_locale() -> str:
    """Return the language in force: chosen, else the first source's answer, else the setting."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    answers = (normal_locale(source()) for source in _sources)
    return next((answer for answer in answers if answer is not None), settings().locale)


def _(text: str, **params: object) -> str:
    """Return ``text`` in the current language, its ``{places}`` filled with shown values.

    Without parameters the text is not formatted, so braces in it stay.
    """
    return _filled(_catalogue(current_locale()).gettext(text), params)


def ngettext(singular: str, plural: str, number: int, **params: object) -> str:
    """Return the form for ``number``, which also fills the place ``{number}``."""
    text = _catalogue(current_locale()).ngettext(singular, plural, number)
    return _filled(text, {"number": number, **params})


def pgettext(context: str, text: str, **params: object) -> str:
    """Return ``text`` as it is meant in ``context``, in the current language."""
    return _filled(_catalogue(current_locale()).pgettext(context, text), params)


def _filled(text: str, params: Mapping[str, object]) -> str:
    if not params:
        return text
    return text.format(**{name: shown(value) for name, value in params.items()})


def label(member: Enum) -> str:
    """Return the word for a member of a vocabulary enum; the context is the enum's class name."""
    return pgettext(type(member).__name__, str(member.value))


def message(error: BaseException) -> str:
    """Return an error's sentence in the current language.

    Parameters
    ----------
    error : BaseException
        One with ``template`` and ``params`` is translated and filled; any other gives its own text.
    """
    template = getattr(error, "template", None)
    params = getattr(error, "params", None)
    if not isinstance(template, str) or not isinstance(params, Mapping):
        return str(error)
    return _catalogue(current_locale()).gettext(template).format(**{k: shown(v) for k, v in params.items()})


def shown(value: object) -> object:
    """Return ``value`` as people read it: enum by label, date and time in the zone, collections as a list.

    Numbers and text pass unchanged, so that format specifications in a template still apply.
    """
    if isinstance(value, Enum):
        return label(value)
    if isinstance(value, datetime):
        return shown_time(value)
    if isinstance(value, date):
        return shown_date(value)
    if isinstance(value, set | frozenset):
        return _list_separator().join(sorted(str(shown(item)) for item in value))
    if isinstance(value, list | tuple):
        return _list_separator().join(str(shown(item)) for item in value)
    return value


def _list_separator() -> str:
    return "\N{IDEOGRAPHIC COMMA}" if current_locale() == "zh_CN" else ", "


def shown_date(value: date) -> str:
    """Return a business date in the form usual in the current language."""
    return _medium_date(value, current_locale())


@lru_cache(maxsize=4096)
def _medium_date(value: date, locale: str) -> str:
    """Kept, because the library reads its pattern anew for each date and tables hold hundreds."""
    return format_date(value, format="medium", locale=Locale.parse(locale))


def shown_time(value: datetime, *, zone: str | None = None) -> str:
    """Return an aware moment to the minute, in ``zone`` or else the district's zone of the settings.

    Raises
    ------
    ValueError
        The moment is naive.
    """
    if value.tzinfo is None:
        raise ValueError(f"The moment {value.isoformat()} has no time zone; moments are aware.")
    local = value.astimezone(ZoneInfo(zone or settings().time_zone))
    return f"{shown_date(local.date())} {format_datetime(local, 'HH:mm', locale='en')}"


def shown_number(value: float, *, digits: int = 0) -> str:
    """Return a number with grouping and exactly ``digits`` decimals, half to even."""
    return _number(value, digits, current_locale())


@lru_cache(maxsize=4096)
def _number(value: float, digits: int, locale: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale)


def shown_percent(ratio: float, *, digits: int = 0) -> str:
    """Return a ratio (0.914) as percent (91 %) with exactly ``digits`` decimals, half to even."""
    pattern = "0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(ratio, format=pattern, locale=current_locale())
