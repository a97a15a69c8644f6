"""The refusals that a page answers with a sentence instead of failing."""

from typing import Final

from geo.errors import GeoError
from governance.errors import GridGuardError

REFUSALS: Final = (GridGuardError, GeoError)
