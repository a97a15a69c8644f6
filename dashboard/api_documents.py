"""Routes under ``/api/v1`` that hand out notices, supervision orders and lists as files of an office."""

import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from dashboard.api_briefings import briefing_routes
from dashboard.api_exports import EXPORTS_AT_ONCE, MEDIA_TYPES, passing_file, threaded
from dashboard.documents.official import OfficialDocument
from dashboard.documents.pdf import write_pdf
from dashboard.documents.word import write_word
from dashboard.evidence.copies import Copies
from dashboard.evidence.store import FolderStore
from dashboard.exporters.columns import Column
from dashboard.exporters.tables import write_table
from dashboard.i18n import _, label, pgettext
from dashboard.services.document_facts import directive_as_document, notice_as_document
from dashboard.services.evidence_packs import Packed, pack_evidence
from dashboard.services.handover_sheets import handover_as_document
from dashboard.services.issue_columns import columns_of
from dashboard.services.layouts import Layout, layout_of
from dashboard.services.ledger_address import filter_of
from dashboard.services.ledger_table import chosen_columns
from dashboard.services.lists import Asked, export_list
from dashboard.services.superior_ledger import export_superior_ledger, superior_condition
from dashboard.settings import Settings
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.unit_of_work import current_district, reading
from governance.errors import InvalidInput, NotFound
from governance.permissions import Actor, Right, require
from governance.vocabulary import ListKind

WRITERS: Final[Mapping[str, tuple[str, Callable[[OfficialDocument, Path], None]]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_word),
    "pdf": ("application/pdf", write_pdf),
}
EVIDENCE_FOLDER: Final = "evidence/"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What every route needs."""

    settings: Settings
    engine: Engine
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class _Visit:
    """One request: a reading session, and whoever is signed in with the rights of today."""

    session: Session
    actor: Actor
    now: datetime


def document_routes(settings: Settings, engine: Engine, clock: Clock) -> list[BaseRoute]:
    """The routes, relative to ``/api/v1``."""
    desk = _Desk(settings=settings, engine=engine, clock=clock)
    return [
        Route("/notices/{number}.{ending}", threaded(lambda request: _notice(request, desk), at_once=EXPORTS_AT_ONCE)),
        Route(
            "/directives/{number}.{ending}",
            threaded(lambda request: _directive(request, desk), at_once=EXPORTS_AT_ONCE),
        ),
        Route(
            "/handovers/{plan}/{zone}.{ending}",
            threaded(lambda request: _handover(request, desk), at_once=EXPORTS_AT_ONCE),
        ),
        Route("/lists/{kind}.xlsx", threaded(lambda request: _list(request, desk), at_once=EXPORTS_AT_ONCE)),
        *briefing_routes(settings, engine, clock),
        Route("/superior-ledger.zip", threaded(lambda request: _superior(request, desk), at_once=EXPORTS_AT_ONCE)),
    ]


@contextmanager
def _visiting(request: Request, desk: _Desk) -> Iterator[_Visit]:
    now = desk.clock()
    with reading(desk.engine) as session:
        today = now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        actor = actor_of(session, request.state.signed_in.person_id, today=today)
        yield _Visit(session=session, actor=actor, now=now)


def _notice(request: Request, desk: _Desk) -> Response:
    """A notice; with ``photos=yes`` the photos of what was found stand in it."""
    store = FolderStore(desk.settings.home)
    copies = Copies(desk.settings.home, store)
    wants_photos = request.query_params.get("photos") == "yes"
    shown = (lambda sha256: copies.shown(sha256).read_bytes()) if wants_photos else None
    with _visiting(request, desk) as here:
        number = request.path_params["number"]
        return _file(request, number, notice_as_document(here.session, here.actor, number, shown=shown))


def _directive(request: Request, desk: _Desk) -> Response:
    with _visiting(request, desk) as here:
        number = request.path_params["number"]
        return _file(request, number, directive_as_document(here.session, here.actor, number))


def _handover(request: Request, desk: _Desk) -> Response:
    """The sheet of a zone that a plan of the roster hands over; ``on`` names the day where it passes more than once."""
    plan, zone = request.path_params["plan"], request.path_params["zone"]
    is_number = plan.isascii() and plan.isdecimal() and len(plan) <= 9
    with _visiting(request, desk) as here:
        document = handover_as_document(
            here.session,
            here.actor,
            int(plan) if is_number else 0,
            zone,
            today=here.now.astimezone(ZoneInfo(current_district(here.session).time_zone)).date(),
            yellow_days=desk.settings.yellow_days,
            begins=_day(request, "on"),
        )
        return _file(request, f"handover-{plan}-{zone}", document)


def _day(request: Request, name: str) -> date | None:
    value = request.query_params.get(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise InvalidInput(
            "parameter_no_date", "{value} is no date for {name}; allowed: 2026-06-15", value=value, name=name
        ) from None


def _file(request: Request, number: str, document: OfficialDocument) -> Response:
    ending = request.path_params["ending"]
    if ending not in WRITERS:
        raise NotFound(
            "document_format",
            "Documents are handed out as {allowed}, not as {ending}",
            allowed=tuple(WRITERS),
            ending=ending,
        )
    media_type, write = WRITERS[ending]
    return passing_file(f"{number}.{ending}", media_type, lambda path: write(document, path))


def _list(request: Request, desk: _Desk) -> Response:
    """A list of the ledger in a layout; ``columns`` name others, for an export of exactly what is shown."""
    kind = _kind(request.path_params["kind"])
    with _visiting(request, desk) as here:
        layout, asked = _layout(request, here, kind), _asked(request, here, desk)
        write = export_superior_ledger if kind == ListKind.SUPERIOR else _exporting(kind)
        return passing_file(
            f"{layout.title}.xlsx", MEDIA_TYPES["xlsx"], lambda path: write(here.session, layout, asked, path)
        )


def _exporting(kind: ListKind) -> Callable[[Session, Layout, Asked, Path], object]:
    return lambda session, layout, asked, path: export_list(session, kind, layout, asked, path)


def _superior(request: Request, desk: _Desk) -> Response:
    """The superior's ledger as a workbook, its evidence beside it, and an index of the evidence."""
    with _visiting(request, desk) as here:
        require(here.actor, Right.EXPORT)
        layout, asked = _layout(request, here, ListKind.SUPERIOR), _asked(request, here, desk)
        store = FolderStore(desk.settings.home)

        def write(path: Path) -> None:
            condition = superior_condition(asked, right=Right.EXPORT)
            issues = here.session.exec(select(Issue).where(condition).order_by(col(Issue.number))).all()
            packed = pack_evidence(here.session, store, here.actor, issues, path, folder=EVIDENCE_FOLDER)
            book, index = path.with_name("ledger.xlsx"), path.with_name("index.xlsx")
            export_superior_ledger(here.session, layout, asked, book)
            _write_index(packed, index)
            with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
                _add(archive, book, f"{_plain(layout.title)}.xlsx")
                _add(archive, index, f"{EVIDENCE_FOLDER}{_plain(_('Index of the evidence'))}.xlsx")

        return passing_file(f"{layout.title}.zip", "application/zip", write)


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """Put a file into an archive without the moment at which it was made."""
    with path.open("rb") as file, archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as part:
        shutil.copyfileobj(file, part)


