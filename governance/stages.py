"""The life of an issue as data: which action leads from which stage to which, and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from governance.vocabulary import EvidenceKind, Stage


class Action(StrEnum):
    """What somebody does to an issue."""

    REPORT = "report"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    MERGE = "merge"
    ENTER_LEDGER = "enter_ledger"
    HAND_OVER = "hand_over"
    SEND_BACK = "send_back"
    SUBMIT_MEASURES = "submit_measures"
    WITNESS = "witness"
    CHECK_ON_SITE = "check_on_site"
    RETURN = "return"
    ANNOUNCE = "announce"
    HAND_IN_ABOVE = "hand_in_above"
    SIGN_OFF = "sign_off"
    KEEP_LONG_TERM = "keep_long_term"
    REOPEN = "reopen"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row of the table.

    Attributes
    ----------
    action, origins, target
        The action leads from any of ``origins`` to ``target``.
    needs
        Fields that must be given with the action or be known already.
    takes
        Fields that may be given besides; nothing else is taken from whoever acts.
    apart_from
        Person fields of the issue that must differ from the person who acts.
    marks
        Person field that takes the acting person, or an empty string.
    dates
        Date field that takes the local day of the action, or an empty string.
    counts
        Field that counts how often the action was done, or an empty string.
    at_most
        How often it may be done; 0 is without limit.
    evidence
        Kinds of evidence that must lie with the issue; after photos only count from the present round on.
    """

    action: Action
    origins: frozenset[Stage]
    target: Stage
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    marks: str = ""
    dates: str = ""
    counts: str = ""
    at_most: int = 0
    evidence: tuple[EvidenceKind, ...] = ()


def _row(action: Action, origins: tuple[Stage, ...], target: Stage, **more: Any) -> Transition:
    return Transition(action=action, origins=frozenset(origins), target=target, **more)


# Whoever confirms an issue or enters it may put right what it was taken for.
_KIND = ("severity", "category", "check_area", "sign_off_level", "description")

S, A, E = Stage, Action, EvidenceKind

TRANSITIONS: tuple[Transition, ...] = (
    _row(
        A.CONFIRM,
        (S.DISCOVERED,),
        S.CONFIRMED,
        takes=_KIND,
        apart_from=("finder_id",),
        marks="confirmer_id",
        dates="confirmed_on",
    ),
    _row(A.REFUSE, (S.DISCOVERED,), S.REFUSED, needs=("reason",), apart_from=("finder_id",)),
    _row(
        A.MERGE,
        (S.DISCOVERED, S.CONFIRMED),
        S.MERGED,
        needs=("reason", "merged_into_id"),
        apart_from=("finder_id",),
    ),
    _row(
        A.ENTER_LEDGER,
        (S.CONFIRMED,),
        S.LEDGERED,
        needs=("term", "rectify_due_on", "requirement"),
        takes=(*_KIND, "standard_id", "source_number", "source_document", "source_due_on", "recurs_id"),
        dates="ledgered_on",
    ),
    _row(
        A.HAND_OVER,
        (S.LEDGERED,),
        S.RECTIFYING,
        needs=("lead_unit_id", "person_in_charge_id"),
        takes=("rectify_due_on", "enforcement_unit_id"),
        dates="handed_over_on",
    ),
    _row(A.SEND_BACK, (S.RECTIFYING,), S.LEDGERED, needs=("reason",), counts="times_sent_back", at_most=1),
    _row(
        A.SUBMIT_MEASURES,
        (S.RECTIFYING, S.LONG_TERM),
        S.SUPERVISED,
        needs=("measures", "check_due_on"),
        marks="rectifier_id",
        dates="measures_on",
        evidence=(E.AFTER,),
    ),
    _row(
        A.WITNESS,
        (S.SUPERVISED,),
        S.SUPERVISED,
        needs=("reason",),
        apart_from=("rectifier_id",),
        marks="witness_id",
        dates="witnessed_on",
    ),
    _row(
        A.CHECK_ON_SITE,
        (S.SUPERVISED,),
        S.SUPERVISED,
        needs=("reason",),
        apart_from=("rectifier_id",),
        marks="checker_id",
        dates="checked_on",
    ),
    _row(
        A.RETURN,
        (S.SUPERVISED, S.PUBLIC_NOTICE),
        S.RECTIFYING,
        needs=("reason", "rectify_due_on"),
        apart_from=("rectifier_id",),
        counts="times_returned",
    ),
    _row(
        A.ANNOUNCE,
        (S.SUPERVISED,),
        S.PUBLIC_NOTICE,
        needs=("checker_id", "notice_ends_on", "check_due_on"),
        apart_from=("rectifier_id", "checker_id"),
        dates="announced_on",
        evidence=(E.BEFORE, E.AFTER),
    ),
    _row(
        A.HAND_IN_ABOVE,
        (S.SUPERVISED, S.PUBLIC_NOTICE),
        S.SUPERVISED,
        needs=("checker_id", "handed_in_document"),
        takes=("above_basis",),
        apart_from=("rectifier_id", "checker_id"),
        dates="handed_in_on",
        evidence=(E.BEFORE, E.AFTER),
    ),
    _row(
        A.SIGN_OFF,
        (S.SUPERVISED, S.PUBLIC_NOTICE),
        S.CLOSED,
        needs=("checker_id",),
        takes=("above_basis", "above_result"),
        apart_from=("rectifier_id", "checker_id"),
        marks="signer_id",
        dates="closed_on",
        evidence=(E.BEFORE, E.AFTER),
    ),
    _row(A.KEEP_LONG_TERM, (S.RECTIFYING,), S.LONG_TERM, needs=("reason", "review_due_on")),
    _row(
        A.REOPEN,
        (S.CLOSED,),
        S.RECTIFYING,
        needs=("reason", "rectify_due_on"),
        apart_from=("rectifier_id", "signer_id"),
        counts="times_reopened",
    ),
)

