"""The demo's enterprises with their directors and stationed cadres, and places without an enterprise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from dashboard.demo.cast import Cast, named
from dashboard.demo.layers import Layers
from dashboard.demo.places import Field
from dashboard.demo.recipe import IndustryRecipe, Lateness, recipe, rows
from dashboard.services.enterprises import add_enterprise
from dashboard.services.people import appoint
from dashboard.services.placing import Placing, place_one
from db.tables.people import Person
from db.tables.record import Located
from db.tables.territory import Enterprise, Industry
from db.unit_of_work import UnitOfWork
from governance.credit_code import check_character
from governance.vocabulary import Role


@dataclass(kw_only=True)
class Site:
    """A place where something may be found, with the people who answer for it.

    Attributes
    ----------
    enterprise, director
        None at a place without an enterprise.
    kind
        Key into the problems: the industry's code, or ``@`` and the kind of place.
    zones
        Codes of the township and the key zones that it lies in.
    group
        Number (from 0) of the inspection group that inspects it, for key units.
    """

    kind: str
    industry: Industry
    lon: float
    lat: float
    township: str
    zones: frozenset[str]
    department: str
    weight: float
    place: str | None = None
    enterprise: Enterprise | None = None
    director: Person | None = None
    group: int | None = None
    verifier: Person | None = None
    cadres: list[Person] = field(default_factory=list)

    def may_be(self, lateness: Lateness) -> bool:
        """Whether an issue here may be so late: only zones in trouble hold late ones."""
        trouble = recipe().trouble
        allowed = {Lateness.LATE: trouble.late, Lateness.SOON: trouble.late | trouble.soon}
        return lateness not in allowed or self.zones <= allowed[lateness]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What sites are made in."""

    layers: Layers
    field: Field
    placing: Placing
    industries: Mapping[str, Industry]
    cast: Cast


def credit_code(number: int) -> str:
    """A credit code that is formed right and cannot be real.

    Its administrative division (places 3 to 8) is 000000, which GB/T 2260 gives to nobody; the check
    character is GB 32100's.
    """
    body = f"91000000{number:09}"
    return body + check_character(body)


def add_enterprises(work: UnitOfWork, around: Surroundings, rng: Random) -> list[Site]:
    """Add the enterprises of every industry, each with its director."""
    sites: list[Site] = []
    for row in rows("industries.csv"):
        extra = recipe().industries[row["code"]]
        for place, code in enumerate(_shuffled(rng, extra.places)):
            site = _enterprise(work, around, rng, row, code, number=len(sites) + 1, serial=place + 1)
            sites.append(site)
    _share_key_units(work, around.cast, [site for site in sites if site.enterprise and site.enterprise.is_key_unit])
    return sites


def _enterprise(
    work: UnitOfWork,
    around: Surroundings,
    rng: Random,
    row: Mapping[str, str],
    code: str,
    *,
    number: int,
    serial: int,
) -> Site:
    extra = recipe().industries[row["code"]]
    lon, lat = around.field.point(rng, code)
    enterprise = add_enterprise(
        work,
        around.placing,
        name=f"{extra.enterprise[0]}{serial:03}",
        name_en=f"{extra.enterprise[1]} {serial:03}",
        credit_code=credit_code(number),
        lon=lon,
        lat=lat,
        industry_id=around.industries[row["code"]].key,
        address=around.layers.zones[code].name,
        is_key_unit=serial <= extra.key_units,
    )
    director = named(work, "director", number)
    appoint(work, director, Role.ENVIRONMENT_DIRECTOR, valid_from=work.today, enterprise_id=enterprise.key)
    site = _site(around, enterprise, kind=row["code"], industry=row["code"], department=row["department"])
    site.enterprise, site.director, site.weight = enterprise, director, _weight(extra, enterprise)
    return site


def _weight(extra: IndustryRecipe, enterprise: Enterprise) -> float:
    return extra.issues * (2.0 if enterprise.is_key_unit else 1.0)


def _site(around: Surroundings, located: Located, *, kind: str, industry: str, department: str) -> Site:
    code_of = around.layers.code_of
    return Site(
        kind=kind,
        industry=around.industries[industry],
        lon=located.lon or 0.0,
        lat=located.lat or 0.0,
        township=code_of(located.township_id),
        zones=frozenset(code_of(zone) for zone in located.zone_ids),
        department=department,
        weight=1.0,
    )


def _shuffled(rng: Random, places: Mapping[str, int]) -> list[str]:
    codes = [code for code, count in places.items() for _ in range(count)]
    rng.shuffle(codes)
    return codes


def _share_key_units(work: UnitOfWork, cast: Cast, sites: Sequence[Site]) -> None:
    groups = len(cast.consultants)
    for number, site in enumerate(sites):
        site.group = number % groups
        others = cast.consultants[(number + 1) % groups]
        site.verifier = others[number // groups % len(others)]
        inspector = cast.consultants[site.group][number // groups % len(others)]
        for person in (inspector, site.verifier):
            enterprise_id = site.enterprise.key if site.enterprise else None
            appoint(work, person, Role.CONSULTANT, valid_from=work.today, enterprise_id=enterprise_id)


def add_cadres(work: UnitOfWork, layers: Layers, sites: Sequence[Site]) -> None:
    """Add the stationed cadres of each township's villages and station each at one or more enterprises."""
    number = 0
    for township, quota in _quotas(layers, sites).items():
        villages = [row["code"] for row in rows("villages.csv") if row["township_code"] == township]
        cadres = []
        for place in range(quota):
            number += 1
            code = f"cadre-{villages[place % len(villages)]}-{place // len(villages) + 1}"
            cadres.append(named(work, "cadre", number, code=code))
        _station(work, cadres, [site for site in sites if site.township == township])


def _station(work: UnitOfWork, cadres: Sequence[Person], sites: Sequence[Site]) -> None:
    for place in range(max(len(cadres), len(sites))):
        cadre, site = cadres[place % len(cadres)], sites[place % len(sites)]
        site.cadres.append(cadre)
        enterprise_id = site.enterprise.key if site.enterprise else None
        appoint(work, cadre, Role.VILLAGE_CADRE, valid_from=work.today, enterprise_id=enterprise_id)


def _quotas(layers: Layers, sites: Sequence[Site]) -> dict[str, int]:
    total, villages = recipe().people.cadres, [row["township_code"] for row in rows("villages.csv")]
    firms = [site.township for site in sites]
    exact = {
        code: total * (villages.count(code) / len(villages) + firms.count(code) / len(firms)) / 2
        for code in layers.townships
    }
    quotas = {code: int(share) for code, share in exact.items()}
    by_rest = sorted(exact, key=lambda code: (quotas[code] - exact[code], code))
    for code in by_rest[: total - sum(quotas.values())]:
        quotas[code] += 1
    return quotas


def spots(around: Surroundings, rng: Random) -> list[Site]:
    """Places without an enterprise, along roads and quays."""
    departments = {row["code"]: row["department"] for row in rows("industries.csv")}
    found = []
    for kind, spot in recipe().spots.items():
        for code, count in spot.places.items():
            for number in range(1, count + 1):
                lon, lat = around.field.point(rng, code)
                located = Located(**place_one(around.placing, lon, lat))
                site = _site(
                    around, located, kind=f"@{kind}", industry=spot.industry, department=departments[spot.industry]
                )
                site.place = spot.name.format(place=around.layers.zones[code].name, n=number)
                found.append(site)
    return found
