"""Parts of the map page: breadcrumb, the map of a place, and the panel that describes exactly what it shows."""

from dataclasses import dataclass
from html import escape

import streamlit as st
from shapely import Point

from dashboard.i18n import _, label, pgettext, shown_date, shown_number, shown_time
from dashboard.map_component import BaseMap, LiveLayer
from dashboard.maps import Bounds, MapPoint, live_layer
from dashboard.markdown import plain_label
from dashboard.screen import panels
from dashboard.screen.address import ISSUE, ISSUE_PAGE, Place, zone_key, zone_of_key
from dashboard.screen.caches import bounds_of, district_map, outlines, wall_layer, zone_standings
from dashboard.screen.figure_parts import standing_figures
from dashboard.screen.issue_table import who_must_act
from dashboard.screen.leader_parts import issue_point
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.screen.zone_table import zone_table
from dashboard.services.drilldown import EnterpriseView, ZoneView, enterprise_view, zone_view
from dashboard.services.ledger import IssueFile, issue_file, light_of_issue, open_issues
from dashboard.services.overview import Standing, nothing, seen_standing, worst_first
from db.repositories.issues import IssueLine, LedgerFilter
from db.tables.issues import Issue
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.errors import InvalidInput
from governance.permissions import Right, may
from governance.plans import pace_of

LINES = 200
MOST_DIGITS = 9
AROUND = 0.012


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page shows: at most one zone, one enterprise and one issue, and the open issues listed."""

    zone: ZoneView | None = None
    enterprise: EnterpriseView | None = None
    issue: IssueFile | None = None
    lines: tuple[IssueLine, ...] = ()
    standing: Standing


def shown_at(here: Visit, place: Place) -> Shown:
    """Everything that the page shows at a place.

    Raises
    ------
    NotFound, InvalidInput
        The address names something that does not exist, or not for this person.
    """
    today, yellow_days = here.today, here.settings.yellow_days
    with reading(here.engine) as session:
        if place.issue:
            file = issue_file(session, here.actor, place.issue)
            return Shown(issue=file, standing=nothing())
        if place.enterprise:
            number = _number(place.enterprise)
            firm = enterprise_view(session, here.actor, number, today=today, yellow_days=yellow_days)
            wanted = LedgerFilter(enterprise_id=number)
            lines = open_issues(session, here.actor, wanted, today=today, yellow_days=yellow_days, limit=LINES)
            return Shown(enterprise=firm, standing=firm.standing, lines=tuple(lines))
        if place.zone:
            kind, code = zone_of_key(place.zone)
            zone = zone_view(session, here.actor, kind, code, today=today, yellow_days=yellow_days)
            wanted = LedgerFilter(zone_ids=frozenset({zone.zone.key}))
            lines = open_issues(session, here.actor, wanted, today=today, yellow_days=yellow_days, limit=LINES)
            return Shown(zone=zone, standing=zone.standing, lines=tuple(lines))
        standing = seen_standing(session, here.actor, today=today, yellow_days=yellow_days)
        lines = open_issues(session, here.actor, LedgerFilter(), today=today, yellow_days=yellow_days, limit=LINES)
        return Shown(standing=standing, lines=tuple(lines))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > MOST_DIGITS:
        raise InvalidInput("no_enterprise_number", "{text} is not the number of an enterprise", text=text)
    return int(text)


def breadcrumb(here: Visit, shown: Shown) -> Place | None:
    """Draw the way from the district to what is shown; return the step that was chosen, if one was."""
    steps: list[tuple[str, Place]] = [(name_of(here.district), Place())]
    issue = shown.issue.line.issue if shown.issue else None
    zone = shown.zone.zone if shown.zone else _zone(here, issue or (shown.enterprise and shown.enterprise.enterprise))
    if zone:
        steps.append((name_of(zone), Place(zone=zone_key(zone.kind, zone.code))))
    if shown.enterprise:
        firm = shown.enterprise.enterprise
        steps.append((name_of(firm), Place(enterprise=str(firm.key))))
    if issue and shown.issue:
        if issue.enterprise_id:
            name = either(shown.issue.line.enterprise, shown.issue.line.enterprise_en) or ""
            steps.append((name, Place(enterprise=str(issue.enterprise_id))))
        steps.append((issue.number, Place(issue=issue.number)))
    with st.container(horizontal=True, key="breadcrumb", gap="small"):
        for index, (name, place) in enumerate(steps):
            if st.button(plain_label(name), key=f"step-{index}", type="tertiary", disabled=index == len(steps) - 1):
                return place
    return None


def _zone(here: Visit, thing: object) -> Zone | None:
    number = getattr(thing, "primary_zone_id", None)
    return next((item.zone for item in outlines(here) if item.zone.key == number), None)


def map_of(here: Visit, shown: Shown) -> tuple[BaseMap, LiveLayer]:
    """The map of what is shown: heat of the district, or outline and points of the place."""
    base = district_map(here, key="drill")
    is_district = shown.zone is None and shown.enterprise is None and shown.issue is None
    if is_district and may(here.actor, Right.SEE_DISTRICT):
        return base, wall_layer(here)
    lights = {zone_key(zone.kind, zone.code): standing.light for zone, standing in _known_zones(here)}
    selected = zone_key(shown.zone.zone.kind, shown.zone.zone.code) if shown.zone else None
    layer = live_layer(lights=lights, points=_points(here, shown), selected=selected, focus=_focus(here, shown))
    return base, layer


def _points(here: Visit, shown: Shown) -> list[MapPoint]:
    lines = list(shown.lines) + ([shown.issue.line] if shown.issue else [])
    found = [point for line in reversed(lines) if (point := issue_point(here, line))]
    firms = [(firm, n) for firm, n in shown.zone.enterprises] if shown.zone else []
    firms += [(shown.enterprise.enterprise, shown.standing.unresolved)] if shown.enterprise else []
    quiet = [
        MapPoint(
            "enterprise", str(firm.key), firm.lon, firm.lat, None, (name_of(firm), _("{number} unresolved", number=n))
        )
        for firm, n in firms
        if firm.lon is not None and firm.lat is not None
    ]
    return quiet + found


def _focus(here: Visit, shown: Shown) -> Bounds | None:
    if shown.zone:
        number = shown.zone.zone.key
        shapes = [item.geometry for item in outlines(here) if item.zone.key == number]
        return bounds_of(shapes) if shapes else None
    if not shown.enterprise and not shown.issue:
        return _reach(here, shown)
    thing: Issue | Enterprise | None = shown.enterprise.enterprise if shown.enterprise else None
    thing = shown.issue.line.issue if shown.issue else thing
    if thing is None or thing.lon is None or thing.lat is None:
        return None
    return (thing.lon - AROUND, thing.lat - AROUND, thing.lon + AROUND, thing.lat + AROUND)


def _reach(here: Visit, shown: Shown) -> Bounds | None:
    """What the district's map shows of whoever sees a part only: the own zones and the listed issues, else all."""
    own = {zone for grant in here.actor.grants for zone in grant.zone_ids}
    shapes = [item.geometry for item in outlines(here) if item.zone.key in own]
    placed = [(issue.lon, issue.lat) for issue in (line.issue for line in shown.lines)]
    around = [Point(lon, lat).buffer(AROUND / 2) for lon, lat in placed if lon is not None and lat is not None]
    return bounds_of([*shapes, *around]) if shapes or around else None


