"""``gridguard init``: the database, the district, and the first administrator or the demo."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Engine, make_url
from sqlmodel import select

from dashboard.application import database_file, open_database
from dashboard.cli.call import DAY, Call, command, day_of
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _
from dashboard.services.accounts import add_account, random_password
from dashboard.services.people import add_person, appoint
from dashboard.services.territory import found_district
from dashboard.settings import Settings
from db.engine import create_engine_for, sqlite_url
from db.history import head_hash
from db.schema import upgrade
from db.tables.territory import District
from db.unit_of_work import reading, unit_of_work
from governance.errors import Conflict
from governance.vocabulary import Role

UNNAMED: Final = "000000"
ADMINISTRATOR: Final = "admin"


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What the district is to be; empty where nothing was said."""

    is_demo: bool
    today: date | None
    code: str
    name: str
    name_en: str | None


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "init", example="gridguard init --district-code 371103 --district-name Lanshan")(init)


def init(
    call: Call,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Build the demo district instead of an empty one.")] = False,
    today: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DATE", help="Local day for which the demo is built.")
    ] = None,
    district_code: Annotated[str, typer.Option(metavar="CODE", help="Code of the district.")] = "",
    district_name: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the district; else its outline gives it.")
    ] = "",
    district_name_en: Annotated[str | None, typer.Option(metavar="NAME", help="Its name in English.")] = None,
) -> None:
    """Make the data folder and the database, and found the district.

    Without --demo the model's industries and the first administrator are made; the password is shown once, on
    standard error. An existing database is brought to the newest schema and otherwise left as it is; it is
    refused if it holds another district than the one asked for.
    """
    if today is not None and not demo:
        raise typer.BadParameter(_("--today goes with --demo only"))
    wanted = Founding(
        is_demo=demo, today=day_of(today), code=district_code, name=district_name, name_en=district_name_en
    )
    existing = _existing(call.settings)
    if existing is None:
        _found(call, wanted)
    else:
        _require_same(existing, wanted)
    engine = open_database(call.settings, upgrade=True)
    with reading(engine) as session:
        head = head_hash(session)
    shown = make_url(call.settings.database_url).render_as_string(hide_password=True)
    if existing is not None:
        call.say(_("There is a database already; nothing in it was changed."))
    answer = {"home": str(call.settings.home), "database": shown, "created": existing is None, "head": head}
    call.answer(answer, [f"{key}: {value}" for key, value in answer.items()])
    call.say(_("Open it with: gridguard serve --open"))


def _existing(settings: Settings) -> District | None:
    """The district that the database holds already, brought to the newest schema; None if there is none."""
    file = database_file(settings)
    if file is not None and not file.exists():
        return None
    with reading(open_database(settings, upgrade=True)) as session:
        return session.exec(select(District)).first()


def _require_same(existing: District, wanted: Founding) -> None:
    asked = {"code": wanted.code, "name": wanted.name}
    differs = any(value and value != getattr(existing, field) for field, value in asked.items())
    if differs or wanted.today is not None or (wanted.is_demo and not existing.is_demo):
        raise Conflict(
            "district_exists",
            "The database holds the district {name} ({code}) already; choose another folder with --home, "
            "or move this one away",
            name=existing.name,
            code=existing.code,
        )


def _found(call: Call, wanted: Founding) -> None:
    if wanted.is_demo:
        _build_demo(call, wanted.today or call.now.astimezone(ZoneInfo(call.settings.time_zone)).date())
        return
    engine = open_database(call.settings, upgrade=True)
    found_district(
        engine,
        actor=call.actor,
        now=call.now,
        code=wanted.code or UNNAMED,
        name=wanted.name or wanted.code or UNNAMED,
        name_en=wanted.name_en,
        time_zone=call.settings.time_zone,
        nearest_m=float(call.settings.nearest_m),
    )
    _begin(call, engine)


def _begin(call: Call, engine: Engine) -> None:
    from dashboard.demo.starter import add_starter  # here, because its data take time to load

    password = random_password()
    with unit_of_work(engine, actor=call.actor, now=call.now) as work:
        industries = add_starter(work)
        person = add_person(work, code=ADMINISTRATOR, name=_("Administrator"))
        appoint(work, person, Role.BUREAU, valid_from=work.today)
        add_account(work, person, login=ADMINISTRATOR, password=password)
    call.say(_("{count} industries with typical departments and standards were added", count=industries))
    call.say(_("The first administrator: login {login}, password {password}", login=ADMINISTRATOR, password=password))
    call.say(_("The password is shown only here and only now."))


def _build_demo(call: Call, today: date) -> None:
    """Build the demo beside and put it in its place when it is whole, where the database is a file."""
    from dashboard.demo.build import build_demo  # here, because its data take time to load

    file = database_file(call.settings)
    call.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part") if file is not None else None
    if part is not None:
        part.unlink(missing_ok=True)
    engine = create_engine_for(sqlite_url(part) if part is not None else call.settings.database_url)
    upgrade(engine)
    if part is not None:
        part.chmod(0o600)
    with call.progress(_("Building the demo district")) as advance:
        told: dict[str, int] = {}

        def report(what: str, done: int, total: int) -> None:
            advance(done - told.get(what, 0), total)
            told[what] = done

        build_demo(engine, today=today, store=FolderStore(call.settings.home, is_settling=False), progress=report)
    engine.dispose()
    if part is not None and file is not None:
        part.replace(file)
