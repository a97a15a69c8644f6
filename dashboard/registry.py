"""Every page in one list: its file, address, icon and the rights that it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from dashboard.i18n import pgettext
from governance.permissions import Actor, Right, may

FOLDER: Final = Path(__file__).resolve().parent.parent / "pages"


class Section(StrEnum):
    """Groups of the menu, in their order; their titles stand in the catalogues as context ``section``."""

    FRONT = ""
    """Stands in the menu itself, so that it is seen without opening a group."""
    OVERVIEW = "overview"
    WORK = "work"
    RECORDS = "records"
    UPKEEP = "upkeep"

    @property
    def heading(self) -> str:
        """The group's title in the language of the visit; empty for what stands in the menu itself."""
        return pgettext("section", self.value) if self.value else ""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page and all the rights that it needs; its title stands in the catalogues as context ``page``, its address.

    Attributes
    ----------
    instead
        Rights that open it as well, for whoever has all of these; empty where nothing else does.
    section
        The group of the menu that it stands in.
    is_in_menu
        False for a page that only links lead to, because it shows the one thing that the address names.
    """

    url: str
    icon: str
    rights: tuple[Right, ...]
    section: Section = Section.OVERVIEW
    is_in_menu: bool = True
    instead: tuple[Right, ...] = ()

    @property
    def file(self) -> Path:
        """The page's script."""
        return FOLDER / f"{self.url.replace('-', '_')}.py"

    @property
    def title(self) -> str:
        """The page's title in the language of the visit."""
        return pgettext("page", self.url)


PAGES: Final[tuple[PageEntry, ...]] = (
    PageEntry("wall", ":material/monitor_heart:", (Right.SEE_DISTRICT,)),
    PageEntry("my-zones", ":material/shield_person:", (Right.SEE, Right.SEE_DISTRICT)),
    PageEntry("inbox", ":material/inbox:", (Right.SEE,), Section.FRONT),
    PageEntry("map", ":material/map:", (Right.SEE,)),
    PageEntry("heat", ":material/whatshot:", (Right.SEE,)),
    PageEntry("ledger", ":material/list_alt:", (Right.SEE,), Section.RECORDS),
    PageEntry("lists", ":material/checklist:", (Right.SEE,), Section.RECORDS),
    PageEntry("notices", ":material/outgoing_mail:", (Right.SEE,), Section.WORK),
    PageEntry("superior-ledger", ":material/account_balance:", (Right.SEE, Right.SEE_DISTRICT), Section.RECORDS),
    PageEntry("directives", ":material/assignment_turned_in:", (Right.SEE,), Section.WORK),
    PageEntry("messages", ":material/notifications:", (Right.SEE,), Section.UPKEEP),
    PageEntry("issue", ":material/fact_check:", (Right.SEE,), is_in_menu=False),
    PageEntry("batch-report", ":material/playlist_add:", (Right.REPORT, Right.CONFIRM), Section.WORK),
    PageEntry("look-backs", ":material/replay:", (Right.LOOK_BACK,), Section.WORK),
    # Whoever signs off is ranked, and sees the own place.
    PageEntry(
        "rankings", ":material/leaderboard:", (Right.SEE, Right.SEE_DISTRICT), instead=(Right.SEE, Right.SIGN_OFF)
    ),
    PageEntry("roster", ":material/group:", (Right.SEE, Right.SEE_DISTRICT), Section.UPKEEP),
    PageEntry("rules", ":material/tune:", (Right.SEE,), Section.UPKEEP),
    PageEntry("import", ":material/upload_file:", (Right.IMPORT,), Section.UPKEEP),
    PageEntry("admin", ":material/admin_panel_settings:", (Right.EDIT_PEOPLE,), Section.UPKEEP),
)


def pages_for(actor: Actor) -> tuple[PageEntry, ...]:
    """Pages that a person may open, in the order of the list."""
    return tuple(page for page in PAGES if any(_has(actor, rights) for rights in (page.rights, page.instead)))


def _has(actor: Actor, rights: Iterable[Right]) -> bool:
    needed = tuple(rights)
    return bool(needed) and all(may(actor, right) for right in needed)


def by_section(pages: Iterable[PageEntry]) -> dict[Section, list[PageEntry]]:
    """Pages by the group of the menu that they stand in, groups in their order; without empty groups."""
    known = list(pages)
    groups = {section: [page for page in known if page.section is section] for section in Section}
    return {section: found for section, found in groups.items() if found}
