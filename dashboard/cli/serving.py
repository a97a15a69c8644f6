"""``gridguard serve``: the dashboard for browsers."""

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.application import open_database, sessions_of
from dashboard.cli.call import Call, command
from dashboard.i18n import _
from dashboard.settings import Settings, overridden
from db import schema


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "serve", example="gridguard serve --port 8600 --open")(serve)


def serve(
    call: Call,
    *,
    host: Annotated[str | None, typer.Option(metavar="H", help="Address to listen on; else GRIDGUARD_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(metavar="P", min=1, max=65535, help="Port to listen on; else GRIDGUARD_PORT.")
    ] = None,
    is_opening: Annotated[bool, typer.Option("--open", help="Open it in a browser when it is ready.")] = False,
) -> None:
    """Serve the dashboard until it is stopped with Ctrl-C.

    The address is printed when it is ready. Only this machine can reach it unless --host says otherwise; behind
    a reverse proxy see the settings.
    """
    given: dict[str, Any] = {"home": call.settings.home, "host": host, "port": port}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    engine = open_database(settings)

    def ready(address: str) -> None:
        typer.echo(_("GridGuard is ready at {address}", address=address))
        if is_opening:
            webbrowser.open(address)

    _run(settings, engine, ready)


def _run(settings: Settings, engine: Engine, ready: object) -> None:
    from dashboard.api_documents import document_routes
    from dashboard.api_evidence import evidence_routes
    from dashboard.api_exports import file_routes
    from dashboard.api_heat import heat_routes
    from dashboard.api_qr import qr_routes
    from dashboard.api_reporting import reporting_routes
    from dashboard.display_route import display_routes
    from dashboard.display_watch import watching
    from dashboard.messenger.rounds import messenger_of, rounds_of
    from dashboard.report_page import report_routes
    from dashboard.server import run, utc_now  # here, because Streamlit takes a second to load

    @contextmanager
    def beside() -> Iterator[None]:
        with rounds_of(messenger_of(settings, engine, utc_now)), watching(engine):
            yield

    with overridden(settings):
        gate = sessions_of(settings, engine)
        run(
            settings,
            gate=gate,
            api_routes=[
                *file_routes(settings, engine, utc_now),
                *evidence_routes(settings, engine, utc_now),
                *document_routes(settings, engine, utc_now),
                *reporting_routes(settings, engine, utc_now),
                *qr_routes(settings, engine, utc_now),
                *heat_routes(settings, engine, utc_now),
            ],
            page_routes=[*report_routes(engine, utc_now), *display_routes(settings, gate, utc_now)],
            readiness={"database": lambda: database_fault(engine)},
            beside=beside,
            on_ready=ready,  # type: ignore[arg-type]
        )


def database_fault(engine: Engine) -> str | None:
    """Why the database cannot be worked with; None when it can."""
    try:
        found = schema.revision(engine)
    except SQLAlchemyError as error:
        return type(error).__name__
    return None if found == schema.newest() else f"schema {found}"
