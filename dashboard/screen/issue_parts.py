"""Parts of the issue page: its head with the six links, where it lies, whose it is, where it came from, its notices."""

from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote

import streamlit as st

from dashboard.i18n import _, label, ngettext, pgettext, shown_date
from dashboard.map_component import show_map
from dashboard.maps import live_layer
from dashboard.screen import panels
from dashboard.screen.address import ISSUE, MAP_PAGE, Place
from dashboard.screen.caches import district_map
from dashboard.screen.issue_words import field_label, who
from dashboard.screen.leader_parts import issue_point
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.screen.wall_map_parts import map_note
from dashboard.services.issue_view import NEWEST, IssueView, Link, issue_view
from dashboard.services.ledger import light_of_issue
from db.tables.people import Person
from db.unit_of_work import reading
from governance.lights import days_late
from governance.plans import pace_of
from governance.vocabulary import Light

MAP_HEIGHT: Final = 280
AROUND: Final = 0.02
_ALL: Final = "issue_shows_all"


def asked_number() -> str:
    """The number of the issue that the address names; empty without one."""
    return st.query_params.get(ISSUE, "").strip()


def read_issue(here: Visit, number: str) -> IssueView:
    """The issue as the person sees it, with the newest of its history or with all of it.

    Raises
    ------
    NotFound
    """
    newest = 10**6 if st.session_state.get(_ALL) == number else NEWEST
    with reading(here.engine) as session:
        return issue_view(session, here.actor, number, today=here.today, newest=newest)


def show_all_events(number: str) -> None:
    """Read all of an issue's history from the next run on."""
    st.session_state[_ALL] = number


def head(here: Visit, view: IssueView) -> None:
    """Draw number, title, light, stage and severity, what was found, and the six links."""
    issue = view.issue
    marks = [_light(here, view), escape(label(issue.stage)), escape(label(issue.severity))]
    marks += [escape(label(issue.category))]
    marks += [escape(_("Stage as stated by an import, unproven"))] if issue.is_unproven else []
    marks += [escape(_("Put right on the spot"))] if issue.is_on_the_spot else []
    line = " · ".join(mark for mark in marks if mark)
    words = f"<p>{escape(issue.description)}</p>" if issue.description else ""
    body = f'<p class="gg-marks">{line}</p>{words}{_links(here, view)}'
    st.html(panels.panel(issue.title, body, aside=issue.number))


def _light(here: Visit, view: IssueView) -> str:
    light = light_of_issue(view.issue, today=here.today, yellow_days=here.settings.yellow_days)
    if light is None:
        return ""
    late = days_late(view.issue.due_on, today=here.today)
    pace = pace_of(view.issue.stage, view.issue.due_on, today=here.today)
    return panels.light_word(light, pace) + (f" {escape(panels.days_text(late))}" if light == Light.RED else "")


def _links(here: Visit, view: IssueView) -> str:
    links = "".join(_link(link) for link in view.links)
    back = "".join(
        f"<li>↩ {escape(pgettext('event', code))} × {last.times} · {escape(_day(here, last.happened.event.at))} · "
        f"{escape(who(last.happened))}</li>"
        for code, last in view.ways_back.items()
    )
    return f'<ol class="gg-links">{links}</ol>' + (f'<ul class="gg-back">{back}</ul>' if back else "")


def _day(here: Visit, moment: datetime) -> str:
    return shown_date(moment.astimezone(here.zone).date())


def _link(link: Link) -> str:
    state = "done" if link.is_done else "now" if link.is_current else "open"
    mark = {"done": "✓", "now": "▶", "open": "○"}[state]
    person = name_of(link.person) if link.person else ""
    person = _("{name} for {leader}", name=person, leader=link.leader) if person and link.leader else person
    day = shown_date(link.on) if link.on else ""
    current = ' aria-current="step"' if state == "now" else ""
    return (
        f'<li class="gg-link-{state}"{current}><b>{mark} {escape(label(link.stage))}</b>'
        f"<span>{escape(day)}</span><span>{escape(person)}</span></li>"
    )


def part_title(text: str) -> None:
    """Draw the title of a part of the page that is no panel."""
    st.html(f'<h2 class="gg-part">{escape(text)}</h2>')


def where(here: Visit, view: IssueView) -> None:
    """Draw the small map with the issue's place, and the way to the large one."""
    point = issue_point(here, view.file.line)
    if point is None:
        st.html(panels.panel(_("Where"), panels.empty(view.issue.place or _("The place is not known"))))
    else:
        focus = (point.lon - AROUND, point.lat - AROUND, point.lon + AROUND, point.lat + AROUND)
        base = district_map(here, key="issue")
        show_map(base, live_layer(lights={}, points=[point], focus=focus), height=MAP_HEIGHT)
        st.caption(map_note(here))
    st.page_link(
        MAP_PAGE,
        label=_("Show on the map"),
        icon=":material/map:",
        query_params=Place(issue=view.issue.number).parameters,
    )


