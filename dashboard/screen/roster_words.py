"""What a preview of the roster says, in sentences: lines of a change, warnings, rules that would not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

import streamlit as st
from sqlmodel import Session, col, select

from dashboard.i18n import _, message, shown_date, shown_number
from dashboard.screen.names import name_of
from dashboard.services.roster_rules import refusal_of
from db.tables.people import Person
from db.tables.territory import Zone
from governance.load import Caution, CautionCode
from governance.roster import Absence, Edit
from governance.roster_days import Fault
from governance.vocabulary import AssignmentPart


@dataclass(frozen=True)
class Names:
    """Names of zones and people by number, in the language of the visit."""

    zones: Mapping[int, str]
    people: Mapping[int, str]

    def person(self, number: int | None) -> str:
        """A person's name; nobody for none."""
        return self.people.get(number, "") if number else _("nobody")


def part(title: str) -> None:
    """Draw the title of a part of the page."""
    st.html(f'<h2 class="gg-part">{escape(title)}</h2>')


def names_in(session: Session) -> Names:
    """Names of all zones, and of everybody who is known."""
    zones = {row.key: name_of(row) for row in session.exec(select(Zone).order_by(col(Zone.id)))}
    return Names(zones, {row.key: name_of(row) for row in session.exec(select(Person).order_by(col(Person.id)))})


def days(valid_from: date, valid_to: date | None) -> str:
    """Days [from, to) as people say them: the last day is one on which it still holds."""
    if valid_to is None:
        return _("from {day} on", day=shown_date(valid_from))
    return _("from {first} until before {end}", first=shown_date(valid_from), end=shown_date(valid_to))


def line_sentence(edit: Edit, names: Names) -> str:
    """One line of a change."""
    values = {
        "zone": names.zones.get(edit.zone_id, ""),
        "person": names.person(edit.person_id),
        "days": days(edit.valid_from, edit.valid_to),
    }
    if edit.part == AssignmentPart.LEAD:
        return _("{zone}: {person} leads {days}", **values)
    if edit.is_ending:
        return _("{zone}: {person} is no longer a deputy {days}", **values)
    return _("{zone}: {person} becomes a deputy {days}", **values)


def absence_sentence(absence: Absence, names: Names) -> str:
    """An absence with its stand-in."""
    return _(
        "{person} is absent {days}; {stand_in} stands in",
        person=names.person(absence.person_id),
        stand_in=names.person(absence.stand_in_id),
        days=days(absence.valid_from, absence.valid_to),
    )


def caution_sentence(caution: Caution, names: Names) -> str:
    """One warning of a preview."""
    numbers = dict(caution.numbers)
    person, zone = names.person(caution.person_id or None), names.zones.get(caution.zone_id, "")
    match caution.code:
        case CautionCode.HEAVY_LOAD:
            return _(
                "{person} would have a load of {load}: {times} times the median of all leaders ({median}) or more",
                person=person,
                load=shown_number(numbers["load"]),
                times=numbers["times"],
                median=shown_number(numbers["median"], digits=1),
            )
        case CautionCode.SPLIT_ZONE:
            return _("{zone} passes {n} times within this change", zone=zone, n=numbers["handovers"])
        case CautionCode.OPEN_DIRECTIVES:
            return _(
                "{person} leaves {n} open instructions or orders about {zone}", person=person, zone=zone, n=numbers["n"]
            )
        case _:
            return _(
                "{person} would lead no zone {days}",
                person=person,
                days=days(numbers["valid_from"], numbers["valid_to"]),
            )


def fault_sentence(session: Session, fault: Fault) -> str:
    """Why a rule would not hold any more."""
    return message(refusal_of(session, fault))
