/* The form of a report: filled within a minute, kept while it is filled, handed to the sending when it is whole. */
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("report-data").textContent);
  const words = data.words;
  const store = gridguardReport.store;
  const form = document.getElementById("report");
  const part = (id) => document.getElementById(id);
  const said = (name, values) => Object.entries(values || {}).reduce((t, [k, v]) => t.replace(`{${k}}`, v), words[name]);

  let token = "";
  let enterprise = null;
  let spot = null;
  let spotState = "notAsked";
  let begunAt = "";
  let isSignedOut = false;
  let sendingToken = null;
  let keeping = 0;

  const photos = {};
  for (const kind of ["before", "after"]) {
    photos[kind] = gridguardReport.photos({
      kind, words, most: data.limits.photos,
      label: () => (enterprise ? enterprise.name : form.elements.place.value),
      onChange: keep,
      onFault: (why) => fault(kind, why),
    });
  }
  const sending = gridguardReport.sending(data.person, async function (news) {
    if ("sending" in news) { sendingToken = news.sending; }
    if ("isSignedOut" in news) { isSignedOut = news.isSignedOut; }
    await drawQueue();
  });

  // The form as it stands

  function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }

  function localTime() {
    const now = new Date();
    const minutes = -now.getTimezoneOffset();
    const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
    const shown = new Date(now.getTime() + minutes * 60000).toISOString().slice(0, 19);
    return `${shown}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(Math.abs(minutes) % 60)}`;
  }

  function fieldsNow() {
    const fields = {};
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") { fields[name] = value; } });
    return fields;
  }

  function reportNow() {
    const fields = fieldsNow();
    if (enterprise) { fields.enterprise = enterprise.id; delete fields.place; delete fields.township; }
    if (spot) { Object.assign(fields, { lon: spot.lon, lat: spot.lat, accuracy_m: spot.accuracyM }); }
    fields.found_at = begunAt || localTime();
    const isOnTheSpot = Boolean(fields.is_on_the_spot);
    if (!isOnTheSpot) { delete fields.measures; delete fields.rectifier; }
    return {
      token, person: data.person, at: Date.now(), fields, enterprise,
      photos: { before: photos.before.all(), after: isOnTheSpot ? photos.after.all() : [] },
    };
  }

  function isEmpty() {
    const fields = fieldsNow();
    const isUntouched = !photos.before.all().length && !photos.after.all().length;
    return isUntouched && !["title", "place", "measures"].some((name) => (fields[name] || "").trim());
  }

  /* Every change lands on the phone within a moment; a reload loses nothing. */
  function keep() {
    if (!begunAt && !isEmpty()) { begunAt = localTime(); }
    clearTimeout(keeping);
    keeping = setTimeout(keepNow, 250);
  }

  function keepNow() {
    clearTimeout(keeping);
    const draft = { ...reportNow(), begunAt, spotState, fields: fieldsNow(), spot };
    draft.photos = { before: photos.before.all(), after: photos.after.all() };
    return store.put("drafts", draft);
  }

  function show(report) {
    form.reset();
    token = report.token;
    begunAt = report.begunAt || report.fields.found_at || "";
    for (const [name, value] of Object.entries(report.fields)) {
      const field = form.elements.namedItem(name);
      if (!field) { continue; }
      if (field instanceof HTMLInputElement && field.type === "checkbox") { field.checked = Boolean(value); }
      else if ("value" in field) { field.value = value; }
    }
    photos.before.replace(report.photos.before);
    photos.after.replace(report.photos.after);
    const { lon, lat, accuracy_m: accuracyM } = report.fields;
    spot = report.spot || (lon === undefined ? null : { lon, lat, accuracyM });
    spotState = spot ? "placed" : report.spotState || "notAsked";
    choose(report.enterprise);
    const told = document.querySelector(`input[name=rectifier][value="${CSS.escape(report.fields.rectifier || "")}"]`);
    if (told) { told.checked = true; }
    drawSwitch();
  }

  function begin(kept) {
    form.reset();
    token = newToken();
    begunAt = "";
    photos.before.replace([]);
    photos.after.replace([]);
    document.querySelectorAll(".fault").forEach((line) => { line.textContent = ""; });
    choose(kept);
    drawSwitch();
  }

  // Where

  function choose(chosen) {
    enterprise = chosen || null;
    part("chosen").hidden = !enterprise;
    part("search").hidden = Boolean(enterprise);
    if (enterprise) {
      part("chosen-name").textContent = enterprise.name;
      part("chosen-township").textContent = enterprise.township || "";
      fault("place", "");
      if (enterprise.isKnown !== false) { store.put("enterprises", enterprise); }
    }
    drawRectifiers();
    drawSpot();
  }

  async function find() {
    const text = part("query").value.trim().toLowerCase();
    const known = (await store.all("enterprises")).concat(data.own);
    const seen = new Map(known.map((one) => [one.id, one]));
    const fits = (one) => `${one.name} ${one.credit_code || ""}`.toLowerCase().includes(text);
    const near = text || data.own.length ? [...seen.values()].filter(fits).slice(0, 8) : [];
    drawFound(near, "");
    if (!text) { return; }
    if (!near.length) { drawFound([], words.searching); }
    try {
      const answer = await fetch(`/api/v1/enterprises?q=${encodeURIComponent(text)}`, { cache: "no-store" });
      if (part("query").value.trim().toLowerCase() !== text) { return; }
      if (answer.status === 401) { isSignedOut = true; drawQueue(); }
      const found = answer.ok ? (await answer.json()).enterprises : null;
      drawFound(found || near, found && !found.length ? words.noneFound : "");
    } catch (error) {
      drawFound(near, near.length ? "" : words.searchFailed);
    }
  }

  function drawFound(found, sentence) {
    const lines = found.map(function (one) {
      const button = document.createElement("button");
      button.type = "button";
      const name = document.createElement("b");
      name.textContent = one.name;
      const more = document.createElement("span");
      more.textContent = [one.township, one.credit_code].filter(Boolean).join(" · ");
      button.append(name, more);
      button.addEventListener("click", function () { choose(one); keep(); });
      const line = document.createElement("li");
      line.append(button);
      return line;
    });
    if (sentence) {
      const line = document.createElement("li");
      line.className = "hint";
      line.textContent = sentence;
      lines.push(line);
    }
    part("found").replaceChildren(...lines);
  }

  function askPlace() {
    if (!navigator.geolocation) { spotState = "refused"; drawSpot(); return; }
    spotState = "asking";
    drawSpot();
    navigator.geolocation.getCurrentPosition(
      function ({ coords }) {
        spot = { lon: coords.longitude, lat: coords.latitude, accuracyM: Math.round(coords.accuracy) };
        spotState = "placed";
        drawSpot();
        keep();
      },
      function () { spot = null; spotState = "refused"; drawSpot(); },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  }

  function drawSpot() {
    let text = words[spotState];
    if (spotState === "placed" && spot) {
      const metres = Math.round(spot.accuracyM);
      const away = enterprise && enterprise.lon !== null && enterprise.lon !== undefined ? distance(spot, enterprise) : 0;
      text = said("placed", { lat: Number(spot.lat).toFixed(5), lon: Number(spot.lon).toFixed(5), metres });
      if (metres > data.limits.goodPlaceM) { text = said("vague", { metres }); }
      else if (away > data.limits.atEnterpriseM) { text = said("far", { km: (away / 1000).toFixed(1) }); }
    }
    part("spot").textContent = text;
    part("ask-place").classList.toggle("unseen", spotState === "asking" || spotState === "notAsked");
  }

  /* Metres along the great circle; only to tell a person who is far away. */
  function distance(a, b) {
    const rad = (degrees) => degrees * Math.PI / 180;
    const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2
      + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
    return 12742017.6 * Math.asin(Math.sqrt(h));
  }

  // Put right on the spot

  function drawSwitch() { part("put-right").hidden = !part("spot-switch").checked; }

  function drawRectifiers() {
    const before = fieldsNow().rectifier;
    const directors = (enterprise && enterprise.directors) || [];
    const people = directors.filter((one) => one.id !== data.person).map((one) => [String(one.id), one.name]);
    const options = [...people, ["myself", words.myself]];
    part("rectifiers").replaceChildren(...options.map(function ([value, name]) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "rectifier", value, checked: value === before || options.length === 1 });
      const text = document.createElement("span");
      text.textContent = name;
      label.append(input, text);
      return label;
    }));
  }

  // Faults, and sending

  function fault(name, why) {
    const line = part(`fault-${name}`);
    if (line) { line.textContent = why || ""; }
    return Boolean(line);
  }

  function faultsOf(report) {
    const { fields } = report;
    const faults = {};
    const need = function (name, isMissing, why) { if (isMissing) { faults[name] = words[why]; } };
    need("title", !(fields.title || "").trim(), "needTitle");
    need("category", !fields.category, "needCategory");
    need("source", data.sources.length > 1 && !fields.source, "needSource");
    const isPointed = spot && spot.accuracyM <= data.limits.goodPlaceM;
    if (!enterprise) {
      need("place", !fields.township && !isPointed, "needTownship");
      need("place", !(fields.place || "").trim() || !data.townships.length, "needPlace");
    }
    if (fields.is_on_the_spot) {
      need("before", !report.photos.before.length, "needBefore");
      need("after", !report.photos.after.length, "needAfter");
      need("measures", !(fields.measures || "").trim(), "needMeasures");
      need("rectifier", !fields.rectifier, "needRectifier");
      need("measures", fields.severity !== "minor", "needMinor");
    }
    return faults;
  }

  function showFaults(faults) {
    const names = { enterprise: "place", township: "place", severity: "measures", check_area: "measures" };
    document.querySelectorAll(".fault").forEach((line) => { line.textContent = ""; });
    for (const [name, why] of Object.entries(faults || {})) {
      if (!fault(names[name] || name, why)) { notice(why); }
    }
    const first = [...document.querySelectorAll(".fault")].find((line) => line.textContent);
    if (first) { first.scrollIntoView({ block: "center" }); }
  }

  async function submitted(event) {
    event.preventDefault();
    const report = reportNow();
    const faults = faultsOf(report);
    showFaults(faults);
    if (Object.keys(faults).length) { return; }
    clearTimeout(keeping);
    await store.put("reports", { ...report, state: "waiting" });
    begin(enterprise);
    await keepNow();
    await drawQueue();
    part("reports").scrollIntoView({ block: "start" });
    sending.send();
  }

  // What waits and what was sent

  const MARKS = { waiting: "▲", sent: "●", stopped: "■", unfinished: "▲" };

  function stateOf(report) {
    if (report.token === sendingToken) { return words.sending; }
    if (report.state === "sent") { return said("sent", { number: report.number }); }
    if (report.state === "stopped") { return said("stopped", { why: report.why }); }
    return words[report.state];
  }

  async function drawQueue() {
    const reports = await store.all("reports");
    const own = reports.filter((one) => one.person === data.person).sort((a, b) => b.at - a.at);
    for (const old of own.filter((one) => one.state === "sent").slice(20)) { await store.remove("reports", old.token); }
    part("queue").replaceChildren(...(own.length ? own.slice(0, 40).map(lineOf) : [nothing()]));
    const others = reports.filter((one) => one.person !== data.person && one.state === "waiting").length;
    part("others").hidden = !others;
    part("others").textContent = others ? said("others", { n: others }) : "";
    if (isSignedOut) { notice(words.signIn, `/sign-in?next=${encodeURIComponent("/report")}`); }
    else if (!store.isLasting()) { notice(words.notKept); }
    drawLine();
  }

  function nothing() {
    const line = document.createElement("li");
    line.className = "hint";
    line.textContent = words.nothingYet;
    return line;
  }

  function lineOf(report) {
    const line = document.createElement("li");
    line.className = report.state;
    line.dataset.token = report.token;
    const title = document.createElement("b");
    title.textContent = report.fields.title || "—";
    const where = document.createElement("span");
    where.textContent = report.enterprise ? report.enterprise.name : report.fields.place || "";
    const state = document.createElement("p");
    state.textContent = `${MARKS[report.state]} ${stateOf(report)}`;
    line.append(title, where, state);
    if (report.state !== "sent" && report.token !== sendingToken) { line.append(...buttonsOf(report)); }
    return line;
  }

  /* What the server may have taken already is not changed any more: it would keep what came first. */
  function buttonsOf(report) {
    const open = button(report.state === "unfinished" ? words.goOn : words.edit, async function () {
      await setAside();
      await store.remove("reports", report.token);
      show(report);
      showFaults(report.faults);
      await keepNow();
      await drawQueue();
      scrollTo(0, 0);
    });
    const away = button(words.delete, async function () {
      if (confirm(words.sureToDelete)) { await store.remove("reports", report.token); await drawQueue(); }
    });
    return report.state === "waiting" && report.isTried ? [away] : [open, away];
  }

  function button(text, act) {
    const found = document.createElement("button");
    found.type = "button";
    found.className = "quiet";
    found.textContent = text;
    found.addEventListener("click", act);
    return found;
  }

  /* What stands in the form goes into the list instead of being lost. */
  async function setAside() {
    if (isEmpty()) { return; }
    const report = reportNow();
    report.photos.after = photos.after.all();
    await store.put("reports", { ...report, fields: { ...report.fields, ...fieldsNow() }, state: "unfinished" });
  }

  function notice(text, address) {
    const line = part("notice");
    line.hidden = !text;
    line.textContent = text;
    if (address) {
      const link = document.createElement("a");
      Object.assign(link, { href: address, textContent: text });
      line.replaceChildren(link);
    }
  }

  function drawLine() {
    part("line").textContent = navigator.onLine ? `● ${words.online}` : `▲ ${words.offline}`;
    part("line").className = navigator.onLine ? "on" : "off";
  }

  // Beginning

  function asked() {
    const number = new URLSearchParams(location.search).get("enterprise");
    if (!number) { return null; }
    if (data.enterprise && String(data.enterprise.id) === number) { return data.enterprise; }
    if (data.refused) { notice(data.refused); return null; }
    return { id: Number(number), name: said("enterpriseUnknown", { number }), township: "", directors: [], isKnown: false };
  }

  async function start() {
    const draft = await store.get("drafts", data.person);
    let wanted = asked();
    if (wanted && wanted.isKnown === false) { wanted = (await store.get("enterprises", wanted.id)) || wanted; }
    if (!wanted && data.own.length === 1) { wanted = data.own[0]; }
    begin(wanted);
    if (draft && draft.token) { show(draft); }
    if (draft && wanted && (!enterprise || enterprise.id !== wanted.id)) {
      await setAside();
      begin(wanted);
    }
    await keepNow();
    drawFound(data.own, "");
    await drawQueue();
    sending.send();
    document.documentElement.dataset.ready = "true";
  }

  function keepPage() {
    if (!navigator.serviceWorker) { return; }
    const own = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")];
    const addresses = own.map((one) => one.getAttribute("src") || one.getAttribute("href"));
    navigator.serviceWorker.register("/report-worker.js", { scope: "/report" })
      .then(() => navigator.serviceWorker.ready)
      .then((registration) => registration.active.postMessage({ keep: addresses }))
      .catch(() => undefined);
  }

  form.addEventListener("submit", submitted);
  form.addEventListener("input", function (event) { fault(event.target.name, ""); keep(); });
  form.addEventListener("click", function () { if (spotState === "notAsked") { askPlace(); } });
  part("spot-switch").addEventListener("change", drawSwitch);
  part("ask-place").addEventListener("click", askPlace);
  part("change").addEventListener("click", function () { choose(null); keep(); part("query").focus(); });
  let typing = 0;
  part("query").addEventListener("input", function () { clearTimeout(typing); typing = setTimeout(find, 200); });
  part("query").addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); find(); } });
  addEventListener("online", drawLine);
  addEventListener("offline", drawLine);
  addEventListener("pagehide", keepNow);
  start().then(keepPage);
})();
