"""Routes under ``/api/v1`` that take and show evidence; the rights of whoever is signed in are asked each time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.api_exports import threaded
from dashboard.evidence.copies import MEDIA_TYPE, Copies
from dashboard.evidence.photos import ENDINGS, PDF, examine
from dashboard.evidence.store import FolderStore, Store
from dashboard.services.desk import once
from dashboard.services.evidence import add_evidence, evidence_within, require_origin, sees_origin
from dashboard.services.reuse import learn_fingerprints
from dashboard.settings import Settings
from db import records
from db.repositories.people import actor_of
from db.repositories.scopes import issues_within
from db.tables.issues import Evidence, Issue
from db.unit_of_work import current_district, reading, unit_of_work
from governance.errors import Conflict, InvalidInput, NotFound
from governance.permissions import Actor
from governance.vocabulary import EvidenceKind

PICTURES_AT_ONCE: Final = 2
_MB: Final = 1024 * 1024
_MOST_FIELDS: Final = 12
_LONGEST_FIELD: Final = 4096
_TRUE: Final = frozenset({"1", "true", "on", "yes"})
# Also where a browser opens such a file in a tab of its own, nothing in it runs or loads.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
Clock = Callable[[], datetime]


class Noted(TypedDict):
    """Time and place as the page's camera noted them."""

    taken_at: datetime | None
    lon: float | None
    lat: float | None
    is_taken_in_page: bool


@dataclass(frozen=True, kw_only=True)
class _HandedIn:
    """A form with a file, read from the network."""

    fields: Mapping[str, str]
    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What every route needs."""

    settings: Settings
    engine: Engine
    clock: Clock
    store: Store
    copies: Copies


def evidence_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    store = FolderStore(settings.home)
    desk = _Desk(settings=settings, engine=engine, clock=clock, store=store, copies=Copies(settings.home, store))
    return [
        Route("/evidence/{id:int}", threaded(lambda request: _shown(request, desk), at_once=PICTURES_AT_ONCE)),
        Route(
            "/evidence/{id:int}/thumbnail",
            threaded(lambda request: _thumbnail(request, desk), at_once=PICTURES_AT_ONCE),
        ),
        Route("/evidence/{id:int}/original", threaded(lambda request: _original(request, desk))),
        Route("/issues/{number}/evidence", _taking(desk), methods=["POST"]),
    ]


def _shown(request: Request, desk: _Desk) -> Response:
    """The picture as a copy with a watermark; a document as it is, to be saved."""
    with reading(desk.engine) as session:
        actor = _actor(session, request, desk)
        evidence, issue = evidence_within(session, actor, request.path_params["id"])
        may_know = sees_origin(session, actor, evidence, issue)
        zone = ZoneInfo(current_district(session).time_zone)
    if evidence.media_type == PDF:
        return _attachment(desk, evidence, issue)
    marks = _marks(evidence, issue, zone) if may_know else (issue.number,)
    tag = f"{evidence.sha256[:32]}-{'marked' if may_know else 'bare'}-{issue.number}"
    return _picture(request, tag, lambda: desk.copies.shown(evidence.sha256, marks=marks))


def _thumbnail(request: Request, desk: _Desk) -> Response:
    with reading(desk.engine) as session:
        evidence, _ = evidence_within(session, _actor(session, request, desk), request.path_params["id"])
    if evidence.media_type == PDF:
        raise NotFound("no_thumbnail", "There is no small picture of the document {name}", name=evidence.name)
    return _picture(request, f"{evidence.sha256[:32]}-small", lambda: desk.copies.thumbnail(evidence.sha256))


def _original(request: Request, desk: _Desk) -> Response:
    """The bytes as they were handed in: with the camera's notes, so for those who may know them."""
    with reading(desk.engine) as session:
        actor = _actor(session, request, desk)
        evidence, issue = evidence_within(session, actor, request.path_params["id"])
        if evidence.media_type != PDF:
            require_origin(session, actor, evidence, issue)
    return _attachment(desk, evidence, issue)


