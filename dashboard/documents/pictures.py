"""Photos for documents: small enough for a page, without what the camera wrote into them."""

import io
from typing import Final

from PIL import Image, ImageOps

from governance.errors import InvalidInput

LONGEST_SIDE_PX: Final = 1200
MOST_PIXELS: Final = 40_000_000
QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


def page_picture(content: bytes) -> bytes:
    """Return a picture as a JPEG for a page.

    Parameters
    ----------
    content : bytes
        JPEG, PNG or WebP.

    Returns
    -------
    bytes
        JPEG, upright, its longer side at most 1200 pixels, without EXIF; the same picture gives the same bytes.

    Raises
    ------
    InvalidInput
        ``not_a_picture``: no picture of these kinds, damaged, or of more than 40 million pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused() from error
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    small = Image.new("RGB", upright.size)
    small.paste(upright)
    out = io.BytesIO()
    small.save(out, format="JPEG", quality=QUALITY)
    return out.getvalue()


def _refused() -> InvalidInput:
    return InvalidInput(
        "not_a_picture",
        "The file is no picture that can be shown; allowed: JPEG, PNG, WebP with at most {most} pixels",
        most=MOST_PIXELS,
    )
