"""A home with the small district and its people, each with a password: quick to make, and nobody else's."""

from pathlib import Path

from dashboard.services.accounts import add_account
from db.engine import create_engine_for
from db.tables.people import Person
from tests.e2e.conftest import Visit
from tests.services.field_people import PEOPLE, numbers, peopled
from tests.services.small_district import every, writing

PASSWORD = "a long enough password 7"


def database_of(home: Path) -> str:
    return f"sqlite:///{home / 'gridguard.db'}"


def field_home(migrated: Path, folder: Path) -> Path:
    """Make the home within a folder."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    (home / "gridguard.db").write_bytes(migrated.read_bytes())
    engine = peopled(create_engine_for(database_of(home)))
    with writing(engine) as work:
        for code, number in numbers(engine).items():
            if code in PEOPLE:
                add_account(work, work.session.get_one(Person, number), login=code, password=PASSWORD)
    engine.dispose()
    return home


def stored(home: Path, model: type) -> list:
    """All records of a kind, read beside the running server."""
    engine = create_engine_for(database_of(home))
    try:
        return every(engine, model)
    finally:
        engine.dispose()


def enter(visit: Visit, login: str, path: str) -> None:
    """Open a path, sign in on the way, and come back to it."""
    page = visit.page
    page.goto(f"{visit.address}{path}")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
