"""What the demo district is made of: its data files, read and checked once."""

import csv
import json
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from governance.vocabulary import Category, CheckArea, Severity, Source, Term

DATA = Path(__file__).resolve().parent / "data"
Words = tuple[str, str]


class Fate(StrEnum):
    """How the story of a demo issue ends."""

    CLOSED = "closed"
    CLOSED_AGAIN = "closed_again"
    REBOUNDED = "rebounded"
    CLUE = "clue"
    CONFIRMED = "confirmed"
    LEDGERED = "ledgered"
    RECTIFYING = "rectifying"
    SUPERVISED = "supervised"
    LONG_TERM = "long_term"
    REFUSED = "refused"
    MERGED = "merged"


class Lateness(StrEnum):
    """How the running deadline of an open issue stands on the demo's day."""

    LATE = "late"
    SOON = "soon"
    CALM = "calm"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ground(_Frozen):
    """The district's own settings; distances in metres."""

    name_en: str
    nearest_m: float
    sea_margin_m: float


class Trouble(_Frozen):
    """Codes of the zones that may hold late issues, and of those that may hold issues soon due."""

    late: frozenset[str]
    soon: frozenset[str]


class Headcount(_Frozen):
    """How many people of each kind; butlers by township."""

    leaders: int
    bureau_officers: int
    committee_officers: int
    department_officers: int
    enforcement_officers: int
    consultants_per_team: int
    consultant_teams: int
    inspection_groups: int
    cadres: int
    butlers: Mapping[str, int]


class Guarding(_Frozen):
    """Who guards what at the beginning, and what changes after which share of the period."""

    documents: str
    approver: str
    begin: str
    swap: str
    deputy_leaves: str
    deputy_joins: str
    leads: tuple[tuple[str, ...], ...]
    deputies: tuple[tuple[str, int], ...]
    swaps: tuple[tuple[float, str, str], ...]
    leaving: tuple[tuple[float, str], ...]
    joining: tuple[tuple[float, str, int], ...]


class IndustryRecipe(_Frozen):
    """How many enterprises of an industry, where, and how often something is found there."""

    name_en: str
    enterprise: Words
    count: int
    key_units: int = 0
    issues: float
    places: Mapping[str, int]
    standard: str


class SpotRecipe(_Frozen):
    """Places without an enterprise in some zones."""

    industry: str
    name: str
    places: Mapping[str, int]


class FateQuota(_Frozen):
    """How many issues end in one way."""

    fate: Fate
    lateness: Lateness = Lateness.CALM
    group: bool = False
    n: int


class Findings(_Frozen):
    """Exact numbers of notices, and the shares of the sources."""

    notices_district: int
    notices_township: int
    handed_to_enforcement: int
    sources: Mapping[Source, float]


class Problem(_Frozen):
    """Something that goes wrong in an industry, or (``@…``) at a place without an enterprise."""

    industry: str
    category: Category
    check_area: CheckArea
    severities: tuple[Severity, ...]
    terms: tuple[Term, ...]
    title: str
    description: str
    requirement: str
    measures: str


class Recipe(_Frozen):
    """Everything in ``district.toml``."""

    district: Ground
    names_en: Mapping[str, str]
    trouble: Trouble
    people: Headcount
    roles: Mapping[str, Words]
    phones: Mapping[str, str]
    units: Mapping[str, Words]
    departments: Mapping[str, Words]
    guarding: Guarding
    accounts: Mapping[str, str]
    industries: Mapping[str, IndustryRecipe]
    spots: Mapping[str, SpotRecipe]
    fates: tuple[FateQuota, ...]
    findings: Findings


class Reasons(BaseModel):
    """Why somebody moved an issue; each a list of sentences by the name of the move."""

    model_config = ConfigDict(frozen=True, extra="allow")

    source_numbers: Mapping[Source, str]
    source_documents: Mapping[Source, str]

    def of(self, move: str) -> tuple[str, ...]:
        """Sentences for a move."""
        return tuple((self.model_extra or {})[move])


@lru_cache(maxsize=1)
def recipe() -> Recipe:
    """The demo's recipe."""
    return Recipe.model_validate(_toml("district.toml"))


@lru_cache(maxsize=1)
def reasons() -> Reasons:
    """The demo's reasons."""
    return Reasons.model_validate(_toml("reasons.toml"))


@lru_cache(maxsize=1)
def problems() -> Mapping[str, tuple[Problem, ...]]:
    """Problems by industry, or by ``@`` and the kind of spot; in the order of the file."""
    found: dict[str, tuple[Problem, ...]] = {}
    for row in rows("problems.csv"):
        lists = {"severities": row["severities"].split(), "terms": row["terms"].split()}
        problem = Problem.model_validate({**row, **lists})
        found[problem.industry] = (*found.get(problem.industry, ()), problem)
    return found


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of the demo, in its order."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(name: str) -> list[dict[str, Any]]:
    """Features of a GeoJSON file of the demo, in its order."""
    collection: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return list(collection["features"])


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
