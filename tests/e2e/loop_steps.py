"""Issues at the demo director's enterprise, moved along by the services: each step by its person, as elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dashboard.evidence.store import FolderStore
from dashboard.services.evidence import add_evidence
from dashboard.services.issue_actions import perform
from dashboard.services.issues import report_issue
from dashboard.services.placing import placing_on
from db.engine import create_engine_for
from db.repositories.people import actor_of
from db.tables.history import Event
from db.tables.issues import Evidence, Issue
from db.tables.people import Account, Appointment, Person, Unit
from db.tables.territory import Enterprise
from db.unit_of_work import UnitOfWork, current_district, reading, unit_of_work
from governance.stages import Action
from governance.vocabulary import Category, EvidenceKind, Severity, Source, Stage, Term, UnitKind
from tests.e2e.conftest import Server
from tests.e2e.loop_people import photo

DIRECTOR = "director001"
# Who leads an issue on, in order.
STEPS = (
    (Action.CONFIRM, "bureau01"),
    (Action.ENTER_LEDGER, "bureau01"),
    (Action.HAND_OVER, "bureau01"),
    (Action.SUBMIT_MEASURES, DIRECTOR),
    (Action.CHECK_ON_SITE, "township01"),
)


@contextmanager
def looking(server: Server) -> Iterator[Session]:
    """The server's database as it stands."""
    engine = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}")
    with reading(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def working(server: Server, login: str) -> Iterator[UnitOfWork]:
    """A unit of work of somebody, now."""
    engine, now = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}"), datetime.now(UTC)
    with reading(engine) as session:
        today = now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        actor = actor_of(session, person_of(session, login).key, today=today)
    with unit_of_work(engine, actor=actor, now=now) as work:
        yield work
    engine.dispose()


def person_of(session: Session, login: str) -> Person:
    """Who signs in by this name."""
    query = select(Person).join(Account, col(Account.person_id) == col(Person.id)).where(Account.login == login)
    return session.exec(query).one()


def firm_of(session: Session, login: str) -> Enterprise:
    """The enterprise of a director or a cadre."""
    query = select(Enterprise).join(Appointment, col(Appointment.enterprise_id) == col(Enterprise.id))
    found = session.exec(query.where(Appointment.person_id == person_of(session, login).key)).first()
    assert found is not None
    return found


def issue_after(server: Server, pictures: Path, last: Action, *, finder: str = "butler01") -> str:
    """Number of a new minor issue that was led on until this action was done."""
    number = reported(server, pictures, finder=finder)
    for action, login in STEPS[: [action for action, _login in STEPS].index(last) + 1]:
        step(server, pictures, number, action, login)
    return number


def reported(server: Server, pictures: Path, *, finder: str = "butler01") -> str:
    """Number of a new issue with its photo, which nobody has looked at."""
    source = Source.BUTLER if finder.startswith("butler") else Source.TOWNSHIP_PATROL
    with working(server, finder) as work:
        issue = report_issue(
            work,
            placing_on(work.session, work.district, work.today),
            title="Open heap",
            severity=Severity.MINOR,
            category=Category.DUST,
            source=source,
            enterprise=firm_of(work.session, DIRECTOR),
        )
        show(work, server, issue, EvidenceKind.BEFORE, photo(pictures, f"{issue.number}-before"))
        return issue.number


def step(server: Server, pictures: Path, number: str, action: Action, login: str) -> None:
    """Do what leads on, with what its form asks for."""
    with working(server, login) as work:
        if action == Action.SUBMIT_MEASURES:
            issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
            show(work, server, issue, EvidenceKind.AFTER, photo(pictures, f"{number}-after"))
        perform(work, number, action, values_of(work.session, action))


def values_of(session: Session, action: Action) -> dict[str, object]:
    """What the form of an action asks for."""
    match action:
        case Action.ENTER_LEDGER:
            return {"term": Term.LIMITED, "requirement": "Cover the heap"}
        case Action.HAND_OVER:
            unit = session.exec(select(Unit).where(Unit.kind == UnitKind.DEPARTMENT)).first()
            assert unit is not None
            return {"lead_unit_id": unit.key, "person_in_charge_id": person_of(session, DIRECTOR).key}
        case Action.SUBMIT_MEASURES:
            return {"measures": "Covered with a net"}
        case Action.CHECK_ON_SITE:
            return {"reason": "Seen on site: covered"}
    return {}


def show(work: UnitOfWork, server: Server, issue: Issue, kind: EvidenceKind, picture: Path) -> Evidence:
    """Add a photo."""
    store = FolderStore(server.home)
    return add_evidence(work, store, issue, kind=kind, data=picture.read_bytes(), name=picture.name)


def stage_of(server: Server, number: str) -> Stage:
    """Where an issue stands."""
    with looking(server) as session:
        return Stage(session.exec(select(Issue.stage).where(Issue.number == number)).one())


def times(server: Server, number: str, code: str) -> int:
    """How often history tells of something."""
    with looking(server) as session:
        key = session.exec(select(Issue.id).where(Issue.number == number)).one()
        query = select(Event.seq).where(Event.subject_kind == Issue.subject, Event.subject_id == key)
        return len(session.exec(query.where(Event.code == code)).all())


def evidence_of(server: Server, number: str, kind: EvidenceKind) -> list[Evidence]:
    """An issue's photos of a kind, in the order in which they were added."""
    with looking(server) as session:
        query = select(Evidence).join(Issue, col(Issue.id) == col(Evidence.issue_id)).where(Issue.number == number)
        return list(session.exec(query.where(Evidence.kind == kind).order_by(col(Evidence.id))))
