"""The server with one page more, which only a benchmark has."""

from dataclasses import fields
from pathlib import Path

from dashboard import registry
from dashboard.cli.app import main as command


def serve_beside(url: str, script: Path) -> None:
    """Run the command line with a page more, open to whoever may open the wall."""

    class _Beside(registry.PageEntry):
        @property
        def file(self) -> Path:
            return script

    wall = next(page for page in registry.PAGES if page.url == "wall")
    values = {one.name: getattr(wall, one.name) for one in fields(wall)} | {"url": url, "is_in_menu": False}
    registry.PAGES = (*registry.PAGES, _Beside(**values))  # type: ignore[misc]  # the one page more
    command()
