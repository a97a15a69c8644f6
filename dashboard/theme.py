"""The colours of the screen in both themes, each declared once: for style sheets, charts and Streamlit's own parts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Colours = Mapping[str, str]
THEMES: Final[Mapping[str, Colours]] = MappingProxyType(
    {
        "dark": MappingProxyType(
            {
                "ground": "#0B1220",
                "panel": "#111B2E",
                "side": "#0E1729",
                "line": "#1E2C46",
                "text": "#E6EDF7",
                "quiet": "#8FA3BF",
                "accent": "#38BDF8",
                "on-accent": "#0B1220",
                "green": "#22C55E",
                "yellow": "#FACC15",
                "red": "#FC8090",
                "found": "#F59E0B",
                "closed": "#38BDF8",
                "warning-ground": "#2A2410",
                "warning": "#FDE68A",
            }
        ),
        "light": MappingProxyType(
            {
                "ground": "#EEF2F7",
                "panel": "#FFFFFF",
                "side": "#FFFFFF",
                "line": "#CBD5E1",
                "text": "#0F172A",
                "quiet": "#475569",
                "accent": "#0369A1",
                "on-accent": "#FFFFFF",
                "green": "#14532D",
                "yellow": "#713F12",
                "red": "#9F1239",
                "found": "#B45309",
                "closed": "#0369A1",
                "warning-ground": "#FEF3C7",
                "warning": "#713F12",
            }
        ),
    }
)
# Text and the grounds that it may stand on; numbers are read from six metres.
WORDS: Final = ("text", "quiet", "accent", "green", "yellow", "red")
NUMBERS: Final = ("text", "green", "yellow", "red")
WORD_CONTRAST: Final = 4.5
NUMBER_CONTRAST: Final = 7.0


def theme_style(theme: str) -> str:
    """The style element that gives the colours of a theme to the pages' style sheets."""
    colours = "".join(f"--gg-{name}:{value};" for name, value in THEMES[theme].items())
    return f"<style>:root{{{colours}color-scheme:{theme}}}</style>"


def theme_options(theme: str) -> dict[str, object]:
    """Streamlit's own options for a theme."""
    colours = THEMES[theme]
    return {
        "theme.base": theme,
        "theme.primaryColor": colours["accent"],
        "theme.backgroundColor": colours["ground"],
        "theme.secondaryBackgroundColor": colours["panel"],
        "theme.textColor": colours["text"],
        "theme.linkColor": colours["accent"],
        "theme.borderColor": colours["line"],
        "theme.dataframeBorderColor": colours["line"],
        "theme.sidebar.backgroundColor": colours["side"],
        "theme.sidebar.secondaryBackgroundColor": colours["panel"],
        "theme.sidebar.borderColor": colours["line"],
    }


def contrast(one: str, other: str) -> float:
    """Contrast of two colours ``#RRGGBB``, 1…21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
