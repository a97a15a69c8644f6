"""The wall's left column: what is unresolved, what came from above, what is done in time, what is covered."""

from html import escape

from dashboard.i18n import _, label, shown_number, shown_percent
from dashboard.screen.visit import Visit
from dashboard.screen.wall_html import DASH, change, key_number, opening, panel, row, table
from dashboard.services.wall import WallPicture
from governance.counting import COMPLAINTS, INSPECTIONS, INSTRUCTIONS
from governance.coverage import Coverage
from governance.vocabulary import Light
from governance.wall_figures import ABOVE, NOT_COVERED, WallFigure


def left_column(here: Visit, picture: WallPicture) -> str:
    """All four panels as HTML."""
    parts = (key_numbers(here, picture), from_above(picture), on_time(picture), coverages(picture))
    return f'<div class="gg-col gg-left">{"".join(parts)}</div>'


def key_numbers(here: Visit, picture: WallPicture) -> str:
    """Unresolved, overdue, due soon, closed this month, each with its change; clues apart."""
    now, past, step = picture.standing, picture.past, picture.scope.step
    known = (past.unresolved, past.overdue, past.due_soon) if past else (None, None, None)
    soon = _("Due within {days} days", days=here.settings.yellow_days)
    items = (
        (WallFigure.UNRESOLVED, _("Unresolved"), None, change(now.unresolved, known[0])),
        (WallFigure.OVERDUE, _("Overdue"), Light.RED, change(now.overdue, known[1])),
        (WallFigure.DUE_SOON, soon, Light.YELLOW, change(now.due_soon, known[2])),
        (WallFigure.CLOSED, _("Closed this month"), None, _lately(picture)),
    )
    shown = "".join(
        key_number(name, opening(step, figure, shown_number(picture.numbers[figure]), name=name), note, light=light)
        for figure, name, light, note in items
    )
    clues = opening(step, WallFigure.CLUES, _("Clues to confirm {number}", number=shown_number(now.clues)))
    return panel(_("Unresolved issues"), f'<div class="gg-figures">{shown}</div>', aside=clues, kind="gg-numbers")


def from_above(picture: WallPicture) -> str:
    """What came from above: open and overdue."""
    names = {INSPECTIONS: _("Inspections"), COMPLAINTS: _("12345 and petitions"), INSTRUCTIONS: _("Instructions")}
    step = picture.scope.step
    rows = [
        row(
            escape(names[sources]),
            opening(step, is_open, shown_number(picture.numbers[is_open]), name=names[sources]),
            opening(
                step,
                is_late,
                shown_number(picture.numbers[is_late]),
                name=f"{names[sources]} {_('Overdue')}",
                kind="gg-red" if picture.numbers[is_late] else "",
            ),
        )
        for sources, (is_open, is_late) in ABOVE.items()
    ]
    return panel(_("From above"), table(("", _("Open"), _("Overdue")), rows), kind="gg-above")


def on_time(picture: WallPicture) -> str:
    """On-time rate with its formula and period."""
    rate, step = picture.month.on_time_rate, picture.scope.step
    shown = DASH if rate is None else shown_percent(rate, digits=1)
    words = _("nothing was due this month") if rate is None else _("closed on time ÷ (closed + open overdue)")
    value = opening(step, WallFigure.JUDGED, shown, name=_("On-time rate"))
    made_of = _(
        "{on_time} ÷ {judged}",
        on_time=shown_number(picture.month.closed_on_time),
        judged=shown_number(picture.numbers[WallFigure.JUDGED]),
    )
    body = (
        f'<div class="gg-rate"><strong class="gg-key">{value}</strong>'
        f"<small><b>{escape(made_of)}</b>{escape(words)}</small></div>"
    )
    return panel(_("On-time rate"), body, aside=escape(_("This month")), kind="gg-on-time")


def coverages(picture: WallPicture) -> str:
    """The three coverages: bar, rate and how many enterprises nothing covers."""
    step, rows = picture.scope.step, []
    for coverage, figure in NOT_COVERED.items():
        covered = picture.coverages[coverage]
        if covered.rate is None:
            rows.append(
                f"<li><b>{escape(label(coverage))}</b><span class='gg-why'>{DASH} {_no_enterprise()}</span></li>"
            )
            continue
        missing = opening(step, figure, _missing(covered.not_covered), name=label(coverage))
        rows.append(
            f'<li><b>{escape(label(coverage))}</b><span class="gg-bar-track"><i style="width:{covered.rate:.1%}"></i>'
            f"</span><strong>{escape(_floor_percent(covered.rate))}</strong>{missing}</li>"
        )
    n = shown_number(picture.coverages[Coverage.INSPECTION].enterprises)
    aside = escape(_("This year · {number} enterprises", number=n))
    return panel(_("Full coverage"), f'<ul class="gg-coverage">{"".join(rows)}</ul>', aside=aside, kind="gg-covered")


def _lately(picture: WallPicture) -> str:
    step = picture.lately.closed - picture.lately.before
    shown = f"{step:+d}".replace("-", "\N{MINUS SIGN}") if step else "±0"
    return _("{number} in 7 days ({change})", number=shown_number(picture.lately.closed), change=shown)


def _missing(n: int) -> str:
    return _("{number} missing", number=shown_number(n))


def _no_enterprise() -> str:
    return escape(_("no enterprise on record here"))


def _floor_percent(rate: float) -> str:
    """Whole percent, rounded down: with one enterprise missing it is never 100 %."""
    return shown_percent(int(rate * 100 + 1e-9) / 100, digits=0)
