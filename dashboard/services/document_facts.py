"""What documents say of notices and supervision orders, read within the scope of whoever asks."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dashboard.documents.notices import NoticeFacts, notice_document
from dashboard.documents.official import OfficialDocument, Photo
from dashboard.documents.orders import OrderFacts, supervision_order_document
from dashboard.documents.wording import Answer, NamedIssue
from dashboard.i18n import label, pgettext, shown_date
from dashboard.services.directive_lists import directive_file
from dashboard.services.issue_facts import either
from dashboard.services.notices import notice_file
from db.repositories import issues
from db.repositories.issues import IssueLine
from db.repositories.people import units
from db.repositories.scopes import issues_within
from db.tables.issues import Evidence, Issue
from db.tables.people import Person
from db.tables.territory import IndustryStandard, Zone
from db.unit_of_work import current_district
from governance.permissions import Actor
from governance.vocabulary import EvidenceKind, UnitKind

MOST_PHOTOS = 12
Shown = Callable[[str], bytes]
"""SHA-256 of a picture → a copy as it is shown, JPEG or PNG, without the camera's notes."""


def notice_as_document(session: Session, actor: Actor, number: str, *, shown: Shown | None = None) -> OfficialDocument:
    """A notice as the document that goes out, in the current language.

    Parameters
    ----------
    session : Session
    actor : Actor
    number : str
    shown : callable, optional
        With it the photos of what was found stand in the document, at most 12.

    Raises
    ------
    NotFound
        There is no such notice, or not for this person.
    """
    file = notice_file(session, actor, number)
    notice, line = file.line.notice, file.line
    answer = Answer(text=notice.reply, by=line.replied_by or "", on=notice.replied_on) if notice.reply else None
    return notice_document(
        NoticeFacts(
            kind=notice.kind,
            number=notice.number,
            issuer=either(line.issuer, line.issuer_en),
            addressee=either(line.enterprise, line.enterprise_en) or _places(file.issues),
            credit_code=line.credit_code or "",
            issued_on=notice.issued_on,
            due_on=notice.due_on,
            requirement=notice.requirement or "",
            issues=_named(session, file.issues, shown),
            answer=answer,
            is_demo=current_district(session).is_demo,
        )
    )


def directive_as_document(session: Session, actor: Actor, number: str) -> OfficialDocument:
    """A supervision order, or an instruction, as the document that goes out, in the current language.

    Raises
    ------
    NotFound
        There is no such directive, or not for this person.
    """
    line = directive_file(session, actor, number).line
    directive = line.directive
    concerned = issues.lines(session, (col(Issue.id) == directive.issue_id) & issues_within(actor))
    words = directive.report or directive.deed or ""
    answer = Answer(text=words, by=_name_of(session, directive.reporter_id), on=directive.reported_on)
    return supervision_order_document(
        OrderFacts(
            number=directive.number,
            kind=directive.kind,
            leader=either(line.leader, line.leader_en) or either(line.giver, line.giver_en),
            issuer=_pressing_office(session),
            addressee=either(line.unit, line.unit_en) or either(line.person, line.person_en),
            text=directive.text,
            issued_on=directive.received_on,
            due_on=directive.due_on,
            issues=_named(session, concerned, None),
            times_urged=directive.times_urged,
            urged_on=directive.urged_on,
            answer=answer if words else None,
            is_demo=current_district(session).is_demo,
        )
    )


def _named(session: Session, lines: Sequence[IssueLine], shown: Shown | None) -> tuple[NamedIssue, ...]:
    standards = _standards(session, lines)
    townships = {zone.id: either(zone.name, zone.name_en) for zone in session.exec(select(Zone))}
    photos = _photos(session, lines, shown) if shown else {}
    return tuple(
        NamedIssue(
            number=line.issue.number,
            title=line.issue.title,
            where=pgettext("list separator", ", ").join(
                text for text in (townships.get(line.issue.township_id), line.issue.place) if text
            ),
            description=line.issue.description or "",
            requirement=line.issue.requirement or "",
            standard=standards.get(line.issue.standard_id, ""),
            due_on=line.issue.rectify_due_on,
            photos=photos.get(line.issue.key, ()),
        )
        for line in lines
    )


def _standards(session: Session, lines: Sequence[IssueLine]) -> dict[int | None, str]:
    wanted = {line.issue.standard_id for line in lines} - {None}
    query = select(IndustryStandard).where(col(IndustryStandard.id).in_(sorted(filter(None, wanted))))
    return {row.id: row.text for row in session.exec(query)}


def _photos(session: Session, lines: Sequence[IssueLine], shown: Shown) -> dict[int, tuple[Photo, ...]]:
    numbers = {line.issue.key: line.issue.number for line in lines}
    query = (
        select(Evidence)
        .where(
            col(Evidence.issue_id).in_(numbers),
            Evidence.kind == EvidenceKind.BEFORE,
            col(Evidence.media_type).startswith("image/"),
        )
        .order_by(col(Evidence.issue_id), col(Evidence.id))
        .limit(MOST_PHOTOS)
    )
    zone = ZoneInfo(current_district(session).time_zone)
    found: dict[int, tuple[Photo, ...]] = {}
    for row in session.exec(query):
        caption = f"{numbers[row.issue_id]} {label(row.kind)} {shown_date(row.added_at.astimezone(zone).date())}"
        photo = Photo(caption=caption, content=shown(row.sha256))
        found[row.issue_id] = (*found.get(row.issue_id, ()), photo)
    return found


def _places(lines: Sequence[IssueLine]) -> str:
    """Where issues without an enterprise lie: who answers there is addressed."""
    named = (either(line.unit, line.unit_en) or line.issue.place or "" for line in lines)
    return pgettext("list separator", ", ").join(dict.fromkeys(filter(None, named))) or "—"


def _pressing_office(session: Session) -> str:
    """They go out in the committee office's name, or the bureau's where there is no such office."""
    for kind in (UnitKind.COMMITTEE_OFFICE, UnitKind.BUREAU):
        for unit in units(session, kind):
            return either(unit.name, unit.name_en)
    return current_district(session).name


def _name_of(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return either(person.name, person.name_en) if person else ""
