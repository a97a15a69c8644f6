"""The map of a place: what it shows, read once, so that the map and everything beside it say the same."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import streamlit as st
from sqlmodel import Session

from dashboard.i18n import _
from dashboard.markdown import plain_label
from dashboard.screen.address import Place, step_to, zone_key, zone_of_key
from dashboard.screen.caches import outlines, zone_standings
from dashboard.screen.map_caches import clusters_of, lit_standings
from dashboard.screen.map_layer_parts import ENTERPRISES, ISSUES, STATIONS, VILLAGES, Layers
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.services import map_view
from dashboard.services.drilldown import EnterpriseView, ZoneView, enterprise_view, zone_view
from dashboard.services.ledger import IssueFile, issue_file
from dashboard.services.map_view import Cluster, Spot
from dashboard.services.overview import Standing, nothing, seen_standing, worst_first
from db.repositories.issues import IssueLine, LedgerFilter
from db.tables.issues import Issue
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.errors import InvalidInput
from governance.permissions import Right, may
from governance.vocabulary import ZoneKind

LINES: Final = 200
MOST_DIGITS: Final = 9


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page shows: at most one zone, one enterprise and one issue, under the layers that are on.

    Attributes
    ----------
    lines
        Unresolved issues in the chosen lights, at most ``most``: those of the list, and in a zone those of the map.
    standing
        Of the place, in the chosen lights.
    clusters, dots
        Of the district only: its issues by cell, its enterprises.
    """

    place: Place
    layers: Layers
    standing: Standing
    zone: ZoneView | None = None
    enterprise: EnterpriseView | None = None
    issue: IssueFile | None = None
    lines: tuple[IssueLine, ...] = ()
    most: int = LINES
    clusters: tuple[Cluster, ...] = ()
    dots: tuple[Spot, ...] = ()
    dots_total: int = 0
    villages: tuple[Spot, ...] = ()
    villages_total: int = 0
    stations: tuple[Spot, ...] = ()

    @property
    def no_stations(self) -> bool:
        """Whether stations are on, but there is none."""
        return STATIONS in self.layers.on and not self.stations


def shown_at(here: Visit, place: Place, layers: Layers) -> Shown:
    """Everything that the page shows at a place.

    Raises
    ------
    NotFound, InvalidInput
        The address names something that does not exist, or not for this person.
    """
    with reading(here.engine) as session:
        if place.issue:
            file = issue_file(session, here.actor, place.issue)
            return Shown(place=place, layers=layers, issue=file, standing=nothing())
        if place.enterprise:
            shown = _at_enterprise(session, here, place, layers)
        elif place.zone:
            shown = _at_zone(session, here, place, layers)
        else:
            shown = _at_district(session, here, layers)
        return _with_places(session, here, shown)


def _at_enterprise(session: Session, here: Visit, place: Place, layers: Layers) -> Shown:
    number, days = _number(place.enterprise or ""), here.settings.yellow_days
    firm = enterprise_view(session, here.actor, number, today=here.today, yellow_days=days)
    standing = firm.standing
    if layers.is_lit_in_part:
        groups = map_view.enterprise_groups(session, here.actor, number)
        standing = map_view.lit_standing(groups, layers.lights, today=here.today, yellow_days=days)
    lines = _lines(session, here, LedgerFilter(enterprise_id=number), layers)
    return Shown(place=place, layers=layers, enterprise=firm, standing=standing, lines=lines)


def _at_zone(session: Session, here: Visit, place: Place, layers: Layers) -> Shown:
    kind, code = zone_of_key(place.zone or "")
    days = here.settings.yellow_days
    zone = zone_view(session, here.actor, kind, code, today=here.today, yellow_days=days, industries=layers.industries)
    standing = zone.standing
    if layers.is_lit_in_part:
        groups = map_view.zone_groups(session, here.actor, zone.zone.key)
        standing = map_view.lit_standing(groups, layers.lights, today=here.today, yellow_days=days)
    lines = _lines(session, here, LedgerFilter(zone_ids=frozenset({zone.zone.key})), layers)
    return Shown(place=place, layers=layers, zone=zone, standing=standing, lines=lines)


def _at_district(session: Session, here: Visit, layers: Layers) -> Shown:
    days = here.settings.yellow_days
    if layers.is_lit_in_part:
        groups = map_view.district_groups(session, here.actor)
        standing = map_view.lit_standing(groups, layers.lights, today=here.today, yellow_days=days)
    else:
        standing = seen_standing(session, here.actor, today=here.today, yellow_days=days)
    are_on = ENTERPRISES in layers.on
    dots, total = map_view.enterprise_spots(session, here.actor, layers.industries) if are_on else ([], 0)
    return Shown(
        place=Place(),
        layers=layers,
        standing=standing,
        lines=_lines(session, here, LedgerFilter(), layers),
        clusters=tuple(clusters_of(here, layers.lights)) if ISSUES in layers.on else (),
        dots=tuple(dots),
        dots_total=total,
    )


