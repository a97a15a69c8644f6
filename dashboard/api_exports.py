"""Routes under ``/api/v1`` that hand out files and figures; each asks for the rights of whoever is signed in."""

import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import anyio
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from dashboard.i18n import current_locale, set_locale
from dashboard.services.exports import FORMATS, Format, export_enterprises, export_issues
from dashboard.services.figures import figures
from dashboard.services.layer_exports import export_layers
from dashboard.services.ledger import ledger_condition
from dashboard.services.ledger_address import filter_of
from dashboard.services.ledger_table import chosen_columns, export_table
from dashboard.services.uploads import file_for
from dashboard.settings import Settings
from db.repositories.people import actor_of
from db.unit_of_work import current_district, reading
from governance.errors import InvalidInput, NotFound
from governance.permissions import Actor, Right, require

WHATS: Final = ("enterprises", "issues", "layers")
MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
EXPORTS_AT_ONCE: Final = 2
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
Clock = Callable[[], datetime]
Work = Callable[[Request], Response]


def file_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    return [
        Route(
            "/export/{what}",
            threaded(lambda request: _export(request, settings, engine, clock), at_once=EXPORTS_AT_ONCE),
        ),
        Route("/uploads/{name}", threaded(lambda request: _upload(request, settings))),
        Route("/figures", threaded(lambda request: _figures(request, engine, clock))),
    ]


def threaded(work: Work, *, at_once: int | None = None) -> Callable[[Request], Awaitable[Response]]:
    """Run the work beside the event loop, in the language of the request.

    With ``at_once`` further requests wait without a thread: sessions are looked up by the same threads.
    """
    turns: list[anyio.CapacityLimiter] = []

    async def answer(request: Request) -> Response:
        locale = current_locale()

        def run() -> Response:
            set_locale(locale)
            return work(request)

        if at_once is None:
            return await run_in_threadpool(run)
        if not turns:
            turns.append(anyio.CapacityLimiter(at_once))
        return await anyio.to_thread.run_sync(run, limiter=turns[0])

    return answer


class PassingFile(FileResponse):
    """A file in a folder of its own, which is gone when the answer ends, also when the browser went away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file and remove its folder."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            _forget(Path(self.path).parent)


def passing_file(name: str, media_type: str, write: Callable[[Path], object]) -> PassingFile:
    """Write a file into a folder of its own and answer with it; nothing stays behind, also when it is refused.

    Parameters
    ----------
    name : str
        By which the browser saves it.
    media_type : str
    write : callable
        Takes the path to write to; its name tells nothing but the ending.
    """
    folder = Path(tempfile.mkdtemp(prefix="gridguard-"))
    path = folder / f"file{Path(name).suffix}"
    with ExitStack() as refused:
        refused.callback(_forget, folder)
        write(path)
        refused.pop_all()
    return PassingFile(path, media_type=media_type, filename=name, headers={"Cache-Control": "no-store"})


def _export(request: Request, settings: Settings, engine: Engine, clock: Clock) -> Response:
    what, chosen = request.path_params["what"], request.query_params.get("format", "xlsx")
    if what not in WHATS:
        raise NotFound("export_unknown", "Nothing is exported as {what}; possible: {allowed}", what=what, allowed=WHATS)
    if chosen not in FORMATS:
        raise InvalidInput(
            "format_not_known", "{format} is no format of exports; allowed: {allowed}", format=chosen, allowed=FORMATS
        )
    write = partial(_write, request, settings, engine, clock, what=what, chosen=chosen)
    return passing_file(f"{what}.{chosen}", MEDIA_TYPES[chosen], lambda path: write(path=path))


def _write(
    request: Request, settings: Settings, engine: Engine, clock: Clock, *, path: Path, what: str, chosen: Format
) -> None:
    as_of = _day(request.query_params.get("as_of"))
    with reading(engine) as session:
        today = clock().astimezone(ZoneInfo(current_district(session).time_zone)).date()
        actor = actor_of(session, request.state.signed_in.person_id, today=today)
        require(actor, Right.EXPORT)
        if what == "layers":
            export_layers(session, actor, path, format=chosen, day=as_of or today)
        elif what == "enterprises":
            export_enterprises(session, actor, path, format=chosen, as_of=as_of)
        elif "columns" in request.query_params:
            _write_table(session, actor, request, settings, path=path, chosen=chosen, today=today)
        else:
            wanted = filter_of(session, request.query_params.multi_items())
            condition = ledger_condition(actor, wanted, today=today, yellow_days=settings.yellow_days)
            export_issues(session, actor, path, format=chosen, as_of=as_of, condition=condition)


def _write_table(
    session: Session, actor: Actor, request: Request, settings: Settings, *, path: Path, chosen: Format, today: date
) -> None:
    """The ledger as it is shown: ``columns`` in their order, ``urgent=true`` for the earliest deadline first."""
    if chosen not in ("xlsx", "csv"):
        raise InvalidInput(
            "format_of_tables",
            "Columns are chosen for {allowed}, not for {format}",
            allowed=("xlsx", "csv"),
            format=chosen,
        )
    parameters = request.query_params.multi_items()
    export_table(
        session,
        actor,
        filter_of(session, parameters),
        path,
        format=chosen,
        keys=chosen_columns(request.query_params.getlist("columns")),
        today=today,
        yellow_days=settings.yellow_days,
        by_deadline=("urgent", "true") in parameters,
    )


def _upload(request: Request, settings: Settings) -> Response:
    """A file of the person's own folder, such as a workbook to mend."""
    name = request.path_params["name"]
    path = file_for(settings.home, request.state.signed_in.person_id, name)
    if not path.is_file():
        raise NotFound("no_file", "There is no file {name}", name=name)
    return FileResponse(path, filename=name, headers={"Cache-Control": "no-store"})


def _figures(request: Request, engine: Engine, clock: Clock) -> Response:
    with reading(engine) as session:
        today = clock().astimezone(ZoneInfo(current_district(session).time_zone)).date()
        require(actor_of(session, request.state.signed_in.person_id, today=today), Right.SEE_DISTRICT)
        return JSONResponse(figures(session, as_of=_day(request.query_params.get("as_of")) or today))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:  # the moments around the first and the last date do not exist
        raise InvalidInput("no_date", "{value} is no date; allowed: 2026-06-15", value=text)
    return day


def _forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
