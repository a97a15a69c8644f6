"""The wall's right column and the second list of a wide wall: what is most urgent, and where attention is needed."""

from html import escape

from dashboard.i18n import _, label, shown_number, shown_percent
from dashboard.screen.address import zone_key
from dashboard.screen.names import either, name_of
from dashboard.screen.panels import days_text
from dashboard.screen.visit import Visit
from dashboard.screen.wall_html import DASH, light_mark, opening, panel, row, table, why
from dashboard.services.air_board import AirBoard
from dashboard.services.overview import Standing
from dashboard.services.wall import WallPicture
from db.repositories.issues import IssueLine
from db.tables.territory import Zone
from governance.lights import days_late
from governance.playlist import StepKind
from governance.vocabulary import Light, ZoneKind
from governance.wall_figures import WallFigure


def right_column(here: Visit, picture: WallPicture) -> str:
    """All four panels as HTML."""
    parts = (urgent(here, picture), places(picture), rebounds(picture), air(picture))
    return f'<div class="gg-col gg-right">{"".join(parts)}</div>'


def urgent(here: Visit, picture: WallPicture) -> str:
    """The three matters that are latest: what, who answers, days late."""
    step = picture.scope.step
    shown = "".join(_matter(here, line) for line in picture.urgent)
    body = f'<ol class="gg-matters">{shown}</ol>' if shown else why(_("Nothing is overdue"))
    n = picture.numbers[WallFigure.OVERDUE]
    aside = opening(step, WallFigure.OVERDUE, _("{number} overdue", number=shown_number(n))) if n else ""
    return panel(_("Most urgent"), body, aside=aside, kind="gg-urgent")


def places(picture: WallPicture) -> str:
    """Townships ranked, worst first, with the best named; at a leader's step the guarded zones."""
    if picture.scope.step.kind == StepKind.LEADER:
        ranked, title, head = picture.own_zones, _("Guarded zones"), _("Zone")
        note = escape(_("an issue in two zones counts once above")) if picture.scope.overlaps else ""
    else:
        ranked, title, head = picture.townships, _("Townships"), _("Township")
        note = _best(ranked)
    own = picture.scope.zone_ids if picture.scope.step.kind == StepKind.TOWNSHIP else frozenset()
    rows = [_zone_row(picture, zone, standing, is_own=zone.key in own) for zone, standing in ranked]
    return panel(title, table(("", head, _("Unresolved"), _("Overdue")), rows), aside=note, kind="gg-places")


def rebounds(picture: WallPicture) -> str:
    """Issues that a look-back reopened this month."""
    n = picture.numbers[WallFigure.REBOUNDS]
    value = opening(picture.scope.step, WallFigure.REBOUNDS, shown_number(n), name=_("Rebounds this month"))
    note = escape(_("reopened by look-backs"))
    return (
        f'<section class="gg-panel gg-rebounds"><div><h2>{escape(_("Rebounds this month"))}</h2>'
        f"<span>{note}</span></div><strong>{value}</strong></section>"
    )


def air(picture: WallPicture) -> str:
    """Today's air; each figure that has no data is a dash, and the panel says why."""
    board = picture.air
    level = _("Level {level}", level=board.level) if board.level else ""
    items = (
        (_("AQI today"), _shown(board.aqi), level),
        (_("Month on last year"), _change(board.month_change), ""),
        (_("Good days"), _shown(board.good_days), ""),
        (_("Still needed"), _shown(board.good_days_needed), ""),
        (_("Composite index"), DASH if board.composite_index is None else f"{board.composite_index:.2f}", ""),
        (_("PM10 better by"), _change(board.pm10_change), ""),
        (_("SO₂ better by"), _change(board.so2_change), ""),
        (_("Level II"), _reached(board), ""),
    )
    shown = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)} {escape(note)}</dd></div>" for name, value, note in items
    )
    reason = f"{DASH} {escape(_('no air readings imported'))}" if board.is_empty else ""
    return panel(_("Air quality"), f'<dl class="gg-air">{shown}</dl>', aside=reason, kind="gg-air-panel")


def key_zones(here: Visit, picture: WallPicture) -> str:
    """Key zones beside the map of a wide wall, worst first; the guarding leader as plain text, or ranked by setting."""
    rows = []
    for place, (zone, standing) in enumerate(picture.key_zones, start=1):
        lead = picture.leads.get(zone.key)
        who = name_of(lead) if lead else _("nobody")
        ranked = f"{place}. {who}" if here.settings.wall_rank_leaders else who
        guard = f'<span class="gg-guard">{escape(ranked)}</span>'
        rows.append(_zone_row(picture, zone, standing, is_own=zone.key in picture.scope.zone_ids, beside=guard))
    heads = ("", _("Key zone"), _("Guarded by"), _("Unresolved"), _("Overdue"))
    aside = escape(_("worst first"))
    inner = panel(_("Key zones"), table(heads, rows), aside=aside, kind="gg-places gg-key-zones")
    return f'<div class="gg-col gg-wide">{inner}</div>'


def _zone_row(
    picture: WallPicture, zone: Zone, standing: Standing, *, is_own: bool = False, beside: str | None = None
) -> str:
    step = picture.scope.step
    key = zone_key(zone.kind, zone.code)
    name = name_of(zone)
    shown = f'<span class="gg-name">{escape(name)}</span>'
    if zone.kind == ZoneKind.TOWNSHIP:
        go = f"township.{zone.code}"
        shown = (
            f'<a class="gg-name gg-open" data-gg-go="show:{escape(go)}" target="_self"'
            f' href="/wall?show={escape(go)}">{escape(name)}</a>'
        )
    unresolved = opening(step, WallFigure.UNRESOLVED, shown_number(standing.unresolved), zone=key, name=name)
    late = opening(
        step,
        WallFigure.OVERDUE,
        shown_number(standing.overdue),
        zone=key,
        name=f"{name} {_('Overdue')}",
        kind="gg-red" if standing.overdue else "",
    )
    cells = (light_mark(standing.light, label(standing.light)), shown, *([beside] if beside else []), unresolved, late)
    return row(*cells, mark="gg-own" if is_own else "")


def _matter(here: Visit, line: IssueLine) -> str:
    who = either(line.unit, line.unit_en) or either(line.zone, line.zone_en)
    late = days_late(line.issue.due_on, today=here.today)
    return (
        f"<li><div><b>{escape(line.issue.title)}</b><i>{escape(who or DASH)}</i></div>"
        f'<span class="gg-days gg-red"><i aria-hidden="true">■</i> {escape(days_text(late))}</span></li>'
    )


def _best(ranked: list[tuple[Zone, Standing]]) -> str:
    good = [zone for zone, standing in ranked if standing.light == Light.GREEN] or [ranked[-1][0]] if ranked else []
    return escape(_("best: {zone}", zone=name_of(good[-1]))) if good else ""


def _shown(value: int | None) -> str:
    return DASH if value is None else shown_number(value)


def _change(value: float | None) -> str:
    return DASH if value is None else shown_percent(value, digits=1)


def _reached(board: AirBoard) -> str:
    if board.meets_level_two is None:
        return DASH
    return _("reached") if board.meets_level_two else _("not reached")
