"""A browser's tab as the server sees it: signs in over HTTP, then speaks Streamlit's own protocol over the socket.

It keeps what a browser keeps: the cookie, the state of widgets, the page it is on, the messages that the server
may send again by reference, and the fragments that refresh themselves.
"""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

SOCKET: Final = "/_stcore/stream"
# As in the browser: a message that this many runs did not use is forgotten.
_RUNS_KEPT: Final = 2
_DONE: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(slots=True)
class Run:
    """One finished run of a page or a fragment.

    Attributes
    ----------
    seconds
        From sending the wish to the server's word that the script has finished.
    size, elements
        Bytes received, and elements that were drawn.
    errors
        What the page shows as an error, and exceptions.
    """

    seconds: float = 0.0
    size: int = 0
    elements: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Widget:
    """Something on the page that takes a value: its kind, its number, and the fragment it stands in ("" for none)."""

    kind: str
    id: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something that the last run drew: where, and Streamlit's ``Delta``."""

    path: tuple[int, ...]
    delta: Any


@dataclass(slots=True)
class _Kept:
    """A message that the server may name by its hash from now on."""

    message: ForwardMsg
    last_run: int


class Tab:
    """One open tab; see `opened_tab`. Acts are made one after the other."""

    def __init__(self, socket: ClientConnection, address: str) -> None:
        self.address = address
        self.page = ""
        self.query = ""
        self.widgets: dict[str, Widget] = {}
        self.refreshes: dict[str, float] = {}
        self.pages: dict[str, str] = {}
        self.drawn: list[Drawn] = []
        self._socket = socket
        self._page_hash = ""
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, _Kept] = {}
        self._runs = 0

    async def open(self, page: str, query: Mapping[str, str] | None = None) -> Run:
        """Go to another page as its menu does, or to the first one; ``page`` is its path without the slash."""
        self.page, self.query = page, urlencode(query or {})
        self._page_hash = self.pages.get(page, "")
        self.widgets.clear()
        self._states.clear()
        return await self._run("")

    async def rerun(self, query: Mapping[str, str] | None = None) -> Run:
        """Run the whole page again, with another query string if one is given."""
        self.query = self.query if query is None else urlencode(query)
        return await self._run("")

    async def refresh(self, fragment: str) -> Run:
        """Run a fragment because its time has come."""
        return await self._run(fragment, is_auto=True)

    async def act(self, widget: Widget, **value: Any) -> Run:
        """Give a widget a value, under the name of its field in Streamlit's ``WidgetState``.

        What the widget stands in runs: its fragment, or the page.
        """
        state = WidgetState(id=widget.id, **value)
        if "trigger" not in next(iter(value)):
            self._states[widget.id] = state
        return await self._run(widget.fragment, acted=state)

    def widget(self, key: str) -> Widget:
        """The widget whose key in the program is ``key`` or begins so.

        Raises
        ------
        KeyError
        """
        found = [one for one in self.widgets.values() if f"-{key}" in one.id]
        if not found:
            raise KeyError(f"no widget {key!r} on {self.page}; there are {sorted(self.widgets)}")
        return found[0]

    async def _run(self, fragment: str, *, is_auto: bool = False, acted: WidgetState | None = None) -> Run:
        wish = self._wish(fragment, is_auto=is_auto, acted=acted)
        self.drawn = []
        run, started = Run(), time.perf_counter()
        await self._socket.send(wish)
        is_done = False
        while not is_done:
            frame = await self._socket.recv(decode=False)
            run.size += len(frame)
            is_done = self._take(ForwardMsg.FromString(frame), run, started)
        self._forget(fragment)
        return run

    def _wish(self, fragment: str, *, is_auto: bool, acted: WidgetState | None) -> bytes:
        states = dict(self._states)
        if acted is not None:
            states[acted.id] = acted
        wish = ClientState(
            query_string=self.query,
            page_script_hash=self._page_hash,
            page_name="" if self._page_hash else self.page,
            fragment_id=fragment,
            is_auto_rerun=is_auto,
            cached_message_hashes=list(self._kept),
        )
        wish.widget_states.widgets.extend(states.values())
        context = wish.context_info
        context.timezone, context.timezone_offset, context.locale = "Asia/Shanghai", -480, "zh-CN"
        context.url, context.color_scheme = f"{self.address}/{self.page}", "dark"
        return bytes(BackMsg(rerun_script=wish).SerializeToString())

    def _take(self, message: ForwardMsg, run: Run, started: float) -> bool:
        """Keep what a message says; whether it was the run's last one."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            kept = self._kept[message.ref_hash]
            kept.last_run = self._runs
            self._take_delta(message, kept.message.delta, run)
        elif kind == "delta":
            self._take_delta(message, message.delta, run)
        elif kind == "new_session":
            self._begin(message)
        elif kind in _PLACES:
            self._take_place(message)
        elif kind == "script_finished":
            run.seconds = time.perf_counter() - started
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                run.errors.append("the script does not compile")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind != "ref_hash" and message.metadata.cacheable and message.hash:
            self._kept[message.hash] = _Kept(message, self._runs)
        return False

    def _begin(self, message: ForwardMsg) -> None:
        """A run of the whole page ends the refreshing of fragments that it does not begin anew."""
        if not message.metadata.run.fragment_ids:
            self.refreshes.clear()
        self._page_hash = message.new_session.page_script_hash or self._page_hash

    def _take_place(self, message: ForwardMsg) -> None:
        if message.HasField("auto_rerun"):
            self.refreshes[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif message.HasField("stop_auto_rerun"):
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.refreshes.pop(fragment, None)
        elif message.HasField("navigation"):
            self._page_hash = message.navigation.page_script_hash
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif message.HasField("page_info_changed"):
            self.query = message.page_info_changed.query_string

    def _take_delta(self, message: ForwardMsg, delta: Any, run: Run) -> None:
        self.drawn.append(Drawn(tuple(message.metadata.delta_path), delta))
        if delta.WhichOneof("type") != "new_element":
            return
        run.elements += 1
        kind = delta.new_element.WhichOneof("type") or ""
        element: Any = getattr(delta.new_element, kind, None)
        if kind == "exception":
            run.errors.append(f"{element.type}: {element.message}")
        elif kind == "alert" and element.format == element.ERROR:
            run.errors.append(element.body)
        elif identifier := getattr(element, "id", ""):
            self.widgets[identifier] = Widget(kind, identifier, delta.fragment_id)

    def _forget(self, fragment: str) -> None:
        """A run of a fragment ages only what that fragment drew."""
        self._runs += 1
        old = [
            name
            for name, kept in self._kept.items()
            if self._runs - kept.last_run > _RUNS_KEPT and (not fragment or kept.message.delta.fragment_id == fragment)
        ]
        for name in old:
            del self._kept[name]


_PLACES: Final = frozenset({"auto_rerun", "stop_auto_rerun", "navigation", "page_info_changed"})


@asynccontextmanager
async def opened_tab(address: str, cookies: str) -> AsyncIterator[Tab]:
    """A tab whose socket is open; nothing has run in it yet.

    Parameters
    ----------
    address : str
        Of the server, without a path.
    cookies : str
        See `benchmarks.browser_sign_in`.
    """
    socket = connect(
        f"ws{address.removeprefix('http')}{SOCKET}",
        origin=address,  # type: ignore[arg-type]  # the library's own name for text
        additional_headers={"Cookie": cookies},
        subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER")],
        max_size=None,
        max_queue=None,
        proxy=None,
    )
    async with socket as connection:
        yield Tab(connection, address)
