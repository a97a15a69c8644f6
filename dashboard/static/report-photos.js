/* The photos of the form: taken in the page, shown small, taken away again.
 *
 *   gridguardReport.photos({ kind, words, most, label, onChange, onFault }) → { all(), replace(photos) }
 *
 * A photo: { blob, name, noted: { taken_at, lon, lat, is_taken_in_page } }. */
(function () {
  "use strict";

  gridguardReport.photos = function ({ kind, words, most, label, onChange, onFault }) {
    const input = document.getElementById(kind);
    const strip = document.getElementById(`${kind}-photos`);
    let photos = [];
    let addresses = [];

    function add(blob, name, noted) {
      input.value = "";
      if (photos.length >= most) { onFault(words.photosFull.replace("{most}", most)); return; }
      photos.push({ blob, name, noted });
      onFault("");
      draw();
      onChange();
    }

    function draw() {
      addresses.forEach((address) => URL.revokeObjectURL(address));
      addresses = photos.map((photo) => URL.createObjectURL(photo.blob));
      strip.replaceChildren(...photos.map(function (photo, n) {
        const figure = document.createElement("figure");
        const picture = document.createElement("img");
        picture.src = addresses[n];
        picture.alt = words.photo.replace("{n}", n + 1);
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "×";
        button.setAttribute("aria-label", `${words.remove}: ${picture.alt}`);
        button.addEventListener("click", function () { photos.splice(n, 1); draw(); onChange(); });
        figure.append(picture, button);
        return figure;
      }));
    }

    function noted(photo) {
      return { taken_at: photo.takenAt, lon: photo.lon, lat: photo.lat, is_taken_in_page: photo.isTakenInPage };
    }

    if (globalThis.gridguardCamera) {
      gridguardCamera.attach(input, {
        longest: 1600, quality: 0.72, positionSeconds: 8, text: label, noPlace: "-",
        onPhoto: (photo) => add(photo.file, photo.file.name, noted(photo)),
        onState(state) {
          strip.classList.toggle("busy", state === "working" || state === "locating");
          if (state === "no_picture") { input.value = ""; onFault(words.photoFailed); }
        },
      });
    } else {
      input.addEventListener("change", function () {
        const file = input.files[0];
        if (file) { add(file, file.name, {}); }
      });
    }
    return { all: () => photos.slice(), replace(given) { photos = given.slice(); draw(); } };
  };
})();
