"""The map's search: zones, villages, enterprises and issues by name, credit code or number, within the scope."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from db.repositories.scopes import enterprises_within, issues_within, zones_within
from db.tables.issues import Issue
from db.tables.territory import Enterprise, Village, Zone
from governance.permissions import Actor
from governance.vocabulary import ZoneKind

MOST_OF_A_KIND: Final = 5
LONGEST_QUESTION: Final = 60
_CODE_LETTERS: Final = 4


class FoundKind(StrEnum):
    """What a result of the search is."""

    ZONE = "zone"
    VILLAGE = "village"
    ENTERPRISE = "enterprise"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Found:
    """One result.

    Attributes
    ----------
    name, name_en
        As the record has them; of an issue its title.
    aside
        What tells it from others of the name: credit code, number, the village's township.
    zone
        Kind and code of the zone to open, of a zone or a village.
    key
        Number of the enterprise or of the issue.
    """

    kind: FoundKind
    name: str
    name_en: str | None
    aside: str
    zone: tuple[ZoneKind, str] | None = None
    key: str = ""


def search_places(session: Session, actor: Actor, text: str, *, most: int = MOST_OF_A_KIND) -> list[Found]:
    """What a person may open whose name, credit code or number holds a text.

    Parameters
    ----------
    session : Session
    actor : Actor
        Nothing outside the person's scope is found, nor counted.
    text : str
        Outer blanks and what goes beyond 60 characters are left out; empty finds nothing.
    most : int
        At most so many of each kind.

    Returns
    -------
    list of Found
        Zones, villages, enterprises, issues; of each kind names that begin with the text first, then by name.
        Credit codes and numbers are compared from four characters on.
    """
    text = text.strip()[:LONGEST_QUESTION]
    if not text:
        return []
    return [
        *_zones(session, actor, text, most),
        *_villages(session, actor, text, most),
        *_enterprises(session, actor, text, most),
        *_issues(session, actor, text, most),
    ]


def _zones(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    query = select(Zone).where(_named(Zone, text), Zone.kind != ZoneKind.DISTRICT, zones_within(actor))
    return [
        Found(FoundKind.ZONE, zone.name, zone.name_en, "", (zone.kind, zone.code))
        for zone in session.exec(_best(query, Zone, text).limit(most))
    ]


def _villages(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    query = (
        select(Village, Zone).join(Zone, col(Zone.id) == col(Village.township_id)).where(_named(Village, text))
    ).where(zones_within(actor))
    return [
        Found(FoundKind.VILLAGE, village.name, village.name_en, zone.name, (zone.kind, zone.code))
        for village, zone in session.exec(_best(query, Village, text).limit(most))
    ]


def _enterprises(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    by_code = col(Enterprise.credit_code).istartswith(text, autoescape=True)
    condition = _named(Enterprise, text)
    condition = or_(condition, by_code) if len(text) >= _CODE_LETTERS else condition
    query = select(Enterprise).where(condition, enterprises_within(actor))
    return [
        Found(FoundKind.ENTERPRISE, firm.name, firm.name_en, firm.credit_code or "", key=str(firm.key))
        for firm in session.exec(_best(query, Enterprise, text).limit(most))
    ]


def _issues(session: Session, actor: Actor, text: str, most: int) -> list[Found]:
    if len(text) < _CODE_LETTERS:
        return []
    numbered = or_(*(col(part).istartswith(text, autoescape=True) for part in (Issue.number, Issue.source_number)))
    query = select(Issue).where(numbered, issues_within(actor)).order_by(col(Issue.number)).limit(most)
    return [Found(FoundKind.ISSUE, issue.title, None, issue.number, key=issue.number) for issue in session.exec(query)]


def _named(model: Any, text: str) -> Any:
    return or_(*(col(part).icontains(text, autoescape=True) for part in (model.name, model.name_en)))


def _best(query: Any, model: Any, text: str) -> Any:
    return query.order_by(col(model.name).istartswith(text, autoescape=True).desc(), col(model.name), col(model.id))
