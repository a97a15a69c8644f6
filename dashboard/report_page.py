"""The phone's page for telling of a problem: our own HTML and script, quick on a bad line and open without one."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.api_exports import threaded
from dashboard.api_reporting import actor_and_day, enterprise_json, name_of
from dashboard.assets import asset_folders, asset_url
from dashboard.i18n import _, label, message
from dashboard.report_words import report_words
from dashboard.security.headers import FORM_POLICY
from dashboard.services.enterprise_search import MOST_FOUND, find_enterprises, reportable
from dashboard.services.finding_places import AT_ENTERPRISE_M, GOOD_PLACE_M
from dashboard.services.reporting import LONGEST_TITLE, MOST_PHOTOS, enterprise_to_report, townships_to_report
from dashboard.templating import filled, json_in_html
from db.unit_of_work import reading
from governance.errors import NotFound
from governance.permissions import Actor, Right, may
from governance.sources import sources_for
from governance.vocabulary import Category, CheckArea, Severity

Clock = Callable[[], datetime]
REPORT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_CAMERA: Final = "camera.js"
_SCRIPTS: Final = ("report-store.js", "report-sending.js", "report-photos.js", "report.js")


def report_routes(engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The page and the worker that lets it open without a line."""
    return [
        Route("/report", threaded(lambda request: _show(request, engine, clock))),
        Route("/report-worker.js", _worker),
    ]


def _show(request: Request, engine: Engine, clock: Clock) -> Response:
    with reading(engine) as session:
        actor, today = actor_and_day(session, request, clock())
        if not may(actor, Right.REPORT):
            return _closed()
        own = find_enterprises(session, actor, "", day=today, most=MOST_FOUND + 1)
        data = {
            "person": request.state.signed_in.person_id,
            "words": report_words(),
            "own": [enterprise_json(one) for one in own] if len(own) <= MOST_FOUND else [],
            "sources": [{"value": source.value, "label": label(source)} for source in sources_for(actor)],
            "townships": [{"id": zone.key, "name": name_of(zone)} for zone in townships_to_report(session, actor)],
            "limits": {"photos": MOST_PHOTOS, "atEnterpriseM": AT_ENTERPRISE_M, "goodPlaceM": GOOD_PLACE_M},
            **_asked(session, actor, request, today),
        }
    return _page(request, data)


def _asked(session: Session, actor: Actor, request: Request, today: date) -> dict[str, Any]:
    """The enterprise that a QR code names, or why it is not one for this person."""
    asked = request.query_params.get("enterprise", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 9):
        return {"enterprise": None, "refused": ""}
    try:
        row = enterprise_to_report(session, actor, int(asked))
    except NotFound as refused:
        return {"enterprise": None, "refused": message(refused)}
    return {"enterprise": enterprise_json(reportable(session, [row], day=today)[0]), "refused": ""}


def _page(request: Request, data: dict[str, Any]) -> Response:
    own = asset_folders()["gridguard"].folder
    scripts = [_CAMERA, *_SCRIPTS] if (own / _CAMERA).is_file() else list(_SCRIPTS)
    text = filled(
        "report.html",
        title=_("Report an issue"),
        style=asset_url("gridguard", "report.css"),
        icon=asset_url("gridguard", "icon.svg"),
        scripts=[asset_url("gridguard", script) for script in scripts],
        data=json_in_html(data),
        person=request.state.signed_in.name,
        categories=_options(Category),
        severities=_options(Severity),
        check_areas=_options(CheckArea),
        sources=data["sources"],
        townships=data["townships"],
        longest_title=LONGEST_TITLE,
    )
    return HTMLResponse(text, headers={"Content-Security-Policy": REPORT_POLICY})


def _closed() -> Response:
    text = filled(
        "report_closed.html",
        title=_("Report an issue"),
        style=asset_url("gridguard", "sign-in.css"),
        icon=asset_url("gridguard", "icon.svg"),
    )
    return HTMLResponse(text, status_code=403, headers={"Content-Security-Policy": FORM_POLICY})


def _options(words: Any) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in words]


async def _worker(request: Request) -> Response:
    script = Path(asset_folders()["gridguard"].folder / "report-worker.js").read_text(encoding="utf-8")
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
