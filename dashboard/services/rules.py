"""The loop's numbers as the district sets them: with their history, and a conflict that shows both versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db import records
from db.loop_rules import loop_rules
from db.tables.history import Event
from db.tables.loop import LoopRules
from db.tables.people import Person
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict
from governance.loop_numbers import LoopNumbers, loop_numbers, stated_numbers
from governance.permissions import Right, require
from governance.vocabulary import Subject

NEVER_SET = 0


@dataclass(frozen=True, slots=True)
class RulesChange:
    """One change of the numbers: when, by whom (None: a command), why, and the numbers that it led to."""

    at: datetime
    by: str | None
    reason: str
    numbers: LoopNumbers


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that two sets of numbers have differently; ``key`` is empty for those that stand alone."""

    name: str
    key: str
    one: object
    other: object


def rules_version(session: Session) -> int:
    """Version that a form is made from; 0 while the district set no number itself."""
    stored = loop_rules(session)
    return stored.version if stored else NEVER_SET


def set_numbers(work: UnitOfWork, numbers: LoopNumbers, *, version: int, reason: str = "") -> LoopRules:
    """Set the loop's numbers; they hold for every deadline that is counted from now on, and change none that runs.

    Parameters
    ----------
    work : UnitOfWork
    numbers : LoopNumbers
        All of them; only what differs from the usual ones is stored.
    version : int
        The version that the form was made from, see `rules_version`.
    reason : str
        Kept on the event.

    Returns
    -------
    LoopRules

    Raises
    ------
    NotAllowed
    InvalidInput
        A number out of bounds, or a ladder whose steps go back in time.
    Conflict
        Somebody else set numbers since; nothing is stored.
    """
    require(work.actor, Right.EDIT_RULES)
    stated = stated_numbers(numbers)
    loop_numbers(stated)  # refuses what is out of bounds
    text = json.dumps(stated, sort_keys=True)
    stored = loop_rules(work.session)
    if stored is None:
        _require_none_seen(version)
        return records.create(work, LoopRules(numbers=text), code="rules_set", reason=reason)
    row = records.get(work.session, LoopRules, stored.key, version=version)
    return records.change(work, row, {"numbers": text}, code="rules_set", reason=reason)


def rules_history(session: Session) -> list[RulesChange]:
    """Every setting of the numbers, the newest first."""
    query = (
        select(Event, Person.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .where(Event.subject_kind == LoopRules.subject)
        .order_by(col(Event.seq).desc())
    )
    return [
        RulesChange(event.at, name, event.reason, _numbers_of(event.params))
        for event, name in session.exec(query)
        if "numbers" in json.loads(event.params)["set"]
    ]


def differences(one: LoopNumbers, other: LoopNumbers) -> list[Difference]:
    """Numbers that differ, in the order of `LoopNumbers`; what only one of the two sets has is None in the other."""
    found = []
    for item in fields(LoopNumbers):
        left, right = getattr(one, item.name), getattr(other, item.name)
        if not isinstance(left, Mapping):
            found += [Difference(item.name, "", left, right)] if left != right else []
            continue
        keys = [*left, *(key for key in right if key not in left)]
        pairs: list[tuple[str, Any, Any]] = [(key, left.get(key), right.get(key)) for key in keys]
        found += [Difference(item.name, key, a, b) for key, a, b in pairs if a != b]
    return found


def _require_none_seen(version: int) -> None:
    if version != NEVER_SET:
        raise Conflict(
            "stale",
            "The {kind} {number} was changed by somebody else (version {found}, yours {version}); nothing was saved",
            kind=Subject.LOOP_RULES,
            number="",
            found=NEVER_SET,
            version=version,
        )


def _numbers_of(params: str) -> LoopNumbers:
    return loop_numbers(json.loads(json.loads(params)["set"]["numbers"]))
