"""The door to accounts and sessions as the server sees it; the services stand behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from governance.vocabulary import Role

SESSION_COOKIE: Final = "gridguard_session"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a valid session, as cheap to find as one indexed row."""

    person_id: int
    login: str
    name: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """An account that the sign-in page offers without a password; exists in demo districts only."""

    login: str
    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class OpenedDisplay:
    """The session that a display's link opened, and the parameters that its wall begins with."""

    token: str
    start: str
    expires_at: datetime


class DisplayGate(Protocol):
    """What the server needs of displays; called from worker threads."""

    def open_display(self, secret: str, *, now: datetime, client: str, token: str) -> OpenedDisplay:
        """Return the session of the display whose link holds the secret.

        ``token`` is that of the browser's session, or empty: one of the same display goes on while it is young,
        so that opening the link again and again leaves no trail of sessions.

        Raises
        ------
        NotAllowed
            ``display_refused`` (the same for an unknown, renewed and withdrawn link) or ``too_many_attempts``;
            a link that is right opens the wall whatever others tried from its address.
        Conflict
            ``browser_in_use``: somebody is signed in here, whose session a mere link must not end.
        """
        ...


class SessionGate(Protocol):
    """What the server needs of accounts; implementations are called from worker threads.

    A token is 256 random bits in URL-safe ASCII; storage keeps only its SHA-256.
    """

    def sign_in(self, login: str, password: str, *, now: datetime, client: str) -> str:
        """Return the token of a new session.

        Raises
        ------
        NotAllowed
            ``sign_in_refused`` (the same for an unknown login, a wrong password and a disabled account)
            or ``too_many_attempts``.
        """
        ...

    def demo_logins(self) -> Sequence[DemoLogin]:
        """Return one account of each role in demo mode, else nothing; in the order of the roles."""
        ...

    def sign_in_demo(self, login: str, *, now: datetime) -> str:
        """Return the token of a new session of a demo account.

        Raises
        ------
        NotAllowed
            ``sign_in_refused``: not a demo district, or no such demo account.
        """
        ...

    def person_of(self, token: str, *, now: datetime) -> SignedIn | None:
        """Return whose valid session the token names, or None; called for every request."""
        ...

    def sign_out(self, token: str, *, now: datetime) -> None:
        """End the session; an unknown token is no error."""
        ...
