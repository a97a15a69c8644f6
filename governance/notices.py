"""Rectification notices: which issues one may name together, who issues which kind, and how they are numbered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from governance.counting import UNRESOLVED
from governance.errors import InvalidInput
from governance.permissions import Right
from governance.vocabulary import NoticeKind, Stage, UnitKind

IN_THE_LEDGER = UNRESOLVED - {Stage.CONFIRMED}
"""Stages in which a notice may name an issue: entered in the ledger, and something is still to be done."""

RIGHTS: Mapping[NoticeKind, Right] = MappingProxyType(
    {NoticeKind.DISTRICT: Right.ISSUE_DISTRICT_NOTICE, NoticeKind.TOWNSHIP: Right.ISSUE_TOWNSHIP_NOTICE}
)
ISSUERS: Mapping[NoticeKind, frozenset[UnitKind]] = MappingProxyType(
    {
        NoticeKind.DISTRICT: frozenset({UnitKind.BUREAU, UnitKind.COMMITTEE_OFFICE, UnitKind.INSPECTION_GROUP}),
        NoticeKind.TOWNSHIP: frozenset({UnitKind.TOWNSHIP}),
    }
)
USUAL_NUMBER = "{short}-{year}-{n:03}"
_PLACES = {"unit": "office", "short": "ZJ1", "year": 2026, "n": 7}
_INITIALS: Mapping[UnitKind, str] = MappingProxyType(
    {
        UnitKind.BUREAU: "FJ",
        UnitKind.COMMITTEE_OFFICE: "HWB",
        UnitKind.INSPECTION_GROUP: "JC",
        UnitKind.TOWNSHIP: "ZJ",
    }
)
MOST_ISSUES = 100


def require_together(issues: Sequence[Mapping[str, Any]]) -> None:
    """Refuse issues that no notice may name together.

    Parameters
    ----------
    issues : sequence of mapping
        Fields of each: ``number``, ``stage``, ``enterprise_id``.

    Raises
    ------
    InvalidInput
        None or more than 100; of more than one enterprise; not in the ledger yet, or nothing left to do.
    """
    if not 0 < len(issues) <= MOST_ISSUES:
        raise InvalidInput(
            "notice_size", "A notice names 1 to {most} issues; this one names {n}", most=MOST_ISSUES, n=len(issues)
        )
    owners = {issue["enterprise_id"] for issue in issues}
    if len(owners) != 1:
        raise InvalidInput(
            "notice_issues", "A notice names issues of exactly one enterprise; these belong to {n}", n=len(owners)
        )
    for issue in issues:
        if issue["stage"] not in IN_THE_LEDGER:
            raise InvalidInput(
                "notice_stage",
                "A notice names issues of the ledger that are not closed; {number} stands at {stage}",
                number=issue["number"],
                stage=issue["stage"],
            )


def require_issuer(kind: NoticeKind, unit_kind: UnitKind) -> None:
    """Refuse a unit that does not issue this kind of notice.

    Raises
    ------
    InvalidInput
    """
    if unit_kind not in ISSUERS[kind]:
        raise InvalidInput(
            "notice_issuer",
            "A {kind} is issued by {allowed}, not by: {found}",
            kind=kind,
            allowed=tuple(sorted(ISSUERS[kind])),
            found=unit_kind,
        )


def notice_due_on(days: Sequence[date | None]) -> date | None:
    """By when all issues of a notice are to be put right: the latest of their days; None without any."""
    return max((day for day in days if day is not None), default=None)


def short_code(kind: UnitKind, code: str, *, others: Iterable[str] = (), district_code: str = "") -> str:
    """Short name of an issuer for the number of a notice, such as ZJ108 for a township.

    Parameters
    ----------
    kind : UnitKind
        One that issues notices.
    code : str
        Of the issuer.
    others : iterable of str
        Codes of all units of this kind.
    district_code : str
        Left out where the code's own number begins with it.

    Returns
    -------
    str
        Initials of the kind and the number within the code; the whole code where another unit has the same.
    """
    initials = _INITIALS[kind]
    is_shared = any(_tail(other, district_code) == _tail(code, district_code) for other in others if other != code)
    return code if is_shared else f"{initials}{_tail(code, district_code)}"


def _tail(code: str, district_code: str) -> str:
    """What stands after the first word of a code, without the district's code and without hyphens."""
    return code.partition("-")[2].removeprefix(district_code).replace("-", "")


def notice_number(pattern: str, *, unit: str, short: str, year: int, n: int) -> str:
    """Number of a notice in the form that the district uses.

    Parameters
    ----------
    pattern : str
        With the places ``{unit}`` or ``{short}``, ``{year}`` and ``{n}``, for example ``{short}-{year}-{n:03}``.
    unit : str
        Code of the issuer.
    short : str
        Short name of the issuer, see `short_code`.
    year : int
    n : int
        From 1, without gaps for each issuer and year.
    """
    return pattern.format(unit=unit, short=short, year=year, n=n)


def is_number_pattern(pattern: str) -> bool:
    """Whether a pattern tells issuer, year and number apart, and gives a number that fits in an address."""
    others = [{**_PLACES, "unit": "other", "short": "ZJ2"}, {**_PLACES, "year": 2027}, {**_PLACES, "n": 8}]
    try:
        made = pattern.format(**_PLACES)
        return all(pattern.format(**places) != made for places in others) and len(made) <= 32 and "/" not in made
    except (KeyError, ValueError, IndexError, AttributeError):
        return False
