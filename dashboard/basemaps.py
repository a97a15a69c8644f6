"""Background maps that an administrator may set: which tile addresses, and exactly which host they open."""

import re
from typing import Final
from urllib.parse import urlsplit

TIANDITU_ORIGIN: Final = "https://t0.tianditu.gov.cn"
_TIANDITU_LAYERS: Final = ("vec", "cva")  # streets, and the names upon them
_WMTS_WORDS: Final = {"tilematrix": "z", "tilerow": "y", "tilecol": "x"}
_PLACES: Final = frozenset({"x", "y", "z"})
_KEY: Final = re.compile(r"[0-9A-Za-z]{8,64}")


def tile_template(address: str) -> str:
    """Return an XYZ or WMTS tile address in the map's words ``{z}``, ``{y}``, ``{x}``.

    Parameters
    ----------
    address : str
        With ``{z}``, ``{y}`` (or ``{-y}``) and ``{x}``, or with WMTS's ``{TileMatrix}``, ``{TileRow}`` and
        ``{TileCol}`` in any case, in the path or as key-value parameters. Web Mercator tiles.

    Raises
    ------
    ValueError
        It is no web address of one host, names another place, or lacks one. The address is not repeated: it may
        hold a key.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it is no tile address: https:// or http:// and a host")
    if set("{}*") & set(parts.netloc) or parts.username is not None:
        raise ValueError("it names many hosts, or a user; write one host, for example a.tiles.example.org for {s}")
    template = re.sub(r"\{(\w+)\}", lambda found: f"{{{_WMTS_WORDS.get(found[1].lower(), found[1])}}}", address)
    named = {word.lstrip("-") for word in re.findall(r"\{([^}]*)\}", template)}
    if named != _PLACES:
        raise ValueError("it needs the places {z}, {y} and {x}, or {TileMatrix}, {TileRow} and {TileCol}, and no other")
    return template


def tianditu_templates(key: str) -> tuple[str, ...]:
    """Return the addresses of Tianditu's street tiles and their names: CGCS2000 in web Mercator, one fixed host.

    Raises
    ------
    ValueError
        The key is not 8 to 64 letters and digits; it is not repeated.
    """
    if not _KEY.fullmatch(key):
        raise ValueError("it is no key of Tianditu: 8 to 64 letters and digits")
    return tuple(
        f"{TIANDITU_ORIGIN}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
        f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
        for layer in _TIANDITU_LAYERS
    )


def origin_of(template: str) -> str:
    """Scheme, host and port of a tile address."""
    parts = urlsplit(template)
    return f"{parts.scheme}://{parts.netloc}"
