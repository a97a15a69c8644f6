"""The one-page briefing: its words, cut to what its page holds, from which Word and PDF are written."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.documents.official import lines_of
from dashboard.documents.wording import demo_note
from dashboard.i18n import _, current_locale, label, pgettext, shown_time
from dashboard.services.morning_briefing import BriefingFacts
from dashboard.services.morning_words import MatterWords, headline, nothing_words, words_of
from governance.vocabulary import Light

SHAPES: Final = {Light.GREEN: "●", Light.YELLOW: "▲", Light.RED: "■"}
TITLE_WIDTH, WHERE_WIDTH, WHY_WIDTH, ZONE_WIDTH, SCOPE_WIDTH, NOTE_WIDTH = 50, 46, 116, 24, 56, 30


@dataclass(frozen=True, kw_only=True)
class MatterLine:
    """A matter on two lines: what and where; why, since when, and whom to call."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """The page, as plain text beside its two pictures (PNG).

    Attributes
    ----------
    figures
        Name, value, and the change on last week.
    heads, rows
        The table of zones; the first column is the light with shape and word.
    notes
        What must stand at the foot: approximate outlines, approval number, what is left out, the demonstration.
    """

    language: str
    title: str
    scope: str
    figures: tuple[tuple[str, str, str], ...]
    matters_title: str
    matters: tuple[MatterLine, ...]
    map_title: str
    map_png: bytes
    chart_title: str
    chart_png: bytes
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    day: date


def briefing_of(facts: BriefingFacts, *, map_png: bytes, chart_png: bytes, map_approval: str = "") -> Briefing:
    """The briefing in the language in force.

    Parameters
    ----------
    facts : BriefingFacts
    map_png, chart_png : bytes
    map_approval : str
        Number of the approval of the map; empty where there is none.
    """
    morning, today = facts.morning, facts.today
    is_own = morning.leader is not None
    told = (words_of(one, today=today, is_own=is_own) for one in morning.matters)
    matters = tuple(_matter(place, words) for place, words in enumerate(told, 1))
    time = shown_time(facts.at, zone=facts.district.time_zone)
    return Briefing(
        language=current_locale(),
        title=_("Briefing on environmental issues")
        if is_own
        else _("Briefing on environmental issues of the district"),
        scope=_("{scope}, data as of {time}", scope=cut(_scope(facts), SCOPE_WIDTH), time=time),
        figures=tuple((name, str(value), cut(note, NOTE_WIDTH)) for name, value, note in headline(morning)),
        matters_title=_("Needs you today") if is_own else _("The most urgent matters of the district"),
        matters=matters or (MatterLine(what=nothing_words(is_own=is_own), why=""),),
        map_title=_("Zones and their unresolved issues") if is_own else _("Townships and their unresolved issues"),
        map_png=map_png,
        chart_title=_("The last twelve weeks"),
        chart_png=chart_png,
        heads=(
            *(
                _("Light"),
                _("Zone") if is_own else _("Township"),
                _("Unresolved"),
                _("Overdue"),
                pgettext("column", "Due soon"),
            ),
            *(_("With a director"), _("Inspected this year")),
        ),
        rows=tuple(_rows(facts)),
        notes=_notes(facts, map_approval),
        day=today,
    )


def cut(text: str, width: int) -> str:
    """Text on one line within a width in Latin letters, a Chinese sign being two wide; an ellipsis ends what is cut."""
    line = " ".join(lines_of(text))
    if sum(map(_wide, line)) <= width:
        return line
    kept, room = "", width - 1
    for sign in line:
        room -= _wide(sign)
        if room < 0:
            break
        kept += sign
    return f"{kept}…"


def _wide(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1


def _scope(facts: BriefingFacts) -> str:
    leader, district = facts.morning.leader, facts.district
    if leader is None:
        return _name(district.name, district.name_en)
    return _("{name}, zones guarded: {zones}", name=_name(leader.name, leader.name_en), zones=facts.zone_count)


def _matter(place: int, words: MatterWords) -> MatterLine:
    call = cut(" ".join(part for part in (words.who, words.phone or _("no number on record")) if part), WHY_WIDTH // 2)
    tail = f" · {words.since} · {call}"
    where = cut(" · ".join(part for part in (words.number, words.place) if part), WHERE_WIDTH)
    return MatterLine(
        what=f"{cut(f'{place}. {words.title}', TITLE_WIDTH)}\N{IDEOGRAPHIC SPACE}{where}",
        why=cut(words.why, WHY_WIDTH - sum(map(_wide, tail))) + tail,
    )


def _rows(facts: BriefingFacts) -> list[tuple[str, ...]]:
    return [
        (
            f"{SHAPES[one.standing.light]} {label(one.standing.light)}",
            cut(_name(one.zone.name, one.zone.name_en), ZONE_WIDTH),
            *(str(n) for n in (one.standing.unresolved, one.standing.overdue, one.standing.due_soon)),
            _share(one.coverage.with_director, one.coverage.enterprises),
            _share(one.coverage.inspected, one.coverage.enterprises),
        )
        for one in facts.morning.zones
    ]


def _share(n: int, of: int) -> str:
    return f"{n} / {of}" if of else "—"


def _notes(facts: BriefingFacts, map_approval: str) -> tuple[str, ...]:
    shown, every = len(facts.morning.zones), facts.zone_count
    is_approximate = any(one.outline.is_approximate for one in facts.outlines)
    left_out = (
        _("The {shown} zones that need attention first, of {all}", shown=shown, all=every)
        if facts.morning.leader
        else _("The {shown} townships that need attention first, of {all}", shown=shown, all=every)
    )
    notes = (
        left_out if shown < every else "",
        _("outlines approximate") if is_approximate else "",
        _("Map approval number: {number}", number=map_approval or "—"),
        demo_note(facts.district.is_demo),
    )
    return tuple(note for note in notes if note)


def _name(name: str, name_en: str | None) -> str:
    return name_en if name_en and current_locale() == "en" else name
