"""Names of records in the language of the visit: the name itself, or the English one where there is one."""

from typing import Protocol

from dashboard.i18n import current_locale


class Named(Protocol):
    """A record with a name and perhaps an English one."""

    @property
    def name(self) -> str:
        """Its name as entered."""

    @property
    def name_en(self) -> str | None:
        """Its English name, if it has one."""


def name_of(record: Named) -> str:
    """The record's name in the language of the visit."""
    return either(record.name, record.name_en) or ""


def either(name: str | None, name_en: str | None) -> str | None:
    """The English name where English is spoken and there is one, else the name."""
    return name_en if name_en and current_locale() == "en" else name
