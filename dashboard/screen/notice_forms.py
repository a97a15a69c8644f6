"""The form that issues a notice: in whose name, to whom, for which issues of the ledger, with what requirement."""

from typing import Final

import streamlit as st

from dashboard.i18n import _, label, shown_date
from dashboard.markdown import plain_label
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services.notice_choices import Addressee, addressees, nameable_issues
from dashboard.services.notices import LONGEST_TEXT, issue_notice, issuing_units
from db import records
from db.repositories.issues import IssueLine
from db.tables.issues import Issue
from db.tables.people import Unit
from db.unit_of_work import UnitOfWork, reading
from governance.vocabulary import NoticeKind

FORM: Final = "notice-new"
OPENED: Final = f"{FORM}-open"


def issue_form(here: Visit) -> str | None:
    """Draw the form for whoever may issue notices; return the number of the notice that was issued.

    What may be named is counted once the form is opened.
    """
    kinds = {kind: units for kind in NoticeKind if (units := _issuers(here, kind))}
    if not kinds:
        return None
    place = st.expander(_("Issue a notice"), icon=":material/post_add:", key=OPENED, on_change="rerun")
    if not place.open:
        return None
    with place:
        kind, issuer = _in_whose_name(kinds)
        addressee = _to_whom(here, kind, issuer)
        if addressee is None:
            st.caption(_("No issue of the ledger can be named just now."))
            return None
        chosen = _which_issues(here, kind, issuer, addressee)
        requirement = st.text_area(
            _("What is required of all of them"),
            key=f"{FORM}-requirement",
            max_chars=LONGEST_TEXT,
            placeholder=_("Each issue's own requirement stands beside it."),
        )
        return _send(here, kind, issuer, chosen, requirement)


def _issuers(here: Visit, kind: NoticeKind) -> list[Unit]:
    with reading(here.engine) as session:
        return issuing_units(session, here.actor, kind)


def _in_whose_name(kinds: dict[NoticeKind, list[Unit]]) -> tuple[NoticeKind, Unit]:
    first, second = st.columns(2)
    kind = first.selectbox(_("Kind"), list(kinds), format_func=label, key=f"{FORM}-kind")
    units = {unit.code: unit for unit in kinds[kind]}
    code = second.selectbox(
        _("Issuer"), list(units), format_func=lambda code: plain_label(name_of(units[code])), key=f"{FORM}-unit-{kind}"
    )
    return kind, units[code]


def _to_whom(here: Visit, kind: NoticeKind, issuer: Unit) -> Addressee | None:
    with reading(here.engine) as session:
        offered = {str(one.enterprise_id): one for one in addressees(session, here.actor, kind, issuer)}
    if not offered:
        return None
    key = st.selectbox(
        _("Enterprise or place"),
        list(offered),
        format_func=lambda key: _named(offered[key]),
        key=f"{FORM}-to-{issuer.id}",
    )
    return offered[key]


def _named(addressee: Addressee) -> str:
    return _("{name} ({n})", name=addressee.name or _("Without an enterprise"), n=addressee.issues)


def _which_issues(here: Visit, kind: NoticeKind, issuer: Unit, addressee: Addressee) -> list[IssueLine]:
    with reading(here.engine) as session:
        found = nameable_issues(session, here.actor, kind, issuer, addressee.enterprise_id)
    lines = {line.issue.number: line for line in found}
    chosen = st.multiselect(
        _("Issues"),
        list(lines),
        format_func=lambda number: _words(lines[number]),
        key=f"{FORM}-issues-{issuer.id}-{addressee.enterprise_id}",
        placeholder=_("Choose"),
    )
    return [lines[number] for number in chosen]


def _words(line: IssueLine) -> str:
    issue = line.issue
    due = shown_date(issue.rectify_due_on) if issue.rectify_due_on else "—"
    return f"{issue.number} {issue.title} ({due})"


def _send(here: Visit, kind: NoticeKind, issuer: Unit, chosen: list[IssueLine], requirement: str) -> str | None:
    def do(work: UnitOfWork) -> str:
        named = [records.get(work.session, Issue, line.issue.key) for line in chosen]
        unit = records.get(work.session, Unit, issuer.key)
        return issue_notice(work, kind=kind, issuer=unit, issues=named, requirement=requirement).number

    if not st.button(_("Issue the notice"), type="primary", icon=":material/send:", disabled=not chosen):
        return None
    return carry_out(here, FORM, do, said=_("The notice is issued."))
