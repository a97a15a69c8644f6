"""Parts of the inbox: how much lies in it, and each tray as a list of links."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.i18n import ngettext, pgettext, shown_date
from dashboard.maps import LIGHT_LOOKS
from dashboard.screen import panels
from dashboard.screen.counts import shown_count
from dashboard.screen.panels import Figure
from dashboard.screen.visit import Visit
from dashboard.services.inbox import Stack, Tray, inbox
from dashboard.services.inbox_letters import Letter
from db.unit_of_work import reading
from governance.lights import light_of
from governance.vocabulary import Light

# Where a tray's whole list is a view of the ledger.
_WHOLE: Final = {Tray.LATE: "/ledger?light=red&urgent=true"}


def read_inbox(here: Visit) -> list[Stack]:
    """The person's trays that are not empty."""
    with reading(here.engine) as session:
        return inbox(session, here.actor, today=here.today)


def figure(name: str, stacks: list[Stack], trays: tuple[Tray, ...]) -> Figure:
    """How many lie in some trays together; what is late in red."""
    n = sum(stack.count for stack in stacks if stack.tray in trays)
    return Figure(name, shown_count(n), Light.RED if n and trays == (Tray.LATE,) else None)


def column(here: Visit, stacks: list[Stack], trays: tuple[Tray, ...], *, empty: str) -> None:
    """Draw some trays one beneath the other, or a sentence where all of them are empty."""
    shown = [stack for stack in stacks if stack.tray in trays]
    if not shown:
        st.html(panels.panel("", panels.empty(empty)))
    for stack in shown:
        _stack(here, stack)


def _stack(here: Visit, stack: Stack) -> None:
    lines = "".join(_line(here, letter) for letter in stack.letters)
    aside = panels.linked(shown_count(stack.count), _WHOLE.get(stack.tray, ""))
    body = f'<ol class="gg-letters">{lines}</ol>{_rest(stack)}'
    st.html(panels.panel(pgettext("Tray", stack.tray.value), body, aside_html=aside))


def _line(here: Visit, letter: Letter) -> str:
    call = f"<i>☎ {escape(letter.call)}</i>" if letter.call else ""
    return (
        f'<li><a href="{escape(letter.address)}" target="_self"><b>{escape(letter.title)}</b>'
        f"<i>{escape(' · '.join(letter.about))}</i>{call}</a>{_when(here, letter)}</li>"
    )


def _when(here: Visit, letter: Letter) -> str:
    if letter.due_on is None:
        return "<span></span>"
    light = light_of(letter.due_on, today=here.today, yellow_days=here.settings.yellow_days)
    shape = LIGHT_LOOKS[light].shape
    words = panels.days_text(letter.days_late) if letter.days_late else shown_date(letter.due_on)
    return f'<span class="gg-{light.value}">{shape} {escape(words)}</span>'


def _rest(stack: Stack) -> str:
    left = stack.count - len(stack.letters)
    words = ngettext("and {number} more", "and {number} more", left)  # at least: issues are counted up to a limit
    return f'<p class="gg-empty">{escape(words)}</p>' if left > 0 else ""
