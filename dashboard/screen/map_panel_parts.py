"""What stands beside the map: the place's numbers and facts, and the lists of exactly what the map shows."""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, pgettext, shown_date, shown_number, shown_time
from dashboard.screen import panels
from dashboard.screen.address import ISSUE, ISSUE_PAGE, Place, step_to
from dashboard.screen.figure_parts import standing_figures
from dashboard.screen.issue_table import issue_table, who_must_act
from dashboard.screen.map_layer_parts import ENTERPRISES, ISSUES
from dashboard.screen.map_parts import Shown, known_zones
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.screen.zone_table import tell_chosen, zone_table
from dashboard.services.drilldown import EnterpriseView, ZoneView
from dashboard.services.ledger import IssueFile, light_of_issue
from db.repositories.issues import LedgerFilter
from governance.permissions import Right, may
from governance.plans import pace_of
from governance.vocabulary import Light

LIST_HEIGHT: Final = 330


def describe(here: Visit, shown: Shown) -> None:
    """Draw what stands beside the map."""
    if shown.issue:
        _issue_panel(here, shown.issue)
        return
    _standing_panel(here, shown)
    if shown.zone:
        _zone_panel(shown.zone)
        if ENTERPRISES in shown.layers.on:
            _enterprise_list(shown.zone)
    elif shown.enterprise:
        _enterprise_panel(shown.enterprise)
    else:
        zones = [pair for pair in known_zones(here, shown.layers) if pair[0].kind.value in shown.layers.on]
        zone_table(zones, key="zones", on_choose=lambda zone: step_to(Place(zone=zone)))


def list_issues(here: Visit, shown: Shown) -> None:
    """Draw the list of the issues that the map shows, beneath it."""
    if shown.issue:
        return
    st.html(f'<h2 class="gg-part">{escape(_("Open issues, the most urgent first"))}</h2>')
    if ISSUES not in shown.layers.on:
        st.caption(_("Issues are switched off among the layers."))
        return
    if words := how_many(shown):
        st.caption(words)
    key = "-".join(("issues-of", *shown.place.parameters.values()))
    with st.container(key="open-issues"):
        issue_table(here, shown.lines, key=key, height=420, on_choose=lambda number: step_to(Place(issue=number)))


def how_many(shown: Shown) -> str:
    """Say how many of the unresolved issues are listed, where these are not all; else nothing."""
    n, total = len(shown.lines), shown.standing.unresolved
    if n >= total:
        return ""
    if n == shown.most:
        return _("The first {shown} of {all}; the ledger shows all.", shown=n, all=total)
    return _("{shown} of {all} unresolved issues are open to you.", shown=n, all=total)


def notes(shown: Shown) -> list[str]:
    """What the map leaves out of what is switched on, in sentences."""
    said = []
    if shown.dots and len(shown.dots) < shown.dots_total:
        said.append(_("The first {shown} of {all} enterprises.", shown=len(shown.dots), all=shown.dots_total))
    if shown.zone and len(shown.zone.enterprises) < shown.zone.enterprise_total:
        n, total = len(shown.zone.enterprises), shown.zone.enterprise_total
        said.append(_("The first {shown} of {all} enterprises.", shown=n, all=total))
    if shown.villages_total:
        n, total = len(shown.villages), shown.villages_total
        said.append(_("The places of {shown} of {all} villages are known.", shown=n, all=total))
    if shown.no_stations:
        said.append(_("No air-quality station has been imported."))
    if unplaced := sum(line.issue.lon is None for line in shown.lines):
        said.append(_("{n} listed issues have no place on the map.", n=unplaced))
    if not shown.place.parameters and shown.clusters:
        said.append(_("Issues are gathered by area; the worst light is shown. Open a zone for each of them."))
    return said


def _enterprise_list(view: ZoneView) -> None:
    if not view.enterprises:
        st.caption(_("No enterprise here."))
        return
    numbers = [str(firm.key) for firm, _n in view.enterprises]
    key = f"enterprises-{view.zone.key}"
    st.dataframe(
        pd.DataFrame([{_("Enterprise"): name_of(firm), _("Unresolved"): n} for firm, n in view.enterprises]),
        hide_index=True,
        height=LIST_HEIGHT if len(numbers) > 8 else "auto",
        key=key,
        on_select=partial(tell_chosen, key, numbers, lambda number: step_to(Place(enterprise=number))),
        selection_mode="single-row",
        alt=_("Table of enterprises"),
    )


def _standing_panel(here: Visit, shown: Shown) -> None:
    within = LedgerFilter(
        zone_ids=frozenset({shown.zone.zone.key}) if shown.zone else frozenset(),
        enterprise_id=shown.enterprise.enterprise.key if shown.enterprise else None,
    )
    items = standing_figures(here, shown.standing, within=within)
    if shown.layers.is_lit_in_part:  # the rows behind a figure know one light at most
        items = [replace(item, address="", how="") for item in items[: len(items) - 1]]
    aside = "" if may(here.actor, Right.SEE_DISTRICT) else _("only what is open to you")
    if shown.layers.is_lit_in_part:
        lights = [panels.light_text(light) for light in Light if light in shown.layers.lights]
        aside = ", ".join(lights) or _("no light chosen")
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
    lines += [(_("Enterprises"), shown_number(view.enterprise_total))]
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
