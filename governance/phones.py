"""Telephone numbers as people write them: what is taken for one, and what a telephone dials."""

import re
import unicodedata
from typing import Final

from governance.errors import InvalidInput

LONGEST: Final = 40
FEWEST_DIGITS: Final = 3
# Signs that stand within one number; after anything else in a row of digits comes an extension.
_RUN: Final = re.compile(r"[0-9+][0-9+()\-.\s]*")
# Several numbers in one field stand apart by these; the first of them is dialled.
_APART: Final = re.compile(r"[,;/\N{IDEOGRAPHIC COMMA}]")
_KEPT: Final = re.compile(r"[^0-9+]")
_PAUSE: Final = ","


def phone_number(text: str | None) -> str | None:
    """A telephone number in half width without spaces around it; None for an empty one.

    Raises
    ------
    InvalidInput
        Longer than 40 characters, or with fewer than three digits: nobody could call it.
    """
    number = unicodedata.normalize("NFKC", text or "").strip()
    if not number:
        return None
    if len(number) > LONGEST or sum(sign in "0123456789" for sign in number) < FEWEST_DIGITS:
        raise InvalidInput(
            "phone_number",
            "{number} is no telephone number; allowed: at most {most} characters with at least {fewest} digits",
            number=number[:LONGEST],
            most=LONGEST,
            fewest=FEWEST_DIGITS,
        )
    return number


def dialled(text: str) -> str:
    """What a telephone dials for a number: its digits, a pause before an extension; empty where there is no digit.

    The first one of several numbers in the text.
    """
    first = next((part for part in _APART.split(text) if any(sign.isdecimal() for sign in part)), "")
    runs = (_KEPT.sub("", run) for run in _RUN.findall(first))
    return _PAUSE.join(run for run in runs if run.strip("+"))
