"""The server: Streamlit's pages behind our routes and middlewares, run as one process."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import streamlit as st
import structlog
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from dashboard.api_errors import failure, new_reference, protocol_error, refusal
from dashboard.assets import MAP_WORDS_URL, asset_folders, asset_routes
from dashboard.i18n import _, message
from dashboard.logs import configure_logging
from dashboard.map_words import map_words_script
from dashboard.markdown import plain_label
from dashboard.security.authentication import Authentication
from dashboard.security.gate import SessionGate
from dashboard.security.headers import FAILURE_HEADERS, SecurityHeaders
from dashboard.security.hosts import TrustedHosts
from dashboard.security.languages import Languages
from dashboard.security.tabs import OwnTabsOnly, TabOwners
from dashboard.security.uploads import Quota, UploadLimits
from dashboard.server_address import address_of
from dashboard.settings import Settings
from dashboard.shell import shell_routes
from dashboard.sign_in import SignInPages
from dashboard.streamlit_options import apply_options, require_safe_options
from geo.errors import GeoError
from governance.errors import GridGuardError

SCRIPT: Final = Path(__file__).resolve().parent / "app.py"
_LARGEST_SOCKET_MESSAGE: Final = 8 * 1024 * 1024
_SHUTDOWN_S: Final = 5
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Beside = Callable[[], AbstractContextManager[object]]
Readiness = Mapping[str, Callable[[], str | None]]


def utc_now() -> datetime:
    """Return the present moment; the server's only look at the clock, passed on to whoever needs it."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    gate: SessionGate,
    script: Path = SCRIPT,
    readiness: Readiness | None = None,
    api_routes: Sequence[BaseRoute] = (),
    page_routes: Sequence[BaseRoute] = (),
    clock: Clock = utc_now,
    beside: Beside = nullcontext,
) -> st.App:
    """Return the whole ASGI application.

    Parameters
    ----------
    settings : Settings
        In force for the life of the application.
    gate : SessionGate
        Accounts and sessions.
    script : Path
        Absolute path of Streamlit's entry script.
    readiness : mapping, optional
        For ``/readyz``: a function for each name, returning None when well, else why not; it may block.
    api_routes : sequence of BaseRoute
        Routes relative to ``/api/v1``; they find the person in ``request.state.signed_in``.
    page_routes : sequence of BaseRoute
        Pages of our own outside of Streamlit, for who is signed in.
    clock : callable
        Gives aware moments.
    beside : callable
        Gives a context manager that is open while the server runs: what works beside it.

    Raises
    ------
    InvalidInput
        ``unsafe_options``: Streamlit's options were read back with unsafe values.
    """
    apply_options(settings)
    require_safe_options(settings)
    return st.App(
        script,
        routes=app_routes(
            settings, gate=gate, readiness=readiness, api_routes=api_routes, page_routes=page_routes, clock=clock
        ),
        middleware=app_middleware(settings, gate=gate, clock=clock),
        exception_handlers=exception_handlers(),
        lifespan=_lifespan_of(settings, beside),
        on_script_error=show_script_error,
    )


def app_routes(
    settings: Settings,
    *,
    gate: SessionGate,
    readiness: Readiness | None = None,
    api_routes: Iterable[BaseRoute] = (),
    page_routes: Iterable[BaseRoute] = (),
    clock: Clock = utc_now,
) -> list[BaseRoute]:
    """Return our routes in the order in which they are tried; they come before Streamlit's."""
    pages = SignInPages(gate=gate, settings=settings, clock=clock)
    return [
        Route("/livez", _alive),
        Route("/readyz", _readiness_route(readiness or {})),
        Route("/favicon.ico", _icon),
        *pages.routes(),
        Route(MAP_WORDS_URL, _map_words),
        *asset_routes(),
        *page_routes,
        Mount("/api/v1", routes=list(api_routes)),
        Route("/assets/{rest:path}", _nothing_here),
        Route("/locale/{rest:path}", _nothing_here),
        Route("/api", _nothing_here, methods=_ALL_METHODS),
        Route("/api/{rest:path}", _nothing_here, methods=_ALL_METHODS),
        *shell_routes(),
    ]


