"""The quick path on both databases: one act writes every link in order, each with its own person and day."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.evidence.store import FolderStore
from dashboard.services.issues import act
from dashboard.services.on_the_spot import confirm_on_the_spot, may_confirm_on_the_spot
from dashboard.services.placing import placing_on
from dashboard.services.reporting import Finding, Photo, report_finding
from db import records
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.unit_of_work import reading
from db.verification import differences, verify_chain
from governance.errors import Conflict, GridGuardError, InvalidInput, NotAllowed
from governance.on_the_spot import PutRight
from governance.stages import Action
from governance.vocabulary import Category, EvidenceKind, Severity, Source, Stage, Term
from tests.conftest import NOW, TODAY
from tests.services.field_people import as_, numbers, peopled, picture, who
from tests.services.small_district import only

MILL = 1
PHOTOS = (EvidenceKind.BEFORE, EvidenceKind.AFTER)
LINKS = ["reported", "confirmed", "entered_in_ledger", "handed_over", "measures_submitted"]
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def district(engine: Engine) -> Engine:
    return peopled(engine)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def put_right(district: Engine, store: FolderStore, code: str, *, by: str, **told: object) -> None:
    """Somebody reports, for yesterday, that a person put something right on the spot."""
    usual = {"title": "Dust", "category": Category.DUST, "severity": Severity.MINOR, "enterprise_id": MILL}
    told = {**usual, "found_at": YESTERDAY, **told}
    person = numbers(district)[by]
    with as_(district, code) as work:
        finding = Finding(**told, put_right=PutRight(measures="swept", rectifier_id=person))
        photos = [Photo(kind=kind, data=picture(n * 90), name=f"{kind}.jpg") for n, kind in enumerate(PHOTOS)]
        placing = placing_on(work.session, work.district, work.today)
        report_finding(work, placing, finding, store=store, photos=photos)


def confirm(district: Engine, code: str, *, version: int | None = None, **given: object) -> Issue:
    with as_(district, code) as work:
        return confirm_on_the_spot(work, records.get(work.session, Issue, 1, version=version), **given)


def told(district: Engine, *fields: str) -> list[str | None]:
    """Codes of the people in fields of the issue."""
    issue, codes = only(district, Issue), {number: code for code, number in numbers(district).items()}
    return [codes.get(getattr(issue, field)) for field in fields]


def history(district: Engine) -> list[tuple[str, str]]:
    """What happened to the issue, and who recorded it."""
    with reading(district) as session:
        query = select(Event.code, Person.code).join(Person, Person.id == Event.actor_id)
        return list(session.exec(query.where(Event.subject_kind == Issue.subject).order_by(Event.seq)))


def test_a_township_confirms_what_another_officer_saw_put_right_and_signs_it_off(
    district: Engine, store: FolderStore
) -> None:
    put_right(district, store, "west", by="director")
    issue = confirm(district, "west2", reason="both photos seen")
    assert [code for code, _ in history(district)] == [*LINKS, "checked_on_site", "signed_off"]
    assert told(district, "finder_id", "confirmer_id", "rectifier_id", "checker_id", "signer_id") == [
        "west", "west2", "director", "west", "west2"
    ]  # fmt: skip
    found_on = TODAY - timedelta(days=1)
    assert (issue.measures_on, issue.checked_on, issue.closed_on) == (found_on, found_on, TODAY)
    assert (issue.stage, issue.term, issue.is_on_the_spot) == (Stage.CLOSED, Term.AT_ONCE, True)


def test_every_event_names_who_recorded_it_and_the_history_proves_itself(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    confirm(district, "west2")
    assert [by for _, by in history(district)] == ["west", *["west2"] * 6]
    with reading(district) as session:
        assert (verify_chain(session), differences(session)) == ([], [])


def test_the_own_work_of_the_finder_is_checked_and_signed_by_two_others(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="west")
    assert confirm(district, "west2", seen="clean").stage == Stage.SUPERVISED
    assert told(district, "rectifier_id", "checker_id", "signer_id") == ["west", "west2", None]
    for code in ("west", "west2"):
        with as_(district, code) as work, pytest.raises(NotAllowed):
            act(work, records.get(work.session, Issue, 1), Action.SIGN_OFF)
    with as_(district, "west3") as work:
        assert act(work, records.get(work.session, Issue, 1), Action.SIGN_OFF).stage == Stage.CLOSED


@pytest.mark.parametrize("reporter", ["butler", "cadre"])
def test_who_may_not_check_leaves_the_check_to_others(district: Engine, store: FolderStore, reporter: str) -> None:
    put_right(district, store, reporter, by="director")
    confirm(district, "west")
    assert told(district, "checker_id", "signer_id") == [None, None]
    assert only(district, Issue).stage == Stage.SUPERVISED


def test_a_director_reports_the_own_work_and_the_township_waits_for_a_check(
    district: Engine, store: FolderStore
) -> None:
    put_right(district, store, "director", by="director")
    assert confirm(district, "west").stage == Stage.SUPERVISED
    assert told(district, "rectifier_id", "checker_id") == ["director", None]


def test_the_bureau_confirms_what_a_consultant_found_and_the_township_signs(
    district: Engine, store: FolderStore
) -> None:
    put_right(district, store, "consultant", by="director")
    with pytest.raises(NotAllowed):
        confirm(district, "west")
    assert confirm(district, "officer").stage == Stage.SUPERVISED
    assert told(district, "checker_id", "signer_id") == [None, None]  # nobody verifies the own unit's finding


def test_signing_may_be_left_to_somebody_else(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    assert confirm(district, "west2", is_signing=False).stage == Stage.SUPERVISED


@pytest.mark.parametrize("code", ["west", "director", "butler", "east", "cadre", "leader", "forestry", "screen"])
def test_nobody_without_the_right_and_nobody_who_took_part_confirms(
    district: Engine, store: FolderStore, code: str
) -> None:
    put_right(district, store, "west", by="director")
    with pytest.raises(GridGuardError):
        confirm(district, code)
    assert ([code for code, _ in history(district)], only(district, Issue).stage) == (["reported"], Stage.DISCOVERED)
    assert not may_confirm_on_the_spot(who(district, code), only(district, Issue))


def test_who_may_confirm_is_told_so(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    issue = only(district, Issue)
    assert [may_confirm_on_the_spot(who(district, code), issue) for code in ("west2", "officer")] == [True, True]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"severity": Severity.MAJOR}, "not_minor"),
        ({"source": Source.CITY_HAND_OVER}, "from_above"),
        ({"source": Source.ENFORCEMENT, "enterprise_id": None, "place": "Road", "township_id": 1}, "rectifier_unknown"),
    ],
)
def test_what_is_grave_or_from_above_goes_the_whole_way(
    district: Engine, store: FolderStore, told: dict[str, object], code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        put_right(district, store, "officer", by="director", **{"source": Source.ENFORCEMENT, **told})
    assert refused.value.code == code


def test_only_a_director_of_this_enterprise_or_the_reporter_put_it_right(district: Engine, store: FolderStore) -> None:
    with pytest.raises(InvalidInput, match="environment directors"):
        put_right(district, store, "west", by="other_director")


def test_a_second_confirmation_and_a_stale_one_change_nothing(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    stale = only(district, Issue).version
    confirm(district, "west2")
    with pytest.raises(InvalidInput, match="confirmed already"):
        confirm(district, "west3")
    with pytest.raises(Conflict):
        confirm(district, "west3", version=stale)
    assert len(history(district)) == 7


def test_what_was_not_put_right_is_refused_with_a_reason(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    with as_(district, "west2") as work:
        act(work, records.get(work.session, Issue, 1), Action.REFUSE, reason="the photo shows another yard")
    assert only(district, Issue).stage == Stage.REFUSED
    with pytest.raises(InvalidInput):
        confirm(district, "west2")


def test_an_issue_that_came_back_goes_the_ordinary_way(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    confirm(district, "west2", is_signing=False)
    with as_(district, "west2") as work:
        act(work, records.get(work.session, Issue, 1), Action.RETURN, reason="half swept")
    with as_(district, "director") as work, pytest.raises(InvalidInput, match="evidence"):
        act(work, records.get(work.session, Issue, 1), Action.SUBMIT_MEASURES, measures="swept again")


def test_the_township_of_the_place_leads(district: Engine, store: FolderStore) -> None:
    put_right(district, store, "west", by="director")
    issue = confirm(district, "west2")
    assert (issue.lead_unit_id, issue.person_in_charge_id) == (
        numbers(district, Unit)["TW"],
        numbers(district)["director"],
    )
