"""Who must be somebody else: nobody judges the own work."""

from collections.abc import Mapping
from typing import Any

from governance.errors import NotAllowed
from governance.issue_facts import Facts
from governance.stages import Action, Transition
from governance.vocabulary import IssueField, Source

Fields = Mapping[str, Any]
_VERIFYING = frozenset({Action.CHECK_ON_SITE, Action.SIGN_OFF})
_PRESCRIBED = frozenset({Source.BUTLER, Source.CONSULTANT})


def apart_from(row: Transition, issue: Fields) -> tuple[str, ...]:
    """Person fields that must differ from the person who acts; butlers and consultants never verify what they found."""
    is_prescribed = row.action in _VERIFYING and issue.get("source") in _PRESCRIBED
    return (*row.apart_from, "finder_id") if is_prescribed else row.apart_from


def require_independence(row: Transition, issue: Fields, facts: Facts, person_id: int | None) -> None:
    """Refuse an action to whoever took part in what it judges; the operator of a command is apart from everybody.

    Raises
    ------
    NotAllowed
    """
    for field in apart_from(row, issue):
        others = {issue.get(field), *facts.took_part.get(field, ())}
        if person_id is not None and person_id in others:
            raise NotAllowed(
                "not_independent",
                "The action {action} needs somebody other than the person recorded as {field}",
                action=row.action,
                field=IssueField(field),
            )
