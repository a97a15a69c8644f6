"""Limits of the routes that take files: who may use it, how large a file, how much within an hour."""

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.api_errors import error_json
from dashboard.i18n import _
from dashboard.security.gate import SignedIn
from dashboard.security.requests import declared_length
from dashboard.security.tabs import TabOwners
from governance.vocabulary import Role

UPLOAD_PATH: Final = re.compile(r"/_stcore/upload_file/(?P<tab>[^/]+)/[^/]+/?")
EVIDENCE_PATH: Final = re.compile(r"/api/v1/issues(?:/[^/]+/evidence)?/?")
_HOUR_S: Final = 3600
_MB: Final = 1024 * 1024
_FRAMING_BYTES: Final = 64 * 1024
_MOST_PEOPLE: Final = 10_000
Refusal = tuple[int, str, str]


class Quota:
    """Counts bytes by person over the last hour, in memory; the oldest person is forgotten first."""

    def __init__(self, limit_bytes: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit_bytes
        self._clock = clock
        self._used: OrderedDict[int, deque[tuple[float, int]]] = OrderedDict()

    def take(self, person_id: int, size: int) -> bool:
        """Count ``size`` bytes for the person and tell whether they fit; what does not fit is not counted."""
        now = self._clock()
        used = self._used.setdefault(person_id, deque())
        self._used.move_to_end(person_id)
        while len(self._used) > _MOST_PEOPLE:
            self._used.popitem(last=False)
        while used and used[0][0] <= now - _HOUR_S:
            used.popleft()
        if sum(taken for _at, taken in used) + size > self._limit:
            return False
        used.append((now, size))
        return True


class UploadLimits:
    """Refuses uploads by a display, into another person's tab, without a length, too large or over quota."""

    def __init__(self, app: ASGIApp, *, tabs: TabOwners, max_mb: int, quota: Quota) -> None:
        self._app = app
        self._tabs = tabs
        self._max_mb = max_mb
        self._quota = quota

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on every other request and the uploads that are within the limits."""
        path = scope["path"] if scope["type"] == "http" else ""
        matched = UPLOAD_PATH.fullmatch(path)
        refused = self._refused(scope, tab=matched["tab"]) if matched else self._refused_evidence(scope, path)
        if refused is None:
            await self._app(scope, receive, send)
            return
        status, code, text = refused
        await error_json(status, code, text)(scope, receive, send)

    def _refused(self, scope: Scope, *, tab: str) -> Refusal | None:
        person: SignedIn = scope["state"]["signed_in"]
        if person.role is Role.DISPLAY or not self._tabs.owns(scope, tab):
            return 403, "upload_not_allowed", _("You may not upload files here.")
        return self._too_much(scope, person) if scope["method"] in {"PUT", "POST"} else None

    def _refused_evidence(self, scope: Scope, path: str) -> Refusal | None:
        if not EVIDENCE_PATH.fullmatch(path) or scope["method"] != "POST":
            return None
        person: SignedIn = scope["state"]["signed_in"]
        if person.role is Role.DISPLAY:
            return 403, "upload_not_allowed", _("You may not upload files here.")
        return self._too_much(scope, person)

    def _too_much(self, scope: Scope, person: SignedIn) -> Refusal | None:
        length = declared_length(scope)
        if length is None:
            return 411, "length_required", _("The upload does not say how long it is.")
        if length > self._max_mb * _MB + _FRAMING_BYTES:
            return 413, "file_too_large", _("The file is larger than {limit} MB.", limit=self._max_mb)
        if not self._quota.take(person.person_id, length):
            return 429, "upload_quota", _("You have uploaded too much within an hour. Try again later.")
        return None
