"""QR codes that open the report page at an enterprise: one as a picture, or a township's on sheets to print."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Final

import segno
from markupsafe import Markup
from sqlalchemy import ColumnElement, Engine, and_, true
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.api_exports import threaded
from dashboard.api_reporting import actor_and_day, name_of
from dashboard.assets import asset_url
from dashboard.i18n import _
from dashboard.security.headers import FORM_POLICY
from dashboard.settings import Settings
from dashboard.templating import filled
from db.repositories.scopes import enterprises_in_zones, enterprises_within
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading
from governance.errors import InvalidInput, NotFound
from governance.permissions import Right, require
from governance.vocabulary import ZoneKind

MOST_ON_SHEETS: Final = 1000
MEDIA_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}
_CORRECTION: Final = "m"
_PNG_SCALE: Final = 12
_SHEETS_AT_ONCE: Final = 1
Clock = Callable[[], datetime]


def qr_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    return [
        Route("/enterprises/qr-sheet", threaded(lambda r: _sheet(r, settings, engine, clock), at_once=_SHEETS_AT_ONCE)),
        Route("/enterprises/{id:int}/qr.{format}", threaded(lambda r: _one(r, settings, engine, clock))),
    ]


def report_address(settings: Settings, request: Request, enterprise_id: int) -> str:
    """Where a QR code leads: the report page of the site's own address, at the enterprise."""
    scheme = "https" if settings.secure_cookies else request.url.scheme
    base = settings.public_url or f"{scheme}://{request.url.netloc}"
    return f"{base}/report?enterprise={enterprise_id}"


def _one(request: Request, settings: Settings, engine: Engine, clock: Clock) -> Response:
    number, chosen = request.path_params["id"], request.path_params["format"]
    if chosen not in MEDIA_TYPES:
        raise InvalidInput(
            "qr_format",
            "{format} is no form of a QR code; allowed: {allowed}",
            format=chosen,
            allowed=list(MEDIA_TYPES),
        )
    found = _enterprises(request, engine, clock, col(Enterprise.id) == number)
    if not found:
        raise NotFound("no_enterprise", "There is no enterprise {number} for you", number=number)
    code = segno.make(report_address(settings, request, number), error=_CORRECTION, micro=False)
    data = io.BytesIO()
    code.save(data, kind=chosen, **({"scale": _PNG_SCALE} if chosen == "png" else {"xmldecl": False}))
    headers = {"Cache-Control": "private, no-store"}
    return Response(data.getvalue(), media_type=MEDIA_TYPES[chosen], headers=headers)


def _sheet(request: Request, settings: Settings, engine: Engine, clock: Clock) -> Response:
    """Sheets of codes with the enterprises' names: of one township, or of everything within the person's scope."""
    zone: Zone | None = None
    condition: ColumnElement[bool] = true()
    code = request.query_params.get("township")
    with reading(engine) as session:
        if code:
            zone = _township(session, code)
            condition = enterprises_in_zones(frozenset({zone.key}))
    found = _enterprises(request, engine, clock, condition)
    text = filled(
        "qr_sheet.html",
        title=_("Report by QR code"),
        style=asset_url("gridguard", "qr-sheet.css"),
        township=name_of(zone) if zone else "",
        codes=[(name_of(row), row.credit_code or "", _drawn(settings, request, row.key)) for row in found],
    )
    return HTMLResponse(text, headers={"Content-Security-Policy": FORM_POLICY})


def _township(session: Session, code: str) -> Zone:
    zone = session.exec(select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP, Zone.code == code)).first()
    if zone is None:
        raise NotFound("no_township", "There is no township {code}", code=code)
    return zone


def _enterprises(request: Request, engine: Engine, clock: Clock, condition: ColumnElement[bool]) -> list[Enterprise]:
    with reading(engine) as session:
        actor, _today = actor_and_day(session, request, clock())
        require(actor, Right.SEE)
        query = select(Enterprise).where(and_(enterprises_within(actor), condition))
        return list(session.exec(query.order_by(col(Enterprise.name), col(Enterprise.id)).limit(MOST_ON_SHEETS)))


def _drawn(settings: Settings, request: Request, number: int) -> Markup:
    """A code as a drawing within the page; it is made of numbers only."""
    code = segno.make(report_address(settings, request, number), error=_CORRECTION, micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2))  # noqa: S704
