"""The text of a message: whole lines under headings, as many as every service takes, and how many are left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dashboard.i18n import _, ngettext

# WeCom's robot refuses a text of more than 2,048 bytes in UTF-8 (WeCom developer centre, configuration of the message
# push, type "text": content of at most 2,048 bytes); the other services take more. The rest is for the title.
MOST_BYTES: Final = 1800


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with its items, each of which is told whole or not at all.

    Attributes
    ----------
    heading
        One line; empty where the items need none.
    items
        The most important first; an item may have several lines.
    total
        How many there are, where that is more than the items known here.
    """

    heading: str = ""
    items: tuple[str, ...] = ()
    total: int = 0


def as_text(sections: Iterable[Section], *, ending: str = "", more_at: str = "") -> str:
    """Sections as one text that every service takes.

    Parameters
    ----------
    sections : iterable of Section
        Whatever records say may stand in them: no service finds a command to call everybody in the text.
    ending : str
        Stands at the end in any case.
    more_at : str
        Address of the page that tells the rest; stands where something is left out.

    Returns
    -------
    str
        At most `MOST_BYTES` in UTF-8 while headings and ending leave that room. An item that does not fit is left out
        with all that follow it under its heading, and counted; no line is cut.
    """
    known = [_harmless(section) for section in sections]
    kept_back = sum(_size(section.heading) + _size(_left_out(_total(section), more_at)) for section in known)
    room = MOST_BYTES - _size(ending) - kept_back
    lines: list[str] = []
    for section in known:
        told = _fitting(section.items, room)
        room -= sum(map(_size, told))
        left = _total(section) - len(told)
        lines += [section.heading, *told, _left_out(left, more_at) if left else ""]
    return "\n".join(line for line in (*lines, ending) if line)


def last_line() -> str:
    """What stands at the end of every message; robots with a keyword know it by the product's name."""
    return _("Sent by GridGuard; answer in the product, not here.")


def _fitting(items: Iterable[str], room: int) -> list[str]:
    told: list[str] = []
    for item in items:
        room -= _size(item)
        if room < 0:
            break
        told.append(item)
    return told


def _left_out(number: int, more_at: str) -> str:
    words = ngettext("and {number} more", "and {number} more", number)
    return f"{words} {more_at}".strip()


def _total(section: Section) -> int:
    return max(section.total, len(section.items))


def _size(text: str) -> int:
    """Bytes of a line with its end."""
    return len(text.encode()) + 1


def _harmless(section: Section) -> Section:
    items = tuple(_without_commands(item) for item in section.items)
    return Section(heading=_without_commands(section.heading), items=items, total=section.total)


def _without_commands(text: str) -> str:
    return text.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}")
