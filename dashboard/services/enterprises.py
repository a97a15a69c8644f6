"""Enterprises: added and amended, each linked to the zones it lies in."""

from typing import Any

from dashboard.services.placing import Placing, begin_links, place_one
from db import records
from db.tables.territory import Enterprise, EnterpriseLink
from db.unit_of_work import UnitOfWork
from governance.credit_code import require_credit_code
from governance.errors import InvalidInput
from governance.permissions import Right, Target, require


def add_enterprise(
    work: UnitOfWork,
    placing: Placing,
    *,
    name: str,
    credit_code: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    **details: Any,
) -> Enterprise:
    """Add an enterprise.

    Parameters
    ----------
    work : UnitOfWork
    placing : Placing
        The zones of today.
    name : str
    credit_code : str, optional
        Checked by GB 32100.
    lon, lat : float, optional
        WGS84 degrees.
    **details
        ``name_en``, ``industry_id``, ``address``, ``is_key_unit``, ``contact_phone``, ``source_key``.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    placed = place_one(placing, lon, lat)
    row = Enterprise(
        name=required_name(name),
        credit_code=require_credit_code(credit_code) if credit_code else None,
        **{**details, **placed},
    )
    require(work.actor, Right.EDIT_ENTERPRISES, target_of(row))
    records.create(work, row)
    begin_links(work, EnterpriseLink, [(row.key, row.zone_ids)])
    return row


def required_name(name: str) -> str:
    """The name without outer blanks.

    Raises
    ------
    InvalidInput
        Nothing is left of it.
    """
    if not name.strip():
        raise InvalidInput("name_missing", "An enterprise needs a name of at least one character")
    return name.strip()


def target_of(enterprise: Enterprise) -> Target:
    """What rights are asked for an enterprise."""
    return Target(
        zone_ids=frozenset(enterprise.zone_ids), industry_id=enterprise.industry_id, enterprise_id=enterprise.id
    )