_ALL_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def app_middleware(settings: Settings, *, gate: SessionGate, clock: Clock = utc_now) -> list[Middleware]:
    """Return our middlewares, outermost first; Streamlit's own follow inside."""
    tabs = TabOwners()
    quota = Quota(settings.upload_quota_mb * 1024 * 1024)
    return [
        Middleware(SecurityHeaders, settings=settings),
        Middleware(Languages, default=settings.locale),
        Middleware(TrustedHosts, trusted=settings.trusted_hosts),
        Middleware(Authentication, gate=gate, clock=clock),
        Middleware(UploadLimits, tabs=tabs, max_mb=settings.max_upload_mb, quota=quota),
        Middleware(OwnTabsOnly, tabs=tabs),
    ]


def exception_handlers() -> dict[Any, Callable[[Request, Exception], Response]]:
    """Return the handlers of the network layer; the last one is the only broad one."""
    return {GridGuardError: refusal, GeoError: refusal, HTTPException: protocol_error, Exception: _failure}


def _failure(request: Request, error: Exception) -> Response:
    answer = failure(request, error)
    answer.headers.update(FAILURE_HEADERS)
    return answer


def show_script_error(error: Exception) -> bool:
    """Answer an error that a page did not: a refusal by its sentence, anything else by a reference.

    The traceback goes to the log only. Returns True: nothing else is shown.
    """
    if isinstance(error, GridGuardError | GeoError):
        _log.info("page_refused", code=error.code)
        st.error(plain_label(message(error)))
        return True
    reference = new_reference()
    _log.error("page_failed", reference=reference, exc_info=error)
    st.error(_("Something went wrong on the server. Reference: {reference}.", reference=reference))
    return True


def _lifespan_of(settings: Settings, beside: Beside) -> Callable[[st.App], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        gc.collect()
        gc.freeze()
        collecting = asyncio.create_task(_collect_every(settings.collect_seconds))
        try:
            with beside():
                yield
        finally:
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting
            gc.unfreeze()

    return lifespan


async def _collect_every(seconds: int) -> None:
    while True:
        await asyncio.sleep(seconds)
        gc.collect()


async def _alive(request: Request) -> Response:
    return JSONResponse({"ok": True, "checks": {"process": "ok"}})


def _readiness_route(readiness: Readiness) -> Callable[[Request], Any]:
    async def ready(request: Request) -> Response:
        checks = {"assets": "ok" if all(one.folder.is_dir() for one in asset_folders().values()) else "missing"}
        for name, check in readiness.items():
            answer = await run_in_threadpool(check)
            checks[name] = answer or "ok"
        well = set(checks.values()) == {"ok"}
        return JSONResponse({"ok": well, "checks": checks}, status_code=200 if well else 503)

    return ready


async def _icon(request: Request) -> Response:
    return FileResponse(asset_folders()["gridguard"].folder / "icon.svg", media_type="image/svg+xml")


async def _map_words(request: Request) -> Response:
    headers = {"Cache-Control": "no-cache", "Vary": "Cookie"}
    return Response(map_words_script(), media_type="text/javascript", headers=headers)


async def _nothing_here(request: Request) -> Response:
    raise HTTPException(404)


class _Server(uvicorn.Server):
    """A server that says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready(address_of(self.config.host, self.config.port))


def run(
    settings: Settings,
    *,
    gate: SessionGate,
    readiness: Readiness | None = None,
    api_routes: Sequence[BaseRoute] = (),
    page_routes: Sequence[BaseRoute] = (),
    on_ready: Callable[[str], None] = lambda address: None,
    beside: Beside = nullcontext,
) -> None:
    """Serve until stopped: one process, one worker.

    Parameters
    ----------
    on_ready : callable
        Called once with the address when connections are accepted.
    beside : callable
        See `create_app`.

    Raises
    ------
    InvalidInput
        As `create_app`.
    SystemExit
        The port is taken or the start-up failed; uvicorn has logged why.
    """
    app = create_app(
        settings, gate=gate, readiness=readiness, api_routes=api_routes, page_routes=page_routes, beside=beside
    )
    configure_logging(settings)
    if settings.host not in _LOOPBACK and set(settings.trusted_hosts) <= _LOOPBACK:
        _log.warning("answers_to_local_names_only", host=settings.host, trusted_hosts=settings.trusted_hosts)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        workers=1,
        ws="websockets-sansio",
        ws_max_size=_LARGEST_SOCKET_MESSAGE,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    server = _Server(config, on_ready)
    server.run()
    if not server.started:
        raise SystemExit(3)
