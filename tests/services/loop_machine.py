"""People of all roles who do at random what they may and what they may not, through the real services."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine, text
from sqlmodel import col, select

from dashboard.services.comments import write_comment
from dashboard.services.extensions import ask_extension, decide_extension
from dashboard.services.issue_actions import perform
from dashboard.services.issues import report_issue
from dashboard.services.look_back import plan_look_back, record_look_back
from dashboard.services.notices import issue_notice
from dashboard.services.on_the_spot import confirm_on_the_spot
from dashboard.services.people import add_person, appoint
from dashboard.services.placing import placing_on
from dashboard.services.plans import keep_long_term, reach_milestone
from dashboard.services.rules import set_numbers
from db import records
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.loop import Extension, LookBackItem, Milestone
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.errors import GridGuardError
from governance.loop_numbers import loop_numbers
from governance.on_the_spot import PutRight
from governance.permissions import Actor, operator
from governance.stages import Action
from governance.vocabulary import (
    Category,
    EvidenceKind,
    ExtensionState,
    LookBackKind,
    LookBackResult,
    NoticeKind,
    Severity,
    Source,
    Stage,
)
from tests.conftest import NOW
from tests.services.loop_district import PEOPLE, found_loop, show
from tests.services.loop_history import proved
from tests.services.loop_moves import ASIDE, CHEATS, LIVING, MORE, NUMBERS, OFFICERS, PAPERS, WORDS, onward, turned

people = st.sampled_from([*PEOPLE, *MORE])
officers = st.sampled_from(OFFICERS)
picks = st.integers(0, 10**6)
kinds = st.tuples(
    st.sampled_from([Severity.MINOR, Severity.MINOR, Severity.MAJOR, Severity.SEVERE]),
    st.sampled_from([Category.DUST, Category.DUST, Category.DUST, Category.ODOUR]),
    st.sampled_from([Source.BUTLER, Source.TOWNSHIP_PATROL, Source.HOTLINE_12345, Source.CITY_HAND_OVER]),
)
DONE: Counter[str] = Counter()


def founded_with_more(engine: Engine) -> None:
    """The district with a few more people and numbers that make short lives possible."""
    found_loop(engine)
    with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
        units = {unit.code: unit for unit in work.session.exec(select(Unit))}
        for code, (role, unit) in MORE.items():
            person = add_person(work, code=code, name=code)
            appoint(work, person, role, valid_from=work.today, unit_id=units[unit].key, zone_id=units[unit].zone_id)
        set_numbers(work, loop_numbers(NUMBERS), version=0)


class LoopMachine(RuleBasedStateMachine):
    """People of all roles do what they may and what they may not; each refusal must leave nothing behind."""

    def __init__(self, engine: Engine, close: Callable[[], None]) -> None:
        super().__init__()
        self.engine, self.close = engine, close
        self.now = self._latest()
        with reading(engine) as session:
            self.keys = {person.code: person.key for person in session.exec(select(Person))}
            self.units = {unit.code: unit.key for unit in session.exec(select(Unit))}
            self.firm = session.exec(select(Enterprise)).one()
        self.actors: dict[str, Actor] = {}

    def _latest(self) -> datetime:
        """No act lies before one that is on record; several examples may share a database."""
        with self.engine.connect() as connection:
            last = connection.execute(text("SELECT max(at) FROM event")).scalar()
        moment = datetime.fromisoformat(last) if isinstance(last, str) else last
        return max(NOW, moment.replace(tzinfo=NOW.tzinfo) if moment.tzinfo is None else moment)

    def actor(self, code: str) -> Actor:
        if code not in self.actors:
            with reading(self.engine) as session:
                self.actors[code] = actor_of(session, self.keys[code], today=NOW.date())
        return self.actors[code]

    def attempt(self, code: str, what: str, do: Callable[[UnitOfWork], object]) -> bool:
        """Let somebody do something; a refusal must leave every table as it was."""
        DONE["steps"] += 1
        before = self._head()
        try:
            with unit_of_work(self.engine, actor=self.actor(code), now=self.now) as work:
                do(work)
        except GridGuardError as refusal:
            DONE["refused"] += 1
            DONE[f"refused: {refusal.code}"] += 1
            assert self._head() == before, f"{what} by {code} was refused and left something behind"
            return False
        DONE[what] += 1
        return True

    def _head(self) -> object:
        """What changes with any commit: events, records, and what lies beside them."""
        with self.engine.connect() as connection:
            head = tuple(connection.execute(text("SELECT seq, hash FROM chain_head")).one())
            versions = connection.execute(text("SELECT count(*), sum(version) FROM issue")).one()
            numbers = connection.execute(text("SELECT sum(last) FROM counter")).scalar()
            return head, tuple(versions), numbers

    def issue_at(self, session: Any, pick: int, *stages: Stage) -> Issue | None:
        """Some issue, in one of the stages if there are any; None when there is none."""
        query = select(Issue).order_by(col(Issue.id))
        found = session.exec(query.where(col(Issue.stage).in_(stages)) if stages else query).all()
        return found[pick % len(found)] if found else None

    def some(self, pick: int, *stages: Stage) -> Issue | None:
        with reading(self.engine) as session:
            return self.issue_at(session, pick, *stages)

    def given(self, action: Action, pick: int) -> dict[str, Any]:
        """All that an action could need."""
        reason, day = {"reason": WORDS["reason"]}, self.now.date() + timedelta(days=pick % 40)
        if action == Action.HAND_OVER:
            lead = self.units["U-DEP" if pick % 2 else "U-T1"]
            charge = self.keys["director01"]
            return {"lead_unit_id": lead, "person_in_charge_id": charge, "joining_unit_ids": [self.units["U-COM"]]}
        if action == Action.MERGE:
            other = self.some(pick // 7)
            return {"merged_into_id": other.key if other else 1, **reason}
        fields = {
            Action.ENTER_LEDGER: ("term", "requirement"),
            Action.SUBMIT_MEASURES: ("measures",),
            Action.HAND_IN_ABOVE: ("handed_in_document",),
            Action.SIGN_OFF: ("above_basis", "above_result") if pick % 3 else (),
        }
        days = {
            Action.KEEP_LONG_TERM: "review_due_on",
            Action.RETURN: "rectify_due_on",
            Action.REOPEN: "rectify_due_on",
        }
        given = {name: PAPERS[name] for name in fields.get(action, ())}
        return {**reason, **given, **({days[action]: day} if action in days else {})}

    @rule(code=people, kind=kinds, is_on_the_spot=st.booleans())
    def find(self, code: str, kind: tuple[Severity, Category, Source], *, is_on_the_spot: bool) -> None:
        self.report(code, *kind, is_on_the_spot=is_on_the_spot)

    def report(
        self, code: str, severity: Severity, category: Category, source: Source, *, is_on_the_spot: bool
    ) -> None:
        def do(work: UnitOfWork) -> None:
            placing = placing_on(work.session, work.district, work.today)
            told = PutRight(measures="swept", rectifier_id=self.keys["director01"]) if is_on_the_spot else None
            kind = {"severity": severity, "category": category, "source": source}
            issue = report_issue(work, placing, title="Heap", enterprise=self.firm, put_right=told, **kind)
            show(work, issue, EvidenceKind.BEFORE)
            if is_on_the_spot:
                show(work, issue, EvidenceKind.AFTER)

        self.attempt(code, "reported", do)

    @rule(code=people, action=st.sampled_from(Action), pick=picks)
    def do_anything(self, code: str, action: Action, pick: int) -> None:
        issue = self.some(pick)
        if issue is not None and action != Action.REPORT:
            given = self.given(action, pick)
            self.attempt(code, action.value, lambda work: perform(work, issue.number, action, given))

    @rule(pick=picks, cheat=st.sampled_from(CHEATS))
    def cheat(self, pick: int, cheat: dict[str, Any]) -> None:
        issue = self.some(pick, *LIVING)
        if issue is not None:
            action = onward(issue)
            given = {**self.given(action, pick), **cheat}
            for code in turned(pick)[:3]:
                assert not self.attempt(code, "cheated", lambda work: perform(work, issue.number, action, given))

    @rule(code=people, pick=picks, kind=st.sampled_from(EvidenceKind))
    def photograph(self, code: str, pick: int, kind: EvidenceKind) -> None:
        issue = self.some(pick)
        if issue is not None:
            self.attempt(code, "photo", lambda work: show(work, records.get(work.session, Issue, issue.key), kind))

    @initialize(walks=st.lists(st.tuples(picks, kinds, st.integers(0, 8)), min_size=3, max_size=5))
    def begin(self, walks: list[tuple[int, tuple[Severity, Category, Source], int]]) -> None:
        """Issues that stand somewhere along their way."""
        for pick, kind, links in walks:
            self.report(OFFICERS[pick % 3], *kind, is_on_the_spot=False)
            with reading(self.engine) as session:
                newest = session.exec(select(Issue).order_by(col(Issue.id).desc())).first()
            for link in range(links if newest else 0):
                self._lead_on(newest.key, turned(pick + link), pick)

    @rule(pick=picks, links=st.integers(1, 4))
    def go_on(self, pick: int, links: int) -> None:
        issue = self.some(pick, *LIVING)
        for link in range(links if issue else 0):
            self._lead_on(issue.key, turned(pick + link), pick)  # type: ignore[union-attr]

    @rule(pick=picks)
    def go_aside(self, pick: int) -> None:
        issue = self.some(pick, *ASIDE)
        if issue is not None:
            actions = ASIDE[issue.stage]
            self._try_each(issue.number, actions[pick % len(actions)], turned(pick), pick)

    def _lead_on(self, key: int, order: list[str], pick: int) -> None:
        with reading(self.engine) as session:
            issue = records.get(session, Issue, key)
        if issue.stage in LIVING:
            self._try_each(issue.number, onward(issue), order, pick)

    def _try_each(self, number: str, action: Action, order: list[str], pick: int) -> None:
        """One after the other, until somebody may."""

        def do(work: UnitOfWork) -> None:
            if action == Action.SUBMIT_MEASURES and pick % 19:
                issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
                show(work, issue, EvidenceKind.AFTER)
            perform(work, number, action, given)

        given = self.given(action, pick)
        any(self.attempt(code, action.value, do) for code in (*order, "director01", "committee01", "cadre01"))

    @rule(first=officers, second=officers, pick=picks)
    def check_and_sign(self, first: str, second: str, pick: int) -> None:
        issue = self.some(pick, Stage.SUPERVISED, Stage.PUBLIC_NOTICE)
        for code, action in ((first, Action.CHECK_ON_SITE), (second, Action.SIGN_OFF)):
            if issue is not None:
                given = self.given(action, pick)
                self.attempt(code, action.value, lambda work, a=action, g=given: perform(work, issue.number, a, g))

    @rule(code=st.sampled_from(["butler01", "township02", "director01"]), pick=picks)
    def put_right(self, code: str, pick: int) -> None:
        """Found and put right on the spot, and confirmed by whoever may."""
        self.report(code, Severity.MINOR, Category.DUST, Source.TOWNSHIP_PATROL, is_on_the_spot=True)
        issue = self.some(pick, Stage.DISCOVERED)
        if issue is not None:
            row = lambda work: records.get(work.session, Issue, issue.key)  # noqa: E731
            confirm = lambda work: confirm_on_the_spot(work, row(work), seen="seen")  # noqa: E731
            any(self.attempt(one, "on the spot", confirm) for one in turned(pick))

    @rule(
        asking=st.sampled_from(["director01", *OFFICERS]),
        deciding=officers,
        pick=picks,
        days=st.integers(-2, 9),
        is_granted=st.booleans(),
    )
    def extend(self, asking: str, deciding: str, pick: int, days: int, *, is_granted: bool) -> None:
        issue = self.some(pick, Stage.RECTIFYING)
        if issue is None:
            return
        wanted = (issue.rectify_due_on or self.now.date()) + timedelta(days=days)

        def ask(work: UnitOfWork) -> None:
            ask_extension(work, records.get(work.session, Issue, issue.key), wanted_due_on=wanted, reason="rain")

        def decide(work: UnitOfWork) -> None:
            asked = work.session.exec(select(Extension).where(Extension.state == ExtensionState.ASKED)).first()
            if asked is not None:
                decide_extension(work, asked, is_granted=is_granted, answer="so be it")

        if self.attempt(asking, "extension asked", ask):
            self.attempt(deciding, "extension decided", decide)

    @rule(code=officers, pick=picks)
    def plan(self, code: str, pick: int) -> None:
        """A plan, and the steps of all plans, each tried by everybody."""
        issue, day = self.some(pick, Stage.RECTIFYING), self.now.date()
        if issue is None:
            return
        steps, later = (
            [("first", day + timedelta(days=3)), ("second", day + timedelta(days=6))],
            day + timedelta(days=9),
        )

        def do(work: UnitOfWork) -> None:
            row = records.get(work.session, Issue, issue.key)
            keep_long_term(work, row, steps=steps, review_on=later, reason="slow")

        any(self.attempt(one, "plan", do) for one in (code, "bureau03"))
        with reading(self.engine) as session:
            keys = session.exec(select(Milestone.id).where(col(Milestone.reached_on).is_(None))).all()
        for key in keys[: 1 + pick % 2]:
            step = lambda work, key=key: records.get(work.session, Milestone, key)  # noqa: E731
            reach = lambda work, step=step: reach_milestone(work, step(work), words="reached")  # noqa: E731
            any(self.attempt(one, "milestone", reach) for one in turned(pick))

    @rule(
        first=st.sampled_from(["bureau01", "committee01", "butler01"]),
        second=st.sampled_from(["bureau01", "bureau03", "committee01", "township01"]),
        kind=st.sampled_from(LookBackKind),
        results=st.permutations(list(LookBackResult)),
    )
    def look_back(self, first: str, second: str, kind: LookBackKind, results: list[LookBackResult]) -> None:
        self.now += timedelta(days=2)
        period = {"closed_from": NOW.date(), "closed_to": self.now.date()}
        order = {"kind": kind, "size": 3, "risk_percent": 50}
        self.attempt(first, "look-back planned", lambda work: plan_look_back(work, **period, **order))
        with reading(self.engine) as session:
            keys = session.exec(select(LookBackItem.id).where(col(LookBackItem.result).is_(None))).all()
        for key, result in zip(keys, results, strict=False):
            item = lambda work, key=key: records.get(work.session, LookBackItem, key)  # noqa: E731
            look = lambda work, item=item, result=result: record_look_back(  # noqa: E731
                work, item(work), result=result, words="seen"
            )
            self.attempt(second, f"look-back {result}", look)

    @rule(code=officers, pick=picks, kind=st.sampled_from(NoticeKind), unit=st.sampled_from(["U-T1", "U-BUR", "U-T2"]))
    def notify(self, code: str, pick: int, kind: NoticeKind, unit: str) -> None:
        def do(work: UnitOfWork) -> None:
            issue = self.issue_at(work.session, pick)
            issuer = records.get(work.session, Unit, self.units[unit])
            issue_notice(work, kind=kind, issuer=issuer, issues=[issue] if issue else [])

        self.attempt(code, "notice", do)

    @rule(code=people, pick=picks)
    def remark(self, code: str, pick: int) -> None:
        issue = self.some(pick)
        if issue is not None:
            row = lambda work: records.get(work.session, Issue, issue.key)  # noqa: E731
            self.attempt(code, "remark", lambda work: write_comment(work, row(work), "noted"))

    @rule(hours=st.sampled_from([1, 5, 24, 72]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def teardown(self) -> None:
        found = proved(self.engine)
        self.close()
        assert found == []
