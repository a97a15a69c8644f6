/* Sends the reports that wait, one after the other, again and again until the server has said a number.
 *
 *   gridguardReport.sending(person, onChange) → { send() }
 *
 * Every report carries the token that it was begun with: the server takes it once, however often it arrives. */
(function () {
  "use strict";

  const store = gridguardReport.store;
  const PATIENCE_MS = 90000;
  const PAUSES_S = [3, 5, 10, 20, 30, 60];

  function bodyOf(report) {
    const body = new FormData();
    body.append("token", report.token);
    body.append("person", String(report.person));
    for (const [name, value] of Object.entries(report.fields)) {
      if (value !== "" && value !== null && value !== undefined) { body.append(name, String(value)); }
    }
    for (const [kind, photos] of Object.entries(report.photos)) {
      if (!photos.length) { continue; }
      body.append(`${kind}_noted`, JSON.stringify(photos.map((photo) => photo.noted)));
      photos.forEach((photo, n) => body.append(kind, photo.blob, photo.name || `${kind}-${n + 1}.jpg`));
    }
    return body;
  }

  async function posted(report) {
    const patience = new AbortController();
    const late = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const answer = await fetch("/api/v1/issues", {
        method: "POST", body: bodyOf(report), credentials: "same-origin", cache: "no-store", signal: patience.signal,
      });
      const told = await answer.json().catch(() => ({}));
      return { status: answer.status, told };
    } catch (error) {
      return { status: 0, told: {} };
    } finally {
      clearTimeout(late);
    }
  }

  /* What an answer means for a report; a server that is busy or away is asked again. */
  function settled(report, { status, told }) {
    const error = told.error || {};
    if (status === 201 && told.number) {
      return { ...report, state: "sent", number: told.number, photos: { before: [], after: [] }, sentAt: Date.now() };
    }
    if (status === 401) { return { ...report, state: "waiting", isSignedOut: true }; }
    const isFinal = [400, 403, 404, 405, 409, 411, 413, 422].includes(status) && error.code !== "busy" && error.code !== "stale";
    if (isFinal) { return { ...report, state: "stopped", why: error.message || String(status), faults: error.fields }; }
    return { ...report, state: "waiting" };
  }

  gridguardReport.sending = function (person, onChange) {
    let isBusy = false;
    let failures = 0;
    let timer = 0;

    async function send() {
      if (isBusy) { return; }
      isBusy = true;
      clearTimeout(timer);
      let waits = false;
      try {
        for (const one of await due()) {
          const waiting = { ...one, isTried: true };  // from now on the server may have it
          await store.put("reports", waiting);
          await onChange({ sending: waiting.token });
          const after = settled(waiting, await posted(waiting));
          const { isSignedOut, ...kept } = after;
          await store.put("reports", kept);
          if (kept.state === "sent" || kept.state === "stopped") { failures = 0; }
          await onChange({ sending: null, isSignedOut: Boolean(isSignedOut) });
          if (kept.state === "waiting") { waits = true; break; }
        }
      } finally {
        isBusy = false;
      }
      if (waits) { again(); }
    }

    async function due() {
      const reports = await store.all("reports");
      return reports.filter((one) => one.person === person && one.state === "waiting").sort((a, b) => a.at - b.at);
    }

    function again() {
      const pause = PAUSES_S[Math.min(failures, PAUSES_S.length - 1)];
      failures += 1;
      timer = setTimeout(send, pause * 1000);
    }

    addEventListener("online", function () { failures = 0; send(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) { send(); } });
    return { send };
  };
})();
