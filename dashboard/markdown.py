"""Text for the places of a page where Streamlit reads Markdown."""

from typing import Final

_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in r"\`*_{}[]()#+-.!:$<>|~&@"})


def plain_label(text: str) -> str:
    """Text for a label or a message that Streamlit reads as Markdown: every mark loses its meaning."""
    return text.translate(_MARKS)
