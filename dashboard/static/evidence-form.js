/* The form that adds evidence with the page's camera: choose what it shows, take the photo, look at it, send it.
 *
 *   gridguardEvidenceForm(root, data, onSent)
 *
 * data: { url, kinds: [[value, word]], text, maxMb, words: { kind, take, send, sending, failed, noPlace, locating,
 *         noPicture, tooLarge } }. `onSent(id)` is called with the number of the evidence. Needs camera.js.
 * A photo keeps its token until it was taken by the server: sending again after a broken line adds nothing twice.
 */
(function () {
  "use strict";

  function gridguardEvidenceForm(root, data, onSent) {
    const words = data.words;
    const form = document.createElement("form");
    const kind = labelled(form, words.kind, document.createElement("select"));
    for (const [value, word] of data.kinds) { kind.append(new Option(word, value)); }
    const input = labelled(form, words.take, document.createElement("input"));
    input.type = "file";
    input.accept = "image/jpeg,image/png,image/webp,application/pdf";
    const preview = form.appendChild(document.createElement("img"));
    preview.alt = "";
    preview.hidden = true;
    const said = form.appendChild(document.createElement("p"));
    said.setAttribute("role", "status");
    const button = form.appendChild(document.createElement("button"));
    button.textContent = words.send;
    button.disabled = true;
    root.replaceChildren(form);

    let chosen = null;
    function choose(photo) {
      URL.revokeObjectURL(preview.src);
      chosen = photo && { ...photo, token: newToken() };
      preview.hidden = !chosen || chosen.file.type === "application/pdf";
      preview.src = preview.hidden ? "" : URL.createObjectURL(chosen.file);
      button.disabled = !chosen;
    }

    globalThis.gridguardCamera.attach(input, {
      text: data.text,
      noPlace: words.noPlace,
      isCamera: false,
      onState(state) {
        said.textContent = { locating: words.locating, no_place: words.noPlace, no_picture: words.noPicture }[state] || "";
        if (state === "no_picture") { choose(null); }
      },
      onPhoto(photo) {
        choose(photo);
        if (photo.file.size > data.maxMb * 1024 * 1024) {
          said.textContent = words.tooLarge;
          choose(null);
        }
      },
    });

    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      if (!chosen || button.disabled) { return; }
      button.disabled = true;
      said.textContent = words.sending;
      try {
        const answer = await fetch(data.url, { method: "POST", body: bodyOf(kind.value, chosen), credentials: "same-origin" });
        const told = await answer.json();
        if (!answer.ok) { throw new Error(told.error.message); }
        choose(null);
        input.value = "";
        said.textContent = "";
        onSent(told.id);
      } catch (error) {
        said.textContent = error instanceof TypeError || error instanceof SyntaxError ? words.failed : error.message;
        button.disabled = !chosen;
      }
    });
  }

  function labelled(form, word, field) {
    const label = form.appendChild(document.createElement("label"));
    label.append(Object.assign(document.createElement("span"), { textContent: word }), field);
    return field;
  }

  function bodyOf(kind, photo) {
    const body = new FormData();
    body.set("kind", kind);
    body.set("token", photo.token);
    body.set("file", photo.file, photo.file.name);
    if (photo.isTakenInPage) {
      body.set("taken_at", photo.takenAt);
      body.set("is_taken_in_page", "true");
      if (photo.lon !== null) {
        body.set("lon", String(photo.lon));
        body.set("lat", String(photo.lat));
      }
    }
    return body;
  }

  function newToken() {
    return [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  globalThis.gridguardEvidenceForm = gridguardEvidenceForm;
})();
