"""What history must say of every issue, written out by hand and read from the stored events alone."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

from db.unit_of_work import reading
from db.verification import differences, tally_differences, verify_chain, witness_faults

# Event: the stage that it finds, and the stage that it leaves.
MOVES: dict[str, dict[str, str]] = {
    "confirmed": {"discovered": "confirmed"},
    "refused": {"discovered": "refused"},
    "merged": {"discovered": "merged", "confirmed": "merged"},
    "entered_in_ledger": {"confirmed": "ledgered"},
    "handed_over": {"ledgered": "rectifying"},
    "sent_back": {"rectifying": "ledgered"},
    "measures_submitted": {"rectifying": "supervised", "long_term": "supervised"},
    "witnessed": {"supervised": "supervised"},
    "checked_on_site": {"supervised": "supervised"},
    "returned": {"supervised": "rectifying", "public_notice": "rectifying"},
    "announced": {"supervised": "public_notice"},
    "handed_in_above": {"supervised": "supervised", "public_notice": "supervised"},
    "signed_off": {"supervised": "closed", "public_notice": "closed"},
    "kept_long_term": {"rectifying": "long_term"},
    "reopened": {"closed": "rectifying"},
}
LINKS = ("reported", "confirmed", "entered_in_ledger", "handed_over", "measures_submitted", "checked_on_site")
# What a moved border may still change of a closed issue.
PLACE = {"township_id", "primary_zone_id", "key_zone_ids", "distance_m"}


@dataclass
class Life:
    """One issue as its events tell it so far."""

    state: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    rectifiers: set[int] = field(default_factory=set)
    checkers: set[int] = field(default_factory=set)
    photos: set[tuple[str, int]] = field(default_factory=set)

    @property
    def round(self) -> int:
        return int(self.state.get("times_returned") or 0) + int(self.state.get("times_reopened") or 0)


def events(engine: Engine) -> list[dict[str, Any]]:
    """All events in their order, their fields decoded."""
    with engine.connect() as connection:
        query = text("SELECT seq, subject_kind, subject_id, code, actor_id, params FROM event ORDER BY seq")
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return [{**row, "set": json.loads(row["params"])["set"]} for row in rows]


def history_faults(engine: Engine) -> list[str]:
    """Everything that is not as it must be; empty when all is well."""
    lives: defaultdict[int, Life] = defaultdict(Life)
    found: list[str] = []
    for event in events(engine):
        if event["subject_kind"] == "evidence" and event["code"] == "evidence_added":
            said = event["set"]
            lives[said["issue_id"]].photos.add((said["kind"], said["round"]))
        if event["subject_kind"] == "issue":
            life = lives[event["subject_id"]]
            found += [f"event {event['seq']} {event['code']}: {what}" for what in _faults(life, event)]
            _live(life, event)
    return found


def proved(engine: Engine) -> list[object]:
    """Faults of the chain, its heads, the replay of every record, the summaries, the numbers and every issue's life."""
    with reading(engine) as session:
        checks = (verify_chain, witness_faults, differences, tally_differences)
        found: list[object] = [fault for check in checks for fault in check(session)]
    return [*found, *gaps(engine), *history_faults(engine)]


def gaps(engine: Engine) -> list[str]:
    """Numbers of issues, notices and plans that are missing or were given twice."""
    found = []
    for table in ("issue", "notice", "look_back_plan"):
        series: defaultdict[str, list[int]] = defaultdict(list)
        with engine.connect() as connection:
            for (number,) in connection.execute(text(f"SELECT number FROM {table}")):
                head, _, last = number.rpartition("-")
                series[head].append(int(last))
        for head, numbers in series.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                found.append(f"{table} {head}: {sorted(numbers)}")
    return found


def _faults(life: Life, event: dict[str, Any]) -> Iterator[str]:
    code, said, before = event["code"], event["set"], life.state.get("stage")
    after = said.get("stage", before)
    if code == "reported":
        yield from () if (before, after) == (None, "discovered") else (f"reported as {after} after {before}",)
    elif code in MOVES:
        expected = MOVES[code].get(str(before))
        yield from () if after == expected else (f"leads from {before} to {after}",)
    elif after != before:
        yield f"moves from {before} to {after}"
    if before == "closed" and code != "reopened" and set(said) - PLACE:
        yield f"changes {sorted(said)} of a closed issue"
    yield from _judged_by_others({**life.state, **said}, life, code)


def _judged_by_others(issue: dict[str, Any], life: Life, code: str) -> Iterator[str]:
    if code == "confirmed" and issue.get("confirmer_id") in (None, issue.get("finder_id")):
        yield "confirmed by the finder"
    if code == "checked_on_site" and issue.get("checker_id") in (None, *life.rectifiers):
        yield "checked by whoever rectified"
    if code != "signed_off":
        return
    if issue.get("signer_id") in (None, *life.rectifiers, *life.checkers):
        yield f"signed by {issue.get('signer_id')}, rectified by {life.rectifiers}, checked by {life.checkers}"
    if issue.get("signer_id") in (issue.get("rectifier_id"), issue.get("checker_id")):
        yield "signed by whoever rectified or checked"
    if not any(kind == "before" for kind, _ in life.photos) or ("after", life.round) not in life.photos:
        yield f"signed in round {life.round} on {sorted(life.photos)}"
    if not _goes_in_order(life.told, LINKS):
        yield f"signed after {life.told}"


def _goes_in_order(told: list[str], links: tuple[str, ...]) -> bool:
    remaining = iter(told)
    return all(link in remaining for link in links)


def _live(life: Life, event: dict[str, Any]) -> None:
    if event["code"] == "reopened":
        life.rectifiers, life.checkers = set(), set()
    life.state.update(event["set"])
    life.told.append(event["code"])
    for name, code, people in (
        ("rectifier_id", "measures_submitted", life.rectifiers),
        ("checker_id", "checked_on_site", life.checkers),
    ):
        if life.state.get(name) is not None and (name in event["set"] or event["code"] == code):
            people.add(life.state[name])
