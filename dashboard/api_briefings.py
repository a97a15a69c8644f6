"""Routes under ``/api/v1`` that hand out one-page briefings of a leader's zones and of the district."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.api_exports import EXPORTS_AT_ONCE, passing_file, threaded
from dashboard.briefings import briefing_pictures
from dashboard.briefings.briefing import Briefing, briefing_of
from dashboard.briefings.briefing_pdf import briefing_pdf
from dashboard.briefings.briefing_word import briefing_word
from dashboard.i18n import _, current_locale
from dashboard.services.morning_briefing import briefing_facts, leader_for
from dashboard.settings import Settings
from db.history import data_version
from db.repositories.people import actor_of
from db.tables.people import Person
from db.unit_of_work import current_district, reading
from governance.errors import NotFound

WRITERS: Final[Mapping[str, tuple[str, Callable[[Briefing], bytes]]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", briefing_word),
    "pdf": ("application/pdf", briefing_pdf),
}
MOST_KEPT: Final = 40
Clock = Callable[[], datetime]
Key = tuple[int, date, str, str]


@dataclass
class Shelf:
    """Briefings as they were drawn, the last used kept: one for each data version, day, leader and language."""

    kept: OrderedDict[Key, Briefing] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def take(self, key: Key, draw: Callable[[], Briefing]) -> Briefing:
        """The briefing of a key, drawn if it is not kept; two requests for the same one draw it once."""
        with self.lock:
            if key not in self.kept:
                self.kept[key] = draw()
            self.kept.move_to_end(key)
            while len(self.kept) > MOST_KEPT:
                self.kept.popitem(last=False)
            return self.kept[key]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    settings: Settings
    engine: Engine
    clock: Clock
    shelf: Shelf = field(default_factory=Shelf)


def briefing_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    desk = _Desk(settings=settings, engine=engine, clock=clock)
    handed_out = threaded(lambda request: _briefing(request, desk), at_once=EXPORTS_AT_ONCE)
    return [
        Route("/briefings/leader/{code}.{ending}", handed_out),
        Route("/briefings/district.{ending}", handed_out),
    ]


def _briefing(request: Request, desk: _Desk) -> Response:
    ending, code = request.path_params["ending"], request.path_params.get("code")
    if ending not in WRITERS:
        raise NotFound(
            "document_format",
            "Documents are handed out as {allowed}, not as {ending}",
            allowed=tuple(WRITERS),
            ending=ending,
        )
    now = desk.clock()
    with reading(desk.engine) as session:
        today = now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        actor = actor_of(session, request.state.signed_in.person_id, today=today)
        leader = leader_for(session, actor, code, today=today)
        key = (data_version(session), today, leader.code if leader else "", current_locale())
        briefing = desk.shelf.take(key, lambda: _drawn(session, leader, desk, today=today, now=now))
    media_type, write = WRITERS[ending]
    name = f"{_('Briefing on environmental issues')} {leader.name if leader else ''} {today.isoformat()}.{ending}"
    return passing_file(" ".join(name.split()), media_type, lambda path: path.write_bytes(write(briefing)))


def _drawn(session: Session, leader: Person | None, desk: _Desk, *, today: date, now: datetime) -> Briefing:
    facts = briefing_facts(session, leader, today=today, at=now, yellow_days=desk.settings.yellow_days)
    return briefing_of(
        facts,
        map_png=briefing_pictures.map_png(facts),
        chart_png=briefing_pictures.chart_png(facts.weeks),
        map_approval=desk.settings.map_approval_number or facts.district.map_approval or "",
    )
