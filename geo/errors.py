"""The refusals of this package: the same shape as the rules' errors, without knowing them."""

from typing import ClassVar


class GeoError(Exception):
    """A refusal that names the thing, the value and what is allowed.

    Parameters
    ----------
    code : str
        Stable, snake_case; part of the public interface.
    template : str
        English sentence with ``{name}`` places; the message id of the catalogues.
    **params : object
        Values for the places; only text and numbers, so that they can cross a process border.
    """

    kind: ClassVar[str] = "invalid_input"

    def __init__(self, code: str, template: str, **params: object) -> None:
        super().__init__(template.format(**params))
        self.code = code
        self.template = template
        self.params = params


class UnknownCrs(GeoError):
    """The coordinate system is not named, or the name is none that is taken."""


class FalseCrs(GeoError):
    """The numbers do not fit the coordinate system, or lie far from the district."""


class UnreadableFile(GeoError):
    """The file is damaged, or of a kind that is not taken."""


class HostileFile(GeoError):
    """The file asks for what no honest layer needs: links, endless queries, bombs."""


class UnclearLayer(GeoError):
    """The file holds several layers, or none of the name asked for."""


class InvalidOutline(GeoError):
    """An outline is broken in a way that cannot be mended without changing what it says."""


class InvalidPoints(GeoError):
    """Coordinates are missing, not finite or unequal in number."""


class InvalidZones(GeoError):
    """The zones cannot be linked to: codes repeat, outlines are missing or no polygons."""


class InvalidGeometry(GeoError):
    """Stored bytes or a cell number are no geometry."""