def describe(here: Visit, shown: Shown) -> Place | None:
    """Draw what stands beside the map; return the zone that was chosen from the district's list."""
    if shown.issue:
        _issue_panel(here, shown.issue)
        return None
    _standing_panel(here, shown)
    if shown.zone:
        _zone_panel(shown.zone)
    elif shown.enterprise:
        _enterprise_panel(shown.enterprise)
    else:
        return _zone_list(here)
    return None


def _standing_panel(here: Visit, shown: Shown) -> None:
    within = LedgerFilter(
        zone_ids=frozenset({shown.zone.zone.key}) if shown.zone else frozenset(),
        enterprise_id=shown.enterprise.enterprise.key if shown.enterprise else None,
    )
    items = standing_figures(here, shown.standing, within=within)
    is_part = not may(here.actor, Right.SEE_DISTRICT)
    aside = _("only what is open to you") if is_part else ""
    st.html(panels.panel(_title(here, shown), panels.figures(items), aside=aside))


def _title(here: Visit, shown: Shown) -> str:
    if shown.zone:
        return name_of(shown.zone.zone)
    return name_of(shown.enterprise.enterprise) if shown.enterprise else name_of(here.district)


def _zone_panel(view: ZoneView) -> None:
    area = f"{view.outline.area_m2 / 1e6:.2f} km²" if view.outline else "—"
    mark = _("approximate") if view.outline and view.outline.is_approximate else ""
    guards = [
        (label(assignment.part), _("{name}, since {day}", name=name_of(person), day=assignment.valid_from))
        for assignment, person in view.guards
    ]
    lines = [(_("Kind"), label(view.zone.kind)), (_("Area"), f"{area} {mark}"), *guards]
    lines += [(_("Enterprises"), shown_number(len(view.enterprises)))]
    st.html(panels.panel(_("About this zone"), panels.rows(lines)))