BY_ACTION: Mapping[Action, Transition] = MappingProxyType({row.action: row for row in TRANSITIONS})

# The name that an action has in history.
EVENT_CODE: Mapping[Action, str] = MappingProxyType(
    {
        A.REPORT: "reported",
        A.CONFIRM: "confirmed",
        A.REFUSE: "refused",
        A.MERGE: "merged",
        A.ENTER_LEDGER: "entered_in_ledger",
        A.HAND_OVER: "handed_over",
        A.SEND_BACK: "sent_back",
        A.SUBMIT_MEASURES: "measures_submitted",
        A.WITNESS: "witnessed",
        A.CHECK_ON_SITE: "checked_on_site",
        A.RETURN: "returned",
        A.ANNOUNCE: "announced",
        A.HAND_IN_ABOVE: "handed_in_above",
        A.SIGN_OFF: "signed_off",
        A.KEEP_LONG_TERM: "kept_long_term",
        A.REOPEN: "reopened",
    }
)

_ROUND = ("witness_id", "witnessed_on", "checker_id", "checked_on", "check_due_on")
_ENDING = ("announced_on", "notice_ends_on", "handed_in_on", "handed_in_document", "above_basis", "above_result")
# What a move backwards takes off again, so that the next check and sign-off are made anew; who signed stays.
CLEARS: Mapping[Action, tuple[str, ...]] = MappingProxyType(
    {
        A.SEND_BACK: ("lead_unit_id", "person_in_charge_id", "handed_over_on"),
        A.SUBMIT_MEASURES: ("review_due_on",),
        A.RETURN: (*_ROUND, *_ENDING),
        A.HAND_IN_ABOVE: ("check_due_on",),
        A.REOPEN: (*_ROUND, *_ENDING, "closed_on"),
    }
)

# Whose clock runs in a stage: the field that holds its deadline.
CLOCK: Mapping[Stage, str | None] = MappingProxyType(
    {
        S.DISCOVERED: "confirm_due_on",
        S.CONFIRMED: "rectify_due_on",
        S.LEDGERED: "rectify_due_on",
        S.RECTIFYING: "rectify_due_on",
        S.SUPERVISED: "check_due_on",
        S.PUBLIC_NOTICE: "check_due_on",
        S.LONG_TERM: "review_due_on",
        S.CLOSED: None,
        S.REFUSED: None,
        S.MERGED: None,
    }
)

SIX_LINKS = (S.DISCOVERED, S.CONFIRMED, S.LEDGERED, S.RECTIFYING, S.SUPERVISED, S.CLOSED)


def actions_from(stage: Stage) -> tuple[Action, ...]:
    """Actions that the table allows in a stage, in the table's order.

    Parameters
    ----------
    stage : Stage

    Returns
    -------
    tuple of Action
        Empty for ``merged`` and ``refused``: nothing follows them.
    """
    return tuple(row.action for row in TRANSITIONS if stage in row.origins)
