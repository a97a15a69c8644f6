"""Zipped Shapefiles: what is in the zip is checked before anything is unpacked."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.errors import HostileFile, UnclearLayer, UnreadableFile
from geo.raw_layer import ReadingLimits

_PARTS = (".shp", ".shx", ".dbf", ".prj")
_NEEDED = (".shp", ".shx", ".dbf")
_HARMLESS_BYTES = 16 * 2**20  # attribute tables are mostly blanks: below this any ratio is taken
_ENCRYPTED = 0x1
_LINK_TYPE, _TYPE_BITS = 0o120000, 0o170000


def unpack_shapefile(path: Path, into: Path, limits: ReadingLimits, *, layer: str | None) -> tuple[str, str]:
    """Unpack the parts of one Shapefile under fixed names, whatever the zip calls them.

    Parameters
    ----------
    path : Path
        The zip.
    into : Path
        An empty folder; gets ``layer.shp``, ``layer.shx``, ``layer.dbf`` and, if there, ``layer.prj``.
    limits : ReadingLimits
        Entries, unpacked size and ratio.
    layer : str, optional
        Name of the Shapefile without its ending; needed if the zip holds several.

    Returns
    -------
    tuple of str
        The name of the Shapefile, and what its ``.cpg`` says about the encoding (empty without one).

    Raises
    ------
    HostileFile
        Too many entries, too large, too small for what it unpacks to, encrypted, links, or names that
        lead out of the folder.
    UnreadableFile
        No zip, damaged, or without ``.shp``, ``.shx`` and ``.dbf``.
    UnclearLayer
        Several Shapefiles and no name, or none of the name given.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check(entries, path.stat().st_size, limits)
            stem, members = _members(entries, layer)
            for suffix in _PARTS:
                if suffix in members:
                    (into / f"layer{suffix}").write_bytes(archive.read(members[suffix]))
            cpg = archive.read(members[".cpg"])[:40] if ".cpg" in members else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise UnreadableFile("damaged_zip", "The zip is damaged: {reason}.", reason=str(error)) from error
    return stem, cpg.decode("ascii", "replace").strip()


def _check(entries: list[zipfile.ZipInfo], packed: int, limits: ReadingLimits) -> None:
    if len(entries) > limits.zip_entries:
        raise HostileFile(
            "zip_entries", "The zip has {count} entries; {allowed} are allowed.",
            count=len(entries), allowed=limits.zip_entries,
        )  # fmt: skip
    total = sum(entry.file_size for entry in entries)
    if total > min(limits.unpacked_bytes, max(packed * limits.zip_ratio, _HARMLESS_BYTES)):
        raise HostileFile(
            "zip_bomb",
            "The zip of {packed} bytes unpacks to {total}; at most {allowed} and {ratio} times are allowed.",
            packed=packed, total=total, allowed=limits.unpacked_bytes, ratio=limits.zip_ratio,
        )  # fmt: skip
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    leads_out = name.is_absolute() or ".." in name.parts or ":" in entry.filename
    is_link = (entry.external_attr >> 16) & _TYPE_BITS == _LINK_TYPE
    if leads_out or is_link or entry.flag_bits & _ENCRYPTED:
        raise HostileFile(
            "zip_entry",
            'The zip entry "{name}" is refused: it is encrypted, a link, or leads out of the folder.',
            name=entry.filename[:80],
        )


def _members(entries: list[zipfile.ZipInfo], layer: str | None) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """Choose one Shapefile and give its parts by their ending."""
    files = {PurePosixPath(entry.filename): entry for entry in entries if not entry.is_dir()}
    found = {path.with_suffix(""): path.stem for path in files if path.suffix.lower() == ".shp"}
    chosen = [stem for stem, name in found.items() if layer in (None, name)]
    if found and len(chosen) != 1:
        raise UnclearLayer(
            "which_layer", "The file holds these layers: {layers}. Name one of them.",
            layers=", ".join(sorted(found.values())),
        )  # fmt: skip
    members = {p.suffix.lower(): e for p, e in files.items() if chosen and p.with_suffix("") == chosen[0]}
    missing = [suffix for suffix in _NEEDED if suffix not in members]
    if missing:
        raise UnreadableFile(
            "shapefile_parts", "The zip holds no complete Shapefile: {missing} missing.", missing=", ".join(missing)
        )  # fmt: skip
    return chosen[0].name, members
