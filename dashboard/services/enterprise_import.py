"""The ledger of enterprises in: known by credit code, else by name and township."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.importers.refusals import Refusal
from dashboard.importers.rows import EnterpriseRow, Parsed
from dashboard.services.known_names import Lookup, known_names
from dashboard.services.ledger_import import (
    IMPORTED,
    LedgerReport,
    Sorted,
    differing,
    matched,
    moved,
    report_of,
    store_changed,
    store_new,
)
from dashboard.services.ledger_places import Ground, contradiction, ground_on, place_rows
from dashboard.services.placing import in_township
from dashboard.services.progress import Advance, silent
from db.tables.territory import Enterprise, EnterpriseLink
from db.unit_of_work import UnitOfWork
from geo.crs_names import parse_crs
from governance.credit_code import require_credit_code
from governance.errors import InvalidInput
from governance.permissions import Right, require

Record = Mapping[str, Any]


def import_enterprises(
    work: UnitOfWork,
    parsed: Parsed[EnterpriseRow],
    *,
    crs: str = "WGS84",
    is_skipping: bool = False,
    advance: Advance = silent,
) -> LedgerReport:
    """Store a ledger of enterprises.

    Parameters
    ----------
    work : UnitOfWork
    parsed : Parsed of EnterpriseRow
    crs : str
        What x and y are in; see `geo.crs.parse_crs`.
    is_skipping : bool
        Store the good rows although others are refused.
    advance : Advance, optional

    Returns
    -------
    LedgerReport
        A row without a credit code is known by its name in its township: the one in which its point lies,
        else the one it states. Blank cells leave a record as it is. The same file again changes nothing.

    Raises
    ------
    NotAllowed, UnknownCrs
    """
    require(work.actor, Right.IMPORT)
    ground = ground_on(work.session, work.district, work.today)
    rows = Sorted(errors=list(parsed.errors))
    _match(work, _stated(work, parsed.rows, ground, crs, rows), rows)
    is_stored = is_skipping or not rows.errors
    if is_stored:
        advance(0, len(rows.new) + len(rows.changed))
        store_new(work, Enterprise, EnterpriseLink, rows.new, code=IMPORTED, advance=advance)
        store_changed(work, Enterprise, EnterpriseLink, rows.changed, advance)
    return report_of(parsed, rows, is_stored=is_stored)


@dataclass(frozen=True, slots=True)
class _Stated:
    """One row with its names resolved; ``placed`` is None where it has no point."""

    row: int
    name: str
    fields: dict[str, Any]
    placed: dict[str, Any] | None
    township_id: int | None

    @property
    def lies_in(self) -> int | None:
        """The township by which a row without a credit code is known."""
        return self.placed["township_id"] if self.placed is not None else self.township_id


def _stated(work: UnitOfWork, held: Sequence[EnterpriseRow], ground: Ground, crs: str, rows: Sorted) -> list[_Stated]:
    """Rows with names resolved and points placed; the others are refused."""
    placed, faults = place_rows(held, ground, parse_crs(crs))
    rows.errors += faults.values()
    names = known_names(work.session, is_with_enterprises=False)
    townships, industries = Lookup.of(names.townships), Lookup.of(names.industries)
    found: list[_Stated] = []
    for row in held:
        known = {
            "township": townships(row.township),
            "industry": industries(row.industry),
            "credit_code": _credit_code(row.credit_code),
        }
        point = placed.get(row.row)
        is_refused = _is_refused(row, known, rows) or row.row in faults
        if not is_refused and not _contradicts(row, known, point, ground, rows):
            found.append(_resolved(row, known, point))
    return found


def _resolved(row: EnterpriseRow, known: Mapping[str, Any], point: dict[str, Any] | None) -> _Stated:
    fields = {
        "credit_code": known["credit_code"],
        "name": row.name,
        "name_en": row.name_en,
        "industry_id": known["industry"],
        "address": row.address,
        "is_key_unit": row.is_key_unit,
        "contact_phone": row.contact_phone,
    }
    return _Stated(row=row.row, name=row.name, fields=fields, placed=point, township_id=known["township"])


def _is_refused(row: EnterpriseRow, known: Mapping[str, Any], rows: Sorted) -> bool:
    refused = {field: value for field, value in known.items() if isinstance(value, InvalidInput)}
    for field, refusal in refused.items():
        rows.refuse(row.row, field, getattr(row, field), refusal)
    return bool(refused)


def _contradicts(
    row: EnterpriseRow, known: Mapping[str, Any], point: Mapping[str, Any] | None, ground: Ground, rows: Sorted
) -> bool:
    refusal = contradiction(point, known["township"], ground) if point is not None else None
    if refusal is not None:
        rows.refuse(row.row, "township", row.township, refusal)
    return refusal is not None


def _credit_code(code: str | None) -> str | InvalidInput | None:
    try:
        return require_credit_code(code) if code is not None else None
    except InvalidInput as refusal:
        return refusal


def _match(work: UnitOfWork, stated: Sequence[_Stated], rows: Sorted) -> None:
    """Part the rows into new, changed and unchanged ones."""
    by_code = matched(work, Enterprise, "credit_code", (one.fields["credit_code"] for one in stated))
    by_name = matched(work, Enterprise, "name", (one.name for one in stated))
    for one in stated:
        found = _records_of(one, by_code, by_name)
        if len(found) > 1:
            refusal = Refusal(
                "enterprise_shared",
                "Several enterprises of one township are called {name}; give the credit code.",
                name=one.name,
            )
            rows.refuse(one.row, "name", one.name, refusal)
            continue
        key = found[0]["id"] if found else one.fields["credit_code"] or (one.name, one.lies_in)
        if not rows.claim(key, one.row, "name", one.name):
            continue
        if found:
            _note_changes(one, found[0], rows)
        else:
            place = one.placed or in_township(one.township_id)
            rows.new.append({**_with_defaults(one.fields), **place})


def _records_of(
    one: _Stated, by_code: Mapping[object, list[Record]], by_name: Mapping[object, list[Record]]
) -> list[Record]:
    """The record with the row's credit code, else those of its name in its township.

    A code is never overruled by a name, and a row that states no place is known by its name alone.
    """
    code = one.fields["credit_code"]
    if code in by_code:
        return by_code[code]
    is_placed = one.placed is not None or one.township_id is not None
    alike = [record for record in by_name.get(one.name, ()) if not is_placed or record["township_id"] == one.lies_in]
    return [record for record in alike if record["credit_code"] is None] if code else alike


def _note_changes(one: _Stated, record: Record, rows: Sorted) -> None:
    changes = {**differing(record, one.fields), **moved(record, one.placed, one.township_id)}
    if changes:
        rows.changed[record["id"]] = changes
    else:
        rows.unchanged += 1


def _with_defaults(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "is_key_unit": bool(fields["is_key_unit"])}
