"""Every page in one list: its file, address, icon and the rights that it needs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.i18n import pgettext
from governance.permissions import Actor, Right, may

FOLDER: Final = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page and all the rights that it needs; its title stands in the catalogues as context ``page``, its address.

    Attributes
    ----------
    is_in_menu
        False for a page that only links lead to, because it shows the one thing that the address names.
    """

    url: str
    icon: str
    rights: tuple[Right, ...]
    is_in_menu: bool = True

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
    PageEntry("inbox", ":material/inbox:", (Right.SEE,)),
    PageEntry("map", ":material/map:", (Right.SEE,)),
    PageEntry("ledger", ":material/list_alt:", (Right.SEE,)),
    PageEntry("lists", ":material/checklist:", (Right.SEE,)),
    PageEntry("notices", ":material/outgoing_mail:", (Right.SEE,)),
    PageEntry("superior-ledger", ":material/account_balance:", (Right.SEE, Right.SEE_DISTRICT)),
    PageEntry("directives", ":material/assignment_turned_in:", (Right.SEE,)),
    PageEntry("messages", ":material/notifications:", (Right.SEE,)),
    PageEntry("issue", ":material/fact_check:", (Right.SEE,), is_in_menu=False),
    PageEntry("batch-report", ":material/playlist_add:", (Right.REPORT, Right.CONFIRM)),
    PageEntry("look-backs", ":material/replay:", (Right.LOOK_BACK,)),
    PageEntry("rankings", ":material/leaderboard:", (Right.SEE, Right.SEE_DISTRICT)),
    PageEntry("rules", ":material/tune:", (Right.SEE,)),
    PageEntry("import", ":material/upload_file:", (Right.IMPORT,)),
)


def pages_for(actor: Actor) -> tuple[PageEntry, ...]:
    """Pages that a person may open, in the order of the list."""
    return tuple(page for page in PAGES if all(may(actor, right) for right in page.rights))
