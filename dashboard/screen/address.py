"""Addresses: what a page shows is in its URL, so that a link reopens the same view."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.registry import FOLDER
from governance.errors import NotFound
from governance.vocabulary import ZoneKind

MAP_PAGE: Final[Path] = FOLDER / "map.py"
ISSUE_PAGE: Final[Path] = FOLDER / "issue.py"
ISSUE: Final = "id"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the drill-down stands: district, zone, enterprise or issue, each by its public name."""

    zone: str | None = None
    enterprise: str | None = None
    issue: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """Query parameters of the address."""
        found = {"zone": self.zone, "enterprise": self.enterprise, "issue": self.issue}
        return {name: value for name, value in found.items() if value}


def current_place() -> Place:
    """The place that the address names."""
    params = st.query_params
    return Place(zone=params.get("zone"), enterprise=params.get("enterprise"), issue=params.get("issue"))


def step_to(place: Place) -> None:
    """Change the place of the address and keep what else it says (layers, lights); for callbacks: the run follows."""
    names = {"zone", "enterprise", "issue"}
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in names}
    st.query_params.from_dict({**others, **place.parameters})


def go_to_zone(zone: str) -> None:
    """Open the map page at a zone."""
    st.switch_page(MAP_PAGE, query_params=Place(zone=zone).parameters)


def go_to_issue(number: str) -> None:
    """Open the page of an issue."""
    st.switch_page(ISSUE_PAGE, query_params={ISSUE: number})


def zone_key(kind: ZoneKind, code: str) -> str:
    """How a zone is named in addresses and on maps: kind and code."""
    return f"{kind.value}.{code}"


def zone_of_key(key: str) -> tuple[ZoneKind, str]:
    """Kind and code of a zone's public name.

    Raises
    ------
    NotFound
        It names no kind of zone.
    """
    kind, _dot, code = key.partition(".")
    if kind not in set(ZoneKind) or not code:
        raise NotFound("no_zone_name", "{key} names no zone; allowed: kind.code, for example township.001", key=key)
    return ZoneKind(kind), code
