"""Which pages the benchmark `benchmarks.pages` looks at, as whom and in which of their views."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page as somebody looks at it.

    Attributes
    ----------
    login
        A demo account of `benchmarks.grid_district`.
    page
        Address of the page.
    asked
        Parameters of the address. ``{township}``, ``{key_zone}``, ``{issue}``, ``{closed}``, ``{enterprise}``,
        ``{notice}`` and ``{directive}`` are of the district.
    """

    login: str
    page: str
    asked: dict[str, str | list[str]] = field(default_factory=dict)


def _case(login: str, page: str, **asked: str | list[str]) -> Case:
    return Case(login=login, page=page, asked=asked)


_WALL: Final = "crowd_display01"
_LEADER: Final = "crowd_leader02"
_ALL: Final = ["township", "key_road", "port", "enterprise", "issue", "village", "station", "heat"]
CASES: Final[dict[str, Case]] = {
    "wall, district": _case(_WALL, "wall"),
    "wall, a leader": _case(_WALL, "wall", show="leader.leader-001"),
    "wall, a township": _case(_WALL, "wall", show="{township}"),
    "wall, a list": _case(_WALL, "wall", list="overdue"),
    "my zones": _case(_LEADER, "my-zones"),
    "my zones, the bureau": _case("bureau01", "my-zones"),
    "inbox, a leader": _case(_LEADER, "inbox"),
    "inbox, the bureau": _case("bureau01", "inbox"),
    "inbox, the committee": _case("committee01", "inbox"),
    "inbox, a township": _case("crowd_township02", "inbox"),
    "inbox, a department": _case("department01", "inbox"),
    "inbox, a consultant": _case("consultant01", "inbox"),
    "inbox, a butler": _case("butler01", "inbox"),
    "inbox, a cadre": _case("cadre001", "inbox"),
    "inbox, a director": _case("director001", "inbox"),
    "inbox, enforcement": _case("enforcement01", "inbox"),
    "map": _case("bureau01", "map"),
    "map, all layers": _case("bureau01", "map", layer=_ALL),
    "map, a leader": _case(_LEADER, "map"),
    "map, a department": _case("department01", "map"),
    "map, a township": _case("bureau01", "map", zone="{township}"),
    "map, a key zone": _case("bureau01", "map", zone="{key_zone}"),
    "map, an enterprise": _case("bureau01", "map", enterprise="{enterprise}"),
    "map, an issue": _case("bureau01", "map", issue="{issue}"),
    "heat, zones": _case("bureau01", "heat"),
    "heat, kernel": _case("bureau01", "heat", way="kernel"),
    "heat, hexagons": _case("bureau01", "heat", way="hexagons"),
    "heat, hot spots": _case("bureau01", "heat", way="spots"),
    "heat, weeks": _case("bureau01", "heat", way="time"),
    "heat, comparison": _case("bureau01", "heat", way="time", part="comparison"),
    "heat, compared cells": _case("bureau01", "heat", way="time", part="comparison", what="found", shape="cells"),
    "heat, a township's": _case("crowd_township02", "heat"),
    "heat, a leader's": _case(_LEADER, "heat"),
    "heat, a department's": _case("department01", "heat", way="hexagons"),
    "ledger": _case("bureau01", "ledger"),
    "ledger, unresolved": _case("bureau01", "ledger", unresolved="yes", urgent="true"),
    "ledger, red": _case("bureau01", "ledger", light="red"),
    "ledger, a leader": _case(_LEADER, "ledger"),
    "ledger, a department": _case("department01", "ledger"),
    "ledger, an enterprise": _case("bureau01", "ledger", enterprise="{enterprise}"),
    "lists, problems": _case("bureau01", "lists"),
    "lists, responsibilities": _case("bureau01", "lists", list="responsibilities"),
    "lists, rectification": _case("bureau01", "lists", list="rectification"),
    "lists, a township": _case("crowd_township02", "lists"),
    "superior ledger": _case("bureau01", "superior-ledger"),
    "notices": _case("bureau01", "notices"),
    "notices, a township": _case("crowd_township02", "notices"),
    "notice": _case("bureau01", "notices", notice="{notice}"),
    "directives": _case("bureau01", "directives"),
    "directives, a leader": _case(_LEADER, "directives"),
    "directive": _case("bureau01", "directives", directive="{directive}"),
    "rankings": _case("bureau01", "rankings"),
    "messages": _case("bureau01", "messages"),
    "look-backs": _case("bureau01", "look-backs"),
    "look-backs, plans": _case("bureau01", "look-backs", view="plans"),
    "look-backs, rates": _case("bureau01", "look-backs", view="rates"),
    "batch report": _case("crowd_township02", "batch-report"),
    "roster": _case("bureau01", "roster"),
    "roster, a past day": _case("bureau01", "roster", on="2026-05-03"),
    "rules": _case("bureau01", "rules"),
    "import": _case("bureau01", "import"),
    "admin": _case("bureau01", "admin"),
    "issue, open": _case("bureau01", "issue", id="{issue}"),
    "issue, closed": _case("bureau01", "issue", id="{closed}"),
    "issue, a leader": _case(_LEADER, "issue", id="{issue}"),
}
