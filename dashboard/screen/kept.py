"""Widgets whose values stand in the address: by code and in no language, so that a link means the same to everybody."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

_SEEN: Final = "kept_in_address"
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One parameter of the address and the widget of the same key.

    Attributes
    ----------
    read
        The widget's value from the parameter's values; whatever the address says, it is one that the widget takes.
    write
        The parameter's values from the widget's; none for a widget that says nothing.
    """

    key: str
    read: Callable[[Sequence[str]], Any]
    write: Callable[[Any], list[str]]


def kept_text(key: str, *, longest: int) -> Kept:
    """A text."""
    return Kept(key, lambda asked: asked[0][:longest] if asked else "", lambda value: [value] if value else [])


def kept_choice(key: str, allowed: Sequence[str], *, default: str | None = None) -> Kept:
    """One of some codes; the default is not written."""
    return Kept(
        key,
        lambda asked: next((value for value in asked if value in allowed), default),
        lambda value: [] if value in (None, default) else [value],
    )


def kept_choices(key: str, allowed: Collection[str]) -> Kept:
    """Any number of some codes."""
    return Kept(key, lambda asked: list(dict.fromkeys(value for value in asked if value in allowed)), list)


def kept_switch(key: str) -> Kept:
    """On or off."""
    return Kept(key, lambda asked: list(asked) == ["true"], lambda value: ["true"] if value else [])


def kept_number(key: str) -> Kept:
    """A whole number from 1 on; 1 is not written."""
    return Kept(key, _number, lambda value: [str(value)] if value != 1 else [])


def recall(fields: Iterable[Kept]) -> frozenset[str]:
    """Give the widgets their values from the address where that is new; called before they are drawn.

    Returns
    -------
    frozenset of str
        Keys of the widgets that the person changed in this run. If there are any, all widgets stay as they are:
        the address that came with the run may be older than they are.
    """
    known = list(fields)
    seen: dict[str, list[str]] = st.session_state.setdefault(_SEEN, {})
    drawn = [field for field in known if field.key in st.session_state and field.key in seen]
    changed = frozenset(field.key for field in drawn if field.write(st.session_state[field.key]) != seen[field.key])
    for field in known:
        asked = st.query_params.get_all(field.key)
        if field.key not in st.session_state or (not changed and asked != seen.get(field.key, [])):
            st.session_state[field.key] = field.read(asked)
    return changed


def keep(fields: Iterable[Kept]) -> None:
    """Put the widgets' values into the address; called when all of them are drawn."""
    said = {field.key: field.write(st.session_state.get(field.key)) for field in fields}
    st.session_state[_SEEN] = {**st.session_state.get(_SEEN, {}), **said}
    if any(st.query_params.get_all(key) != values for key, values in said.items()):
        others = {key: st.query_params.get_all(key) for key in st.query_params if key not in said}
        st.query_params.from_dict({**others, **{key: values for key, values in said.items() if values}})


def _number(asked: Sequence[str]) -> int:
    text = asked[0] if asked else ""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return max(int(text), 1) if is_number else 1
