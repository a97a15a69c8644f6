"""The briefing as a PDF file of one A4 page, set by Typst with the fonts of a package."""

import json
import tempfile
from pathlib import Path
from typing import Final

import typst

from dashboard.briefings.briefing import Briefing
from dashboard.documents.pdf import package_fonts

TEMPLATE: Final = Path(__file__).with_name("briefing.typ")


def briefing_pdf(briefing: Briefing) -> bytes:
    """Return the briefing as a PDF file; the same briefing gives the same bytes, and words are never markup."""
    held = {
        **{name: getattr(briefing, name) for name in ("language", "title", "scope", "matters_title", "map_title")},
        **{name: getattr(briefing, name) for name in ("chart_title", "figures", "heads", "rows", "notes")},
        "matters": [{"what": one.what, "why": one.why} for one in briefing.matters],
        **{name: getattr(briefing.day, name) for name in ("year", "month", "day")},
    }
    with tempfile.TemporaryDirectory(prefix="gridguard-") as name:
        folder = Path(name)
        (folder / "briefing.json").write_text(json.dumps(held), encoding="utf-8")
        (folder / "map.png").write_bytes(briefing.map_png)
        (folder / "chart.png").write_bytes(briefing.chart_png)
        page = folder / TEMPLATE.name
        page.write_bytes(TEMPLATE.read_bytes())
        made = typst.Compiler(str(page), root=str(folder), font_paths=package_fonts()).compile(
            format="pdf", timestamp=0
        )
    if not isinstance(made, bytes):
        raise TypeError(f"one file was expected, not {type(made).__name__}")
    return made
