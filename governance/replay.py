"""Replay: the state of every record from its events alone."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class EventLike(Protocol):
    """What replay reads of an event."""

    @property
    def subject_kind(self) -> str: ...  # noqa: D102 - named like the columns

    @property
    def subject_id(self) -> int: ...  # noqa: D102

    @property
    def params(self) -> Mapping[str, Any]: ...  # noqa: D102


def replay(events: Iterable[EventLike]) -> dict[tuple[str, int], dict[str, Any]]:
    """State of each record after the events, in their order.

    Parameters
    ----------
    events : iterable
        In the order of the chain; ``params["set"]`` holds the fields that the event set, encoded.

    Returns
    -------
    dict
        (subject kind, subject id) → field → encoded value; a field that no event has set is missing, which means empty.
    """
    state: dict[tuple[str, int], dict[str, Any]] = {}
    for event in events:
        state.setdefault((event.subject_kind, event.subject_id), {}).update(event.params.get("set", {}))
    return state
