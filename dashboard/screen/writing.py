"""Writes from a page: one unit of work, carried out once per form, refusals answered with a sentence."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.visit import Visit
from dashboard.services.desk import once
from db.unit_of_work import UnitOfWork, unit_of_work

_TOKENS: Final = "form_tokens"
_SAID: Final = "said_after_writing"


@contextmanager
def writing(here: Visit) -> Iterator[UnitOfWork]:
    """A unit of work of whoever is signed in, at the moment of this run; no Streamlit call within it."""
    with unit_of_work(here.engine, actor=here.actor, now=here.now) as work:
        yield work


def form_token(form: str) -> str:
    """The token of a form as it stands on the screen; a new one after it was carried out."""
    tokens: dict[str, str] = st.session_state.setdefault(_TOKENS, {})
    return tokens.setdefault(form, secrets.token_urlsafe(24))


def carry_out(
    here: Visit,
    form: str,
    do: Callable[[UnitOfWork], str],
    *,
    said: str = "",
    refused: Callable[[BaseException], None] = show_refusal,
) -> str | None:
    """Carry a form out, once however often it is sent, and draw the page anew.

    Parameters
    ----------
    here : Visit
    form : str
        Key of the form: the thing and the action, for example ``"issue-7-confirm"``.
    do : callable
        The services to call; returns a short answer, for example an issue's number.
    said : str
        What the page says afterwards.
    refused : callable
        Shows a refusal; without it the sentence stands where the form is.

    Returns
    -------
    str or None
        The answer; None when it was refused: the sentence stands on the page, and what was written stays in the form.
    """
    token = form_token(form)
    try:
        with writing(here) as work:
            answer = once(work, token, lambda: do(work))
    except REFUSALS as refusal:
        refused(refusal)
        return None
    st.session_state[_TOKENS].pop(form, None)
    if said:
        st.session_state[_SAID] = said
    return answer


def say_what_was_done() -> None:
    """Show what the last form led to, once; called by the frame of every page."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(said, icon=":material/check_circle:")