def whose(view: IssueView) -> None:
    """Draw who acts, what, how and how far: enterprise, industry, standard, units, the one person, the leader."""
    issue, line, known = view.issue, view.file.line, view.whose
    charge = view.names.people.get(issue.person_in_charge_id or 0)
    zone = either(line.zone, line.zone_en)
    rows = [
        (_("Enterprise or place"), either(line.enterprise, line.enterprise_en) or issue.place or "—"),
        (_("Zone"), zone or _("Outside")),
        (_("Guarding leader"), name_of(known.guard) if known.guard else "—"),
        (_("Industry"), either(line.industry, line.industry_en) or "—"),
        (_("Department"), name_of(known.department) if known.department else "—"),
        (_("Standard"), known.standard.text if known.standard else "—"),
        (field_label("lead_unit_id"), either(line.unit, line.unit_en) or "—"),
        (field_label("joining_unit_ids"), ", ".join(name_of(unit) for unit in known.joining) or "—"),
        (field_label("person_in_charge_id"), _with_phone(charge)),
        (field_label("requirement"), issue.requirement or "—"),
        (field_label("measures"), issue.measures or "—"),
    ]
    st.html(panels.panel(_("Who acts, what, how, how far"), panels.rows(rows), kind="gg-facts"))


def _with_phone(person: Person | None) -> str:
    if person is None:
        return "—"
    return " · ".join(part for part in (name_of(person), person.phone) if part)


def origin(view: IssueView) -> None:
    """Draw where the issue came from and how it is judged: source with its numbers, area, level, deadlines."""
    issue = view.issue
    rows = [
        (_("Source"), label(issue.source)),
        (_("Number of the source"), issue.source_number or "—"),
        (_("Document"), issue.source_document or "—"),
        (_("Deadline of the source"), shown_date(issue.source_due_on) if issue.source_due_on else "—"),
        (_("Found by"), _finder(view)),
        (_("Check area"), label(issue.check_area) if issue.check_area else "—"),
        (_("Category"), label(issue.category)),
        (_("Severity"), label(issue.severity)),
        (_("Signed off by"), label(issue.sign_off_level)),
        (field_label("term"), label(issue.term) if issue.term else "—"),
        (field_label("rectify_due_on"), shown_date(issue.rectify_due_on) if issue.rectify_due_on else "—"),
        *_ending(view),
    ]
    st.html(panels.panel(_("Where it comes from"), panels.rows(rows), kind="gg-facts"))


def _finder(view: IssueView) -> str:
    issue = view.issue
    person = view.names.people.get(issue.finder_id or 0)
    unit = view.names.units.get(issue.finder_unit_id or 0)
    return " · ".join(name_of(known) for known in (person, unit) if known) or "—"


def _ending(view: IssueView) -> list[tuple[str, str]]:
    """Public notice, submission above with basis and result, and what it was merged into or recurs from."""
    issue = view.issue
    days = [(name, getattr(issue, name)) for name in ("notice_ends_on", "handed_in_on")]
    words = [(name, getattr(issue, name)) for name in ("handed_in_document", "above_basis", "above_result")]
    others = [(name, view.names.issues.get(getattr(issue, name) or 0)) for name in ("merged_into_id",)]
    told = [(field_label(name), shown_date(day)) for name, day in days if day]
    told += [(field_label(name), text) for name, text in (*words, *others) if text]
    recurs = view.names.issues.get(issue.recurs_id or 0)
    return told + ([(_("Recurrence of"), recurs)] if recurs else [])


def notices(view: IssueView) -> None:
    """Draw the notices that name the issue, each as Word and as PDF."""
    found = view.file.notices
    if not found:
        return
    items = "".join(
        f"<tr><td>{escape(notice.number)}</td><td>{escape(shown_date(notice.issued_on))}</td>"
        f"<td>{escape(_('Replied') if notice.reply else _('No reply yet'))}</td>"
        f'<td><a href="/api/v1/notices/{quote(notice.number, safe="")}.docx">Word</a> '
        f'<a href="/api/v1/notices/{quote(notice.number, safe="")}.pdf">PDF</a></td></tr>'
        for notice in found
    )
    title = ngettext("{number} rectification notice", "{number} rectification notices", len(found))
    st.html(panels.panel(title, f"<table>{items}</table>"))
