"""The figures of the model as of a day, recomputed from raw records each time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.repositories.figures import FIGURES, AsOf, count
from db.unit_of_work import current_district


def figures(session: Session, *, as_of: date) -> dict[str, int]:
    """Every figure whose records exist in this version; a key whose records do not is absent, never typed in.

    Parameters
    ----------
    session : Session
    as_of : date
        Local day; counted is what was valid or had happened at its end, as known now.

    Returns
    -------
    dict
        Key → number, in the order of `db.repositories.figures.FIGURES`, which says what each counts.

    Raises
    ------
    NotFound
        The database has no district.
    """
    zone = ZoneInfo(current_district(session).time_zone)
    end = datetime.combine(as_of + timedelta(days=1), time(), zone)
    return {figure.key: count(session, figure, AsOf(day=as_of, end=end)) for figure in FIGURES}