def _enterprise_panel(view: EnterpriseView) -> None:
    firm = view.enterprise
    lines = [
        (_("Credit code"), firm.credit_code or "—"),
        (_("Industry"), name_of(view.industry) if view.industry else "—"),
        (_("Township"), name_of(view.township) if view.township else _("Outside")),
        (_("Address"), firm.address or "—"),
        (_("Environment director"), ", ".join(name_of(person) for person in view.directors) or "—"),
        (_("Phone"), firm.contact_phone or "—"),
    ]
    st.html(panels.panel(_("About this enterprise"), panels.rows(lines)))


def _zone_list(here: Visit) -> Place | None:
    chosen = zone_table(_known_zones(here), key="zones")
    return Place(zone=chosen) if chosen else None


def _known_zones(here: Visit) -> list[tuple[Zone, Standing]]:
    """Zones whose standing the person may know, worst first: all of them, or those that the own rights reach."""
    known, reached = zone_standings(here), {zone for grant in here.actor.grants for zone in grant.zone_ids}
    is_open = may(here.actor, Right.SEE_DISTRICT)
    return worst_first(
        (item.zone, known.get(item.zone.key, nothing()))
        for item in outlines(here)
        if is_open or item.zone.key in known or item.zone.key in reached
    )


def how_many(shown: Shown) -> str:
    """Say how many of the unresolved issues are listed, where these are not all; else nothing."""
    n, total = len(shown.lines), shown.standing.unresolved
    if n >= total:
        return ""
    if n == LINES:
        return _("The first {shown} of {all}; the ledger shows all.", shown=n, all=total)
    return _("{shown} of {all} unresolved issues are open to you.", shown=n, all=total)


def _issue_panel(here: Visit, file: IssueFile) -> None:
    issue, line = file.line.issue, file.line
    light = light_of_issue(issue, today=here.today, yellow_days=here.settings.yellow_days)
    lines = [
        (_("Stage"), label(issue.stage)),
        (_("Due on"), shown_date(issue.due_on) if issue.due_on else "—"),
        (_("Who must act"), who_must_act(line)),
        (_("Enterprise or place"), either(line.enterprise, line.enterprise_en) or issue.place or "—"),
        (_("Industry"), either(line.industry, line.industry_en) or "—"),
        (_("Category"), label(issue.category)),
        (_("Severity"), label(issue.severity)),
        (_("Check area"), label(issue.check_area) if issue.check_area else "—"),
        (_("Source"), " ".join(part for part in (label(issue.source), issue.source_number) if part)),
        (_("Signed off by"), label(issue.sign_off_level)),
        (_("Requirement"), issue.requirement or "—"),
        (_("Measures"), issue.measures or "—"),
        (_("Notices"), ", ".join(notice.number for notice in file.notices) or "—"),
    ]
    pace = pace_of(issue.stage, issue.due_on, today=here.today)
    body = (panels.light_word(light, pace) if light else "") + f"<p>{escape(issue.description or '')}</p>"
    st.html(panels.panel(issue.title, body + panels.rows(lines), aside=issue.number))
    st.page_link(
        ISSUE_PAGE, label=_("Open the issue"), icon=":material/fact_check:", query_params={ISSUE: issue.number}
    )
    st.html(panels.panel(_("Timeline"), _timeline(file)))


def _timeline(file: IssueFile) -> str:
    steps = "".join(
        f"<li><b>{escape(event_word(event.code))}</b> <i>{escape(shown_time(event.at))}</i><br>"
        f"{escape(_who(name or event.operator or '', leader))} {escape(event.reason)}</li>"
        for event, name, leader in file.events
    )
    return f'<ol class="gg-timeline">{steps}</ol>'


def _who(name: str, leader: str | None) -> str:
    return _("{name} for {leader}", name=name, leader=leader) if leader else name


def event_word(code: str) -> str:
    """The word for what happened."""
    return pgettext("event", code)
