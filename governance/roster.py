"""What a change of the roster does to everybody's days: spans end and begin, so that each zone keeps its one lead."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from governance.assignments import Span, require_span
from governance.errors import InvalidInput
from governance.vocabulary import AssignmentPart


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One line of a change: what holds in a zone for the local days [valid_from, valid_to), whatever held before.

    Attributes
    ----------
    part
        A lead replaces whoever leads in these days; a deputy comes beside the others.
    is_ending
        The person's days as a deputy end instead of beginning. A lead is never ended, only replaced.
    """

    zone_id: int
    person_id: int
    part: AssignmentPart
    valid_from: date
    valid_to: date | None = None
    is_ending: bool = False


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a change writes.

    Attributes
    ----------
    ended : tuple of (int, date)
        Place in the spans given and its new end: the day of its beginning where nothing of it remains.
    begun : tuple of Span
    spans : tuple of Span
        All of them afterwards, without those of no length; by zone, beginning, part and person.
    """

    ended: tuple[tuple[int, date], ...]
    begun: tuple[Span, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A leader is away for the local days [valid_from, valid_to); a stand-in leads meanwhile."""

    person_id: int
    stand_in_id: int
    valid_from: date
    valid_to: date


# A span on paper, and its place among those given; None is one that the change begins.
_Held = tuple[Span, int | None]


def planned(spans: Sequence[Span], edits: Iterable[Edit]) -> Planned:
    """Carry out the lines of a change on paper, one after the other.

    Parameters
    ----------
    spans : sequence of Span
        Of all zones that the lines name; ended ones included.
    edits : iterable of Edit

    Returns
    -------
    Planned
        Nothing is overwritten: what a line cuts is ended, and what lies behind the cut begins anew.

    Raises
    ------
    InvalidInput
        Days that end before they begin, a lead ended without a successor, a deputy who leads in these days, or the end
        of days that nobody serves.
    """
    held: list[_Held] = [(span, index) for index, span in enumerate(spans)]
    for edit in edits:
        require_span(edit.valid_from, edit.valid_to)
        held = _ended(held, edit) if edit.is_ending else _begun(held, edit)
    ends = {index: span.valid_to for span, index in held if index is not None}
    ended = [(index, ends.get(index, span.valid_from)) for index, span in enumerate(spans)]
    return Planned(
        ended=tuple((index, end) for index, end in ended if end is not None and end != spans[index].valid_to),
        begun=tuple(sorted((span for span, index in held if index is None), key=_order)),
        spans=tuple(sorted((span for span, _ in held if has_days(span)), key=_order)),
    )


def stand_in_edits(spans: Iterable[Span], absence: Absence) -> list[Edit]:
    """The lines by which a stand-in leads what an absent leader leads, in those days only.

    Raises
    ------
    InvalidInput
        Somebody who is to stand in for themselves, or an absence that ends before it begins.
    """
    require_span(absence.valid_from, absence.valid_to)
    if absence.person_id == absence.stand_in_id:
        raise InvalidInput("own_stand_in", "A leader cannot stand in for themselves; name another leader")
    led = [span for span in spans if span.person_id == absence.person_id and span.part == AssignmentPart.LEAD]
    return [
        Edit(
            zone_id=span.zone_id,
            person_id=absence.stand_in_id,
            part=AssignmentPart.LEAD,
            valid_from=max(span.valid_from, absence.valid_from),
            valid_to=absence.valid_to if span.valid_to is None else min(span.valid_to, absence.valid_to),
        )
        for span in led
        if meets(span, absence.valid_from, absence.valid_to)
    ]


def restoring_edits(now: Sequence[Span], then: Sequence[Span], *, since: date) -> list[Edit]:
    """The lines that bring back an earlier roster from a day on; the days before it stay as they were served.

    Parameters
    ----------
    now, then : sequence of Span
        Of the same zones.
    since : date

    Returns
    -------
    list of Edit
        Days without a lead are not brought back: whoever leads now goes on.
    """
    window = [replace(span, valid_from=max(span.valid_from, since)) for span in then if meets(span, since, None)]
    served = [replace(span, valid_from=max(span.valid_from, since)) for span in now if meets(span, since, None)]
    left_over = [
        piece
        for span in served
        if span.part == AssignmentPart.DEPUTY
        for piece in without(span, [kept for kept in window if _is_same(kept, span)])
    ]
    endings = [_edit(span, is_ending=True) for span in left_over]
    leads = [_edit(span) for span in window if span.part == AssignmentPart.LEAD]
    return endings + leads + [_edit(span) for span in window if span.part == AssignmentPart.DEPUTY]


