/* What the map needs beyond Leaflet. Every text reaches the page as a text node, never as HTML. */
(function () {
  "use strict";
  var NEUTRAL = { color: "#8FA3BF", weight: 1, opacity: 0.55, fillColor: "#13223A", fillOpacity: 0.35 };
  var DISTRICT = { color: "#38BDF8", weight: 2, opacity: 0.55, fillColor: "#13223A", fillOpacity: 1 };
  var POINT = { red: "#FB7185", yellow: "#FACC15", green: "#22C55E" };
  var words = window.GRIDGUARD_WORDS || {};

  if (words.iconPath) { L.Icon.Default.imagePath = words.iconPath; }
  if (words.drawLocal && L.drawLocal) { L.drawLocal = words.drawLocal; }
  if (words.zoomIn) { L.Control.Zoom.mergeOptions({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }); }
  L.Control.Attribution.mergeOptions({ prefix: false });

  /* Braces travel as private characters, because the server's template engine would take them for its own. */
  function plain(text) {
    return String(text).replace(/\ue07b/g, "{").replace(/\ue07d/g, "}");
  }

  function textNode(lines, className) {
    var box = document.createElement("div");
    box.className = className;
    lines.forEach(function (line) {
      var row = document.createElement("div");
      row.textContent = plain(line);
      box.appendChild(row);
    });
    return box;
  }

  /* A point whose shape tells its light without colour: circle, triangle or square. */
  var ShapeMarker = L.CircleMarker.extend({
    _updatePath: function () {
      var shape = this.options.shape;
      if (shape === "circle" || !this._renderer._setPath || this._empty()) {
        L.CircleMarker.prototype._updatePath.call(this);
        return;
      }
      var x = this._point.x, y = this._point.y, r = this._radius;
      var path = shape === "triangle"
        ? "M" + x + "," + (y - r) + "L" + (x + r) + "," + (y + r * 0.8) + "L" + (x - r) + "," + (y + r * 0.8) + "Z"
        : "M" + (x - r) + "," + (y - r) + "h" + 2 * r + "v" + 2 * r + "h" + -2 * r + "Z";
      this._renderer._setPath(this, path);
    }
  });

  function zoneStyle(feature) {
    var properties = feature.properties;
    var style = Object.assign({}, properties.kind === "district" ? DISTRICT : NEUTRAL);
    if (properties.kind !== "district" && properties.kind !== "township") { style.fillOpacity = 0.12; }
    return style;
  }

  function zone(feature, layer) {
    var properties = feature.properties;
    var isTownship = properties.kind === "township";
    if (properties.kind === "district") { layer.options.interactive = false; return; }
    var lines = [properties.name];
    if (properties.approximate && !isTownship && words.approximate) { lines.push(words.approximate); }
    layer.bindTooltip(textNode(lines, ""), {
      permanent: isTownship,
      direction: isTownship ? "center" : "top",
      sticky: !isTownship,
      interactive: false,
      className: isTownship ? "gg-name" : "gg-tip"
    });
  }

  function point(feature, latlng) {
    var light = feature.properties.light;
    var shape = { red: "square", yellow: "triangle", green: "circle" }[light] || "circle";
    return new ShapeMarker(latlng, {
      pane: "ggPoints", shape: shape, radius: light === "red" ? 7 : 6, color: "#0B1220", weight: 1.5,
      fillColor: POINT[light] || "#8FA3BF", fillOpacity: 0.95
    });
  }

  function pointTip(feature, layer) {
    var lines = feature.properties.lines || [];
    if (lines.length) { layer.bindTooltip(textNode(lines, ""), { direction: "top", offset: [0, -6], className: "gg-tip" }); }
  }

  function eachZone(map, visit) {
    map.eachLayer(function (layer) {
      if (layer.feature && layer.feature.properties && layer.feature.properties.target === "zone") { visit(layer); }
    });
  }

  function paint(layer, data) {
    var properties = layer.feature.properties;
    var style = zoneStyle(layer.feature);
    var look = data.looks[data.lights[properties.id]];
    if (look) {
      style.color = look.area;
      style.fillColor = look.area;
      style.opacity = 0.6 + 0.15 * look.rank;
      style.fillOpacity = (properties.kind === "township" ? 0.05 : 0.12) + 0.06 * look.rank;
      style.weight = (properties.kind === "township" ? 1.2 : 1.8) + 0.4 * look.rank;
    }
    var fill = data.fills[properties.id];
    if (fill) { style.fillColor = fill[0]; style.fillOpacity = fill[1]; }
    if (properties.id === data.selected) {
      style.weight = 3.5;
      style.opacity = 1;
      if (!fill) { style.fillOpacity = 0.2; }
    }
    var isFaded = data.faded.indexOf(properties.id) >= 0;
    if (isFaded) { style.opacity *= 0.35; style.fillOpacity *= 0.3; style.weight = Math.min(style.weight, 1); }
    if (properties.approximate && properties.kind !== "township") { style.dashArray = "6 5"; }
    layer.setStyle(style);
    var tip = layer.getTooltip(), element = tip && tip.getElement();
    if (tip) { tip.options.opacity = isFaded ? 0.45 : 0.9; }
    if (element) { tip.setOpacity(tip.options.opacity); }
  }

  /* Where borders meet, the worse light is seen; key zones lie above townships, the selected zone above all. */
  function height(layer, data) {
    var properties = layer.feature.properties, look = data.looks[data.lights[properties.id]];
    return (look ? look.rank : -1) + (properties.kind === "township" ? 0 : 10) + (properties.id === data.selected ? 100 : 0);
  }

  /* Tags stand to the right of their zones and never on one another; laid anew whenever the view changes. On a
     narrow map they would cover what they are about: there the list beneath says the same. */
  function layTags(map) {
    var state = map.gridguardTags, below = -Infinity, gap = 38, narrow = 480;
    if (!state || !map.getSize().y) { return; }
    state.drawn.clearLayers();
    if (map.getSize().x < narrow) { return; }
    state.entries.map(function (entry) {
      var bounds = entry.layer.getBounds();
      return { tag: entry.tag, place: map.latLngToContainerPoint([bounds.getCenter().lat, bounds.getEast()]) };
    }).sort(function (one, other) { return one.place.y - other.place.y; }).forEach(function (entry) {
      entry.place.y = below = Math.max(entry.place.y, below + gap);
      var tip = L.tooltip({ permanent: true, direction: "right", offset: [8, 0], interactive: false,
        className: "gg-tag gg-tag-" + entry.tag.light })
        .setContent(textNode([entry.tag.text], ""))
        .setLatLng(map.containerPointToLatLng(entry.place))
        .addTo(state.drawn);
      var room = map.getSize().x - tip.getElement().offsetWidth - 24;
      if (entry.place.x > room) { tip.setLatLng(map.containerPointToLatLng([room, entry.place.y])); }
    });
  }

  function keepTags(map, entries) {
    var drawn = map.gridguardTags ? map.gridguardTags.drawn : L.layerGroup().addTo(map);
    map.gridguardTags = { drawn: drawn, entries: entries };
    layTags(map);
  }

  var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)");
  var FLIGHT_S = 0.4;

  /* The first view is there at once; later ones are flown to, unless the person wants no motion. */
  function fit(map, box) {
    var isFlight = map.gridguardFocus && !(calm && calm.matches) && map.getSize().y >= 50;
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [12, 12], animate: false, gridguardFlight: isFlight });
  }

  /* On a background map the district is no plate that covers it. */
  function hasTiles(map) {
    var found = false;
    map.eachLayer(function (layer) { found = found || layer instanceof L.TileLayer; });
    return found;
  }

  function live(map, group, data) {
    var tags = {}, zones = [], tagged = [];
    /* The component has taken the earlier layers off the map and would keep them for ever: a wall runs for weeks. */
    window.feature_group = [];
    data.tags.forEach(function (tag) { tags[tag.id] = tag; });
    eachZone(map, function (layer) {
      if (layer.feature.properties.kind === "district") {
        layer.setStyle({ fillOpacity: hasTiles(map) ? 0.1 : DISTRICT.fillOpacity });
        return;
      }
      paint(layer, data);
      zones.push(layer);
      var tag = tags[layer.feature.properties.id];
      if (tag) { tagged.push({ tag: tag, layer: layer }); }
    });
    zones.sort(function (one, other) { return height(one, data) - height(other, data); });
    zones.forEach(function (layer) { layer.bringToFront(); });
    var wanted = data.focus && data.focus.join();
    if (wanted && wanted !== map.gridguardFocus) { fit(map, data.focus); }
    map.gridguardFocus = wanted || map.gridguardFocus || "base";
    keepTags(map, tagged);
    Object.keys(extras).forEach(function (name) {
      var given = data.extras[name];
      extras[name](map, group, given === undefined ? null : given);
    });
  }

  /* The frame is mounted without a size and may be resized: keep what was in view in view, and show nothing before. */
  L.Map.addInitHook(function () {
    this.createPane("ggPoints").style.zIndex = 450;
    var map = this, box = this.getContainer(), fitted = null, fitBounds = map.fitBounds;
    function refit() {
      if (fitted) { fitBounds.call(map, fitted[0], Object.assign({}, fitted[1], { animate: false })); }
      box.style.visibility = map.getSize().y < 50 ? "hidden" : "";
    }
    map.fitBounds = function (bounds, options) {
      var isFlight = options && options.gridguardFlight;
      fitted = [bounds, options];
      if (!isFlight) { refit(); return map; }
      map.flyToBounds(bounds, { padding: options.padding, duration: FLIGHT_S, easeLinearity: 0.5 });
      return map;
    };
    map.on("dragend", function () { fitted = null; });
    map.on("resize", refit);
    map.on("zoomend resize", function () { layTags(map); });
    new ResizeObserver(function () { map.invalidateSize({ pan: false }); }).observe(box);
    /* Names are laid by their measured width: once more when the last style sheet has come. */
    var styling = setInterval(function () {
      var links = Array.from(document.querySelectorAll("link[rel=stylesheet]"));
      if (!links.length || !links.every(function (link) { return link.sheet; })) { return; }
      clearInterval(styling);
      map.fire("viewreset");
      layTags(map);
    }, 100);
  });

  /* Streamlit's component library adds one more style sheet with the theme at every message and removes none: the last
     one says it all. */
  new MutationObserver(function () {
    Array.from(document.head.querySelectorAll("style")).filter(function (style) {
      return style.textContent.trim().indexOf(":root {\n      --primary-color:") === 0;
    }).slice(0, -1).forEach(function (style) { style.remove(); });
  }).observe(document.head, { childList: true });

  /* Drawn beside the zones by other scripts: name → function (map, group, data or null), called at every news. */
  var extras = {};

  window.GridGuard = { extras: extras, plain: plain, textNode: textNode, ShapeMarker: ShapeMarker, eachZone: eachZone,
    zone: zone, zoneStyle: zoneStyle, point: point, pointTip: pointTip, live: live };
})();
