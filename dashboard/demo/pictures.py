"""Drawn pictures in place of photos: a scene per issue, untidy before and tidy after; nobody's premises."""

from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from governance.vocabulary import EvidenceKind

SIZE: Final = (160, 120)
_QUALITY: Final = 70
Colour = tuple[int, int, int]
_SKIES: Final[tuple[Colour, ...]] = ((150, 190, 225), (190, 205, 215), (225, 205, 180), (120, 150, 190))
_GROUNDS: Final[tuple[Colour, ...]] = ((120, 110, 95), (95, 100, 105), (150, 135, 110), (80, 90, 80))
_WALLS: Final[tuple[Colour, ...]] = ((90, 110, 135), (170, 160, 150), (140, 80, 70), (60, 75, 90), (210, 205, 190))
_DUST: Final[Colour] = (165, 135, 95)
_COVER: Final[Colour] = (45, 125, 75)


def picture(scene: int, kind: EvidenceKind, *, take: int = 0) -> bytes:
    """A small JPEG: the same scene, kind and take give the same bytes.

    Parameters
    ----------
    scene : int
        One per issue: what stands there and where the camera stood.
    kind : EvidenceKind
        Before: open heaps and dust; after: covered.
    take : int
        A later photo of the same kind, from another place.

    Returns
    -------
    bytes
        160 × 120 pixels.
    """
    rng = Random(f"{scene}/{take}")  # noqa: S311 - a drawing, no secret
    image = Image.new("RGB", SIZE, rng.choice(_SKIES))
    draw = ImageDraw.Draw(image)
    horizon = rng.randint(30, 80)
    draw.rectangle((0, horizon, *SIZE), fill=_varied(rng, rng.choice(_GROUNDS)))
    for _ in range(rng.randint(2, 5)):
        _building(draw, rng, horizon)
    is_before = kind == EvidenceKind.BEFORE
    rng = Random(f"{scene}/{kind}/{take}")  # noqa: S311 - the same place, another day
    for _ in range(rng.randint(1, 3)):
        _heap(draw, rng, horizon, _DUST if is_before else _COVER)
    for _ in range(rng.randint(4, 9) if is_before else 0):
        _cloud(draw, rng, horizon)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _building(draw: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    left, width = rng.randint(-20, 140), rng.randint(12, 60)
    top, bottom = horizon - rng.randint(8, 55), horizon + rng.randint(0, 25)
    draw.rectangle((left, top, left + width, bottom), fill=_varied(rng, rng.choice(_WALLS)))
    if rng.random() < 0.4:
        draw.ellipse((left, top - width // 4, left + width, top + width // 4), fill=_varied(rng, rng.choice(_WALLS)))


def _heap(draw: ImageDraw.ImageDraw, rng: Random, horizon: int, colour: Colour) -> None:
    left, width, foot = rng.randint(-30, 120), rng.randint(40, 110), horizon + rng.randint(15, 45)
    top = foot - rng.randint(15, 45)
    draw.polygon(
        ((left, foot), (left + width * rng.uniform(0.3, 0.7), top), (left + width, foot)), fill=_varied(rng, colour)
    )


def _cloud(draw: ImageDraw.ImageDraw, rng: Random, horizon: int) -> None:
    x, y, size = rng.randint(0, SIZE[0]), rng.randint(max(horizon - 30, 0), 110), rng.randint(6, 26)
    draw.ellipse((x - size, y - size // 2, x + size, y + size // 2), fill=_varied(rng, (200, 185, 160)))


def _varied(rng: Random, colour: Colour) -> Colour:
    red, green, blue = (min(max(part + rng.randint(-25, 25), 0), 255) for part in colour)
    return red, green, blue
