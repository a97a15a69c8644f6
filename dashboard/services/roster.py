"""The roster as records: everybody's days in the rules' terms, how they are asked for, and where rules do not hold."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from db.repositories.territory import zones
from db.tables.people import Appointment, Assignment
from db.tables.plans import Absence
from governance import roster as rules
from governance.assignments import Span
from governance.roster_days import Days, Fault, faults
from governance.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who guards what, on all days: rows and the same as spans, in the same order.

    Attributes
    ----------
    rows, spans
        By zone, beginning and number; ended ones and those still to come included.
    absences
        All of them.
    """

    rows: Sequence[Assignment]
    spans: Sequence[Span]
    absences: Sequence[rules.Absence]

    def of(self, zone_ids: Collection[int]) -> "Roster":
        """The part that concerns some zones."""
        pairs = [(row, span) for row, span in zip(self.rows, self.spans, strict=True) if span.zone_id in zone_ids]
        return Roster(rows=[row for row, _ in pairs], spans=[span for _, span in pairs], absences=self.absences)


def roster(session: Session) -> Roster:
    """The whole roster."""
    query = select(Assignment).order_by(col(Assignment.zone_id), col(Assignment.valid_from), col(Assignment.id))
    rows = session.exec(query).all()
    away = session.exec(select(Absence).order_by(col(Absence.valid_from), col(Absence.id)))
    return Roster(rows=rows, spans=[span_of(row) for row in rows], absences=[absence_of(row) for row in away])


def span_of(row: Assignment) -> Span:
    """An assignment in the rules' terms."""
    return Span(
        zone_id=row.zone_id,
        person_id=row.person_id,
        part=row.part,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def absence_of(row: Absence) -> rules.Absence:
    """An absence in the rules' terms."""
    return rules.Absence(
        person_id=row.person_id, stand_in_id=row.stand_in_id, valid_from=row.valid_from, valid_to=row.valid_to
    )


def fingerprints(known: Roster, zone_ids: Iterable[int]) -> dict[int, str]:
    """What each zone's part of the roster looks like: another text as soon as a row there began, ended or changed."""
    return {zone: _fingerprint(row for row in known.rows if row.zone_id == zone) for zone in zone_ids}


def _fingerprint(rows: Iterable[Assignment]) -> str:
    text = ",".join(f"{row.key}.{row.version}" for row in sorted(rows, key=lambda row: row.key))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def offices(session: Session) -> dict[int, Days]:
    """District leaders and the days of their office; one without an end where several follow each other."""
    query = select(Appointment).where(Appointment.role == Role.DISTRICT_LEADER).order_by(col(Appointment.valid_from))
    found: dict[int, Days] = {}
    for row in session.exec(query):
        begun, end = found.get(row.person_id, (row.valid_from, row.valid_from))
        later = None if end is None or row.valid_to is None else max(end, row.valid_to)
        found[row.person_id] = (begun, later)
    return found


def guarded_days(session: Session, *, since: date) -> dict[int, Days]:
    """The zones that must have a lead: every zone that is not retired, from a day on."""
    return {zone.key: (since, None) for zone in zones(session) if not zone.is_retired}


def faults_from(session: Session, spans: Sequence[Span], absences: Sequence[rules.Absence], day: date) -> list[Fault]:
    """Where the rules of the roster do not hold, from a local day on."""
    return faults(spans, zones=guarded_days(session, since=day), leaders=offices(session), absences=absences, since=day)
