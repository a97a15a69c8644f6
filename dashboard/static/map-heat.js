/* Heat on the map: hexagons, hot spots and the weeks of the animation, drawn from the data of the live layer. Colours,
   classes and words come from the server. What is drawn lies in the live group and goes with the next news. */
(function () {
  "use strict";
  var FRAME_MS = 700, SCALE = 100000, BELOW = 0.06;

  function ring(steps) {
    var lat = 0, lon = 0, points = [];
    for (var i = 0; i < steps.length; i += 2) {
      lat += steps[i]; lon += steps[i + 1];
      points.push([lat / SCALE, lon / SCALE]);
    }
    return points;
  }

  function shape(target, id, rings, style, tip) {
    var layer = L.polygon(rings, Object.assign({ pane: "ggHeat", className: "gg-" + target }, style));
    layer.feature = { type: "Feature", properties: { target: target, id: id } };
    if (tip) { layer.bindTooltip(GridGuard.textNode([tip], ""), { sticky: true, className: "gg-tip" }); }
    return layer;
  }

  function hexagonStyle(place, ramp, isSelected) {
    return { color: isSelected ? "#38BDF8" : ramp[place - 1] || "#8FA3BF", weight: isSelected ? 3.5 : 0.7,
      opacity: place ? 0.9 : 0, fillColor: ramp[place - 1] || "#8FA3BF", fillOpacity: place ? 0.72 : 0 };
  }

  function hexagons(group, data) {
    var chosen = null;
    data.cells.forEach(function (cell) {
      var isSelected = cell[0] === data.selected;
      var layer = shape("cell", cell[0], ring(cell[1]), hexagonStyle(cell[2], data.ramp, isSelected), cell[3]);
      layer.addTo(group);
      if (isSelected) { chosen = layer; }
    });
    if (chosen) { chosen.bringToFront(); }
  }

  function spots(group, data) {
    data.spots.forEach(function (spot) {
      var isSelected = spot[0] === data.selected;
      var layer = shape("spot", spot[0], spot[1].map(function (steps) { return [ring(steps)]; }), {
        color: isSelected ? "#38BDF8" : data.line, weight: isSelected ? 5 : 3.5, opacity: 1, dashArray: spot[2] || null,
        lineCap: "butt", fillColor: data.colour, fillOpacity: spot[2] === "2 7" ? BELOW : 0.3
      }, spot[3]);
      layer.addTo(group);
    });
  }

  function button(text, label, className, onPress) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", onPress);
    return made;
  }

  /* Play, pause and scrub happen here alone: the server hears nothing of it. */
  function frames(map, group, data) {
    var layers = data.cells.map(function (cell) {
      return shape("cell", cell[0], ring(cell[1]), hexagonStyle(0, data.ramp, false), "").addTo(group);
    });
    var last = data.frames.length - 1, shown = -1, timer = null;
    var control = L.control({ position: "bottomleft" }), words = data.words;
    var box = L.DomUtil.create("div", "gg-frames"), slider = document.createElement("input"), label = L.DomUtil.create("span");
    slider.type = "range"; slider.min = 0; slider.max = last; slider.step = 1;
    slider.setAttribute("aria-label", GridGuard.plain(words.week));
    function show(place) {
      var frame = data.frames[place], before = data.frames[shown];
      layers.forEach(function (layer, n) {
        if (!before || frame[n] !== before[n]) { layer.setStyle(hexagonStyle(Number(frame[n]), data.ramp, false)); }
      });
      shown = place;
      slider.value = place;
      label.textContent = GridGuard.plain(data.labels[place]);
    }
    function pause() {
      window.clearInterval(timer);
      timer = null;
      play.textContent = "\u25B6";
      play.setAttribute("aria-label", GridGuard.plain(words.play));
    }
    function start() {
      if (shown === last) { show(0); }
      play.textContent = "\u275A\u275A";
      play.setAttribute("aria-label", GridGuard.plain(words.pause));
      timer = window.setInterval(function () { if (shown >= last) { pause(); } else { show(shown + 1); } }, FRAME_MS);
    }
    var play = button("\u25B6", GridGuard.plain(words.play), "gg-play", function () { if (timer) { pause(); } else { start(); } });
    slider.addEventListener("input", function () { pause(); show(Number(slider.value)); });
    [play, slider, label].forEach(function (part) { box.appendChild(part); });
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    control.onAdd = function () { return box; };
    control.addTo(map);
    map.gridguardFrames = { end: function () { pause(); control.remove(); } };
    show(last);
  }

  GridGuard.extras.heat = function (map, group, data) {
    if (!map.getPane("ggHeat")) { map.createPane("ggHeat").style.zIndex = 430; }
    if (map.gridguardFrames) { map.gridguardFrames.end(); map.gridguardFrames = null; }
    if (!data) { return; }
    if (data.kind === "hexagons") { hexagons(group, data); }
    if (data.kind === "spots") { spots(group, data); }
    if (data.kind === "frames") { frames(map, group, data); }
  };
})();
