"""Who may guard a zone, and the rule that each zone has exactly one lead at every moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from governance.errors import InvalidInput
from governance.vocabulary import AssignmentPart, Role


@dataclass(frozen=True, kw_only=True)
class Span:
    """One assignment of a person to a zone for the local days [valid_from, valid_to)."""

    zone_id: int
    person_id: int
    part: AssignmentPart
    valid_from: date
    valid_to: date | None


def require_span(valid_from: date, valid_to: date | None) -> None:
    """Refuse a span that ends before or when it begins.

    Raises
    ------
    InvalidInput
    """
    if valid_to is not None and valid_to <= valid_from:
        raise InvalidInput(
            "span_backwards",
            "The span ends on {valid_to}; it must end after it begins ({valid_from})",
            valid_from=valid_from,
            valid_to=valid_to,
        )


def require_leader(roles: Iterable[Role], *, person: str) -> None:
    """Refuse somebody who is not a district leader.

    Raises
    ------
    InvalidInput
    """
    held = sorted(roles)
    if Role.DISTRICT_LEADER not in held:
        raise InvalidInput(
            "not_a_leader",
            "{person} holds {roles}; only a district leader may guard a zone",
            person=person,
            roles=tuple(held) or "-",
        )


def require_no_second_lead(spans: Sequence[Span], new: Span) -> None:
    """Refuse a lead where another lead's span overlaps.

    Parameters
    ----------
    spans : sequence of Span
        The zone's spans without the new one; ended ones included.
    new : Span

    Raises
    ------
    InvalidInput
        Names the days of the lead who is in the way.
    """
    if new.part != AssignmentPart.LEAD:
        return
    for span in spans:
        if span.part == AssignmentPart.LEAD and span.zone_id == new.zone_id and _overlap(span, new):
            raise InvalidInput(
                "second_lead",
                "The zone already has a lead from {valid_from} to {valid_to}; end that assignment first",
                valid_from=span.valid_from,
                valid_to=span.valid_to or "…",
            )


def _overlap(one: Span, other: Span) -> bool:
    return (other.valid_to is None or one.valid_from < other.valid_to) and (
        one.valid_to is None or other.valid_from < one.valid_to
    )
