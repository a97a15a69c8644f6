"""What `gridguard check` looks at, each with how it is mended."""

import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.application import database_file, open_database
from dashboard.i18n import _, message
from dashboard.settings import Settings
from db.engine import has_safe_sqlite, sqlite_library
from db.repositories.people import leads_on
from db.repositories.territory import zones_on
from db.tables.people import Account, Appointment
from db.unit_of_work import current_district, reading
from governance.errors import GridGuardError
from governance.vocabulary import Role, ZoneKind

Level = Literal["error", "warning", "note"]
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SHOWN: Final = 5


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it should be; ``id`` is stable, the sentences are in the current language."""

    id: str
    level: Level
    what: str
    mend: str

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON."""
        return asdict(self)


def installation_findings(settings: Settings) -> list[Finding]:
    """Program, data folder and database, apart from what is in it."""
    return [*_assets(), *_sqlite(settings), *_home(settings), *_database(settings)]


def district_findings(settings: Settings, now: datetime) -> list[Finding]:
    """What the district lacks; nothing where there is no database to look into."""
    engine = _opened(settings)
    if engine is None:
        return []
    with reading(engine) as session:
        district = current_district(session)
        today = now.astimezone(ZoneInfo(district.time_zone)).date()
        return [*_zones(session, today), *_people(session)]


def network_findings(settings: Settings) -> list[Finding]:
    """What matters where others reach the server."""
    return [*_transport(settings), *_demo(settings)]


def _assets() -> Iterator[Finding]:
    from dashboard.assets import asset_folders  # here, because the web libraries take time to load

    missing = [name for name, one in asset_folders().items() if not one.folder.is_dir()]
    if missing:
        yield Finding(
            id="assets_missing",
            level="error",
            what=_("Files for the browser are missing: {names}.", names=missing),
            mend=_("Install the dependencies again: make runtime"),
        )


def _sqlite(settings: Settings) -> Iterator[Finding]:
    if database_file(settings) is not None and not has_safe_sqlite():
        version = sqlite_library().sqlite_version
        yield Finding(
            id="sqlite_unsafe",
            level="warning",
            what=_("SQLite {version} can damage a database when several programs write to it.", version=version),
            mend=_("Install the dependencies again for a newer one, or let one program write at a time."),
        )


def _home(settings: Settings) -> Iterator[Finding]:
    if sys.platform == "win32" or not settings.home.exists():
        return
    if settings.home.stat().st_mode & _OTHERS:
        yield Finding(
            id="home_open",
            level="warning",
            what=_("Other users of this machine can enter the data folder {home}.", home=str(settings.home)),
            mend=f"chmod 700 {settings.home}",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with reading(open_database(settings)) as session:
            current_district(session)
    except GridGuardError as error:
        yield Finding(id=error.code, level="error", what=message(error), mend="gridguard init")


def _opened(settings: Settings) -> Engine | None:
    try:
        engine = open_database(settings)
        with reading(engine) as session:
            current_district(session)
    except GridGuardError:
        return None
    return engine


def _zones(session: Session, today: date) -> Iterator[Finding]:
    held = zones_on(session, today)
    if not any(item.zone.kind == ZoneKind.TOWNSHIP for item in held):
        yield Finding(
            id="no_townships",
            level="warning",
            what=_("The district has no townships yet."),
            mend="gridguard import layers FILE --kind township",
        )
    leads = leads_on(session, today)
    alone = [item.zone.name for item in held if item.zone.key not in leads]
    if alone:
        names = [*alone[:_SHOWN], "…"] if len(alone) > _SHOWN else alone
        yield Finding(
            id="zones_without_lead",
            level="warning",
            what=_("{count} zones have no lead: {names}.", count=len(alone), names=names),
            mend=_("Assign a leader to each of them."),
        )


def _people(session: Session) -> Iterator[Finding]:
    query = (
        select(Account.id)
        .join(Appointment, col(Appointment.person_id) == col(Account.person_id))
        .where(Appointment.role == Role.BUREAU, col(Appointment.valid_to).is_(None), ~col(Account.is_disabled))
    )
    if session.exec(query).first() is None:
        yield Finding(
            id="no_administrator",
            level="error",
            what=_("Nobody of the bureau can sign in."),
            mend="gridguard user add LOGIN --role bureau --name NAME",
        )


def _transport(settings: Settings) -> Iterator[Finding]:
    if not settings.secure_cookies:
        yield Finding(
            id="cookies_insecure",
            level="error",
            what=_("Cookies are sent without HTTPS as well."),
            mend="GRIDGUARD_SECURE_COOKIES=true",
        )
    if set(settings.trusted_hosts) <= _LOCAL:
        yield Finding(
            id="hosts_local",
            level="error",
            what=_("The server answers to names of this machine only."),
            mend="GRIDGUARD_TRUSTED_HOSTS=gridguard.example.org",
        )
    if settings.host not in _LOCAL and not settings.trusted_proxies:
        yield Finding(
            id="no_proxy",
            level="warning",
            what=_("The server listens on {host}, and no reverse proxy is named.", host=settings.host),
            mend="GRIDGUARD_TRUSTED_PROXIES=10.0.0.2",
        )


def _demo(settings: Settings) -> Iterator[Finding]:
    engine = _opened(settings)
    if engine is None:
        return
    with reading(engine) as session:
        if current_district(session).is_demo:
            yield Finding(
                id="demo_district",
                level="error",
                what=_("This is the demo district: anybody can sign in without a password."),
                mend=_("Found your own district in another folder: gridguard init --home DIR"),
            )
