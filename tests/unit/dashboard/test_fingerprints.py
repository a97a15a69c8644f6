"""Pictures are known again when they were resaved, made smaller or cut, and not taken for one another."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageDraw

from dashboard.evidence.fingerprints import Seen, fingerprint, is_same, read_print
from tests.unit.dashboard.photo_files import jpeg, scene

NUMBERS = range(1, 13)


@pytest.fixture(scope="module")
def scenes() -> dict[int, Image.Image]:
    return {number: scene(number) for number in NUMBERS}


@pytest.fixture(scope="module")
def prints(scenes: dict[int, Image.Image]) -> dict[int, str]:
    return {number: fingerprint(picture) for number, picture in scenes.items()}


def resaved(picture: Image.Image, *, quality: int = 60, scale: float = 0.7, cut: float = 0.0) -> Image.Image:
    width, height = picture.size
    left, top = int(width * cut * 0.6), int(height * cut * 0.4)
    part = picture.crop((left, top, left + int(width * (1 - cut)), top + int(height * (1 - cut))))
    smaller = part.resize((int(part.width * scale), int(part.height * scale)))
    return Image.open(io.BytesIO(jpeg(smaller, quality=quality)))


@pytest.mark.parametrize("cut", [0.0, 0.1, 0.2])
def test_a_picture_is_known_again(scenes: dict[int, Image.Image], prints: dict[int, str], cut: float) -> None:
    again = {number: fingerprint(resaved(picture, cut=cut)) for number, picture in scenes.items()}
    assert [number for number in NUMBERS if not is_same(prints[number], again[number])] == []


def test_most_pictures_are_known_by_half_of_their_area(scenes: dict[int, Image.Image], prints: dict[int, str]) -> None:
    found = [is_same(prints[number], fingerprint(resaved(scenes[number], cut=0.3))) for number in NUMBERS]
    assert sum(found) >= 8


def test_different_pictures_are_different(prints: dict[int, str]) -> None:
    assert [pair for pair in combinations(NUMBERS, 2) if is_same(prints[pair[0]], prints[pair[1]])] == []


def test_a_watermark_of_one_form_makes_no_pictures_the_same(scenes: dict[int, Image.Image]) -> None:
    marked = [fingerprint(with_band(picture, number)) for number, picture in scenes.items()]
    assert [pair for pair in combinations(marked, 2) if is_same(*pair)] == []


def with_band(picture: Image.Image, number: int) -> Image.Image:
    copy = picture.copy()
    draw = ImageDraw.Draw(copy)
    draw.rectangle((0, 410, 640, 480), fill="black")
    draw.text((10, 415), f"2026-06-{number:02} 09:15  119.05{number} 35.10\nEvidence 2026-{number:05}", font_size=28)
    return copy


def test_small_pictures_are_known_whole(scenes: dict[int, Image.Image]) -> None:
    small = [picture.resize((160, 120)) for picture in scenes.values()]
    texts = [fingerprint(picture) for picture in small]
    assert [len(text) for text in texts] == [20] * len(texts)
    assert all(is_same(text, fingerprint(resaved(picture))) for text, picture in zip(texts, small, strict=True))
    assert not any(is_same(*pair) for pair in combinations(texts, 2))


def test_a_picture_without_structure_equals_nothing() -> None:
    plain = fingerprint(Image.new("RGB", (640, 480), "grey"))
    assert (plain, is_same(plain, plain), read_print(plain)) == ("", False, None)


def test_many_are_searched_as_one_by_one(scenes: dict[int, Image.Image], prints: dict[int, str]) -> None:
    seen = Seen(list(prints.items()))
    seen.add([(99, prints[3]), (100, "")])
    assert seen.find(fingerprint(resaved(scenes[3], cut=0.1))) == [3, 99]
    assert (len(seen), seen.find(""), Seen().find(prints[3])) == (13, [], [])


@pytest.mark.parametrize("text", ["x", "zzzzzzzzzzzzzzzzf0b4", "0123456789abcdeff0b4!!!!"])
def test_a_text_that_is_no_fingerprint_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_print(text)
