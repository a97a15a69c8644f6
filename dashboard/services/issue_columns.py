"""The catalogue of columns that lists of issues are made of: one name, one heading and one meaning for each.

The table on the screen, exports of what it shows, the three lists and a superior's ledger choose from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.exporters.columns import Column, cell_shown_by
from dashboard.i18n import label, pgettext
from dashboard.services.issue_facts import IssueFacts, Line
from governance.errors import InvalidInput
from governance.lights import days_late

Reading = Callable[[IssueFacts, Line], object] | None
"""Facts read in bulk and one line → the value, not yet in words; None for the line's place in the list."""


class ColumnGroup(StrEnum):
    """How the columns are offered."""

    ISSUE = "issue"
    SOURCE = "source"
    PLACE = "place"
    KIND = "kind"
    DUTY = "duty"
    DAYS = "days"
    PROGRESS = "progress"
    ABOVE = "above"


@dataclass(frozen=True, kw_only=True)
class IssueColumn:
    """One column of the catalogue.

    Attributes
    ----------
    key
        Its name in layouts, addresses and catalogues.
    width
        In characters of the sheet's font.
    """

    key: str
    group: ColumnGroup
    read: Reading
    width: int = 13

    @property
    def heading(self) -> str:
        """What stands above it in the current language, unless a layout says otherwise."""
        return pgettext("column", self.key)


def _stated(key: str) -> Reading:
    return lambda _facts, line: getattr(line, key)


def _person(key: str) -> Reading:
    return lambda facts, line: facts.people.get(getattr(line, key))


def _unit(key: str) -> Reading:
    return lambda facts, line: facts.units.get(getattr(line, key))


def _late(facts: IssueFacts, line: Line) -> int | None:
    return days_late(line.due_on, today=facts.today) or None if facts.light(line) else None


_READINGS: Final[tuple[tuple[ColumnGroup, str, Reading, int], ...]] = (
    (ColumnGroup.ISSUE, "position", None, 6),
    (ColumnGroup.ISSUE, "number", _stated("number"), 13),
    (ColumnGroup.ISSUE, "title", _stated("title"), 36),
    (ColumnGroup.ISSUE, "description", _stated("description"), 44),
    (ColumnGroup.ISSUE, "stage", _stated("stage"), 10),
    (ColumnGroup.SOURCE, "source", _stated("source"), 16),
    (ColumnGroup.SOURCE, "source_number", _stated("source_number"), 18),
    (ColumnGroup.SOURCE, "source_document", _stated("source_document"), 18),
    (ColumnGroup.SOURCE, "source_due_on", _stated("source_due_on"), 12),
    (ColumnGroup.SOURCE, "finder", _person("finder_id"), 12),
    (ColumnGroup.SOURCE, "finder_unit", _unit("finder_unit_id"), 18),
    (ColumnGroup.PLACE, "enterprise", lambda facts, line: facts.enterprise_names.get(line.enterprise_id), 28),
    (ColumnGroup.PLACE, "enterprise_credit_code", lambda facts, line: facts.credit_codes.get(line.enterprise_id), 22),
    (ColumnGroup.PLACE, "industry", lambda facts, line: facts.industries.get(line.industry_id), 16),
    (ColumnGroup.PLACE, "place", _stated("place"), 24),
    (ColumnGroup.PLACE, "township", lambda facts, line: facts.zones.get(line.township_id), 12),
    (ColumnGroup.PLACE, "zone", lambda facts, line: facts.zones.get(line.primary_zone_id), 16),
    (ColumnGroup.PLACE, "leader", lambda facts, line: facts.leaders.get(line.primary_zone_id), 12),
    (ColumnGroup.KIND, "check_area", _stated("check_area"), 10),
    (ColumnGroup.KIND, "category", _stated("category"), 12),
    (ColumnGroup.KIND, "severity", _stated("severity"), 10),
    (ColumnGroup.KIND, "term", _stated("term"), 10),
    (ColumnGroup.KIND, "sign_off_level", _stated("sign_off_level"), 12),
    (ColumnGroup.DUTY, "requirement", _stated("requirement"), 36),
    (ColumnGroup.DUTY, "measures", _stated("measures"), 36),
    (ColumnGroup.DUTY, "lead_unit", _unit("lead_unit_id"), 18),
    (ColumnGroup.DUTY, "joining_units", lambda facts, line: facts.joining.get(line.id, ()), 22),
    (ColumnGroup.DUTY, "person_in_charge", _person("person_in_charge_id"), 12),
    (ColumnGroup.DUTY, "confirmer", _person("confirmer_id"), 12),
    (ColumnGroup.DUTY, "rectifier", _person("rectifier_id"), 12),
    (ColumnGroup.DUTY, "witness", _person("witness_id"), 12),
    (ColumnGroup.DUTY, "checker", _person("checker_id"), 12),
    (ColumnGroup.DUTY, "signer", _person("signer_id"), 12),
    (ColumnGroup.DAYS, "found_on", _stated("found_on"), 12),
    (ColumnGroup.DAYS, "confirmed_on", _stated("confirmed_on"), 12),
    (ColumnGroup.DAYS, "ledgered_on", _stated("ledgered_on"), 12),
    (ColumnGroup.DAYS, "handed_over_on", _stated("handed_over_on"), 12),
    (ColumnGroup.DAYS, "rectify_due_on", _stated("rectify_due_on"), 12),
    (ColumnGroup.DAYS, "measures_on", _stated("measures_on"), 12),
    (ColumnGroup.DAYS, "checked_on", _stated("checked_on"), 12),
    (ColumnGroup.DAYS, "announced_on", _stated("announced_on"), 12),
    (ColumnGroup.DAYS, "closed_on", _stated("closed_on"), 12),
    (ColumnGroup.DAYS, "due_on", _stated("due_on"), 12),
    (ColumnGroup.PROGRESS, "light", lambda facts, line: facts.light(line), 8),
    (ColumnGroup.PROGRESS, "days_late", _late, 8),
    (ColumnGroup.PROGRESS, "times_returned", _stated("times_returned"), 8),
    (ColumnGroup.PROGRESS, "times_reopened", _stated("times_reopened"), 8),
    (ColumnGroup.PROGRESS, "notices", lambda facts, line: facts.notices.get(line.id, ()), 20),
    (ColumnGroup.PROGRESS, "evidence_count", lambda facts, line: facts.evidence.get(line.id, 0), 8),
    (ColumnGroup.ABOVE, "handed_in_on", _stated("handed_in_on"), 12),
    (ColumnGroup.ABOVE, "handed_in_document", _stated("handed_in_document"), 18),
    (ColumnGroup.ABOVE, "above_basis", _stated("above_basis"), 20),
    (ColumnGroup.ABOVE, "above_result", _stated("above_result"), 24),
)

