"""Browser assets: where the installed packages keep them, under which local address they are served."""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS_PATH: Final = "/assets"
MAP_WORDS_URL: Final = f"{ASSETS_PATH}/map-words.js"
_OWN_FOLDER: Final = Path(__file__).resolve().parent / "static"
_FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class AssetFolder:
    """A folder of files for the browser; the version in its address lets browsers keep them for ever."""

    name: str
    version: str
    folder: Path

    @property
    def path(self) -> str:
        """Address of the folder, without a trailing slash."""
        return f"{ASSETS_PATH}/{self.name}/{self.version}"


# name in the address: (distribution, importable package, folder inside it)
_PACKAGED: Final = {
    "leaflet": ("XStatic-Leaflet", "xstatic.pkg.leaflet", "data"),
    "markercluster": ("XStatic-Leaflet-MarkerCluster", "xstatic.pkg.leaflet_markercluster", "data"),
    "jquery": ("XStatic-jQuery", "xstatic.pkg.jquery", "data"),
    "draw": ("django-leaflet", "leaflet", "static/leaflet/draw"),
    "heat": ("folium", "folium", "templates"),
}


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"The browser assets of the package {package!r} are not installed; run the set-up again."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _content_version(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def asset_folders() -> dict[str, AssetFolder]:
    """Return every served folder by name, in the order of their mounts.

    Raises
    ------
    FileNotFoundError
        A declared package is not installed; the message names it.
    """
    folders = {
        name: AssetFolder(name, version(distribution), _package_folder(package) / inside)
        for name, (distribution, package, inside) in _PACKAGED.items()
    }
    folders["gridguard"] = AssetFolder("gridguard", _content_version(_OWN_FOLDER), _OWN_FOLDER)
    return folders


def asset_url(name: str, file: str) -> str:
    """Return the local address of ``file`` in the folder ``name``.

    Raises
    ------
    KeyError
        No folder has that name.
    FileNotFoundError
        The folder has no such file.
    """
    folder = asset_folders()[name]
    if not (folder.folder / file).is_file():
        raise FileNotFoundError(f"The asset folder {name!r} has no file {file!r}.")
    return f"{folder.path}/{file}"


class _LastingFiles(StaticFiles):
    """Static files that a browser may keep, because a new version has a new address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["Cache-Control"] = _FOREVER
        return response


def asset_routes() -> list[BaseRoute]:
    """Return one mount for each folder; a path outside the folders is not found."""
    return [
        Mount(asset.path, app=_LastingFiles(directory=asset.folder), name=f"assets-{asset.name}")
        for asset in asset_folders().values()
    ]


# Map.default_js carries the scripts of all plugins: links are loaded at the first mount of a map only.
_SCRIPTS: Final = (
    ("leaflet", "leaflet", "leaflet.js"),
    ("jquery", "jquery", "jquery.min.js"),
    ("leaflet-heat.js", "heat", "leaflet_heat.min.js"),
    ("markerclusterjs", "markercluster", "leaflet.markercluster.js"),
    ("leaflet_draw_js", "draw", "leaflet.draw.js"),
)
_OWN_SCRIPTS: Final = (("map", "map.js"), ("heat", "map-heat.js"), ("places", "map-places.js"))
_STYLES: Final = (
    ("leaflet_css", "leaflet", "leaflet.css"),
    ("markerclustercss", "markercluster", "MarkerCluster.css"),
    ("markerclusterdefaultcss", "markercluster", "MarkerCluster.Default.css"),
    ("leaflet_draw_css", "draw", "leaflet.draw.css"),
    ("gridguard_css", "gridguard", "map.css"),
)


def map_scripts() -> list[tuple[str, str]]:
    """Return (name, address) of every script a map needs, in loading order; our own come last."""
    packaged = [(name, asset_url(folder, file)) for name, folder, file in _SCRIPTS]
    own = [(f"gridguard_{name}", asset_url("gridguard", file)) for name, file in _OWN_SCRIPTS]
    return [*packaged, ("gridguard_words", MAP_WORDS_URL), *own]


def map_styles() -> list[tuple[str, str]]:
    """Return (name, address) of every style sheet a map needs; ours comes last and so decides."""
    return [(name, asset_url(folder, file)) for name, folder, file in _STYLES]
