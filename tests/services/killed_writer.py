"""A process that lives issues through the real services and says after each commit what it did, until it is killed.

``python -m tests.services.killed_writer URL HEADS SAID`` waits for lines: each makes a writer, whose number it prints;
the writers are forked from it, so that none of them has to load the program first.
"""

import os
import sys
from pathlib import Path

from db.engine import create_engine_for
from tests.services.loop_district import do, person_id, report, unit_id

WORDS = "Seen on site"


def write_until_killed(url: str, heads: Path, said: Path) -> None:
    """Report issues and take each to its end, again and again; what is committed is said in one line each."""
    engine = create_engine_for(url, heads=heads)
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    director, unit = person_id(engine, "director01"), unit_id(engine, "U-DEP")
    steps = (
        ("township01", "confirm", "confirmed", {}),
        ("township01", "enter_ledger", "entered_in_ledger", {"term": "limited", "requirement": "Cover it"}),
        ("township01", "hand_over", "handed_over", {"lead_unit_id": unit, "person_in_charge_id": director}),
        ("director01", "submit_measures", "measures_submitted", {"measures": "Covered"}),
        ("township01", "check_on_site", "checked_on_site", {"reason": WORDS}),
        ("township02", "sign_off", "signed_off", {}),
        ("committee01", "reopen", "reopened", {"reason": WORDS}),
    )
    while True:
        number = report(engine)
        os.write(handle, f"{number} reported\n".encode())
        for person, action, code, values in steps:
            do(engine, person, number, action, **values)
            os.write(handle, f"{number} {code}\n".encode())


def bear_writers(url: str, heads: Path, said: Path) -> None:
    """Fork a writer for each line that comes in, and wait for its end."""
    for _line in sys.stdin:
        writer = os.fork()
        if writer == 0:
            write_until_killed(url, heads, said)
        sys.stdout.write(f"{writer}\n")
        sys.stdout.flush()
        os.waitpid(writer, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    bear_writers(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
