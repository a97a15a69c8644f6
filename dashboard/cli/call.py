"""What every command shares: its options, its settings and time, how it answers and how it refuses."""

import inspect
import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, NoReturn, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from dashboard.application import close_databases, open_database
from dashboard.i18n import _, message, set_locale
from dashboard.logs import configure_logging
from dashboard.services.progress import Advance
from dashboard.settings import Settings, overridden
from geo.errors import GeoError
from governance.errors import GridGuardError
from governance.permissions import Actor, operator

P = ParamSpec("P")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
REFUSED: Final = 1
WRONG_USAGE: Final = 2

Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="Data folder; else GRIDGUARD_HOME, else ~/.gridguard.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else there.")]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="zh|en", help="Language of messages; else GRIDGUARD_LOCALE.")
]
DAY: Final = ["%Y-%m-%d"]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=DAY, metavar="DATE", help="Local day at whose end things stood so; today without it."
    ),
]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a command.

    Attributes
    ----------
    settings
        In force for the command's length.
    name
        The command as it is typed; recorded as the operator of what it writes.
    is_json
        Whether a program reads the answer.
    now
        Aware; the command's only look at the clock.
    """

    settings: Settings
    name: str
    is_json: bool
    now: datetime

    @property
    def actor(self) -> Actor:
        """The named operator of this command."""
        return operator(f"gridguard {self.name}")

    def engine(self) -> Engine:
        """The database, which must exist."""
        return open_database(self.settings)

    def answer(self, value: Mapping[str, Any], lines: Sequence[str] = ()) -> None:
        """Print the result on standard output: the value as JSON, or the lines for people."""
        text = json.dumps(value, ensure_ascii=False, default=_plain) if self.is_json else "\n".join(lines)
        if text:
            typer.echo(text)

    def say(self, text: str) -> None:
        """Tell people something beside the result, on standard error."""
        typer.echo(text, err=True)

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Advance]:
        """A progress bar on standard error, only where that is a terminal."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        is_shown = sys.stderr.isatty()
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not is_shown) as bar:
            task = bar.add_task(title, total=total)

            def advance(done: int, of: int | None = None) -> None:
                bar.update(task, advance=done, total=of)

            yield advance


def day_of(value: datetime | None) -> date | None:
    """The local day that a date option names; days beyond every calendar are wrong usage."""
    if value is None:
        return None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise typer.BadParameter(
            _(
                "{day} is too far away; allowed: years {first} to {last}",
                day=value.date().isoformat(),
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        )
    return value.date()


def command(
    group: typer.Typer, name: str, *, example: str, path: str | None = None
) -> Callable[[Callable[Concatenate[Call, P], None]], Callable[..., None]]:
    """Make a function a command that also takes ``--home``, ``--json`` and ``--lang``.

    Parameters
    ----------
    group : typer.Typer
    name : str
    example : str
        Shown at the end of its help.
    path : str, optional
        The command with its group, as it is typed.

    Returns
    -------
    callable
        The function's first parameter is the `Call`; what it refuses becomes a message and exit status 1.
    """

    def registered(function: Callable[Concatenate[Call, P], None]) -> Callable[..., None]:
        @wraps(function)
        def run(*args: Any, home: Path | None, is_json: bool, lang: str | None, **options: Any) -> None:
            with _refusing(is_json=is_json):
                chosen = _settings(home)
                with overridden(chosen):
                    set_locale(lang or chosen.locale)
                    configure_logging(chosen)
                    logging.getLogger("alembic").setLevel(logging.WARNING)
                    call = Call(settings=chosen, name=path or name, is_json=is_json, now=datetime.now(UTC))
                    function(call, *args, **options)

        _extend(run, function)
        return group.command(name, epilog=f"Example:  {example}")(run)

    return registered


def _extend(run: Callable[..., None], function: Callable[..., None]) -> None:
    """Give the command the function's parameters without the call, and the shared options."""
    taken = list(inspect.signature(function).parameters.values())[1:]
    shared = [
        inspect.Parameter("home", inspect.Parameter.KEYWORD_ONLY, annotation=Home, default=None),
        inspect.Parameter("is_json", inspect.Parameter.KEYWORD_ONLY, annotation=Json, default=False),
        inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, annotation=Lang, default=None),
    ]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in taken] + shared
    del run.__wrapped__  # type: ignore[attr-defined]  # set by wraps; typer would look through it
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
    run.__annotations__ = {one.name: one.annotation for one in parameters}


def _settings(home: Path | None) -> Settings:
    return Settings(home=home) if home is not None else Settings()


@contextmanager
def _refusing(*, is_json: bool) -> Iterator[None]:
    """Turn what is refused into a message and an exit status; close the database in any case."""
    try:
        yield
    except ValidationError as error:
        for fault in error.errors():
            typer.echo(f"GRIDGUARD_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}", err=True)
        raise typer.Exit(WRONG_USAGE) from error
    except (GridGuardError, GeoError) as error:
        _refuse(error.code, message(error), is_json=is_json)
    except OSError as error:
        text = _("{name}: {why}", name=error.filename or "-", why=error.strerror or str(error))
        _refuse("file_error", text, is_json=is_json)
    finally:
        close_databases()


def _refuse(code: str, text: str, *, is_json: bool) -> NoReturn:
    if is_json:
        typer.echo(json.dumps({"error": {"code": code, "message": text, "fields": {}}}, ensure_ascii=False))
    typer.echo(text, err=True)
    raise typer.Exit(REFUSED)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
