/* What the drill-down draws upon the zones: issues gathered or one by one, enterprises, villages, stations. */
(function () {
  "use strict";
  var gg = window.GridGuard;
  var FILL = { red: "#FB7185", yellow: "#FACC15", green: "#22C55E" };
  var SHAPE = { red: "■", yellow: "▲", green: "●" };
  var FORM = { red: "square", yellow: "triangle", green: "circle" };
  var RING = 15, PER_RING = 6, MOST_SHOWN_APART = 60, NEAR_FIRM = 15, NEAR_ISSUE = 9;

  function tip(layer, lines) {
    if (lines.length) {
      layer.bindTooltip(gg.textNode(lines, ""), { direction: "top", offset: [0, -8], className: "gg-tip" });
    }
    return layer;
  }

  function named(layer, target, id) {
    layer.feature = { type: "Feature", properties: { target: target, id: id } };
    return layer;
  }

  /* Clicks go through a cluster to the zone beneath. */
  function cluster(row) {
    var box = gg.textNode([SHAPE[row[3]] + " " + row[2]], "gg-cluster gg-cluster-" + row[3]);
    var icon = L.divIcon({ html: box, className: "gg-cluster-place", iconSize: [0, 0] });
    return L.marker([row[1], row[0]], { icon: icon, interactive: false, keyboard: false, pane: "ggPoints" });
  }

  function issue(row) {
    var marker = new gg.ShapeMarker([row[1], row[0]], {
      pane: "ggPoints", shape: FORM[row[3]] || "circle", radius: row[3] === "red" ? 8 : 7, color: "#0B1220",
      weight: 1.5, fillColor: FILL[row[3]] || "#8FA3BF", fillOpacity: 0.95
    });
    return tip(named(marker, "issue", row[2]), row[4]);
  }

  /* An enterprise is a ring: it can be seen and clicked around the issues that stand on it. */
  function enterprise(row, isSmall) {
    var marker = L.circleMarker([row[1], row[0]], {
      pane: "ggPlaces", radius: isSmall ? 3 : 7, color: "#38BDF8", weight: isSmall ? 1 : 2, opacity: isSmall ? 0.7 : 1,
      fillColor: "#0B1220", fillOpacity: 0.85
    });
    return tip(named(marker, "enterprise", row[2]), row[3] || []);
  }

  function village(row) {
    return tip(L.circleMarker([row[1], row[0]], {
      pane: "ggPlaces", radius: 4, color: "#C4B5FD", weight: 1.5, fillColor: "#4C1D95", fillOpacity: 0.8
    }), row[2]);
  }

  function station(row) {
    var marker = new gg.ShapeMarker([row[1], row[0]], {
      pane: "ggPlaces", shape: "triangle", radius: 8, color: "#E6EDF7", weight: 2, fillColor: "#0369A1", fillOpacity: 1
    });
    return tip(marker, row[2]);
  }

  /* Issues that would cover one another or an enterprise stand on rings around: each can be seen and clicked. */
  function spread(map, apart) {
    gathered(map, apart).forEach(function (group) {
      var all = group.markers.slice(0, MOST_SHOWN_APART);
      all.forEach(function (marker, index) {
        var ring = 1, before = 0;
        while (index - before >= PER_RING * ring) { before += PER_RING * ring; ring += 1; }
        var turn = 2 * Math.PI * (index - before) / Math.min(all.length - before, PER_RING * ring) - Math.PI / 2;
        var at = group.middle.add([Math.cos(turn) * RING * ring, Math.sin(turn) * RING * ring]);
        marker.setLatLng(map.layerPointToLatLng(at));
      });
    });
  }

  function gathered(map, apart) {
    var firms = apart.firms.map(function (row) {
      return { middle: map.latLngToLayerPoint([row[1], row[0]]), near: NEAR_FIRM, least: 1, markers: [] };
    });
    var groups = firms.slice();
    apart.rows.forEach(function (row, index) {
      var at = map.latLngToLayerPoint([row[1], row[0]]), best = null, least = Infinity;
      apart.markers[index].setLatLng([row[1], row[0]]);
      groups.forEach(function (group) {
        var far = group.middle.distanceTo(at);
        if (far <= group.near && far < least) { best = group; least = far; }
      });
      if (!best) { best = { middle: at, near: NEAR_ISSUE, least: 2, markers: [] }; groups.push(best); }
      best.markers.push(apart.markers[index]);
    });
    return groups.filter(function (group) { return group.markers.length >= group.least; });
  }

  function hide(map, kinds) {
    gg.eachZone(map, function (layer) {
      var style = kinds.indexOf(layer.feature.properties.kind) >= 0 ? "none" : "";
      var tooltip = layer.getTooltip();
      if (layer.getElement()) { layer.getElement().style.display = style; }
      if (tooltip && tooltip.getElement()) { tooltip.getElement().style.display = style; }
    });
  }

  function panes(map) {
    if (!map.getPane("ggPlaces")) { map.createPane("ggPlaces").style.zIndex = 445; }
  }

  /* Rings are as wide on every zoom; one listener for each map, for what is drawn now. */
  function keepApart(map, apart) {
    if (!map.gridguardApart) { map.on("zoomend resize", function () { spread(map, map.gridguardApart); }); }
    map.gridguardApart = apart;
    spread(map, apart);
  }

  gg.extras.places = function (map, group, data) {
    hide(map, data ? data.hidden : []);
    if (!data) { return; }
    panes(map);
    data.dots.forEach(function (row) { enterprise(row, true).addTo(group); });
    data.villages.forEach(function (row) { village(row).addTo(group); });
    data.stations.forEach(function (row) { station(row).addTo(group); });
    data.clusters.forEach(function (row) { cluster(row).addTo(group); });
    data.enterprises.forEach(function (row) { enterprise(row, false).addTo(group); });
    var markers = data.issues.map(issue);
    markers.slice().reverse().forEach(function (marker) { marker.addTo(group); });
    keepApart(map, { rows: data.issues, firms: data.enterprises, markers: markers });
  };
})();
