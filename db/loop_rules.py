"""The numbers of the loop as this district set them."""

import json

from sqlmodel import Session, select

from db.tables.loop import LoopRules
from governance.loop_numbers import USUAL, LoopNumbers, loop_numbers


def loop_rules(session: Session) -> LoopRules | None:
    """The record of the district's own numbers; None while all are the usual ones."""
    return session.exec(select(LoopRules)).first()


def loop_numbers_of(session: Session) -> LoopNumbers:
    """The numbers of the loop in force."""
    stored = loop_rules(session)
    return loop_numbers(json.loads(stored.numbers)) if stored else USUAL
