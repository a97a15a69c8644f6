"""Rebound rates on the screen: a period, a grouping, each figure with its formula and the rows that it counts."""

from datetime import date
from html import escape
from typing import Any, Final

import streamlit as st

from dashboard.i18n import _, label, pgettext, shown_percent, shown_time
from dashboard.screen import panels
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.rebounds import Rate, rebound_rates
from db.repositories.look_back import Grouping
from db.repositories.territory import industries, zones
from db.tables.territory import Enterprise
from db.unit_of_work import reading
from governance.counting import rebound_rate
from governance.vocabulary import Category

SHOWN: Final = 100


def draw_rates(here: Visit) -> None:
    """Draw the rebound rates of a year by what the person chooses."""
    by = st.segmented_control(
        _("By"),
        list(Grouping),
        default=Grouping.TOWNSHIP,
        format_func=lambda one: pgettext("Grouping", Grouping(one).value),
        key="by",
        required=True,
    )
    since, until = here.today.replace(month=1, day=1), here.today
    left, right = st.columns(2)
    since = left.date_input(_("Looked back at from"), value=since, max_value=until, key="rates-from")
    until = right.date_input(_("to"), value=until, max_value=here.today, key="rates-to")
    with reading(here.engine) as session:
        rates = rebound_rates(session, Grouping(by), since=since, until=until)
        names = _names(session, Grouping(by), rates)
    st.html(panels.panel(_("Rebound rate"), _table(rates, names), aside=_together(rates)))
    st.caption(formula(since, until))
    st.caption(_("As of {time}", time=shown_time(here.now, zone=here.district.time_zone)))


def formula(since: date, until: date) -> str:
    """What the rate is, with its period."""
    return _(
        "Rebound rate = issues that a look-back opened again ÷ issues looked back at after their closing; "
        "results of {since} to {until}",
        since=since,
        until=until,
    )


def _together(rates: list[Rate]) -> str:
    reopened, looked = sum(rate.reopened for rate in rates), sum(rate.looked_back for rate in rates)
    rate = rebound_rate(reopened=reopened, looked_back=looked)
    return "—" if rate is None else f"{reopened} ÷ {looked} = {shown_percent(rate, digits=1)}"


def _table(rates: list[Rate], names: dict[Any, str]) -> str:
    if not rates:
        return panels.empty(_("No look-back has a result in this period"))
    heads = ("", _("Opened again"), _("Looked back at"), _("Rate"))
    rows = [
        (
            names.get(one.key, _("None")),
            str(one.reopened),
            str(one.looked_back),
            shown_percent(one.rate or 0.0, digits=1),
        )
        for one in rates[:SHOWN]
    ]
    more = f"<p>{escape(_('The first {shown} of {all}', shown=SHOWN, all=len(rates)))}</p>"
    return panels.rows(rows, heads=heads) + (more if len(rates) > SHOWN else "")


def _names(session: Any, by: Grouping, rates: list[Rate]) -> dict[Any, str]:
    match by:
        case Grouping.TOWNSHIP:
            return {zone.key: name_of(zone) for zone in zones(session)}
        case Grouping.INDUSTRY:
            return {one.key: name_of(one) for one in industries(session)}
        case Grouping.CATEGORY:
            return {one: label(one) for one in Category}
        case Grouping.ENTERPRISE:
            found = (session.get(Enterprise, rate.key) for rate in rates[:SHOWN] if rate.key is not None)
            return {one.key: name_of(one) for one in found if one}
