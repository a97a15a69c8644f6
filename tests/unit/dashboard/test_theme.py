"""Both themes can be read: contrasts of every declared pair of text and ground."""

import tomllib
from itertools import product

import pytest

from dashboard.settings import Settings
from dashboard.streamlit_options import CONFIG_FILE, flattened
from dashboard.theme import (
    NUMBER_CONTRAST,
    NUMBERS,
    THEMES,
    WORD_CONTRAST,
    WORDS,
    contrast,
    theme_options,
    theme_style,
)


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "word", "ground"), list(product(THEMES, WORDS, ("ground", "panel"))))
def test_words_can_be_read(theme: str, word: str, ground: str) -> None:
    assert contrast(THEMES[theme][word], THEMES[theme][ground]) >= WORD_CONTRAST


@pytest.mark.parametrize(("theme", "number"), list(product(THEMES, NUMBERS)))
def test_numbers_can_be_read_from_afar(theme: str, number: str) -> None:
    assert contrast(THEMES[theme][number], THEMES[theme]["panel"]) >= NUMBER_CONTRAST


@pytest.mark.parametrize("theme", THEMES)
def test_what_stands_on_a_colour_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours["on-accent"], colours["accent"]) >= WORD_CONTRAST
    assert contrast(colours["warning"], colours["warning-ground"]) >= WORD_CONTRAST


def test_both_themes_declare_the_same_colours() -> None:
    assert set(THEMES["dark"]) == set(THEMES["light"])


def test_the_dark_theme_is_the_shipped_file() -> None:
    shipped = flattened(tomllib.loads(CONFIG_FILE.read_text(encoding="utf-8")))
    assert {name: shipped[name] for name in theme_options("dark")} == theme_options("dark")


def test_a_style_names_every_colour() -> None:
    assert all(f"--gg-{name}:{value}" in theme_style("light") for name, value in THEMES["light"].items())


def test_the_theme_is_dark_unless_set() -> None:
    assert Settings().theme == "dark"
