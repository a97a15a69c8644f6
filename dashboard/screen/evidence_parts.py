"""Evidence on a page: the gallery of an issue with what does not fit, and the two ways of adding to it."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final
from urllib.parse import quote

import streamlit as st

from dashboard.assets import asset_folders, asset_url
from dashboard.evidence.photos import PDF, Examined, examine
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _, label, shown_number, shown_time
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.panels import empty
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.evidence import Shown, add_evidence, gallery_of
from dashboard.services.issues import issue_by_number
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork, reading
from governance.errors import NotFound
from governance.evidence import Doubt, Mismatch
from governance.vocabulary import EvidenceKind

ENDINGS: Final = ("jpg", "jpeg", "png", "webp", "pdf")
_DOUBT_SHAPE, _REUSE_SHAPE, _DOCUMENT_SHAPE = "▲", "■", "▤"
_COMPONENT: Final = "gridguard_evidence_form"
_MOUNT: Final = """
export default async function (component) {
  const { data, parentElement, setTriggerValue } = component;
  for (const script of data.scripts) { await import(location.origin + script); }
  const root = parentElement.querySelector("section");
  if (!root.hasChildNodes()) {
    globalThis.gridguardEvidenceForm(root, data, (id) => setTriggerValue("sent", id));
  }
}
"""
_FORM_STYLE: Final = """
form { display: grid; gap: .7rem; color: #E6EDF7; font: inherit; }
label span, p { color: #8FA3BF; display: block; margin: 0; }
select, input, button { font: inherit; color: inherit; background: #0B1220; border: 1px solid #1E2C46;
  border-radius: 8px; padding: .5rem .7rem; width: 100%; box-sizing: border-box; min-height: 2.75rem; }
button:not(:disabled) { border-color: #38BDF8; color: #38BDF8; cursor: pointer; }
button:disabled { opacity: .5; }
img { max-width: 100%; max-height: 16rem; border-radius: 8px; }
"""


def gallery(here: Visit, issue: Issue) -> None:
    """Draw all evidence of an issue that the person may see; the pictures come from our own route, when in view."""
    with reading(here.engine) as session:
        shown = gallery_of(session, here.actor, issue)
    st.html(asset_folders()["gridguard"].folder / "evidence.css")
    st.html(gallery_html(shown, time_zone=here.district.time_zone))


def gallery_html(shown: Sequence[Shown], *, time_zone: str) -> str:
    """The gallery as escaped HTML.

    Parameters
    ----------
    shown : sequence of Shown
        In the order in which they stand.
    time_zone : str
        Of the district.
    """
    if not shown:
        return empty(_("No evidence yet"))
    return f'<ul class="gg-gallery">{"".join(_entry(one, time_zone) for one in shown)}</ul>'


def doubt_text(doubt: Doubt) -> str:
    """What does not fit, in words."""
    params = doubt.params
    match doubt.mismatch:
        case Mismatch.FAR_AWAY:
            metres, most = (shown_number(float(str(params[name]))) for name in ("metres", "most"))
            return _("Taken {metres} m from the issue's place; allowed: {most} m", metres=metres, most=most)
        case Mismatch.TAKEN_BEFORE_FOUND:
            return _("Taken before the issue was found ({found_on})", found_on=params["found_on"])
        case Mismatch.TAKEN_AFTER_ADDED:
            return _("Its clock is {minutes} minutes ahead of ours", minutes=params["minutes"])
        case Mismatch.TIME_UNKNOWN:
            return _("Does not say when it was taken")
        case Mismatch.PLACE_UNKNOWN:
            return _("Does not say where it was taken")


def add_files(here: Visit, issue: Issue, *, kinds: Sequence[EvidenceKind] = tuple(EvidenceKind)) -> None:
    """Draw the form that adds files from this machine; several at once are added together or not at all."""
    form = f"evidence-{issue.number}"
    token = form_token(form)
    with st.form(form):
        kind = st.selectbox(_("What it shows"), kinds, format_func=label, key=f"{form}-kind-{token}")
        files = st.file_uploader(
            _("Photos or documents (JPEG, PNG, WebP, PDF)"),
            type=list(ENDINGS),
            accept_multiple_files=True,
            key=f"{form}-files-{token}",
        )
        is_sent = st.form_submit_button(_("Add evidence"))
    if is_sent and files and _added(here, issue.number, form, kind, files):
        st.rerun()


def add_photo(here: Visit, issue: Issue, *, kinds: Sequence[EvidenceKind] = tuple(EvidenceKind)) -> None:
    """Draw the form with the page's camera: photos get their time, their place and a mark, and go to our own route."""
    component = st.components.v2.component(_COMPONENT, html="<section></section>\n", css=_FORM_STYLE, js=_MOUNT)
    data = {
        "scripts": [asset_url("gridguard", name) for name in ("camera.js", "evidence-form.js")],
        "url": f"/api/v1/issues/{quote(issue.number, safe='')}/evidence",
        "kinds": [[kind.value, label(kind)] for kind in kinds],
        "text": issue.number,
        "maxMb": here.settings.max_upload_mb,
        "words": _form_words(here),
    }
    component(key=f"camera-{issue.number}", data=data, on_sent_change=lambda: None)


def _form_words(here: Visit) -> dict[str, str]:
    return {
        "kind": _("What it shows"),
        "take": _("Take or choose a photo"),
        "send": _("Add evidence"),
        "sending": _("Sending …"),
        "failed": _("Not sent: the line is down. The photo is kept here; send it again."),
        "noPlace": _("Place unknown"),
        "locating": _("Looking for the place …"),
        "noPicture": _("This file is no picture that the browser can read."),
        "tooLarge": _("The file is larger than {limit} MB.", limit=here.settings.max_upload_mb),
    }


def _added(here: Visit, number: str, form: str, kind: EvidenceKind, files: Sequence[Any]) -> bool:
    try:
        looked_at = [_examined(here, file) for file in files]
    except REFUSALS as refusal:
        show_refusal(refusal)
        return False

    def do(work: UnitOfWork) -> str:
        issue = issue_by_number(work, number)
        if issue is None:
            raise NotFound("no_issue", "There is no issue with the number {number} for you", number=number)
        store = FolderStore(here.settings.home)
        for name, data, examined in looked_at:
            add_evidence(work, store, issue, kind=kind, data=data, name=name, examined=examined)
        return number

    return carry_out(here, form, do, said=_("Evidence added")) is not None


def _examined(here: Visit, file: Any) -> tuple[str, bytes, Examined]:
    data = file.getvalue()
    most = here.settings.max_upload_mb * 1024 * 1024
    return file.name, data, examine(data, name=file.name, time_zone=here.district.time_zone, most_bytes=most)


def _entry(one: Shown, time_zone: str) -> str:
    lines = [f"<b>{escape(label(one.evidence.kind))}</b>", *_facts(one, time_zone), *_flags(one)]
    return f"<li>{_picture(one)}<div>{''.join(lines)}</div></li>"


def _picture(one: Shown) -> str:
    """The small picture, which opens the large one; a document is a word that saves it."""
    address = f"/api/v1/evidence/{one.evidence.key}"
    if one.evidence.media_type == PDF:
        return f'<a class="gg-picture" href="{address}">{_DOCUMENT_SHAPE} {escape(one.evidence.name)}</a>'
    words = escape(f"{label(one.evidence.kind)} {one.evidence.key}")
    image = f'<img src="{address}/thumbnail" alt="{words}" loading="lazy" width="320" height="240">'
    return f'<a class="gg-picture" href="{address}" target="_blank" rel="noopener">{image}</a>'


def _facts(one: Shown, time_zone: str) -> list[str]:
    added = _("Added {time}", time=shown_time(one.evidence.added_at, zone=time_zone))
    facts = [f"{added} · {one.added_by}" if one.added_by else added]
    if one.taken_at is not None:
        facts.append(_("Taken {time}", time=shown_time(one.taken_at, zone=time_zone)))
    if one.lon is not None and one.lat is not None:
        facts.append(_("Place {lon}, {lat}", lon=f"{one.lon:.5f}", lat=f"{one.lat:.5f}"))
    if one.evidence.is_taken_in_page:
        facts.append(_("Taken in the page"))
    return [f"<span>{escape(fact)}</span>" for fact in facts]


def _flags(one: Shown) -> list[str]:
    """What does not fit, each with its shape: colour is never the only sign."""
    flags = [f'<span class="gg-doubt">{_DOUBT_SHAPE} {escape(doubt_text(doubt))}</span>' for doubt in one.doubts]
    if one.is_reused:
        where = _("Used before, in issue {number}", number=one.reuses_number) if one.reuses_number else _("Used before")
        flags.append(f'<span class="gg-reused">{_REUSE_SHAPE} {escape(where)}</span>')
    return flags
