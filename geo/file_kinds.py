"""What a file is, by its first bytes and never by its name."""

from pathlib import Path

from geo.errors import UnreadableFile
from geo.raw_layer import Kind

TAKEN = "GeoPackage, GeoJSON, zipped Shapefile, KML"
_SQLITE = b"SQLite format 3\x00"
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_ID_AT = 68  # application_id in the header of an SQLite file
_HEAD = 4096


def kind_of(path: Path) -> Kind:
    """Tell the kind of a file.

    Parameters
    ----------
    path : Path
        The file; only its first bytes are read.

    Returns
    -------
    {"gpkg", "zip", "kml", "geojson"}
        ``kml`` for any XML that begins as one and ``geojson`` for any text that begins with a brace: their
        readers look further.

    Raises
    ------
    UnreadableFile
        Empty, or none of the kinds taken; an SQLite file that is no GeoPackage and XML that is no KML are
        named as such.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_SQLITE):
        if head[_ID_AT : _ID_AT + 4] not in _GEOPACKAGE_IDS:
            raise UnreadableFile(
                "file_kind", "The file is an SQLite database, but no GeoPackage; {allowed} are taken.", allowed=TAKEN
            )
        return "gpkg"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    return _text_kind(head.removeprefix(b"\xef\xbb\xbf").lstrip())


def _text_kind(text: bytes) -> Kind:
    if text.startswith(b"{"):
        return "geojson"
    if b"<kml" in text and text.startswith(b"<"):
        return "kml"
    if text.startswith(b"<"):
        raise UnreadableFile("file_kind", "The file is XML, but no KML; {allowed} are taken.", allowed=TAKEN)
    if not text:
        raise UnreadableFile("file_kind", "The file is empty; {allowed} are taken.", allowed=TAKEN)
    raise UnreadableFile("file_kind", "The file is of a kind that is not known; {allowed} are taken.", allowed=TAKEN)
