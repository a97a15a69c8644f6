"""Parts of the leader's page: whose page it is, the guarded zones with their lights, the map of them."""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard.i18n import _, label, shown_number
from dashboard.map_component import BaseMap, LiveLayer
from dashboard.maps import MapPoint, live_layer
from dashboard.screen import panels
from dashboard.screen.address import zone_key
from dashboard.screen.caches import bounds_of, district_map, guarded, leader_layer, outlines
from dashboard.screen.caches import open_lines as kept_lines
from dashboard.screen.figure_parts import standing_figures
from dashboard.screen.issue_table import who_must_act
from dashboard.screen.kept import keep, kept_choice, recall
from dashboard.screen.names import name_of
from dashboard.screen.panels import Figure
from dashboard.screen.visit import Visit, prefer, visit
from dashboard.screen.wall_map_parts import map_note
from dashboard.services import morning_words
from dashboard.services.ledger import light_of_issue, open_issues
from dashboard.services.morning import Morning
from dashboard.services.my_zones import MyZones, leaders_open_to
from db.repositories.issues import IssueLine, LedgerFilter
from db.tables.people import Person
from db.unit_of_work import reading
from governance.permissions import speaking_for

POINTS = 500


def choose_leader(here: Visit) -> Person | None:
    """The leader whose page is shown: the own one, or a choice for whoever may open several."""
    with reading(here.engine) as session:
        leaders = leaders_open_to(session, here.actor, today=here.today)
    if len(leaders) < 2:
        return leaders[0] if leaders else None
    names = {leader.code: name_of(leader) for leader in leaders}
    fields = [kept_choice("leader", list(names), default=leaders[0].code)]
    recall(fields)
    code = st.selectbox(_("Leader"), list(names), format_func=lambda code: names[code], key="leader")
    keep(fields)
    chosen = next(leader for leader in leaders if leader.code == code)
    if chosen.key in here.actor.leader_ids:
        prefer(chosen.key)  # what is done on other pages afterwards is done for this leader too, where it can be
    return chosen


def zones_of(here: Visit, leader: Person) -> MyZones:
    """The zones that the leader guards today."""
    return guarded(here, leader)


def acting(here: Visit, leader: Person) -> Visit:
    """The visit of a liaison as that of the one who acts for this leader; of everybody else as it is."""
    return replace(here, actor=speaking_for(here.actor, leader.key))


def now(leader: Person) -> Visit:
    """The visit of this very run, for what is drawn in a fragment: who is there, with the rights of this moment."""
    return acting(visit(), leader)


def headline(here: Visit, mine: MyZones, morning: Morning) -> None:
    """Key numbers of all guarded zones together with their change; an issue in two of them counts once."""
    unresolved, overdue, *others = standing_figures(here, mine.together, within=LedgerFilter(zone_ids=mine.zone_ids))
    notes = [note for _name, _value, note in morning_words.headline(morning)]
    closed = Figure(_("Closed in 7 days"), shown_number(morning.week.closed), note=notes[3])
    items = [replace(unresolved, note=notes[0]), replace(overdue, note=notes[1]), *others, closed]
    aside = _("{zones} zones · {running} directives open", zones=len(mine.zones), running=morning.running)
    st.html(panels.panel(name_of(mine.leader), panels.figures(items), aside=aside))


def map_of(here: Visit, mine: MyZones) -> tuple[BaseMap, LiveLayer]:
    """Map of the guarded zones in their lights, with their open issues as points."""
    keys = {zone.key: zone_key(zone.kind, zone.code) for zone, _standing in mine.zones}
    shapes = [item.geometry for item in outlines(here) if item.zone.key in keys]
    bounds = bounds_of(shapes) if shapes else None
    lights = {keys[zone.key]: standing.light for zone, standing in mine.zones}

    def draw() -> LiveLayer:
        points = [point for line in open_lines(here, mine, limit=POINTS) if (point := issue_point(here, line))]
        return live_layer(lights=lights, points=points[::-1])

    base = district_map(here, key=f"leader-{mine.leader.code}", bounds=bounds)
    return base, leader_layer(here, mine.leader, draw)


def open_lines(here: Visit, mine: MyZones, *, limit: int) -> list[IssueLine]:
    """Unresolved issues of the guarded zones, earliest deadline first; at most `POINTS`."""
    wanted, settings = LedgerFilter(zone_ids=mine.zone_ids), here.settings

    def read() -> list[IssueLine]:
        with reading(here.engine) as session:
            return open_issues(
                session, here.actor, wanted, today=here.today, yellow_days=settings.yellow_days, limit=POINTS
            )

    return kept_lines(here, mine, read)[:limit]


def issue_point(here: Visit, line: IssueLine) -> MapPoint | None:
    """An issue as a point with its light, title, number and who must act; None without a place."""
    issue = line.issue
    if issue.lon is None or issue.lat is None:
        return None
    light = light_of_issue(issue, today=here.today, yellow_days=here.settings.yellow_days)
    lines = (issue.title, f"{issue.number} · {label(issue.stage)}", who_must_act(line))
    return MapPoint("issue", issue.number, issue.lon, issue.lat, light, lines)


def note(here: Visit) -> str:
    """What must stand beneath the map."""
    return escape(map_note(here))
