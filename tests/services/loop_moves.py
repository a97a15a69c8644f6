"""What the machine of the loop draws from: people, what leads an issue on or aside, and what nobody may hand in."""

from datetime import date
from typing import Any

from db.tables.issues import Issue
from governance.stages import Action
from governance.vocabulary import Category, Role, SignOffLevel, Stage

MORE = {
    "bureau03": (Role.BUREAU, "U-BUR"),
    "township04": (Role.TOWNSHIP, "U-T1"),
    "department03": (Role.INDUSTRY_DEPARTMENT, "U-DEP"),
    "consultant01": (Role.CONSULTANT, "U-DEP"),
    "enforcement01": (Role.ENFORCEMENT, "U-BUR"),
}
OFFICERS = ("township01", "township02", "township04", "bureau01", "bureau02", "department01", "department02")
NUMBERS = {"notice_categories": ["odour"], "notice_days": 1, "extensions": 1, "look_back_after_days": 1}
WORDS = {"reason": "seen on site"}
PAPERS = {
    "measures": "covered the heap",
    "requirement": "cover the heap",
    "term": "limited",
    "handed_in_document": "No. 5",
    "above_basis": "No. 6",
    "above_result": "accepted",
}
# What nobody may hand in, whatever they do.
CHEATS: tuple[dict[str, Any], ...] = (
    {"signer_id": 10**6},
    {"checker_id": 10**6},
    {"closed_on": date(2020, 1, 1)},
    {"stage": Stage.REFUSED},
    {"check_due_on": date(2020, 1, 1)},
    {"notice_ends_on": date(2020, 1, 1)},
    {"times_returned": 99},
    {"is_unproven": True},
    {"enterprise_id": 10**6},
)
# What else may follow in a stage than what leads on.
ASIDE: dict[Stage, tuple[Action, ...]] = {
    Stage.DISCOVERED: (Action.REFUSE, Action.MERGE),
    Stage.CONFIRMED: (Action.MERGE,),
    Stage.RECTIFYING: (Action.SEND_BACK, Action.KEEP_LONG_TERM),
    Stage.SUPERVISED: (Action.RETURN, Action.ANNOUNCE, Action.CHECK_ON_SITE, Action.WITNESS),
    Stage.PUBLIC_NOTICE: (Action.RETURN, Action.HAND_IN_ABOVE),
    Stage.CLOSED: (Action.REOPEN,),
}
ONWARD = {
    Stage.DISCOVERED: Action.CONFIRM,
    Stage.CONFIRMED: Action.ENTER_LEDGER,
    Stage.LEDGERED: Action.HAND_OVER,
    Stage.RECTIFYING: Action.SUBMIT_MEASURES,
    Stage.LONG_TERM: Action.SUBMIT_MEASURES,
    Stage.PUBLIC_NOTICE: Action.SIGN_OFF,
}
LIVING = (*ONWARD, Stage.SUPERVISED, Stage.CLOSED)


def turned(first: int) -> list[str]:
    """The officers, beginning with another one each time."""
    start = first % len(OFFICERS)
    return [*OFFICERS[start:], *OFFICERS[:start]]


def onward(issue: Issue) -> Action:
    """What leads an issue on to its end; from its end, the beginning of the next round."""
    if issue.stage == Stage.CLOSED:
        return Action.REOPEN
    if issue.stage != Stage.SUPERVISED:
        return ONWARD[issue.stage]
    if issue.checker_id is None:
        return Action.CHECK_ON_SITE
    if issue.sign_off_level == SignOffLevel.ABOVE and issue.handed_in_on is None:
        return Action.HAND_IN_ABOVE
    return Action.ANNOUNCE if issue.category == Category.ODOUR and not issue.notice_ends_on else Action.SIGN_OFF
