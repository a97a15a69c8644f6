"""``gridguard user``: people with logins, from the command line."""

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session, select

from dashboard.cli.call import Call, command
from dashboard.i18n import _, label
from dashboard.services.accounts import accounts, add_account, disable_account, random_password
from dashboard.services.accounts import set_password as store_password
from dashboard.services.people import add_person, appoint
from db.repositories.people import person_by_code, roles_on
from db.tables.people import Account, Person, Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork, current_district, reading, unit_of_work
from governance.errors import InvalidInput, NotFound
from governance.vocabulary import Role, Subject

group = typer.Typer(no_args_is_help=True, help="Add, disable and list logins, and give them new passwords.")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="3 to 64 small letters, digits, dots and dashes.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of making one.")
]


def add(
    call: Call,
    login: Login,
    *,
    role: Annotated[Role, typer.Option(help="What the person is.")],
    name: Annotated[str | None, typer.Option(help="Name of the person; needed for a new one.")] = None,
    person: Annotated[str | None, typer.Option(metavar="CODE", help="Code of the person; else the login.")] = None,
    zone: Annotated[str | None, typer.Option(metavar="CODE", help="Township that the role reaches.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="CODE", help="Unit that the person belongs to.")] = None,
    enterprise: Annotated[
        str | None, typer.Option(metavar="CODE", help="Credit code of the enterprise that the role reaches.")
    ] = None,
    leader: Annotated[str | None, typer.Option(metavar="CODE", help="Leader for whom a liaison acts.")] = None,
    password_stdin: FromInput = False,
) -> None:
    """Give a person a login and a role.

    The password is made up and shown once, on standard error, unless it is read from standard input.
    """
    password = _password(call, is_read=password_stdin)
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        found = _person(work, person or login, name)
        reach: dict[str, Any] = {
            "zone_id": _key(work.session, Zone, Zone.code, zone, Subject.ZONE),
            "unit_id": _key(work.session, Unit, Unit.code, unit, Subject.UNIT),
            "enterprise_id": _key(work.session, Enterprise, Enterprise.credit_code, enterprise, Subject.ENTERPRISE),
            "leader_id": _key(work.session, Person, Person.code, leader, Subject.PERSON),
        }
        appoint(work, found, role, valid_from=work.today, **{key: value for key, value in reach.items() if value})
        account = add_account(work, found, login=login, password=password)
        answer = _shown(work.session, account, found, work.today)
    _tell(call, answer)
    if not password_stdin:
        call.say(_("The password is {password}; it is shown only here and only now.", password=password))


def disable(
    call: Call,
    login: Login,
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")] = "",
) -> None:
    """Disable a login and end its sessions at once."""
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        account = disable_account(work, login, reason=reason)
        answer = _shown(work.session, account, _owner(work.session, account), work.today)
    _tell(call, answer)


def password(call: Call, login: Login, *, password_stdin: FromInput = False) -> None:
    """Give a login a new password and end its sessions."""
    secret = _password(call, is_read=password_stdin)
    with unit_of_work(call.engine(), actor=call.actor, now=call.now) as work:
        account = store_password(work, login, secret)
        answer = _shown(work.session, account, _owner(work.session, account), work.today)
    _tell(call, answer)
    if not password_stdin:
        call.say(_("The password is {password}; it is shown only here and only now.", password=secret))


def list_accounts(call: Call) -> None:
    """List all logins with their people and roles; never a secret."""
    with reading(call.engine()) as session:
        today = call.now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
        rows = [_shown(session, account, person, today) for account, person in accounts(session)]
    call.answer({"accounts": rows}, [_line(row) for row in rows])


command(group, "add", path="user add", example="gridguard user add wang.fang --role township --name NAME --zone 001")(
    add
)
command(group, "disable", path="user disable", example="gridguard user disable wang.fang --reason left")(disable)
command(group, "password", path="user password", example="gridguard user password admin")(password)
command(group, "list", path="user list", example="gridguard user list --json")(list_accounts)


def _password(call: Call, *, is_read: bool) -> str:
    return typer.get_text_stream("stdin").readline().rstrip("\r\n") if is_read else random_password()


def _person(work: UnitOfWork, code: str, name: str | None) -> Person:
    found = person_by_code(work.session, code)
    if found is not None:
        return found
    if not name:
        raise InvalidInput("person_unnamed", "There is no person {code} yet; give the name with --name", code=code)
    return add_person(work, code=code, name=name)


def _key(session: Session, model: Any, column: Any, code: str | None, kind: Subject) -> int | None:
    if code is None:
        return None
    found = session.exec(select(model).where(column == code)).first()
    if found is None:
        raise NotFound("no_code", "There is no {kind} with the code {code}", kind=kind, code=code)
    return int(found.key)


def _owner(session: Session, account: Account) -> Person:
    return session.get_one(Person, account.person_id)


def _shown(session: Session, account: Account, person: Person, today: date) -> dict[str, object]:
    roles = sorted(roles_on(session, person.key, day=today))
    return {
        "login": account.login,
        "person": person.code,
        "name": person.name,
        "roles": [role.value for role in roles],
        "is_disabled": account.is_disabled,
        "is_demo": account.is_demo,
        "has_password": account.password_hash is not None,
    }


def _tell(call: Call, answer: dict[str, object]) -> None:
    call.answer(answer, [_line(answer)])


def _line(row: dict[str, Any]) -> str:
    roles = ", ".join(label(Role(role)) for role in row["roles"])
    mark = _("disabled") if row["is_disabled"] else ""
    return "\t".join(filter(None, (row["login"], row["name"], roles, mark)))
