"""What changed since a visit leads to a list of exactly what it counts; addresses that say nonsense are refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Engine

from dashboard.i18n import set_locale
from dashboard.services.directive_lists import directive_page
from dashboard.services.directives import give_instruction
from dashboard.services.ledger import ledger_page
from dashboard.services.ledger_address import filter_of, parameters_of, span_of
from dashboard.services.morning_visits import Change, Changed, Since, changes_since
from db.repositories.directives import DirectiveFilter
from db.repositories.happenings import Happened, Happening
from db.repositories.ledger_filter import LedgerFilter
from db.unit_of_work import reading
from governance.errors import InvalidInput
from tests.conftest import NOW, TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import version


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def changed(loop: Loop, *, days: int = 0) -> list[Changed]:
    """What happened in West since the beginning, as of some days later."""
    since = Since(at=NOW - timedelta(days=7), seq=0, is_first=True)
    given: dict[str, Any] = {
        "today": TODAY + timedelta(days=days),
        "upto": version(loop.engine),
        "time_zone": "Asia/Shanghai",
    }
    return changes_since(loop.engine, frozenset({zone(loop, "T1").key}), since, **given)


def listed(loop: Loop, address: str, *, days: int = 0) -> int:
    """How many rows the page of an address shows the leader."""
    path, asked = urlsplit(address).path, parse_qsl(urlsplit(address).query)
    given: dict[str, Any] = {"today": TODAY + timedelta(days=days), "yellow_days": 3}
    with reading(loop.engine) as session:
        wanted = filter_of(session, asked)
        if path == "/ledger":
            return ledger_page(session, loop.actor("leader"), wanted, **given).total
        narrowed = DirectiveFilter(given=span_of(dict(asked)["given"], name="given"), in_zone_ids=wanted.zone_ids)
        return directive_page(session, loop.actor("leader"), narrowed, **given).total


def test_each_change_opens_exactly_what_it_counts(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    found_issue(loop)
    with loop.as_("leader") as work:
        give_instruction(work, text="Cover all heaps", zone=zone(loop, "T1"))
    found = changed(loop, days=60)
    assert {one.change for one in found} >= {Change.OVERDUE, Change.FOUND, Change.CONFIRMED, Change.DIRECTIVES}
    assert [listed(loop, one.address, days=60) for one in found] == [one.count for one in found]


def test_what_happened_afterwards_is_not_in_the_list(loop: Loop) -> None:
    found_issue(loop)
    (found,) = changed(loop)
    found_issue(loop)
    assert (listed(loop, found.address), changed(loop)[0].count) == (1, 2)


def test_a_happening_is_said_in_the_address_and_read_back(loop: Loop) -> None:
    wanted = LedgerFilter(happened=Happened(Happening.CLOSED, 3, 18))
    with reading(loop.engine) as session:
        said = parameters_of(session, wanted)
        assert (said, filter_of(session, said)) == ([("happened", "closed.3.18")], wanted)


@pytest.mark.parametrize("value", ["", "closed", "closed.1", "burned.1.2", "closed.1.x", "closed.-1.2", "closed.²0.30"])
def test_a_happening_that_is_none_is_refused(loop: Loop, value: str) -> None:
    with reading(loop.engine) as session, pytest.raises(InvalidInput):
        filter_of(session, [("happened", value)])