def has_days(span: Span) -> bool:
    """Whether a span holds on any day; one that was replaced on the day of its beginning does not."""
    return span.valid_to is None or span.valid_from < span.valid_to


def meets(span: Span, valid_from: date, valid_to: date | None) -> bool:
    """Whether a span holds on any of the days [valid_from, valid_to)."""
    begins = valid_to is None or span.valid_from < valid_to
    return has_days(span) and begins and (span.valid_to is None or valid_from < span.valid_to)


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """The days of a span on which none of the others holds."""
    pieces = [span]
    for other in others:
        pieces = [left for piece in pieces for left in _cut(piece, other.valid_from, other.valid_to)]
    return pieces


def _cut(span: Span, valid_from: date, valid_to: date | None) -> Iterator[Span]:
    if not meets(span, valid_from, valid_to):
        yield span
        return
    if span.valid_from < valid_from:
        yield replace(span, valid_to=valid_from)
    if valid_to is not None and (span.valid_to is None or valid_to < span.valid_to):
        yield replace(span, valid_from=valid_to)


def _ended(held: list[_Held], edit: Edit) -> list[_Held]:
    if edit.part == AssignmentPart.LEAD:
        raise InvalidInput(
            "lead_without_successor",
            "A lead is not ended but replaced; name who leads from {valid_from} on",
            valid_from=edit.valid_from,
        )
    if not any(_is_same(span, edit) and meets(span, edit.valid_from, edit.valid_to) for span, _ in held):
        raise InvalidInput(
            "no_such_deputy",
            "The leader is no deputy of this zone from {valid_from} to {valid_to}",
            valid_from=edit.valid_from,
            valid_to=edit.valid_to or "…",
        )
    return _held_without(held, edit, lambda span: _is_same(span, edit))


def _begun(held: list[_Held], edit: Edit) -> list[_Held]:
    mine = [span for span, _ in held if span.zone_id == edit.zone_id and span.person_id == edit.person_id]
    if edit.part == AssignmentPart.DEPUTY:
        _require_no_lead(mine, edit)
    else:
        held = _held_without(held, edit, lambda span: _is_in_the_way_of_a_lead(span, edit))
    new = Span(
        zone_id=edit.zone_id,
        person_id=edit.person_id,
        part=edit.part,
        valid_from=edit.valid_from,
        valid_to=edit.valid_to,
    )
    return held + [(piece, None) for piece in without(new, [span for span in mine if span.part == edit.part])]


def _is_in_the_way_of_a_lead(span: Span, edit: Edit) -> bool:
    is_mine = span.person_id == edit.person_id
    return span.zone_id == edit.zone_id and is_mine == (span.part == AssignmentPart.DEPUTY)


def _require_no_lead(mine: Iterable[Span], edit: Edit) -> None:
    for span in mine:
        if span.part == AssignmentPart.LEAD and meets(span, edit.valid_from, edit.valid_to):
            raise InvalidInput(
                "leads_already",
                "The leader leads this zone from {valid_from} to {valid_to} and cannot be its deputy in these days",
                valid_from=span.valid_from,
                valid_to=span.valid_to or "…",
            )


def _held_without(held: Iterable[_Held], edit: Edit, is_cut: Callable[[Span], bool]) -> list[_Held]:
    """Each span as it is, or what a cut leaves of it: the part before goes on, the part behind begins anew."""
    left: list[_Held] = []
    for span, index in held:
        pieces = list(_cut(span, edit.valid_from, edit.valid_to)) if is_cut(span) else [span]
        left += [(piece, index if piece.valid_from == span.valid_from else None) for piece in pieces]
    return left


def _is_same(span: Span, other: Span | Edit) -> bool:
    """Whether both say the same of the same person and zone, apart from the days."""
    return (span.zone_id, span.person_id, span.part) == (other.zone_id, other.person_id, other.part)


def _edit(span: Span, *, is_ending: bool = False) -> Edit:
    return Edit(
        zone_id=span.zone_id,
        person_id=span.person_id,
        part=span.part,
        valid_from=span.valid_from,
        valid_to=span.valid_to,
        is_ending=is_ending,
    )


def _order(span: Span) -> tuple[int, date, str, int]:
    return span.zone_id, span.valid_from, span.part, span.person_id