def _picture(request: Request, tag: str, path_of: Callable[[], Path]) -> Response:
    headers = {**HEADERS, "ETag": f'"{tag}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(path_of(), media_type=MEDIA_TYPE, headers=headers)


def _attachment(desk: _Desk, evidence: Evidence, issue: Issue) -> Response:
    """Bytes that still give their SHA-256, under a name of ours: a given one may end in anything."""
    name = f"{issue.number}-{evidence.kind}-{evidence.key}{ENDINGS[evidence.media_type]}"
    headers = {**HEADERS, "Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    data = desk.store.read(evidence.sha256, is_proving=True)
    return Response(data, media_type=evidence.media_type, headers=headers)


def _marks(evidence: Evidence, issue: Issue, zone: ZoneInfo) -> tuple[str, ...]:
    """Lines of the watermark, the same in every language: number of the issue, time, place."""
    time = f"{evidence.taken_at.astimezone(zone):%Y-%m-%d %H:%M}" if evidence.taken_at else ""
    place = f"{evidence.lon:.5f}, {evidence.lat:.5f}" if evidence.lon is not None else ""
    origin = "   ".join(part for part in (time, place) if part)
    return (issue.number, origin) if origin else (issue.number,)


def _taking(desk: _Desk) -> Callable[[Request], Awaitable[Response]]:
    """Read the form from the network, then do the work beside the event loop."""
    work = threaded(lambda request: _taken(request, desk), at_once=PICTURES_AT_ONCE)

    async def answer(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise InvalidInput("field_missing", "The form has no {field}", field="file")
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            request.state.handed_in = _HandedIn(fields=fields, name=file.filename or "-", data=await file.read())
        return await work(request)

    return answer


def _taken(request: Request, desk: _Desk) -> Response:
    form: _HandedIn = request.state.handed_in
    kind, noted = _kind(form.fields), _noted(form.fields)
    with reading(desk.engine) as session:
        actor, zone = _actor(session, request, desk), current_district(session).time_zone
        _issue(session, actor, request.path_params["number"])
        learn_fingerprints(session)
    most = desk.settings.max_upload_mb * _MB
    examined = examine(form.data, name=form.name, time_zone=zone, most_bytes=most)
    with unit_of_work(desk.engine, actor=actor, now=desk.clock()) as work:
        issue = _issue(work.session, actor, request.path_params["number"])

        def add() -> str:
            row = add_evidence(
                work, desk.store, issue, kind=kind, data=form.data, name=form.name, examined=examined, **noted
            )
            return str(row.key)

        answer = once(work, form.fields.get("token", ""), add)
        if not answer.isdecimal():
            raise Conflict("token_of_another_form", "This token belongs to another form; please open this one anew")
        number = int(answer)
        row = records.get(work.session, Evidence, number)
        told = {"id": number, "kind": row.kind, "is_reused": row.reuses_id is not None}
    return JSONResponse({**told, "url": f"/api/v1/evidence/{number}"}, status_code=201)


def _issue(session: Session, actor: Actor, number: str) -> Issue:
    issue = session.exec(select(Issue).where(col(Issue.number) == number, issues_within(actor))).first()
    if issue is None:
        raise NotFound("no_issue", "There is no issue with the number {number} for you", number=number)
    return issue


def _actor(session: Session, request: Request, desk: _Desk) -> Actor:
    today = desk.clock().astimezone(ZoneInfo(current_district(session).time_zone)).date()
    return actor_of(session, request.state.signed_in.person_id, today=today)


def _kind(fields: Mapping[str, str]) -> EvidenceKind:
    value = fields.get("kind", "")
    if value not in set(EvidenceKind):
        raise InvalidInput(
            "evidence_kind",
            "{value} is no kind of evidence; allowed: {allowed}",
            value=value,
            allowed=tuple(kind.value for kind in EvidenceKind),
        )
    return EvidenceKind(value)


def _noted(fields: Mapping[str, str]) -> Noted:
    """What the page's own camera says of time and place."""
    try:
        taken_at = datetime.fromisoformat(fields["taken_at"]) if fields.get("taken_at") else None
        lon, lat = (float(fields[name]) if fields.get(name) else None for name in ("lon", "lat"))
    except ValueError:
        raise InvalidInput(
            "photo_origin",
            "Time and place of the photo cannot be read; allowed: 2026-06-15T09:30:00+08:00, 119.35, 35.1",
        ) from None
    is_taken_in_page = fields.get("is_taken_in_page", "").lower() in _TRUE
    return Noted(taken_at=taken_at, lon=lon, lat=lat, is_taken_in_page=is_taken_in_page)
