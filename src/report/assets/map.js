// The map: Leaflet keeps the view, one canvas shows land, zones, events and what is selected.

const EARTH_M = 6371008.8;
const RAD = Math.PI / 180;
const unitX = (lon) => lon / 360 + 0.5;
const unitY = (lat) => {
  const s = Math.sin(Math.max(-85.05, Math.min(85.05, lat)) * RAD);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
};

function metresBetween(a, b) {
  const [dLat, dLon] = [(b[0] - a[0]) * RAD, (b[1] - a[1]) * RAD];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[0] * RAD) * Math.cos(b[0] * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}
/** The place so far off in a direction, on the sphere. */
function offset([lat, lon], bearing, metres) {
  const [d, b, p] = [metres / EARTH_M, bearing * RAD, lat * RAD];
  const q = Math.asin(Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(b));
  const l = Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * Math.sin(q));
  return [q / RAD, lon + l / RAD];
}

/** A canvas as large as the map, that calls `draw` whenever the view changes. */
const Canvas = L.Layer.extend({
  initialize(draw) {
    this.draw = draw;
  },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated world");
    map.getPane("overlayPane").append(this.canvas);
    this.redraw = eachFrame(() => this.now());
    this.now();
  },
  onRemove() {
    this.canvas.remove();
  },
  getEvents() {
    return {
      move: () => this.redraw(),
      resize: () => this.redraw(),
      zoom: () => this.redraw(),
      viewreset: () => this.redraw(),
      moveend: () => this.now(),
      zoomanim: (e) => {
        const scale = this._map.getZoomScale(e.zoom);
        const corner = this._map._latLngBoundsToNewLayerBounds(this._map.getBounds(), e.zoom, e.center).min;
        L.DomUtil.setTransform(this.canvas, corner, scale);
      },
    };
  },
  now() {
    const map = this._map;
    if (!map || map._animatingZoom) return;
    const size = map.getSize();
    if (size.x === 0) return;
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    this.draw(freshContext(this.canvas, size.x, size.y), size);
  },
});

