"""Logins of the demo: one person of each role, those of one township around one enterprise, and two who stand in."""

from collections.abc import Sequence

from dashboard.demo.cast import Cast
from dashboard.demo.recipe import recipe
from dashboard.demo.sites import Site
from dashboard.services.accounts import add_account
from db.unit_of_work import UnitOfWork


def add_logins(work: UnitOfWork, cast: Cast, sites: Sequence[Site]) -> None:
    """Give people a login so that an issue can live its whole life; nobody gets a password."""
    first = next(iter(cast.offices))
    home = next(site for site in sites if site.township == first and site.director and site.cadres)
    people = {
        "leader": cast.leaders[0],
        "liaison": cast.liaisons[0],
        "bureau": cast.bureau[0],
        "second_bureau": cast.bureau[1],
        "committee": cast.committee[0],
        "office": cast.offices[first],
        "charge": cast.charges[first],
        "department": cast.departments[home.department][0],
        "second_department": cast.departments[home.department][1],
        "enforcement": cast.enforcement[0],
        "consultant": cast.consultants[0][0],
        "butler": cast.butlers[first][0],
        "cadre": home.cadres[0],
        "director": home.director or cast.display,
        "display": cast.display,
    }
    for kind, login in recipe().accounts.items():
        add_account(work, people[kind], login=login, is_demo=True)
