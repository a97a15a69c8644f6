"""Instructions and supervision orders as data: which action leads from which state to which, and who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from governance.permissions import Right
from governance.vocabulary import DirectiveKind, DirectiveState, UnitKind


class DirectiveAction(StrEnum):
    """What somebody does to an instruction or a supervision order after it was given."""

    REDIRECT = "redirect"
    PROPOSE = "propose"
    CARRY_OUT = "carry_out"
    REPORT = "report"
    FINISH = "finish"
    HAND_BACK = "hand_back"
    URGE = "urge"


class Party(StrEnum):
    """The two sides of a directive: who asked for it, and who does what was asked."""

    ASKER = "asker"
    DOER = "doer"


@dataclass(frozen=True, kw_only=True)
class DirectiveStep:
    """One row of the table.

    Attributes
    ----------
    action, origins, target
        The action leads from any of ``origins`` to ``target``; None keeps the state.
    party
        Whose action it is.
    words
        Field that takes what the person writes; ``reason`` stands in the event only.
    are_words_needed
        Whether something must be written.
    needs
        Other fields that must be given with the action.
    dates, marks, counts
        Fields that take the local day, the acting person, and one more than before; empty for none.
    apart_from
        Person fields of the directive that must differ from the person who acts.
    clears
        Fields that the action empties; what stood there is in the history.
    """

    action: DirectiveAction
    origins: frozenset[DirectiveState]
    target: DirectiveState | None
    party: Party
    words: str = "reason"
    are_words_needed: bool = True
    needs: tuple[str, ...] = ()
    dates: str = ""
    marks: str = ""
    counts: str = ""
    apart_from: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


A, S = DirectiveAction, DirectiveState

# The doer's clock runs until the report; afterwards whoever asked must end it or hand it back.
RUNNING = frozenset({S.RECEIVED, S.PROPOSED, S.CARRIED_OUT})
OPEN = RUNNING | {S.REPORTED}

STEPS: tuple[DirectiveStep, ...] = (
    DirectiveStep(
        action=A.REDIRECT,
        origins=frozenset({S.RECEIVED, S.PROPOSED}),
        target=S.RECEIVED,
        party=Party.ASKER,
        needs=("unit_id",),
        clears=("person_id", "proposal", "proposed_on"),
    ),
    DirectiveStep(
        action=A.PROPOSE,
        origins=frozenset({S.RECEIVED}),
        target=S.PROPOSED,
        party=Party.DOER,
        words="proposal",
        dates="proposed_on",
    ),
    DirectiveStep(
        action=A.CARRY_OUT,
        origins=frozenset({S.PROPOSED}),
        target=S.CARRIED_OUT,
        party=Party.DOER,
        words="deed",
        dates="carried_out_on",
    ),
    DirectiveStep(
        action=A.REPORT,
        origins=frozenset({S.CARRIED_OUT}),
        target=S.REPORTED,
        party=Party.DOER,
        words="report",
        dates="reported_on",
        marks="reporter_id",
    ),
    DirectiveStep(
        action=A.FINISH,
        origins=frozenset({S.REPORTED}),
        target=S.DONE,
        party=Party.ASKER,
        words="ending",
        dates="done_on",
        apart_from=("reporter_id", "person_id"),
    ),
    DirectiveStep(
        action=A.HAND_BACK,
        origins=frozenset({S.REPORTED}),
        target=S.PROPOSED,
        party=Party.ASKER,
        needs=("due_on",),
        apart_from=("reporter_id", "person_id"),
        clears=("deed", "carried_out_on", "report", "reported_on", "reporter_id"),
    ),
    DirectiveStep(
        action=A.URGE,
        origins=RUNNING,
        target=None,
        party=Party.ASKER,
        are_words_needed=False,
        dates="urged_on",
        counts="times_urged",
    ),
)

STEP_OF: Mapping[DirectiveAction, DirectiveStep] = MappingProxyType({row.action: row for row in STEPS})

# The names in history.
GIVEN: Mapping[DirectiveKind, str] = MappingProxyType(
    {DirectiveKind.INSTRUCTION: "instruction_given", DirectiveKind.SUPERVISION_ORDER: "supervision_ordered"}
)
DIRECTIVE_EVENT: Mapping[DirectiveAction, str] = MappingProxyType(
    {
        A.REDIRECT: "directive_redirected",
        A.PROPOSE: "directive_proposed",
        A.CARRY_OUT: "directive_carried_out",
        A.REPORT: "directive_reported",
        A.FINISH: "directive_finished",
        A.HAND_BACK: "directive_handed_back",
        A.URGE: "directive_urged",
    }
)

GIVING_RIGHT: Mapping[DirectiveKind, Right] = MappingProxyType(
    {DirectiveKind.INSTRUCTION: Right.INSTRUCT, DirectiveKind.SUPERVISION_ORDER: Right.ORDER_SUPERVISION}
)
# Units whose people may carry a directive out.
DOING_UNITS = frozenset({UnitKind.BUREAU, UnitKind.COMMITTEE_OFFICE, UnitKind.TOWNSHIP, UnitKind.DEPARTMENT})