CATALOGUE: Final[Mapping[str, IssueColumn]] = {
    key: IssueColumn(key=key, group=group, read=read, width=width) for group, key, read, width in _READINGS
}
"""Key → column, in the order in which they are offered."""


def columns_of(keys: Sequence[str]) -> list[IssueColumn]:
    """Columns of the catalogue by their keys, in the order given.

    Raises
    ------
    InvalidInput
        ``columns_unknown``: names those that do not exist.
    """
    unknown = [key for key in keys if key not in CATALOGUE]
    if unknown:
        raise InvalidInput(
            "columns_unknown",
            "There are no columns {unknown}; allowed: {allowed}",
            unknown=tuple(unknown),
            allowed=tuple(CATALOGUE),
        )
    return [CATALOGUE[key] for key in keys]


def sheet_columns(keys: Sequence[str], headings: Sequence[str] = ()) -> list[Column]:
    """Columns as the exporters write them.

    Parameters
    ----------
    keys : sequence of str
    headings : sequence of str, optional
        As long as the keys; an empty one is taken from the catalogue.

    Raises
    ------
    InvalidInput
        As for `columns_of`.
    """
    show = cell_shown_by(pgettext, label)
    given = headings or [""] * len(keys)
    return [
        Column(column.key, heading or column.heading, column.width, show)
        for column, heading in zip(columns_of(keys), given, strict=True)
    ]


def rows_of(facts: IssueFacts, keys: Sequence[str], lines: Iterable[Line], *, first: int = 1) -> Iterator[list[object]]:
    """Yield what stands in the cells of each line.

    Parameters
    ----------
    facts : IssueFacts
    keys : sequence of str
        Of the catalogue, in the order of the columns.
    lines : iterable of Line
    first : int
        Position of the first line.

    Returns
    -------
    iterator of list
        Not yet in words: enums, dates, numbers, tuples of names, text, None.

    Raises
    ------
    InvalidInput
        As for `columns_of`.
    """
    readings = [column.read for column in columns_of(keys)]
    for position, line in enumerate(lines, first):
        yield [position if read is None else read(facts, line) for read in readings]


def group_label(group: ColumnGroup) -> str:
    """The word for a group of columns."""
    return pgettext("column group", group.value)