def _write_index(packed: list[Packed], path: Path) -> None:
    heads = (_("Number"), _("File"), _("Kind"), _("Name as handed in"), "SHA-256", _("As handed in"))
    widths = (14, 34, 14, 34, 66, 12)
    columns = [Column(head, head, width, lambda value: str(value)) for head, width in zip(heads, widths, strict=True)]
    write_table(columns, (_index_row(one) for one in packed), path, format="xlsx")


def _index_row(one: Packed) -> tuple[str, ...]:
    row = one.evidence
    is_original = pgettext("answer", "yes") if one.is_original else pgettext("answer", "no")
    return one.issue_number, one.name, label(row.kind), row.name, row.sha256, is_original


def _kind(name: str) -> ListKind:
    if name not in set(ListKind):
        allowed = tuple(kind.value for kind in ListKind)
        raise NotFound("no_list", "There is no list {name}; possible: {allowed}", name=name, allowed=allowed)
    return ListKind(name)


def _layout(request: Request, here: _Visit, kind: ListKind) -> Layout:
    layout = layout_of(here.session, kind, request.query_params.get("layout"))
    chosen = request.query_params.get("columns")
    if not chosen:
        return layout
    headings = dict(layout.columns)
    columns = columns_of(chosen_columns([chosen]))
    return replace(layout, columns=tuple((column.key, headings.get(column.key, "")) for column in columns))


def _asked(request: Request, here: _Visit, desk: _Desk) -> Asked:
    district = current_district(here.session)
    return Asked(
        actor=here.actor,
        wanted=filter_of(here.session, request.query_params.multi_items()),
        today=here.now.astimezone(ZoneInfo(district.time_zone)).date(),
        now=here.now,
        yellow_days=desk.settings.yellow_days,
        by_deadline=request.query_params.get("urgent") == "true",
    )


def _plain(title: str) -> str:
    """A title as the name of a file within an archive: what would be a folder is a dash."""
    return "".join("-" if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in title).strip(" .") or "list"
