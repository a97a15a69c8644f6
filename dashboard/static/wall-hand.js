/* The wall's hand: reports touches and pressed words, ticks the clock, tells whether the server is still there, and
   lets numbers count to their new value. One hand per page, however often the server looks. */
const COUNT_MS = 600;
const TOUCH_MS = 3000;
const TIDY_MS = 60000;
const SHAPES = { fresh: "●", refreshing: "◐", stale: "■" };
const NUMBER = /-?\d[\d,]*(?:\.\d+)?/;
/* Asked once: the browser keeps every question. */
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

let hand = null;

export default function (component) {
  hand = hand || makeHand();
  hand.attach(component);
  return function () { hand.detach(); };
}

function makeHand() {
  let component = null, data = null, arrived = 0, leaving = 0, timer = 0, observer = null, listening = null;
  let lastTouch = -Infinity, differsSince = 0, awaySince = 0, askedAt = 0, answered = 0, revivedAt = 0, tidiedAt = 0, heard = new WeakSet(), counted = [], countedStep = "";

  function attach(next) {
    clearTimeout(leaving);
    component = next;
    if (data && data.build !== next.data.build) { location.reload(); }
    if (!data || data.asOf !== next.data.asOf) { arrived = performance.now(); }
    data = next.data;
    if (!timer) { begin(); }
    show();
    if (data.behind && data.asOf !== answered) {
      answered = data.asOf;
      component.setTriggerValue("behind", true);
    }
  }

  /* Each look of the server draws the component anew: only one that is not drawn again is gone. */
  function detach() {
    clearTimeout(leaving);
    leaving = setTimeout(end, 5000);
  }

  function begin() {
    listening = new AbortController();
    timer = setInterval(function () { show(); lookAfterConnection(); tidy(); }, 1000);
    observer = new MutationObserver(show);
    observer.observe(document.body, { childList: true, subtree: true });
    listen(document);
    document.addEventListener("click", press, { signal: listening.signal, capture: true });
  }

  function end() {
    clearInterval(timer);
    observer.disconnect();
    listening.abort();
    timer = 0;
    heard = new WeakSet();
    counted = [];
  }

  function listen(page) {
    if (heard.has(page)) { return; }
    heard.add(page);
    ["pointerdown", "wheel", "keydown"].forEach(function (kind) {
      page.addEventListener(kind, touch, { signal: listening.signal, passive: true, capture: true });
    });
  }

  function listenInFrames() {
    document.querySelectorAll("iframe").forEach(function (frame) {
      try {
        if (frame.contentDocument) { listen(frame.contentDocument); }
      } catch (refused) { /* a frame of another origin is none of ours */ }
    });
  }

  function wordOf(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-gg-go]") : null;
    return target && target.dataset.ggGo;
  }

  function press(event) {
    const word = wordOf(event);
    if (!word || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    component.setTriggerValue("go", word);
  }

  /* A touch that presses a word is reported by its click. */
  function touch(event) {
    const now = performance.now();
    if (!data.playing || now - lastTouch < TOUCH_MS || (event.type === "pointerdown" && wordOf(event))) { return; }
    if (event.type === "keydown" && wordOf(event) && (event.key === "Enter" || event.key === " ")) { return; }
    lastTouch = now;
    component.setTriggerValue("touch", true);
  }

  function serverNow() { return data.asOf + performance.now() - arrived; }

  function clock(moment, withSeconds) {
    const parts = { timeZone: data.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (withSeconds) { parts.second = "2-digit"; }
    return new Intl.DateTimeFormat("en-GB", parts).format(moment);
  }

  function day(moment) { return new Intl.DateTimeFormat("sv-SE", { timeZone: data.zone }).format(moment); }

  function write(selector, text) {
    document.querySelectorAll(selector).forEach(function (element) {
      if (element.textContent !== text) { element.textContent = text; }
    });
  }

  function isConnected() {
    const app = document.querySelector("[data-testid='stApp']");
    return !app || app.dataset.testConnectionState === "CONNECTED";
  }

  function state() {
    const now = performance.now();
    const mark = document.querySelector("[data-gg-version]");
    differsSince = mark && Number(mark.dataset.ggVersion) < data.version ? differsSince || now : 0;
    awaySince = isConnected() ? 0 : awaySince || now;
    if (now - arrived > 3 * data.poll * 1000 || (awaySince && now - awaySince > 2000)) { return "stale"; }
    return differsSince && now - differsSince > 700 ? "refreshing" : "fresh";
  }

  function show() {
    if (!timer) { return; }
    const name = state();
    document.querySelectorAll(".gg-dot").forEach(function (dot) {
      if (dot.dataset.ggState !== name) { dot.dataset.ggState = name; }
      const shape = dot.querySelector(".gg-dot-shape"), word = dot.querySelector(".gg-dot-word");
      if (shape && shape.textContent !== SHAPES[name]) { shape.textContent = SHAPES[name]; }
      if (word && word.textContent !== dot.dataset[name]) { word.textContent = dot.dataset[name]; }
    });
    write("[data-gg-as-of]", clock(data.asOf, true));
    write("[data-gg-clock]", clock(serverNow(), true));
    band(name === "stale");
    count();
  }

  function band(isLost) {
    const element = document.querySelector("[data-gg-band]");
    if (!element) { return; }
    if (isLost) {
      const since = day(data.asOf) === day(serverNow()) ? "" : day(data.asOf) + " ";
      const text = element.dataset.ggBand.replace("{since}", since + clock(data.asOf, false))
        .replace("{as_of}", since + clock(data.asOf, true));
      if (element.textContent !== text) { element.textContent = text; }
    }
    if (element.hidden === isLost) { element.hidden = !isLost; }
  }

  /* The page reconnects by itself. Should its looks ever stop while it is connected, it is run anew; should that fail
     although the server answers, it is opened anew. */
  function lookAfterConnection() {
    listenInFrames();
    const now = performance.now(), silent = now - arrived;
    if (silent > 2500 * data.poll && isConnected() && now - revivedAt > 10000) {
      revivedAt = now;
      component.setTriggerValue("stalled", true);
    }
    if (silent < Math.max(60, 12 * data.poll) * 1000 || now - askedAt < 30000) { return; }
    askedAt = now;
    fetch("/livez", { cache: "no-store" })
      .then(function (answer) { if (answer.ok) { location.reload(); } })
      .catch(function () { /* still away */ });
  }

  /* Streamlit notes the times of every run for its developers, three entries at every look, and never lets go of them. */
  function tidy() {
    const now = performance.now();
    if (now - tidiedAt < TIDY_MS) { return; }
    tidiedAt = now;
    performance.clearMarks();
    performance.clearMeasures();
  }

  function digits(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (NUMBER.test(walker.currentNode.data)) { return walker.currentNode; }
    }
    return null;
  }

  /* Numbers are the same from one drawing to the next when the wall shows the same step with as many of them. */
  function count() {
    const found = document.querySelectorAll("[data-gg-count]");
    const mark = document.querySelector("[data-gg-step]"), step = mark ? mark.dataset.ggStep : "";
    const isSame = step === countedStep && found.length === counted.length;
    const before = counted;
    countedStep = step;
    counted = Array.from(found, function (element, place) {
      const known = before[place];
      if (known && known.element === element) { return known; }
      const node = digits(element);
      const entry = { element: element, text: node ? node.data : "", shown: node ? node.data : "" };
      if (isSame && known && node && known.shown !== entry.text) { countTo(entry, node, known.shown); }
      return entry;
    });
  }

  function countTo(entry, node, old) {
    const from = NUMBER.exec(old), to = NUMBER.exec(entry.text);
    const isStill = CALM.matches || document.hidden;
    if (!from || !to || isStill) { return; }
    const first = Number(from[0].replace(/,/g, "")), last = Number(to[0].replace(/,/g, ""));
    const decimals = (to[0].split(".")[1] || "").length, began = performance.now();
    const written = new Intl.NumberFormat("en", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: /,/.test(from[0] + to[0])
    });
    function frame() {
      const part = Math.min((performance.now() - began) / COUNT_MS, 1);
      if (!node.isConnected) { return; }
      const value = written.format(first + (last - first) * (1 - Math.pow(1 - part, 3)));
      entry.shown = part < 1 ? entry.text.replace(to[0], value) : entry.text;
      node.data = entry.shown;
      if (part < 1) { requestAnimationFrame(frame); }
    }
    frame();
  }

  return { attach: attach, detach: detach };
}
