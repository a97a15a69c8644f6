"""How long work tells how far it is, whoever shows it."""

from typing import Protocol


class Advance(Protocol):
    """Called now and then with what was done since the last call, and once with how much there is."""

    def __call__(self, done: int, of: int | None = None) -> None:
        """Note ``done`` more steps; ``of`` is their total number once it is known."""
        ...


def silent(done: int, of: int | None = None) -> None:
    """Show nothing."""
