"""The one family of errors: a kind for the protocol, a stable code for programs, a sentence for people."""

from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What sort of refusal it is; the API maps it to a status, the command line to an exit code."""

    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    ILLEGAL_TRANSITION = "illegal_transition"
    CONFLICT = "conflict"
    INVALID_INPUT = "invalid_input"


class GridGuardError(Exception):
    """A refusal that names the thing, the value and what is allowed.

    Parameters
    ----------
    code : str
        Stable, snake_case; part of the public interface.
    template : str
        English sentence with ``{name}`` places; the message id of the catalogues.
    **params : object
        Values for the places; enum members are shown by their label.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID_INPUT

    def __init__(self, code: str, template: str, /, **params: object) -> None:
        super().__init__(template.format(**{name: _plain(value) for name, value in params.items()}))
        self.code = code
        self.template = template
        self.params = params


def _plain(value: object) -> object:
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else value


class NotFound(GridGuardError):
    """The named thing does not exist, or not for this person."""

    kind = ErrorKind.NOT_FOUND


class NotAllowed(GridGuardError):
    """The person's role and scope do not give this action."""

    kind = ErrorKind.NOT_ALLOWED


class IllegalTransition(GridGuardError):
    """The issue's stage does not allow the action."""

    kind = ErrorKind.ILLEGAL_TRANSITION


class Conflict(GridGuardError):
    """Somebody else has changed the thing since it was read."""

    kind = ErrorKind.CONFLICT


class InvalidInput(GridGuardError):
    """A value is outside what is allowed."""

    kind = ErrorKind.INVALID_INPUT
