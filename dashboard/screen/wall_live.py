"""The wall's life between two drawings: what is drawn, what was pressed, and when it must be drawn anew."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import streamlit as st

from dashboard.registry import pages_for
from dashboard.screen.address import go_to_issue
from dashboard.screen.caches import severe_overdue, wall_steps
from dashboard.screen.visit import Visit, visit_if_signed_in
from dashboard.screen.wall_hand import said, wall_hand
from dashboard.services import playlist
from dashboard.settings import Settings
from db.repositories.issues import IssueLine
from db.unit_of_work import reading
from governance import rotation as rotating
from governance.errors import InvalidInput
from governance.freshness import Freshness, next_turn
from governance.permissions import Right, may
from governance.playlist import DISTRICT_STEP, Step, step_of
from governance.rotation import Alert, Pace, Rotation

CONTENT: Final = "wall"
LOOKING: Final = "looking"
_PATIENCE: Final = 3
_KEPT: Final = "live_wall"
_MOST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """The list that is open within the wall, by its name as addresses give it, and its page; no name for none."""

    name: str = ""
    page: int = 1


NO_LIST: Final = Listed()


@dataclass(frozen=True, slots=True)
class View:
    """What somebody sees of the wall's state; a difference is drawn."""

    step: Step
    position: int
    steps: int
    is_playing: bool
    is_paused: bool
    alert: Alert | None
    listed: Listed


@dataclass(slots=True)
class LiveWall:
    """The state of one browser's wall, kept in its session.

    Attributes
    ----------
    person_id
        Whose session draws it.
    rotation
    listed
    known
        Keys of the overdue severe issues that do not interrupt any more; those of the opening at first.
    drawn
        Key and view of what is on the screen.
    address
        Parameters as last read or written.
    leaving_for
        Number of the issue that was pressed.
    looks_behind
        How many looks found the wall behind since it was last drawn.
    is_arriving
        Whether the whole page runs, which draws the wall after its first look.
    """

    person_id: int
    pace: Pace
    rotation: Rotation
    known: frozenset[int]
    listed: Listed = NO_LIST
    drawn: tuple[Freshness, View] | None = None
    address: dict[str, str] = field(default_factory=dict)
    leaving_for: str = ""
    looks_behind: int = 0
    is_arriving: bool = True

    @property
    def view(self) -> View:
        """What is to be seen now."""
        turning = self.rotation
        return View(
            step=turning.step,
            position=turning.index + 1,
            steps=len(turning.steps),
            is_playing=turning.is_playing,
            is_paused=turning.is_paused,
            alert=turning.alert,
            listed=self.listed,
        )


def arrive(here: Visit) -> None:
    """Take the wall to where the address leads; called when the page is opened, and after a step in the history."""
    live, asked = _kept(), dict(st.query_params.to_dict())
    if live is not None and live.person_id == here.signed_in.person_id and live.address == asked:
        live.is_arriving = True
        return
    is_playing = asked.get("play") == "1"
    steps = wall_steps(here)
    named = _named(asked.get("show", ""))
    first = named if named in steps else DISTRICT_STEP if not is_playing else steps[0]
    st.session_state[_KEPT] = LiveWall(
        person_id=here.signed_in.person_id,
        pace=_pace(here.settings),
        rotation=rotating.begin(steps, first=first, is_playing=is_playing, now=here.now),
        known=live.known if live else severe_overdue(here),
        listed=_listed(asked.get("list", ""), asked.get("page", "")),
        address=asked,
    )


def current(here: Visit) -> LiveWall:
    """The state that is drawn now: today's steps, new alerts, the address of what is seen.

    A drawing runs without the page's entry script: whoever may no longer see the district leaves the wall here.
    """
    live = _kept()
    if live is None or not may(here.actor, Right.SEE_DISTRICT):
        st.rerun()
    _leave_for_issue(live, here)
    live.rotation = _with_alerts(live, here)
    live.looks_behind = 0
    live.drawn = Freshness(here.version, next_turn(here.now, here.zone)), live.view
    _write_address(live)
    return live


def current_view() -> View:
    """What is drawn in this run."""
    live = _kept()
    if live is None:
        st.rerun()
    return live.view


def alert_line(here: Visit, live: LiveWall) -> IssueLine | None:
    """The issue that interrupts the rotation just now, if it is still overdue."""
    alert = live.rotation.alert
    if alert is None:
        return None
    with reading(here.engine) as session:
        return playlist.alert_line(session, alert.number, today=here.today)


