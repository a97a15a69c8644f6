"""Routes under ``/api/v1`` for telling of problems: enterprises to choose from, and the report with its photos."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.api_errors import error_json
from dashboard.api_exports import threaded
from dashboard.evidence.photos import examine
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _, current_locale
from dashboard.report_form import FormRefused, finding_of, photos_of
from dashboard.services.desk import once
from dashboard.services.enterprise_search import Reportable, find_enterprises, reportable
from dashboard.services.placing import placing_on
from dashboard.services.reporting import Finding, Photo, enterprise_to_report, report_finding
from dashboard.services.reuse import learn_fingerprints
from dashboard.settings import Settings
from db.repositories.people import actor_of
from db.unit_of_work import current_district, reading, unit_of_work
from governance.errors import Conflict, InvalidInput
from governance.permissions import Actor, Right, require

REPORTS_AT_ONCE: Final = 2
_MB: Final = 1024 * 1024
_MOST_FIELDS: Final = 40
_MOST_FILES: Final = 12
_LONGEST_FIELD: Final = 32_768
Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    settings: Settings
    engine: Engine
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class _HandedIn:
    """A form as the network brought it."""

    fields: Mapping[str, str]
    files: Sequence[tuple[str, str, bytes]]


def reporting_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    desk = _Desk(settings=settings, engine=engine, clock=clock)
    return [
        Route("/issues", _taking(desk), methods=["POST"]),
        Route("/enterprises", threaded(lambda request: _found(request, desk))),
        Route("/enterprises/{id:int}", threaded(lambda request: _one(request, desk))),
    ]


def enterprise_json(found: Reportable) -> dict[str, Any]:
    """An enterprise as the form needs it: no phone number, no address."""
    row, zone = found.enterprise, found.township
    return {
        "id": row.key,
        "name": name_of(row),
        "credit_code": row.credit_code,
        "township": name_of(zone) if zone else None,
        "lon": row.lon,
        "lat": row.lat,
        "directors": [{"id": person.key, "name": name_of(person)} for person in found.directors],
    }


def actor_and_day(session: Session, request: Request, now: datetime) -> tuple[Actor, date]:
    """Whoever is signed in with the rights of today, and the local day."""
    today = now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
    return actor_of(session, request.state.signed_in.person_id, today=today), today


def name_of(record: Any) -> str:
    """The record's name in the language of the request."""
    return str(record.name_en if record.name_en and current_locale() == "en" else record.name)


def _found(request: Request, desk: _Desk) -> Response:
    with reading(desk.engine) as session:
        actor, today = actor_and_day(session, request, desk.clock())
        require(actor, Right.REPORT)
        found = find_enterprises(session, actor, request.query_params.get("q", "")[:80], day=today)
        return _data({"enterprises": [enterprise_json(one) for one in found]})


def _one(request: Request, desk: _Desk) -> Response:
    with reading(desk.engine) as session:
        actor, today = actor_and_day(session, request, desk.clock())
        row = enterprise_to_report(session, actor, request.path_params["id"])
        return _data(enterprise_json(reportable(session, [row], day=today)[0]))


def _data(body: dict[str, Any], *, status: int = 200) -> Response:
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def _taking(desk: _Desk) -> Callable[[Request], Awaitable[Response]]:
    """Read the form from the network, then do the work beside the event loop."""
    work = threaded(lambda request: _taken(request, desk), at_once=REPORTS_AT_ONCE)

    async def answer(request: Request) -> Response:
        async with request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD) as form:
            request.state.handed_in = await _handed_in(form)
        return await work(request)

    return answer


async def _handed_in(form: FormData) -> _HandedIn:
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    files = [
        (name, value.filename or "-", await value.read())
        for name, value in form.multi_items()
        if isinstance(value, UploadFile)
    ]
    return _HandedIn(fields=fields, files=files)


def _taken(request: Request, desk: _Desk) -> Response:
    form: _HandedIn = request.state.handed_in
    _require_same_person(request, form.fields)
    try:
        finding = finding_of(form.fields, reporter_id=request.state.signed_in.person_id)
        photos = photos_of(form.fields, form.files)
    except FormRefused as refused:
        return error_json(422, refused.code, _("Some fields cannot be taken as they are."), fields=refused.fields)
    return _data({"number": _stored(request, desk, finding, photos)}, status=201)


def _stored(request: Request, desk: _Desk, finding: Finding, photos: Sequence[Photo]) -> str:
    now = desk.clock()
    with reading(desk.engine) as session:
        actor, _today = actor_and_day(session, request, now)
        zone = current_district(session).time_zone
        require(actor, Right.REPORT)
        learn_fingerprints(session)
    ready = list(_examined(photos, zone, most=desk.settings.max_upload_mb * _MB))
    store = FolderStore(desk.settings.home)
    with unit_of_work(desk.engine, actor=actor, now=now) as work:

        def report() -> str:
            placing = placing_on(work.session, work.district, work.today)
            return report_finding(work, placing, finding, store=store, photos=ready).number

        return once(work, request.state.handed_in.fields.get("token", ""), report)


def _examined(photos: Iterable[Photo], zone: str, *, most: int) -> Iterable[Photo]:
    """Look at every photo before the write begins; a refusal names the photos' field."""
    for photo in photos:
        try:
            yield replace(photo, examined=examine(photo.data, name=photo.name, time_zone=zone, most_bytes=most))
        except InvalidInput as refused:
            refused.params["field"] = photo.kind.value
            raise


def _require_same_person(request: Request, fields: Mapping[str, str]) -> None:
    """A form that waited on a shared phone is sent by whoever wrote it, or not at all."""
    said = fields.get("person")
    if said and said != str(request.state.signed_in.person_id):
        raise Conflict("other_person", "Somebody else wrote this report; sign in as that person to send it")
