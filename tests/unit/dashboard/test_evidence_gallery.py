"""The gallery of an issue as HTML: pictures from our own route, doubts in words and shapes, every text escaped."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.i18n import set_locale
from dashboard.screen.evidence_parts import doubt_text, gallery_html
from dashboard.services.evidence import Shown
from db.tables.issues import Evidence
from governance.evidence import Doubt, Mismatch
from governance.vocabulary import EvidenceKind

AT = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
PARAMS: dict[Mismatch, dict[str, object]] = {
    Mismatch.FAR_AWAY: {"metres": 14770, "most": 200},
    Mismatch.TAKEN_BEFORE_FOUND: {"taken_on": date(2026, 6, 1), "found_on": date(2026, 6, 30)},
    Mismatch.TAKEN_AFTER_ADDED: {"minutes": 45},
    Mismatch.TIME_UNKNOWN: {},
    Mismatch.PLACE_UNKNOWN: {},
}


@pytest.fixture(autouse=True)
def english() -> None:
    set_locale("en")


def shown(*, media_type: str = "image/jpeg", name: str = "a.jpg", **given: Any) -> str:
    row = Evidence(
        id=7,
        issue_id=1,
        kind=EvidenceKind.AFTER,
        sha256="0" * 64,
        media_type=media_type,
        size_bytes=1,
        name=name,
        added_at=AT,
    )
    usual: dict[str, Any] = {
        "taken_at": None,
        "lon": None,
        "lat": None,
        "doubts": (),
        "added_by": "N",
        "reuses_number": "",
    }
    one = Shown(evidence=row, **{"may_see_origin": False, "is_reused": False, **usual, **given})
    return gallery_html([one], time_zone="Asia/Shanghai")


def test_a_picture_comes_small_from_our_route_when_it_is_in_view_and_opens_large() -> None:
    html = shown()
    assert 'src="/api/v1/evidence/7/thumbnail"' in html
    assert 'loading="lazy"' in html
    assert 'href="/api/v1/evidence/7"' in html


def test_a_document_is_a_word_that_saves_it() -> None:
    html = shown(media_type="application/pdf", name="<b>report</b>.pdf")
    assert "<img" not in html
    assert "▤ &lt;b&gt;report&lt;/b&gt;.pdf" in html


def test_names_are_text() -> None:
    assert "<script>" not in shown(added_by="<script>", is_reused=True, reuses_number="<script>")


@pytest.mark.parametrize("mismatch", Mismatch)
def test_every_doubt_is_told_in_words_and_with_a_shape(mismatch: Mismatch) -> None:
    doubt = Doubt(mismatch=mismatch, params=PARAMS[mismatch])
    assert f"▲ {doubt_text(doubt).split(' (')[0].split(chr(39))[0]}" in shown(doubts=(doubt,))


def test_a_distance_is_told_with_what_is_allowed() -> None:
    doubt = Doubt(mismatch=Mismatch.FAR_AWAY, params=PARAMS[Mismatch.FAR_AWAY])
    assert doubt_text(doubt) == "Taken 14,770 m from the issue's place; allowed: 200 m"


@pytest.mark.parametrize(
    ("number", "words"), [("2026-00012", "■ Used before, in issue 2026-00012"), ("", "■ Used before<")]
)
def test_reuse_is_told_with_the_number_that_somebody_may_know(number: str, words: str) -> None:
    assert words in shown(is_reused=True, reuses_number=number)


def test_time_and_place_stand_there_only_when_they_are_given() -> None:
    assert "Taken" not in shown()
    html = shown(taken_at=AT, lon=119.05, lat=35.05, may_see_origin=True)
    assert "09:30" in html
    assert "Place 119.05000, 35.05000" in html


def test_an_issue_without_evidence_says_so() -> None:
    assert "No evidence yet" in gallery_html([], time_zone="Asia/Shanghai")