def look() -> None:
    """One look of the server: one query while nothing changes; what changed is drawn anew, and only then.

    A fragment may not ask for the run of another one, but what the browser says may: the hand answers at once to a
    look that found the wall behind. Should that fail, the whole page is run after a few looks.
    """
    live, here = _kept(), visit_if_signed_in()
    if live is None or here is None or here.signed_in.person_id != live.person_id:
        st.rerun()
    _let_time_pass(live, here)
    is_behind = not (live.is_arriving or _is_true(live, here))
    live.is_arriving = False
    live.looks_behind = live.looks_behind + 1 if is_behind else 0
    if live.looks_behind > _PATIENCE:
        st.rerun()
    wall_hand(
        as_of_ms=int(here.now.timestamp() * 1000),
        version=here.version,
        is_behind=is_behind,
        poll_seconds=here.settings.poll_seconds,
        zone=here.district.time_zone,
        is_playing=live.rotation.is_playing,
        hear=_hear,
    )


def _is_true(live: LiveWall, here: Visit) -> bool:
    return live.drawn is not None and live.drawn[0].holds(here.version, now=here.now) and live.drawn[1] == live.view


def _hear() -> None:
    """Do what was pressed, and have the wall and the look run again instead of whatever would."""
    live, here = _kept(), visit_if_signed_in()
    if live is None or here is None:
        st.rerun()
    _let_time_pass(live, here)
    heard = said()
    if heard.is_stalled:
        st.rerun()
    if heard.word:
        _obey(live, heard.word, here)
    elif heard.is_touched:
        live.rotation = rotating.paused(live.rotation, pace=live.pace, now=here.now)
    if not _is_true(live, here) or live.leaving_for:
        st.rerun([CONTENT, LOOKING])
    st.rerun(LOOKING)


def _let_time_pass(live: LiveWall, here: Visit) -> None:
    """Advance the rotation; a list that somebody opened closes when it goes on."""
    before = live.rotation
    live.rotation = rotating.advanced(before, pace=live.pace, now=here.now)
    if live.rotation.step != before.step or (before.is_paused and not live.rotation.is_paused):
        live.listed = NO_LIST


def _obey(live: LiveWall, word: str, here: Visit) -> None:
    verb, _colon, rest = word.partition(":")
    before, now = live.rotation, here.now
    if verb in ("next", "back"):
        live.rotation = rotating.moved(before, 1 if verb == "next" else -1, pace=live.pace, now=now)
    elif verb == "resume":
        live.rotation = rotating.resumed(before, pace=live.pace, now=now)
    elif verb == "show" and (step := _named(rest)) is not None:
        live.rotation = rotating.shown(before, step, pace=live.pace, now=now)
    else:
        live.rotation = rotating.paused(before, pace=live.pace, now=now)
    name, _colon, page = rest.partition(":")
    if verb == "list":
        live.listed = _listed(name, page)
    elif verb == "close" or live.rotation.step != before.step:
        live.listed = NO_LIST
    elif verb == "issue":
        live.leaving_for = rest


def _leave_for_issue(live: LiveWall, here: Visit) -> None:
    """Whoever may open issues goes on to the one that was pressed; a display stays on the wall."""
    number, live.leaving_for = live.leaving_for, ""
    if number and any(page.url == "issue" for page in pages_for(here.actor)):
        go_to_issue(number)


def _with_alerts(live: LiveWall, here: Visit) -> Rotation:
    """The rotation over today's steps, interrupted by the severe issues that became overdue since the last drawing."""
    turning = live.rotation
    steps = wall_steps(here)
    is_extra = not turning.is_playing and turning.steps[turning.index] not in steps
    turning = turning if is_extra else rotating.with_steps(turning, steps)
    late = severe_overdue(here)
    fresh, live.known = late - live.known, live.known | late
    if not fresh:
        return rotating.advanced(turning, pace=live.pace, now=here.now)
    with reading(here.engine) as session:
        alerts = playlist.alerts_of(session, fresh, today=here.today)
    return rotating.interrupted(turning, alerts, pace=live.pace, now=here.now)


def _write_address(live: LiveWall) -> None:
    view = live.view
    said = {
        "play": "1" if view.is_playing else "",
        "show": view.step.name if view.is_playing or view.step != DISTRICT_STEP else "",
        "list": view.listed.name,
        "page": str(view.listed.page) if view.listed.page > 1 else "",
    }
    live.address = {name: value for name, value in said.items() if value}
    if st.query_params.to_dict() != live.address:
        st.query_params.from_dict(live.address)


def _kept() -> LiveWall | None:
    live = st.session_state.get(_KEPT)
    return live if isinstance(live, LiveWall) else None


def _named(name: str) -> Step | None:
    try:
        return step_of(name)
    except InvalidInput:
        return None


def _listed(name: str, page: str) -> Listed:
    is_number = page.isascii() and page.isdecimal() and len(page) <= _MOST_DIGITS
    return Listed(name, max(int(page), 1) if is_number else 1) if name else NO_LIST


def _pace(chosen: Settings) -> Pace:
    return Pace(timedelta(seconds=chosen.wall_step_seconds), timedelta(seconds=chosen.wall_pause_seconds))
