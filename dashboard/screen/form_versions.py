"""Versions that forms were made from: remembered from their first drawing until they are sent."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from db.tables.record import Record

_SEEN: Final = "versions_seen"


def version_seen(form: str, record: Record) -> int:
    """The version that a record had when its form was first drawn; the present one for a form that is new.

    Parameters
    ----------
    form : str
        Key of the form, as `dashboard.screen.writing.carry_out` takes it.
    record : Record
        As it stands in this run.
    """
    return _seen(form).setdefault(f"{record.subject}-{record.key}", record.version)


def versions_seen(form: str, records: Iterable[Record]) -> dict[int, int]:
    """The same for several records of one kind: number of each → version."""
    return {record.key: version_seen(form, record) for record in records}


def look_again(form: str) -> None:
    """Forget what a form was made from: it was carried out, or its sender has been told of what stands."""
    st.session_state.get(_SEEN, {}).pop(form, None)


def _seen(form: str) -> dict[str, int]:
    forms: dict[str, dict[str, int]] = st.session_state.setdefault(_SEEN, {})
    return forms.setdefault(form, {})
