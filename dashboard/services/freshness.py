"""One query that answers a wall's every look: is it still allowed, and is what it shows still true."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import col, select

from db.tables.history import ChainHead
from db.tables.people import Account, SignIn
from db.unit_of_work import reading


@dataclass(frozen=True, slots=True)
class Beat:
    """What a look found: whose session it is, until when, and the data version."""

    person_id: int
    expires_at: datetime
    version: int


_HEAD = select(ChainHead.seq).limit(1).scalar_subquery()


def beat(engine: Engine, token: str, *, now: datetime) -> Beat | None:
    """Look once: a single SELECT by an indexed key, whatever the size of the ledger.

    Rights follow from records, so whoever loses one changes the data version: they are asked again when it changes.

    Parameters
    ----------
    engine : Engine
    token : str
        Of the session, as the browser holds it.
    now : datetime
        Aware.

    Returns
    -------
    Beat or None
        None when the session is unknown, ended or expired, or its account disabled.
    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    query = (
        select(Account.person_id, SignIn.expires_at, _HEAD)
        .join(Account, col(Account.id) == col(SignIn.account_id))
        .where(SignIn.token_hash == digest, ~col(Account.is_disabled))
    )
    with reading(engine) as session:
        found = session.exec(query).first()
    if found is None or found[1] <= now:
        return None
    return Beat(person_id=found[0], expires_at=found[1], version=found[2] or 0)
