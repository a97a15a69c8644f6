"""The words of a leader's morning: page, message and briefing say the same because they take them from here."""

from dataclasses import dataclass
from datetime import date

from dashboard.i18n import _, current_locale, label, ngettext, pgettext, shown_date
from dashboard.services.audiences import shortened
from dashboard.services.message_text import Section
from dashboard.services.morning import Morning, MorningMatter
from db.tables.people import Person
from governance.lights import days_late
from governance.morning import Cause, Reason
from governance.vocabulary import DirectiveKind


@dataclass(frozen=True, kw_only=True)
class MatterWords:
    """A matter in words, as plain text.

    Attributes
    ----------
    number, title, place
        Of the issue, or of the directive.
    why
        The causes, the weightiest first.
    since
        Since when, in days.
    who
        Who acts next and does what, without the number to call.
    phone
        As it is recorded; empty when none is.
    address
        Page of this product that shows it.
    """

    number: str
    title: str
    place: str
    why: str
    since: str
    who: str
    phone: str
    address: str


def words_of(matter: MorningMatter, *, today: date, is_own: bool = True) -> MatterWords:
    """A matter in the language in force; as said to the leader whose it is, or (not ``is_own``) of the district."""
    line, directive = matter.line, matter.directive
    title = line.issue.title if line else directive.directive.text if directive else ""
    return MatterWords(
        number=matter.matter.number,
        title=shortened(title),
        place=_place(matter),
        why=pgettext("list separator", ", ").join(_why(cause, today, is_own=is_own) for cause in matter.matter.causes),
        since=_since(matter.matter.causes[0], today),
        who=_who(matter),
        phone=matter.phone,
        address=_address(matter),
    )


def headline(morning: Morning) -> tuple[tuple[str, int, str], ...]:
    """The key numbers: name, value, and what changed on last week."""
    week, now = morning.week, morning.together
    return (
        (_("Unresolved"), now.unresolved, _("{change} on a week ago", change=signed(week.unresolved_change))),
        (_("Overdue"), now.overdue, _("{number} of them since a week", number=week.newly_overdue)),
        (_("Found in 7 days"), week.found, _("{number} in the 7 days before", number=week.found_before)),
        (_("Closed in 7 days"), week.closed, _("{number} in the 7 days before", number=week.closed_before)),
    )


def message_sections(morning: Morning, *, today: date, name: str = "") -> tuple[Section, Section]:
    """The morning as parts of a message: the numbers with the matters, and the zones; the page says the same.

    Parameters
    ----------
    morning : Morning
    today : date
    name : str
        Of the leader whose it is, for whoever is told of several.
    """
    figures = " · ".join(f"{what} {value} ({note})" for what, value, note in headline(morning))
    matters = tuple(_matter_line(place, words_of(one, today=today)) for place, one in enumerate(morning.matters, 1))
    heads = (f"[{name}]" if name else "", figures, f"[{_('Needs you today')} {len(matters)}]" if matters else "")
    zones = tuple(f"{zone}: {words}" for zone, words in zone_lines(morning))
    return (
        Section(heading="\n".join(head for head in heads if head), items=matters),
        Section(heading=" ".join(part for part in (name, f"[{_('Zones')} {len(zones)}]") if part), items=zones),
    )


def zone_lines(morning: Morning) -> list[tuple[str, str]]:
    """Each zone with its light in words and its numbers."""
    return [
        (
            _name(one.zone.name, one.zone.name_en),
            _(
                "{light}, {unresolved} unresolved, {overdue} overdue",
                light=label(one.standing.light),
                unresolved=one.standing.unresolved,
                overdue=one.standing.overdue,
            ),
        )
        for one in morning.zones
    ]


def nothing_words(*, is_own: bool = True) -> str:
    """What stands where no matter needs the leader, or the district."""
    return _("Nothing needs you today.") if is_own else _("Nothing in the district needs a leader today.")


def asked_words(matter: MorningMatter, kind: DirectiveKind, *, today: date) -> str:
    """What the form of an instruction or an order is filled with: a proposal that the leader may change."""
    late = matter.matter.days_late
    what = ngettext("{number} day late", "{number} days late", late) if late else words_of(matter, today=today).why
    if kind == DirectiveKind.SUPERVISION_ORDER:
        return _("Supervise on site until this is put right ({what}), and report the result.", what=what)
    return _("Put this right without delay ({what}), and report what was done.", what=what)


def signed(number: int) -> str:
    """A change with its sign, a true minus; ±0 for none."""
    return f"+{number}" if number > 0 else f"\N{MINUS SIGN}{-number}" if number < 0 else "±0"


def shown_name(person: Person | None) -> str:
    """A person's name in the language in force; empty for nobody."""
    return _name(person.name, person.name_en) if person else ""


def _matter_line(place: int, words: MatterWords) -> str:
    call = _("call {who}", who=f"{words.who} {words.phone}".strip()) if words.who or words.phone else ""
    head = f"{place}. {words.number} {words.title}"
    return " · ".join(part for part in (head, words.place, words.why, words.since, call) if part)


def _why(cause: Cause, today: date, *, is_own: bool) -> str:
    late = days_late(cause.since, today=today)
    if not is_own and cause.reason == Reason.REPORTED:
        return _("{number} was reported and waits for an answer", number=cause.directive)
    if not is_own and cause.reason == Reason.LADDER:
        return _("{late} days late, up to the leader who guards the zone", late=late)
    return _why_of_leader(cause, late)


def _why_of_leader(cause: Cause, late: int) -> str:
    match cause.reason:
        case Reason.REPORTED:
            return _("{number} was reported and waits for your answer", number=cause.directive)
        case Reason.DIRECTIVE_LATE:
            return _("{number} is {late} days late", number=cause.directive, late=late)
        case Reason.SEVERE_LATE:
            return _("severe and {late} days late", late=late)
        case Reason.LADDER:
            return _("{late} days late, so it comes to the leader", late=late)
        case Reason.REBOUND:
            return _("came back after its sign-off on {day}", day=shown_date(cause.since))
        case Reason.NOTICE:
            return _("a notice was to be answered by {day}", day=shown_date(cause.since))
        case Reason.MORE_TIME:
            return _("more time was asked for on {day} and nobody answered", day=shown_date(cause.since))


def _since(cause: Cause, today: date) -> str:
    days = max((today - cause.since).days, 0)
    return ngettext("since {number} day", "since {number} days", days) if days else _("since today")


def _who(matter: MorningMatter) -> str:
    if matter.doer is None:
        return _("nobody holds the part")
    person, unit = matter.doer.person, matter.doer.unit
    names = [_name(person.name, person.name_en), _name(unit.name, unit.name_en) if unit else ""]
    return " ".join(part for part in (*names, label(matter.action) if matter.action else "") if part)


def _place(matter: MorningMatter) -> str:
    if matter.line is None:
        return _name(matter.directive.zone, matter.directive.zone_en) if matter.directive else ""
    line = matter.line
    place = _name(line.enterprise, line.enterprise_en) or line.issue.place or ""
    return " ".join(dict.fromkeys(part for part in (_name(line.zone, line.zone_en), place) if part))


def _address(matter: MorningMatter) -> str:
    if matter.directive is not None and matter.matter.causes[0].directive:
        return f"/directives?directive={matter.directive.directive.number}"
    return f"/issue?id={matter.matter.number}"


def _name(name: str | None, name_en: str | None) -> str:
    return (name_en if name_en and current_locale() == "en" else name) or ""
