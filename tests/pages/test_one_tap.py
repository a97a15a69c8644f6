"""The one-tap form of the morning page: filled already, sent once, recorded with the leader's name."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.screen import writing
from db.repositories.people import person_by_code
from db.tables.directives import Directive
from db.tables.history import Event
from db.unit_of_work import reading
from governance.directives import GIVEN
from governance.vocabulary import DirectiveKind
from tests.pages.conftest import Opening

KINDS = list(DirectiveKind)


def tapped(page: AppTest, kind: DirectiveKind) -> AppTest:
    """Open the filled form of the first matter that an issue or zone stands behind."""
    page = next(button for button in page.button if (button.key or "").startswith(f"tap-{kind}-")).click().run()
    assert list(page.exception) == []
    return page


def sent(page: AppTest) -> AppTest:
    return next(button for button in page.button if "FormSubmitter:one-tap" in (button.key or "")).click().run()


def given(engine: Engine) -> Sequence[tuple[Directive, Event]]:
    """Directives with the event of their giving, the newest first."""
    query = (
        select(Directive, Event)
        .where(Event.subject_kind == Directive.subject, Event.subject_id == Directive.id)
        .where(Event.code.in_(GIVEN.values()))  # type: ignore[attr-defined]  # a column
        .order_by(Event.seq.desc())  # type: ignore[union-attr]
    )
    with reading(engine) as session:
        return list(session.exec(query))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("login", ["leader01", "liaison01"])
def test_two_taps_give_it_in_the_leaders_name(
    own_district: Engine, open_page: Opening, login: str, kind: DirectiveKind
) -> None:
    before = len(given(own_district))
    page = tapped(open_page(own_district, login, "my-zones"), kind)
    words = page.text_area[0].value
    sent(page)
    found = given(own_district)
    directive, event = found[0]
    with reading(own_district) as session:
        person, leader = (person_by_code(session, code) for code in (f"{login[:-2]}-001", "leader-001"))
        assert person is not None
        assert leader is not None
    behind = None if login == "leader01" else leader.key
    assert (len(found), directive.kind, directive.text) == (before + 1, kind, words)
    assert (event.actor_id, event.on_behalf_of_id) == (directive.giver_id, directive.on_behalf_of_id)
    assert (directive.giver_id, directive.on_behalf_of_id) == (person.key, behind)


def test_sent_twice_it_is_given_once(own_district: Engine, open_page: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "form_token", lambda form: f"the-same-token-of-{form}"[:24])
    before = len(given(own_district))
    page = tapped(open_page(own_district, "leader01", "my-zones"), DirectiveKind.INSTRUCTION)
    button = next(button for button in page.button if "FormSubmitter:one-tap" in (button.key or ""))
    again = tapped(open_page(own_district, "leader01", "my-zones"), DirectiveKind.INSTRUCTION)
    button.click().run()
    sent(again)
    assert len(given(own_district)) == before + 1


def test_an_empty_instruction_is_refused_with_a_sentence(own_district: Engine, open_page: Opening) -> None:
    before = len(given(own_district))
    page = tapped(open_page(own_district, "leader01", "my-zones"), DirectiveKind.INSTRUCTION)
    page.text_area[0].set_value("   ")
    page = sent(page)
    drawn = "".join(element.proto.body for element in page.get("html"))
    assert ('class="gg-refusal"' in drawn, len(given(own_district)), list(page.exception)) == (True, before, [])