class WorldMap {
  constructor(host, data, pick, hover) {
    Object.assign(this, { data, pick, hover, rows: [], events: null, selected: null, showZones: true });
    this.stamps = new Stamps();
    this.map = L.map(host, {
      zoomControl: false, attributionControl: false, minZoom: 1.5, maxZoom: 20, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90,
      worldCopyJump: true, maxBounds: [[-85.05, -Infinity], [85.05, Infinity]], center: [20, 0], zoom: 2, keyboardPanDelta: 120,
    });
    L.control.zoom({ position: "topright" }).addTo(this.map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(this.map);
    this.land = this.landPath();
    this.zones = data.zones.map((zone) => this.zonePath(zone));
    this.canvas = new Canvas((context, size) => this.draw(context, size)).addTo(this.map);
    this.map.on("click", (e) => {
      const row = this.at(e.containerPoint);
      if (row !== null) this.pick(row);
    });
    let over = null;
    const look = eachFrame(() => {
      const row = over === null ? null : this.at(over);
      host.classList.toggle("pointing", row !== null);
      this.hover(row, over);
    });
    this.map.on("mousemove", (e) => ((over = e.containerPoint), look()));
    this.map.on("mouseout movestart", () => ((over = null), look()));
    this.host = host;
  }
  landPath() {
    const path = new Path2D();
    for (const ring of this.data.land) {
      let [x, y] = [0, 0];
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i];
        y += ring[i + 1];
        path[i === 0 ? "moveTo" : "lineTo"](unitX(x / 1000), unitY(y / 1000));
      }
      path.closePath();
    }
    return path;
  }
  zonePath(zone) {
    const path = new Path2D();
    let [top, sum, n] = [1, 0, 0];
    for (const ring of zone.rings) {
      for (let i = 0; i < ring.length; i += 2) {
        const [x, y] = [unitX(ring[i] / 1e4), unitY(ring[i + 1] / 1e4)];
        path[i === 0 ? "moveTo" : "lineTo"](x, y);
        [top, sum, n] = [Math.min(top, y), sum + x, n + 1];
      }
      path.closePath();
    }
    return { path, name: zone.name, kind: zone.kind, x: sum / n, y: top };
  }
  /** Shows these rows, the most important last, so that they lie on top. */
  show(events, rows) {
    this.events = events;
    this.rows = rows;
    this.x = Float64Array.from(rows, (row) => (events.lon[row] === null ? NaN : unitX(events.lon[row])));
    this.y = Float64Array.from(rows, (row) => (events.lat[row] === null ? NaN : unitY(events.lat[row])));
    this.stamp = rows.map((row) => [shapeOf(events.name, events.kind[row]), colourOf(events, row)]);
    this.canvas.redraw();
  }
  /** Shows one event: `{row, tracks, hulls, lines, areas, bounds}`; null for none. */
  select(selected) {
    this.selected = selected;
    this.canvas.redraw();
  }
  redraw() {
    this.canvas.redraw();
  }
  restyle() {
    this.stamps.forget();
    this.canvas.redraw();
  }
  /** Moves the view so that these places are seen. */
  fit(places, maxZoom = 11) {
    const known = places.filter(([lat, lon]) => lat !== null && lon !== null);
    if (known.length === 0) return;
    this.map.fitBounds(L.latLngBounds(together(known)), { maxZoom, padding: [48, 48], animate: false });
  }
  /** Keeps hulls in sight, or goes near enough to see their outlines. */
  follow(hulls, near = false) {
    const [first] = together(hulls.map((hull) => [hull.lat, hull.lon]));
    if (near) this.map.setView(first, 16.5, { animate: false });
    else if (this.map.getZoom() > 12 && !within(this.bounds(), ...first)) this.map.panTo(first, { animate: false });
  }
  /** West, south, east, north. */
  bounds() {
    const b = this.map.getBounds();
    return [b.getWest(), b.getSouth(), Math.min(b.getEast(), b.getWest() + 360), b.getNorth()];
  }
  /** How units become pixels of the screen. */
  view() {
    const corner = this.map.getPixelBounds().min;
    const scale = 256 * 2 ** this.map.getZoom();
    return { scale, dx: -corner.x, dy: -corner.y };
  }
  /** The mark under a point of the screen, the topmost; null for none. */
  at(point) {
    const { scale, dx, dy } = this.view();
    let [best, least] = [null, 11 ** 2];
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const px = this.wrapped(this.x[i] * scale + dx, scale);
      const d = (px - point.x) ** 2 + (this.y[i] * scale + dy - point.y) ** 2;
      if (d < least) [best, least] = [this.rows[i], d];
    }
    return best;
  }
  /** The copy of a place that is on the screen. */
  wrapped(px, scale) {
    const width = this.map.getSize().x;
    if (px < -scale / 2 + width / 2) return px + scale * Math.round((width / 2 - px) / scale);
    if (px > scale / 2 + width / 2) return px - scale * Math.round((px - width / 2) / scale);
    return px;
  }
  draw(context, size) {
    const view = this.view();
    context.fillStyle = cssColour("--sea");
    context.fillRect(0, 0, size.x, size.y);
    this.drawLand(context, size, view);
    this.drawGraticule(context, size, view);
    if (this.showZones) this.drawZones(context, size, view);
    if (this.events?.name === "gaps") this.drawGaps(context, view);
    this.drawMarks(context, size, view);
    if (this.selected) this.drawSelected(context, view);
  }
  /** Calls with each copy of the world that is seen, its units set. */
  copies(context, size, { scale, dx, dy }, job) {
    const ratio = window.devicePixelRatio || 1;
    for (let k = Math.floor(-dx / scale) - 1; k <= Math.ceil((size.x - dx) / scale) + 1; k++) {
      context.save();
      context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (dx + k * scale), ratio * dy);
      job();
      context.restore();
    }
  }
  drawLand(context, size, view) {
    context.fillStyle = cssColour("--land");
    context.strokeStyle = cssColour("--coast");
    this.copies(context, size, view, () => {
      context.lineWidth = 0.8 / view.scale;
      context.fill(this.land, "evenodd");
      context.stroke(this.land);
    });
  }
  drawGraticule(context, size, view) {
    const zoom = this.map.getZoom();
    const step = [30, 30, 20, 10, 10, 5, 2, 1, 0.5, 0.5, 0.25, 0.1][Math.min(11, Math.floor(zoom))];
    if (zoom > 13) return;
    const [west, south, east, north] = this.bounds();
    context.strokeStyle = cssColour("--graticule");
    context.fillStyle = cssColour("--faint");
    context.font = "10px system-ui, sans-serif";
    context.lineWidth = 1;
    context.beginPath();
    const decimals = step < 0.5 ? 2 : step < 1 ? 1 : 0;
    for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
      const x = Math.round(unitX(lon) * view.scale + view.dx) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, size.y);
      const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
      context.fillText(`${Math.abs(turned).toFixed(decimals)}°${turned < -1e-9 ? "W" : "E"}`, x + 3, 12);
    }
    for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
      const y = Math.round(unitY(lat) * view.scale + view.dy) + 0.5;
      context.moveTo(0, y);
      context.lineTo(size.x, y);
      context.fillText(`${Math.abs(lat).toFixed(decimals)}°${lat < -1e-9 ? "S" : "N"}`, 4, y - 3);
    }
    context.stroke();
  }
  drawZones(context, size, view) {
    const zoom = this.map.getZoom();
    this.copies(context, size, view, () => {
      context.setLineDash([4 / view.scale, 3 / view.scale]);
      context.lineWidth = 1 / view.scale;
      for (const zone of this.zones) {
        context.strokeStyle = cssColour(zone.kind === "prohibited" ? "--prohibited" : "--zone");
        context.fillStyle = cssColour("--zone-fill");
        context.fill(zone.path, "evenodd");
        context.stroke(zone.path);
      }
    });
    if (zoom < 5.5) return;
    context.font = "italic 11px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillStyle = cssColour("--zone");
    for (const zone of this.zones) {
      const [x, y] = [this.wrapped(zone.x * view.scale + view.dx, view.scale), zone.y * view.scale + view.dy];
      if (x > 0 && x < size.x && y > -20 && y < size.y) context.fillText(zone.name, x, y - 4);
    }
    context.textAlign = "start";
  }
  drawGaps(context, view) {
    const t = this.events.table;
    context.strokeStyle = cssColour("--unjudged");
    context.globalAlpha = this.rows.length > 300 ? 0.25 : 0.55;
    context.setLineDash([3, 4]);
    context.lineWidth = 1;
    context.beginPath();
    for (const row of this.rows) {
      const [lat, lon] = [t.get(row, "end_lat"), t.get(row, "end_lon")];
      if (lat !== null) this.line(context, view, turned([[this.events.lat[row], this.events.lon[row]], [lat, lon]]));
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  /** A line through places whose longitudes run on. */
  line(context, { scale, dx, dy }, places) {
    const first = unitX(places[0][1]) * scale + dx;
    const shift = this.wrapped(first, scale) - first;
    places.forEach(([lat, lon], i) =>
      context[i === 0 ? "moveTo" : "lineTo"](unitX(lon) * scale + dx + shift, unitY(lat) * scale + dy));
  }
  drawMarks(context, size, view) {
    const many = this.rows.length > 2000;
    const faded = this.selected !== null;
    context.globalAlpha = faded ? 0.45 : 1;
    for (let i = 0; i < this.rows.length; i++) {
      const x = this.wrapped(this.x[i] * view.scale + view.dx, view.scale);
      const y = this.y[i] * view.scale + view.dy;
      if (!(x > -12 && x < size.x + 12 && y > -12 && y < size.y + 12)) continue;
      const [shape, colour] = this.stamp[i];
      const small = shape === "square" || colour === "--unjudged" || colour === "--risk-1";
      const { image, half } = this.stamps.get(shape, colour, many ? 3.5 : small ? 4.5 : 6);
      context.drawImage(image, x - half, y - half, 2 * half, 2 * half);
    }
    context.globalAlpha = 1;
  }
  drawSelected(context, view) {
    const { tracks = [], hulls = [], lines = [], areas = [], dots = [], row } = this.selected;
    for (const area of areas) {
      context.beginPath();
      this.line(context, view, area);
      context.closePath();
      context.fillStyle = cssColour("--prism-fill");
      context.strokeStyle = cssColour("--prism");
      context.lineWidth = 1.2;
      context.fill();
      context.stroke();
    }
    for (const places of lines) {
      context.beginPath();
      this.line(context, view, places);
      context.setLineDash([6, 5]);
      context.lineWidth = 1.6;
      context.strokeStyle = cssColour("--ink");
      context.stroke();
      context.setLineDash([]);
    }
    for (const track of tracks) {
      context.lineJoin = "round";
      for (const [from, to, phase, heard] of track.runs) {
        context.beginPath();
        this.line(context, view, track.places.slice(from, to + 1));
        context.globalAlpha = heard ? (phase === 1 ? 0.95 : 0.6) : 0.5;
        context.lineWidth = heard && phase === 1 ? 2.4 : 1.3;
        context.setLineDash(heard ? [] : [2, 5]);
        context.strokeStyle = cssColour(track.colour);
        context.stroke();
      }
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
    for (const dot of dots) this.dot(context, view, dot);
    for (const hull of hulls) this.drawHull(context, view, hull);
    if (tracks.length === 0 && this.events && row !== undefined && this.events.lat[row] !== null) {
      const x = this.wrapped(unitX(this.events.lon[row]) * view.scale + view.dx, view.scale);
      const y = unitY(this.events.lat[row]) * view.scale + view.dy;
      const { image, half } = this.stamps.get(shapeOf(this.events.name, this.events.kind[row]), colourOf(this.events, row), 7);
      context.drawImage(image, x - half, y - half, 2 * half, 2 * half);
      context.beginPath();
      context.arc(x, y, 13, 0, 7);
      context.lineWidth = 2;
      context.strokeStyle = cssColour("--ink");
      context.stroke();
    }
  }
  dot(context, view, { place, words, below = false }) {
    const x = this.wrapped(unitX(place[1]) * view.scale + view.dx, view.scale);
    const y = unitY(place[0]) * view.scale + view.dy;
    context.beginPath();
    context.arc(x, y, 3.5, 0, 7);
    context.fillStyle = cssColour("--ink");
    context.fill();
    context.font = "11px system-ui, sans-serif";
    context.lineWidth = 3;
    context.strokeStyle = cssColour("--halo");
    const baseline = below ? y + 16 : y - 7;
    context.strokeText(words, x + 4, baseline);
    context.fillText(words, x + 4, baseline);
  }
  /** A hull to scale where that can be seen, else a dot. */
  drawHull(context, view, hull) {
    const metre = view.scale / (2 * Math.PI * EARTH_M * Math.cos(hull.lat * RAD));
    const x = this.wrapped(unitX(hull.lon) * view.scale + view.dx, view.scale);
    const y = unitY(hull.lat) * view.scale + view.dy;
    context.fillStyle = cssColour(hull.colour);
    context.strokeStyle = cssColour("--halo");
    context.lineWidth = 1.5;
    context.beginPath();
    if (hull.outline && hull.length_m * metre > 7) {
      hull.outline.forEach(([east, north], i) => context[i === 0 ? "moveTo" : "lineTo"](x + east * metre, y - north * metre));
      context.closePath();
    } else {
      context.arc(x, y, 4.5, 0, 7);
    }
    context.stroke();
    context.fill();
  }
}

/** Places with longitudes in one stretch that leaves out the widest gap between them. */
function together(places) {
  const lons = [...new Set(places.map(([, lon]) => ((lon % 360) + 360) % 360))].sort((a, b) => a - b);
  let [west, widest] = [lons[0], 360 - (lons.at(-1) - lons[0])];
  for (let i = 1; i < lons.length; i++) if (lons[i] - lons[i - 1] > widest) [west, widest] = [lons[i], lons[i] - lons[i - 1]];
  const shift = west > 180 ? -360 : 0;
  return places.map(([lat, lon]) => [lat, west + shift + ((((lon - west) % 360) + 360) % 360)]);
}

/** Places with longitudes that run on from one to the next. */
function turned(places) {
  let last = places[0][1];
  return places.map(([lat, lon]) => {
    last = lon + 360 * Math.round((last - lon) / 360);
    return [lat, last];
  });
}
