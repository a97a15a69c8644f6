/* A photo taken in the page: when and where, kept beside the picture and written onto a copy of it.
 *
 * Load it with <script src> or `await import(address)`; it defines one name, `gridguardCamera`.
 *
 *   gridguardCamera.attach(input, options) → { detach(), latest() }
 *
 * `input` is an <input type="file">; on a phone it opens the camera. From the click on it asks for the position, and
 * when a photo was taken it
 *   1. makes a copy of at most `longest` pixels with the time, the place and `text` along its upper edge,
 *   2. puts that copy into the input, so that an ordinary form sends it,
 *   3. fills the fields `taken_at`, `lon`, `lat` and `is_taken_in_page` of the input's form, where they are,
 *   4. calls `onPhoto(photo)`.
 * A picture that is older than `freshSeconds` was not taken here: it stays as it is, with the camera's own notes, and
 * `is_taken_in_page` stays empty.
 *
 * Options, all optional:
 *   onPhoto(photo)   photo: { original: File, file: File, takenAt: "2026-06-30T09:28:00+08:00", lon, lat, accuracyM,
 *                    isTakenInPage }; lon, lat (WGS84 degrees) and accuracyM are null when the place is unknown.
 *   onState(state)   "locating", "working", "ready", "no_place" (ready, without a place) or "no_picture".
 *   isCamera         false leaves the choice between camera and files to the person; a PDF then stays as it is.
 *   text             number of the issue or name of the enterprise; a string, or a function that returns one.
 *   noPlace          what is written where the place is unknown.
 *   longest          pixels of the copy's longer side; 1920.
 *   quality          of its JPEG; 0.85.
 *   positionSeconds  how long a photo waits for its place; 12.
 *   freshSeconds     how old a file may be to count as taken just now; 180.
 */
(function () {
  "use strict";

  const DEFAULTS = {
    onPhoto() {}, onState() {}, text: "", noPlace: "-", isCamera: true,
    longest: 1920, quality: 0.85, positionSeconds: 12, freshSeconds: 180,
  };

  function attach(input, options) {
    const given = { ...DEFAULTS, ...options };
    let place = null;
    let latest = null;
    let turn = 0;
    if (!input.accept) { input.accept = "image/jpeg,image/png,image/webp"; }
    if (given.isCamera && !input.hasAttribute("capture")) { input.setAttribute("capture", "environment"); }

    function locate() { place = positioned(given.positionSeconds); }

    async function taken() {
      const original = input.files && input.files[0];
      if (!original || (latest && original === latest.file)) { return; }
      const mine = ++turn;
      const now = new Date();
      given.onState("working");
      const photo = await photoOf(original, now, place || positioned(given.positionSeconds), given);
      place = null;
      if (mine !== turn) { return; }  // another photo was chosen meanwhile
      latest = photo;
      if (!photo) {
        given.onState("no_picture");
        return;
      }
      replaced(input, photo.file);
      filled(input.form, photo);
      given.onState(photo.lon === null && photo.isTakenInPage ? "no_place" : "ready");
      given.onPhoto(photo);
    }

    input.addEventListener("click", locate);
    input.addEventListener("change", taken);
    return {
      detach() {
        input.removeEventListener("click", locate);
        input.removeEventListener("change", taken);
      },
      latest() { return latest; },
    };
  }

  async function photoOf(original, now, place, given) {
    const isFresh = Math.abs(now - original.lastModified) <= given.freshSeconds * 1000;
    if (!isFresh || original.type === "application/pdf") {
      return { original, file: original, takenAt: null, lon: null, lat: null, accuracyM: null, isTakenInPage: false };
    }
    given.onState("locating");
    const at = await place;
    given.onState("working");
    const takenAt = localTime(now);
    const where = at ? `${at.lon.toFixed(5)}, ${at.lat.toFixed(5)} ±${Math.round(at.accuracyM)} m` : given.noPlace;
    const text = typeof given.text === "function" ? given.text() : given.text;
    const file = await marked(original, [takenAt.slice(0, 16).replace("T", " ") + "   " + where, text], given);
    return file && {
      original, file, takenAt,
      lon: at ? at.lon : null, lat: at ? at.lat : null, accuracyM: at ? at.accuracyM : null, isTakenInPage: true,
    };
  }

  /* The position, or null when it is not known, not allowed, or not found in time. */
  function positioned(seconds) {
    if (!navigator.geolocation) { return Promise.resolve(null); }
    return new Promise(function (done) {
      const late = setTimeout(() => done(null), (seconds + 1) * 1000);
      navigator.geolocation.getCurrentPosition(
        function (found) {
          clearTimeout(late);
          const { longitude, latitude, accuracy } = found.coords;
          done({ lon: longitude, lat: latitude, accuracyM: accuracy });
        },
        function () { clearTimeout(late); done(null); },
        { enableHighAccuracy: true, timeout: seconds * 1000, maximumAge: 30000 },
      );
    });
  }

  /* A copy of the picture with lines of text on a dark band along its upper edge; null when it is no picture. */
  async function marked(original, lines, given) {
    let picture;
    try {
      picture = await createImageBitmap(original, { imageOrientation: "from-image" });
    } catch (error) {
      return null;
    }
    const scale = Math.min(1, given.longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const drawing = canvas.getContext("2d");
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    written(drawing, canvas, lines.filter(Boolean));
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", given.quality));
    const name = original.name.replace(/\.[^.]*$/, "") || "photo";
    return blob && new File([blob], `${name}.jpg`, { type: "image/jpeg", lastModified: original.lastModified });
  }

  function written(drawing, canvas, lines) {
    const size = Math.max(14, Math.round(Math.min(canvas.width, canvas.height) / 30));
    drawing.font = `${size}px sans-serif`;
    drawing.textBaseline = "top";
    drawing.fillStyle = "rgba(0, 0, 0, 0.6)";
    drawing.fillRect(0, 0, canvas.width, size * 0.6 + lines.length * size * 1.4);
    drawing.fillStyle = "#fff";
    lines.forEach(function (line, place) {
      drawing.fillText(line, size * 0.6, size * 0.4 + place * size * 1.4, canvas.width - size * 1.2);
    });
  }

  /* The time of this device's clock with its offset. */
  function localTime(moment) {
    const minutes = -moment.getTimezoneOffset();
    const shifted = new Date(moment.getTime() + minutes * 60000).toISOString().slice(0, 19);
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    const size = Math.abs(minutes);
    return `${shifted}${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
  }

  function replaced(input, file) {
    if (file === input.files[0]) { return; }
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
  }

  function filled(form, photo) {
    const values = {
      taken_at: photo.takenAt, lon: photo.lon, lat: photo.lat, is_taken_in_page: photo.isTakenInPage ? "true" : "",
    };
    for (const [name, value] of Object.entries(values)) {
      const field = form && form.elements.namedItem(name);
      if (field && "value" in field) { field.value = value === null ? "" : String(value); }
    }
  }

  globalThis.gridguardCamera = { attach };
})();
