"""The wall's layout drawn from constants: Streamlit's own cost of what the wall shows.

Run as a program, this is the server with one page more, on which two fragments draw what a wall drew before: one all
of it, with a new number in each part that a change altered, the other what a look without a change drew. The
constants are read from the file that the environment variable `CONSTANTS` names.
"""

import json
import os
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import plotly.io
import streamlit as st
import streamlit_folium
from streamlit.proto.Delta_pb2 import Delta

from benchmarks.live_client import Drawn

PAGE: Final = "constant-wall"
CONSTANTS: Final = "BENCHMARK_CONSTANTS"
# Their intervals tell the fragments apart; nobody waits for them.
CONTENT_EVERY_S, LOOK_EVERY_S = 3600, 3601
_numbers: Final = count()


@dataclass(frozen=True, slots=True)
class Part:
    """A block or an element at its place; ``ready`` is what its function takes besides what ``body`` says."""

    path: tuple[int, ...]
    kind: str
    body: Any
    ready: Any
    is_changing: bool


def write_constants(file: Path, content: Iterable[Drawn], changed: Iterable[Drawn], look: Iterable[Drawn]) -> None:
    """Write down what the wall drew, what it drew after a change, and what it draws while nothing changes."""
    after = {one.path: one.delta.SerializeToString() for one in changed}
    kept = [(one.path, raw := one.delta.SerializeToString(), after.get(one.path, raw) != raw) for one in content]
    quiet = [(one.path, one.delta.SerializeToString(), False) for one in look]
    file.write_bytes(pickle.dumps((kept, quiet)))


@cache
def _constants() -> tuple[list[Part], list[Part]]:
    kept, quiet = pickle.loads(Path(os.environ[CONSTANTS]).read_bytes())
    return [_part(*one) for one in kept], [_part(*one) for one in quiet]


def _part(path: tuple[int, ...], raw: bytes, is_changing: bool) -> Part:  # noqa: FBT001  # as it was written
    delta = Delta.FromString(raw)
    if delta.WhichOneof("type") == "add_block":
        return Part(path, "block", delta.add_block, None, is_changing)
    kind = delta.new_element.WhichOneof("type")
    body = getattr(delta.new_element, kind)
    ready = _READY.get(kind)
    return Part(path, kind, body, ready(body) if ready else None, is_changing)


def _figure(body: Any) -> tuple[Any, Any]:
    figure: Any = plotly.io.from_json(body.spec)
    return figure, json.loads(body.config or "{}")


def _hand(body: Any) -> tuple[Any, Any]:
    hand = st.components.v2.component("benchmark_hand", js=body.js_content)
    return hand, json.loads(body.mixed.json or body.json or "null")


_READY: Final[dict[str, Callable[[Any], Any]]] = {
    "plotly_chart": _figure,
    "component_instance": lambda body: json.loads(body.json_args),
    "bidi_component": _hand,
}


def _nothing() -> None:
    pass


def draw(parts: list[Part]) -> None:
    """Draw all parts through Streamlit's own functions, each in the block that it stood in."""
    number = next(_numbers)
    blocks: dict[tuple[int, ...], Any] = {}
    outermost = st.container()
    for part in parts:
        parent = blocks.get(part.path[:-1], outermost)
        if part.kind == "block":
            blocks[part.path] = parent._block(part.body)
        else:
            with parent:
                _element(part, number if part.is_changing else None)


def _element(part: Part, number: int | None) -> None:
    key = f"constant-{'-'.join(map(str, part.path))}"
    if part.kind == "html":
        st.html(part.body.body if number is None else f"{part.body.body}<!-- {number} -->")
    elif part.kind == "plotly_chart":
        figure, config = part.ready
        if number is not None:
            figure.layout.meta = number
        st.plotly_chart(figure, config=config, theme=None, key=key)
    elif part.kind == "component_instance":
        changed = {} if number is None else {"feature_group": f"{part.ready.get('feature_group')}\n// {number}"}
        streamlit_folium._component_func(**(part.ready | changed | {"key": key, "on_change": _nothing}))
    elif part.kind == "bidi_component":
        hand, data = part.ready
        hand(key=key, data=data, on_go_change=_nothing, on_touch_change=_nothing, on_behind_change=_nothing)
    else:
        raise ValueError(f"the wall draws a {part.kind}, which the constant wall cannot draw yet")


@st.fragment(run_every=CONTENT_EVERY_S)
def content() -> None:
    draw(_constants()[0])


@st.fragment(run_every=LOOK_EVERY_S)
def look() -> None:
    draw(_constants()[1])


def show() -> None:
    """The page."""
    content()
    look()


if __name__ == "__main__":
    from benchmarks.pages_beside import serve_beside

    serve_beside(PAGE, Path(__file__).with_name("constant_wall_page.py"))
