"""Pictures as they are shown: small copies without the camera's notes, made when they are first asked for."""

import hashlib
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from dashboard.evidence.photos import opened_picture, upright
from dashboard.evidence.store import Store, write_whole

FOLDER: Final = "copies"
MEDIA_TYPE: Final = "image/jpeg"
SHOWN_SIDE: Final = 1600
THUMBNAIL_SIDE: Final = 320
_OWN_FOLDER: Final = 0o700
_QUALITY: Final = 82
_THUMBNAIL_QUALITY: Final = 75
_FONT_FILE: Final = pylopdf_fonts_zh_cn.sans_path()
_SMALLEST_TEXT: Final = 10
_LEAST_MARKED: Final = 320
_BAND: Final = (0, 0, 0, 150)
_WHITE: Final = (255, 255, 255, 255)


class Copies:
    """A cache in the home folder that can be thrown away at any time.

    Parameters
    ----------
    home : Path
    store : Store
        Of the originals, which are proven against their SHA-256 before a copy is made of them.
    """

    def __init__(self, home: Path, store: Store) -> None:
        self._folder = home / FOLDER
        self._store = store

    def shown(self, sha256: str, *, marks: Sequence[str] = ()) -> Path:
        """The picture as it is shown on a page.

        Parameters
        ----------
        sha256 : str
            Of a picture.
        marks : sequence of str
            Lines of the watermark along the lower edge; pictures too small to read it on stay bare.

        Returns
        -------
        Path
            JPEG, upright, at most 1600 pixels either way, without any notes of the camera.

        Raises
        ------
        NotFound, Conflict
            The original is missing or was changed.
        InvalidInput
            It is no picture.
        """
        return self._copy(sha256, side=SHOWN_SIDE, quality=_QUALITY, marks=tuple(marks))

    def thumbnail(self, sha256: str) -> Path:
        """The picture at no more than 320 pixels either way; otherwise as `shown`, without a watermark."""
        return self._copy(sha256, side=THUMBNAIL_SIDE, quality=_THUMBNAIL_QUALITY, marks=())

    def _copy(self, sha256: str, *, side: int, quality: int, marks: tuple[str, ...]) -> Path:
        told = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]
        path = self._folder / sha256[:2] / f"{sha256}-{side}-{told}.jpg"
        if not path.is_file():
            data = self._store.read(sha256, is_proving=True)
            copied = copy_of(data, side=side, quality=quality, marks=marks)
            for folder in (self._folder, path.parent):
                folder.mkdir(mode=_OWN_FOLDER, parents=True, exist_ok=True)
            write_whole(path, copied)
        return path


def copy_of(data: bytes, *, side: int = SHOWN_SIDE, quality: int = _QUALITY, marks: Sequence[str] = ()) -> bytes:
    """A picture encoded anew.

    Parameters
    ----------
    data : bytes
        JPEG, PNG or WebP.
    side : int
        Longest side in pixels; smaller pictures keep their size.
    quality : int
        Of the JPEG, 1 to 95.
    marks : sequence of str
        Lines of a watermark along the lower edge.

    Returns
    -------
    bytes
        JPEG with pixels and nothing else; what was transparent is white.

    Raises
    ------
    InvalidInput
        No picture, or a damaged one.
    """
    with opened_picture(data, name="-") as picture:
        picture.draft("RGB", (side, side))
        whole = upright(picture)
        whole.thumbnail((side, side), Image.Resampling.LANCZOS)
        bare = _flattened(whole)
    if marks and max(bare.size) >= _LEAST_MARKED:
        bare = _marked(bare, marks)
    encoded = io.BytesIO()
    bare.save(encoded, "JPEG", quality=quality, optimize=True)
    return encoded.getvalue()


def _flattened(picture: Image.Image) -> Image.Image:
    """Pixels alone: what a file's notes say stays behind with the old picture."""
    bare = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        bare.paste(clear, mask=clear)
    else:
        bare.paste(picture.convert("RGB"))
    return bare


def _marked(picture: Image.Image, marks: Sequence[str]) -> Image.Image:
    """The picture with lines of white text on a dark band along its lower edge."""
    font = _fitting(picture, marks)
    line = round(font.size * 1.4)
    top = picture.height - line * len(marks) - line // 2
    band = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(band)
    draw.rectangle((0, top, picture.width, picture.height), fill=_BAND)
    for place, text in enumerate(marks):
        draw.text((font.size * 0.6, top + line // 5 + place * line), text, font=font, fill=_WHITE)
    return Image.alpha_composite(picture.convert("RGBA"), band).convert("RGB")


def _fitting(picture: Image.Image, marks: Sequence[str]) -> ImageFont.FreeTypeFont:
    """The font at the size at which the longest line fits into the picture's width."""
    size = max(_SMALLEST_TEXT, min(picture.size) // 28)
    longest = max(_font(size).getlength(text) for text in marks)
    room = picture.width - size * 1.2
    return _font(max(_SMALLEST_TEXT, int(size * min(1.0, room / max(longest, 1.0)))))


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT_FILE), size)
