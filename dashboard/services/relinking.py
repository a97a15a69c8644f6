"""What a changed outline moves: records near it are placed anew, their dated links end and begin."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from dashboard.services.placing import LinkTable, Placing, place, placing_on
from dashboard.services.progress import Advance, silent
from db import records
from db.tables.issues import Issue, IssueLink
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from db.unit_of_work import UnitOfWork
from geo.metric import areas_m2
from geo.relinking import relink_candidates
from governance.permissions import Right, require
from governance.vocabulary import KEY_ZONE_KINDS, ZoneKind

_BATCH: Final = 500
_PLACE: Final = ("township_id", "primary_zone_id", "key_zone_ids", "distance_m")
_LOCATED: Final[tuple[tuple[type[Enterprise] | type[Issue], LinkTable, str], ...]] = (
    (Enterprise, EnterpriseLink, "enterprise_id"),
    (Issue, IssueLink, "issue_id"),
)


@dataclass(frozen=True, kw_only=True)
class OutlineChange:
    """A zone's outline before and after; None where it had none, or has none any more. WGS84."""

    zone: Zone
    before: BaseGeometry | None
    after: BaseGeometry | None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """So many records of a kind went from one zone to another; None is outside of every zone.

    ``kind`` is ``enterprise`` or ``issue``; a township is followed by a township, a key zone is left or
    entered by itself.
    """

    kind: str
    from_zone_id: int | None
    to_zone_id: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class RelinkReport:
    """What relinking did: records looked at, records whose links changed, and from where to where."""

    candidates: int
    relinked: int
    moved: tuple[Moved, ...]


def relink(work: UnitOfWork, changes: Sequence[OutlineChange], *, advance: Advance = silent) -> RelinkReport:
    """Link anew the enterprises and issues that changed outlines can affect, and only those.

    Parameters
    ----------
    work : UnitOfWork
        The new outlines are set in it already.
    changes : sequence of OutlineChange
        Of townships and key zones; the district's own outline links nothing.
    advance : Advance, optional

    Returns
    -------
    RelinkReport
        A record whose zones stay the same is not touched; a record without coordinates keeps its township.

    Raises
    ------
    NotAllowed
    """
    require(work.actor, Right.EDIT_ZONES)
    work.session.flush()
    placing = placing_on(work.session, work.district, work.today)
    is_order_changed = _is_order_changed(work, changes, placing)
    moved: Counter[tuple[str, int | None, int | None]] = Counter()
    candidates = relinked = 0
    for model, table, owner in _LOCATED:
        numbers = _candidates(work, model, changes, is_order_changed=is_order_changed)
        candidates += len(numbers)
        advance(0, candidates)
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            relinked += _relink_batch(work, model, table, owner, batch, placing, moved)
            advance(len(batch))
    report = (Moved(kind=kind, from_zone_id=old, to_zone_id=new, count=n) for (kind, old, new), n in moved.items())
    return RelinkReport(candidates=candidates, relinked=relinked, moved=tuple(sorted(report, key=_order)))


def _order(moved: Moved) -> tuple[str, int, int]:
    return moved.kind, moved.from_zone_id or 0, moved.to_zone_id or 0


def _candidates(
    work: UnitOfWork, model: type[Enterprise] | type[Issue], changes: Sequence[OutlineChange], *, is_order_changed: bool
) -> list[int]:
    """Numbers of the records that a change can affect, ascending."""
    numbers, lon, lat = _points(work.session, model)
    if not numbers.size or work.district.metric_epsg is None:
        return []
    affected = np.zeros(numbers.size, bool)
    for change in changes:
        is_township = change.zone.kind == ZoneKind.TOWNSHIP
        found = relink_candidates(
            change.before,
            change.after,
            lon,
            lat,
            metric_epsg=work.district.metric_epsg,
            nearest_m=work.district.nearest_m if is_township else 0.0,
            is_order_changed=is_order_changed and not is_township,
        )
        affected[found] = True
    return [int(number) for number in numbers[affected]]


def _points(session: Session, model: type[Enterprise] | type[Issue]) -> tuple[Any, Any, Any]:
    query = select(model.id, model.lon, model.lat).where(col(model.lon).is_not(None)).order_by(col(model.id))
    rows = session.exec(query).all()
    numbers = np.array([row[0] for row in rows], np.int64)
    return numbers, np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], float)


def _is_order_changed(work: UnitOfWork, changes: Sequence[OutlineChange], placing: Placing) -> bool:
    """Whether the key zones stand in another order of size than before the changes."""
    before = {change.zone.key: change.before for change in changes if change.zone.kind in KEY_ZONE_KINDS}
    epsg = work.district.metric_epsg
    if not before or placing.zones is None or epsg is None:
        return False
    after = [placing.ids[index] for index in placing.zones.key_zones]
    areas = {placing.ids[i]: float(placing.zones.area_m2[i]) for i in range(len(placing.ids))}
    known = {zone: float(areas_m2([outline], epsg)[0]) for zone, outline in before.items() if outline is not None}
    return sorted(after, key=lambda zone: (areas | known)[zone]) != after


def _relink_batch(
    work: UnitOfWork,
    model: type[Enterprise] | type[Issue],
    table: LinkTable,
    owner: str,
    numbers: Sequence[int],
    placing: Placing,
    moved: Counter[tuple[str, int | None, int | None]],
) -> int:
    rows = work.session.exec(select(model).where(col(model.id).in_(numbers)).order_by(col(model.id))).all()
    placed = place(placing, [row.lon or 0.0 for row in rows], [row.lat or 0.0 for row in rows])
    left: list[tuple[int, int]] = []
    entered: list[tuple[int, int]] = []
    changed = 0
    for row, fields in zip(rows, placed, strict=True):
        new = {name: fields[name] for name in _PLACE}
        if all(getattr(row, name) == value for name, value in new.items()):
            continue
        old_zones, old_township = set(row.zone_ids), row.township_id
        records.change(work, row, new, code="relinked")
        new_zones = set(row.zone_ids)
        left += [(zone, row.key) for zone in old_zones - new_zones]
        entered += [(zone, row.key) for zone in new_zones - old_zones]
        moved.update((model.subject, *way) for way in _ways(old_zones, old_township, new_zones, row.township_id))
        changed += old_zones != new_zones
    _end_links(work, table, owner, left)
    _begin_links(work, table, owner, entered)
    work.session.flush()
    return changed


def _ways(
    old_zones: set[int], old_township: int | None, new_zones: set[int], new_township: int | None
) -> Iterator[tuple[int | None, int | None]]:
    if old_township != new_township:
        yield old_township, new_township
    townships = {old_township, new_township}
    for zone in sorted(old_zones - new_zones - townships):
        yield zone, None
    for zone in sorted(new_zones - old_zones - townships):
        yield None, zone


def _end_links(work: UnitOfWork, table: LinkTable, owner: str, pairs: Sequence[tuple[int, int]]) -> None:
    owners = col(getattr(table, owner))
    for zone in sorted({zone for zone, _ in pairs}):
        numbers = [number for left, number in pairs if left == zone]
        running = (col(table.zone_id) == zone, owners.in_(numbers), col(table.valid_to).is_(None))
        work.session.connection().execute(update(table).where(*running).values(valid_to=work.today))


def _begin_links(work: UnitOfWork, table: LinkTable, owner: str, pairs: Sequence[tuple[int, int]]) -> None:
    shared = {"valid_from": work.today, "valid_to": None, "recorded_at": work.now}
    values = [{owner: number, "zone_id": zone, **shared} for zone, number in pairs]
    if values:
        work.session.connection().execute(insert(table), values)