def _lines(session: Session, here: Visit, wanted: LedgerFilter, layers: Layers) -> tuple[IssueLine, ...]:
    if ISSUES not in layers.on:
        return ()
    days = here.settings.yellow_days
    found = map_view.lit_lines(
        session, here.actor, wanted, layers.lights, today=here.today, yellow_days=days, limit=LINES
    )
    return tuple(found)


def _with_places(session: Session, here: Visit, shown: Shown) -> Shown:
    """Villages and stations, where these layers are on."""
    found: dict[str, Any] = {}
    if VILLAGES in shown.layers.on and not shown.enterprise:
        zone = shown.zone.zone if shown.zone and shown.zone.zone.kind == ZoneKind.TOWNSHIP else None
        spots, total = map_view.village_spots(session, here.actor, township_id=zone.key if zone else None)
        found |= {"villages": tuple(spots), "villages_total": total}
    if STATIONS in shown.layers.on:
        found["stations"] = tuple(map_view.station_spots(session))
    return replace(shown, **found)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > MOST_DIGITS:
        raise InvalidInput("no_enterprise_number", "{text} is not the number of an enterprise", text=text)
    return int(text)


def breadcrumb(here: Visit, shown: Shown) -> None:
    """Draw the way from the district to what is shown, with one step back before it."""
    steps = _way(here, shown)
    with st.container(horizontal=True, key="map-way", vertical_alignment="center"):
        if len(steps) > 1:
            back = partial(step_to, steps[-2][1])
            st.button(_("Back"), key="step-back", icon=":material/arrow_back:", on_click=back)
        with st.container(horizontal=True, key="breadcrumb", gap="small", vertical_alignment="center"):
            for index, (name, place) in enumerate(steps):
                is_here = index == len(steps) - 1
                st.button(
                    plain_label(name),
                    key=f"step-{index}",
                    type="tertiary",
                    disabled=is_here,
                    on_click=partial(step_to, place),
                )


def _way(here: Visit, shown: Shown) -> list[tuple[str, Place]]:
    steps: list[tuple[str, Place]] = [(name_of(here.district), Place())]
    zone = zone_of(here, shown)
    if zone:
        steps.append((name_of(zone), Place(zone=zone_key(zone.kind, zone.code))))
    if shown.enterprise:
        firm = shown.enterprise.enterprise
        steps.append((name_of(firm), Place(enterprise=str(firm.key))))
    if shown.issue:
        line = shown.issue.line
        if line.issue.enterprise_id:
            name = either(line.enterprise, line.enterprise_en) or ""
            steps.append((name, Place(enterprise=str(line.issue.enterprise_id))))
        steps.append((line.issue.number, Place(issue=line.issue.number)))
    return steps


def zone_of(here: Visit, shown: Shown) -> Zone | None:
    """The zone that is shown, or the primary one of what is shown; None of the district and outside."""
    if shown.zone:
        return shown.zone.zone
    number = getattr(thing_of(shown), "primary_zone_id", None)
    return next((item.zone for item in outlines(here) if item.zone.key == number), None)


def thing_of(shown: Shown) -> Issue | Enterprise | None:
    """The issue or enterprise that is shown, if one is."""
    if shown.issue:
        return shown.issue.line.issue
    return shown.enterprise.enterprise if shown.enterprise else None


def known_zones(here: Visit, layers: Layers) -> list[tuple[Zone, Standing]]:
    """Zones whose standing the person may know, worst first: all of them, or those that the own rights reach."""
    known, reached = zone_standings(here), {zone for grant in here.actor.grants for zone in grant.zone_ids}
    is_open = may(here.actor, Right.SEE_DISTRICT)
    if layers.is_lit_in_part:
        known = lit_standings(here, layers.lights) if is_open else _own_lit(here, layers)
    return worst_first(
        (item.zone, known.get(item.zone.key, nothing()))
        for item in outlines(here)
        if is_open or item.zone.key in known or item.zone.key in reached
    )


def _own_lit(here: Visit, layers: Layers) -> dict[int, Standing]:
    days = here.settings.yellow_days
    with reading(here.engine) as session:
        return {
            zone: map_view.lit_standing(
                map_view.zone_groups(session, here.actor, zone), layers.lights, today=here.today, yellow_days=days
            )
            for zone in zone_standings(here)
        }
