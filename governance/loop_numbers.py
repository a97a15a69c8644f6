"""The numbers of the closed loop that a district may set itself: days, limits and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from governance.errors import InvalidInput
from governance.vocabulary import Category, Role, Severity, Term

LONGEST_DAYS = 1000

_USUAL_RECTIFY_DAYS: Mapping[str, int] = MappingProxyType(
    {
        **{f"{Term.AT_ONCE}.{severity}": 1 for severity in Severity},
        f"{Term.LIMITED}.{Severity.MINOR}": 15,
        f"{Term.LIMITED}.{Severity.MAJOR}": 20,
        f"{Term.LIMITED}.{Severity.SEVERE}": 30,
        **{f"{Term.LONG_TERM}.{severity}": 120 for severity in Severity},
    }
)
_USUAL_LADDER: Mapping[str, int] = MappingProxyType(
    {
        Role.ENVIRONMENT_DIRECTOR.value: 0,
        Role.TOWNSHIP.value: 1,
        Role.INDUSTRY_DEPARTMENT.value: 3,
        Role.COMMITTEE_OFFICE.value: 7,
        Role.DISTRICT_LEADER.value: 15,
    }
)


_USUAL_HEAT: Mapping[str, int] = MappingProxyType(
    {Severity.MINOR.value: 1, Severity.MAJOR.value: 2, Severity.SEVERE.value: 4}
)


@dataclass(frozen=True, kw_only=True)
class LoopNumbers:
    """Every number of the loop; what a district did not set keeps the usual value.

    Attributes
    ----------
    confirm_days, check_days
        Working days to confirm a clue, and to check handed-in measures and sign off.
    rectify_days
        Working days by ``term.severity``.
    category_days
        Working days of a category, in place of those of the term ``limited``.
    notice_categories
        Categories whose sign-off waits for a public notice.
    notice_days
        Working days that a public notice lasts.
    extensions
        Extensions that may be granted per issue.
    ladder
        Days late from which somebody of each role is told, in the order of the ladder.
    look_back_after_days, look_back_days
        Days after the sign-off from which an issue may be looked back at; working days to do so.
    photo_distance_m
        Metres within which an after photo counts as taken at the issue's place.
    directive_days
        Working days to carry an instruction out when it names no day.
    heat_severity, heat_overdue_times, heat_age_days
        Weight of an unresolved issue where heat is drawn, see `governance.heat`: by severity; how many times as much
        when it is overdue; days of age that add its weight once more, 0 when the age does not count.
    """

    confirm_days: int = 3
    check_days: int = 5
    rectify_days: Mapping[str, int] = field(default_factory=lambda: _USUAL_RECTIFY_DAYS)
    category_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    notice_categories: frozenset[str] = frozenset()
    notice_days: int = 5
    extensions: int = 2
    ladder: Mapping[str, int] = field(default_factory=lambda: _USUAL_LADDER)
    look_back_after_days: int = 30
    look_back_days: int = 20
    photo_distance_m: int = 200
    directive_days: int = 10
    heat_severity: Mapping[str, int] = field(default_factory=lambda: _USUAL_HEAT)
    heat_overdue_times: int = 2
    heat_age_days: int = 90


USUAL = LoopNumbers()
_ALLOWED_KEYS = {
    "rectify_days": frozenset(_USUAL_RECTIFY_DAYS),
    "category_days": frozenset(category.value for category in Category),
    "ladder": frozenset(_USUAL_LADDER),
    "heat_severity": frozenset(_USUAL_HEAT),
}


def loop_numbers(stated: Mapping[str, Any]) -> LoopNumbers:
    """The numbers with those that a district stated, as JSON gives them.

    Parameters
    ----------
    stated : mapping
        Names of `LoopNumbers` → whole numbers, or → key → whole number, or → list of categories.

    Returns
    -------
    LoopNumbers

    Raises
    ------
    InvalidInput
        A name that is not known, a number outside 0…1000, an unknown key, or a ladder whose steps go back in time.
    """
    known = {item.name for item in fields(LoopNumbers)}
    for name in stated:
        if name not in known:
            raise InvalidInput(
                "number_unknown",
                "{name} is no number of the loop; allowed: {allowed}",
                name=name,
                allowed=sorted(known),
            )
    numbers = LoopNumbers(**{name: _value(name, value) for name, value in stated.items()})
    _require_rising(numbers.ladder)
    return numbers


def stated_numbers(numbers: LoopNumbers) -> dict[str, Any]:
    """What differs from the usual numbers, for JSON."""
    differing = {}
    for item in fields(LoopNumbers):
        value = getattr(numbers, item.name)
        if value != getattr(USUAL, item.name):
            differing[item.name] = _plain(value)
    return differing


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else value


def _value(name: str, value: Any) -> Any:
    if name == "notice_categories":
        return frozenset(_category(name, item) for item in value)
    if name not in _ALLOWED_KEYS:
        return _number(name, value)
    usual = getattr(USUAL, name)
    given = {_key(name, key): _number(f"{name}.{key}", days) for key, days in dict(value).items()}
    return MappingProxyType({**usual, **given})


def _category(name: str, value: object) -> str:
    if value not in _ALLOWED_KEYS["category_days"]:
        raise _not_allowed(name, value, sorted(_ALLOWED_KEYS["category_days"]))
    return str(value)


def _key(name: str, key: str) -> str:
    if key not in _ALLOWED_KEYS[name]:
        raise _not_allowed(name, key, sorted(_ALLOWED_KEYS[name]))
    return key


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_DAYS:
        raise _not_allowed(name, value, f"0…{LONGEST_DAYS}")
    return value


def _not_allowed(name: str, value: object, allowed: object) -> InvalidInput:
    return InvalidInput(
        "number_not_allowed",
        "{value} is not possible for {name}; allowed: {allowed}",
        name=name,
        value=value,
        allowed=allowed,
    )


def _require_rising(ladder: Mapping[str, int]) -> None:
    days = [ladder[role] for role in _USUAL_LADDER]
    if days != sorted(days):
        raise InvalidInput(
            "ladder_falls", "The days of the ladder must rise from step to step; given: {days}", days=days
        )
