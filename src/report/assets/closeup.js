// The two ships of an encounter through time: who was where, and the view from the larger ship.

// Where the antenna stands, as a share of the length from the stern: the middle of tankers with known
// offsets, and of other ships. The tables state length and beam only.
const ANTENNA_TANKER = 0.167;
const ANTENNA_OTHER = 0.5;
/** Between two samples further apart than this nothing was heard, seconds. */
const SILENCE_S = 3600;

/** Samples longer than this before and after the contact tell nothing of it, milliseconds. */
const AROUND_MS = 12 * 3600000;

/** The samples around the contact; a track may have been seen days before and after. */
function aroundContact(series) {
  const contact = series.t.filter((t, i) => series.phase[i] === 1);
  if (contact.length === 0) return series;
  const keep = series.t.map((t) => t >= contact[0] - AROUND_MS && t <= contact.at(-1) + AROUND_MS);
  const cut = (values) => (Array.isArray(values) ? values.filter((v, i) => keep[i]) : values);
  return Object.fromEntries(Object.entries(series).map(([name, values]) => [name, cut(values)]));
}

/** A ship of an encounter: particulars, samples, and where it was at any instant between them. */
class Party {
  constructor(data, series, number) {
    Object.assign(this, aroundContact(series));
    this.number = number;
    this.colour = `--ship-${number}`;
    this.name = data.name(series.mmsi);
    this.length_m = data.vessel(series.mmsi, "length_m");
    this.beam_m = data.vessel(series.mmsi, "beam_m");
    const type = data.vessel(series.mmsi, "ship_type");
    if (this.length_m && this.beam_m) {
      const along = Math.floor((type ?? 0) / 10) === 8 ? ANTENNA_TANKER : ANTENNA_OTHER;
      this.offsets = [this.length_m * (1 - along), this.length_m * along, this.beam_m / 2, this.beam_m / 2];
    }
    const lon = turned(series.lon.map((v, i) => [series.lat[i], v])).map((p) => p[1]);
    this.lon = lon;
    this.places = lon.map((v, i) => [series.lat[i], v]);
  }
  /** Place, heading and speed at an instant, straight between samples. */
  at(t) {
    const ts = this.t;
    let i = ts.findLastIndex((v) => v <= t);
    i = Math.max(0, Math.min(i, ts.length - 1));
    const j = Math.min(i + 1, ts.length - 1);
    const f = j === i ? 0 : Math.max(0, Math.min(1, (t - ts[i]) / (ts[j] - ts[i])));
    const mix = (name) => {
      const [a, b] = [this[name][i], this[name][j]];
      return a === null ? b : b === null ? a : a + (b - a) * f;
    };
    return { lat: mix("lat"), lon: mix("lon"), heading: this.heading(i, j, f), sog_kn: mix("sog_kn"), silent: ts[j] - ts[i] > SILENCE_S * 1000 && f > 0 && f < 1 };
  }
  /** Heading as sent, else the way the ship went; null where it lay still and said nothing. */
  heading(i, j, f) {
    const [a, b] = [this.heading_deg[i], this.heading_deg[j]];
    if (a !== null && b !== null) return a + ((((b - a) % 360) + 540) % 360 - 180) * f;
    if (a !== null || b !== null) return a ?? b;
    for (let k = 1; k < 12; k++) {
      const [from, to] = [Math.max(0, i - k), Math.min(this.t.length - 1, i + k)];
      const [p, q] = [this.places[from], this.places[to]];
      if (metresBetween(p, q) > 150) return Math.atan2((q[1] - p[1]) * Math.cos(p[0] * RAD), q[0] - p[0]) / RAD;
    }
    return null;
  }
  /** Corners about the antenna, metres east and north; null where heading or size is unknown. */
  outline(heading) {
    if (!this.offsets || heading === null) return null;
    const [bow, stern, port, starboard] = this.offsets;
    const beam = port + starboard;
    const shoulder = bow - Math.min(0.9 * beam, 0.25 * (bow + stern));
    const middle = (starboard - port) / 2;
    const corners = [[-port, -stern], [-port, shoulder], [middle, bow], [starboard, shoulder], [starboard, -stern]];
    const [sin, cos] = [Math.sin(heading * RAD), Math.cos(heading * RAD)];
    return corners.map(([right, ahead]) => [right * cos + ahead * sin, ahead * cos - right * sin]);
  }
  hull(t) {
    const now = this.at(t);
    return { lat: now.lat, lon: now.lon, outline: this.outline(now.heading), length_m: this.length_m ?? 0, colour: this.colour };
  }
  /** Runs of one phase: from, to, phase, whether heard. */
  track() {
    const runs = [];
    for (let i = 1; i < this.t.length; i++) {
      const heard = this.t[i] - this.t[i - 1] <= SILENCE_S * 1000;
      const last = runs.at(-1);
      if (last && last[2] === this.phase[i] && last[3] === heard) last[1] = i;
      else runs.push([i - 1, i, this.phase[i], heard]);
    }
    return { runs, places: this.places, colour: this.colour };
  }
}

/** Metres east and north from one place to another nearby. */
const metresFrom = (a, b) => [((((b.lon - a.lon) % 360) + 540) % 360 - 180) * RAD * EARTH_M * Math.cos(((a.lat + b.lat) / 2) * RAD), (b.lat - a.lat) * RAD * EARTH_M];

/** Both ships together. */
class Meeting {
  constructor(data, series) {
    this.parties = series.map((s, i) => new Party(data, s, i + 1));
    const [a, b] = this.parties;
    this.larger = (b.length_m ?? 0) > (a.length_m ?? 0) ? b : a;
    this.smaller = this.larger === a ? b : a;
    this.t = a.t;
    [this.from, this.to] = [a.t[0], a.t.at(-1)];
    this.gap_m = a.hull_gap_m;
    this.antennas_m = a.t.map((t, i) => metresBetween(a.places[i], b.t[i] === t ? b.places[i] : [b.at(t).lat, b.at(t).lon]));
    const contact = a.phase.map((p, i) => (p === 1 ? i : -1)).filter((i) => i >= 0);
    // Without a heading for most of the time north stays up: a frame that comes and goes says nothing.
    const known = contact.filter((i) => this.larger.at(a.t[i]).heading !== null).length;
    this.northUp = known < 0.8 * contact.length;
    // A moment that was heard, midway through those of contact.
    this.middle = contact.length > 0 ? a.t[contact[contact.length >> 1]] : this.from;
    this.contact = contact.length > 0 ? [a.t[contact[0]], a.t[contact.at(-1)]] : [this.from, this.to];
  }
  /** Stretches without any sample. */
  silences() {
    const out = [];
    for (let i = 1; i < this.t.length; i++) if (this.t[i] - this.t[i - 1] > SILENCE_S * 1000) out.push([this.t[i - 1], this.t[i]]);
    return out;
  }
  /** The sample nearest to an instant. */
  nearest(t) {
    let best = 0;
    for (let i = 1; i < this.t.length; i++) if (Math.abs(this.t[i] - t) < Math.abs(this.t[best] - t)) best = i;
    return best;
  }
  phaseAt(t) {
    return t < this.contact[0] ? "Approach" : t > this.contact[1] ? "Departure" : "Close together";
  }
  /** Where the partner's antenna was in the larger ship's frame at each sample: right, ahead, phase. */
  trail() {
    return this.t.map((t, i) => {
      const [p, q] = [this.larger.at(t), this.smaller.at(t)];
      const [right, ahead] = this.turnedBy(metresFrom(p, q), this.frame(p));
      return [right, ahead, this.larger.phase[i]];
    });
  }
  /** The heading that is up in the view from the larger ship; null for north. */
  frame(larger) {
    return this.northUp ? null : larger.heading;
  }
  /** East and north as right and ahead of a ship that heads so; north stays up where that is unknown. */
  turnedBy([east, north], heading) {
    const h = (heading ?? 0) * RAD;
    return [east * Math.cos(h) - north * Math.sin(h), east * Math.sin(h) + north * Math.cos(h)];
  }
}

/** The larger ship still, its bow up, the partner about it, both to scale. */
class CloseUp {
  constructor(meeting) {
    this.meeting = meeting;
    this.canvas = el("canvas.closeup", { role: "img" });
    this.trail = meeting.trail();
    const { larger, smaller } = meeting;
    const near = this.trail.filter((p) => p[2] === 1).map((p) => Math.hypot(p[0], p[1])).sort((a, b) => a - b);
    const usual = near[Math.floor(near.length * 0.9)] ?? 200;
    this.radius = Math.min(900, Math.max(60, (larger.length_m ?? 60) * 0.62, usual * 1.25 + (smaller.length_m ?? 40) * 0.35));
  }
  draw(t) {
    const { meeting } = this;
    const { larger, smaller } = meeting;
    const width = this.canvas.parentElement?.clientWidth ?? 400;
    const height = Math.round(Math.min(300, width * 0.7));
    const context = freshContext(this.canvas, width, height);
    const metre = Math.min(width, height) / 2 / this.radius;
    const [p, q] = [larger.at(t), smaller.at(t)];
    // The middle of the larger hull in the middle of the picture.
    const middle = larger.offsets && !meeting.northUp ? (larger.offsets[0] - larger.offsets[1]) / 2 : 0;
    const [cx, cy] = [width / 2, height / 2 + middle * metre];
    const put = ([right, ahead]) => [cx + right * metre, cy - ahead * metre];
    context.fillStyle = cssColour("--sea");
    context.fillRect(0, 0, width, height);
    this.rings(context, width, height, metre);
    for (const [right, ahead, phase] of this.trail) {
      const [x, y] = put([right, ahead]);
      context.globalAlpha = phase === 1 ? 0.55 : 0.25;
      context.fillStyle = cssColour(smaller.colour);
      context.beginPath();
      context.arc(x, y, 1.8, 0, 7);
      context.fill();
    }
    const silent = p.silent || q.silent;
    if (silent) context.setLineDash([4, 4]);
    context.globalAlpha = silent ? 0.5 : 1;
    const frame = meeting.frame(p);
    this.ship(context, larger, p, [0, 0], frame, put);
    const place = meeting.turnedBy(metresFrom(p, q), frame);
    const [x, y] = this.ship(context, smaller, q, place, frame, put);
    context.globalAlpha = 1;
    context.setLineDash([]);
    if (silent) this.label(context, "Neither heard: where they were is a guess", width / 2, 18, "center");
    if (x < 0 || y < 0 || x > width || y > height) this.pointer(context, width, height, x, y, smaller, Math.hypot(...place));
    this.scaleBar(context, width, height, metre);
    this.north(context, width, frame);
    this.canvas.setAttribute("aria-label", `${smaller.name} ${distance(Math.hypot(...place))} from ${larger.name}, antenna to antenna, at ${second(t)} UTC`);
  }
  rings(context, width, height, metre) {
    const step = [25, 50, 100, 200, 500].find((s) => s * metre > 34) ?? 1000;
    context.strokeStyle = cssColour("--graticule");
    context.lineWidth = 1;
    for (let r = step; r * metre < Math.hypot(width, height) / 2; r += step) {
      context.beginPath();
      context.arc(width / 2, height / 2, r * metre, 0, 7);
      context.stroke();
    }
  }
  ship(context, party, now, place, frame, put) {
    const [x, y] = put(place);
    const outline = party.outline(now.heading);
    context.fillStyle = cssColour(party.colour);
    if (outline) {
      context.beginPath();
      outline.forEach((corner, i) => {
        const [right, ahead] = this.meeting.turnedBy(corner, frame);
        context[i === 0 ? "moveTo" : "lineTo"](...put([place[0] + right, place[1] + ahead]));
      });
      context.closePath();
      const alpha = context.globalAlpha;
      context.globalAlpha = alpha * (now.silent ? 0.12 : 0.35);
      context.fill();
      context.globalAlpha = alpha;
      context.strokeStyle = cssColour(party.colour);
      context.lineWidth = 1.6;
      context.stroke();
    }
    context.beginPath();
    context.arc(x, y, outline ? 3 : 5, 0, 7);
    context.fill();
    return [x, y];
  }
  /** Where the partner is when it is outside the picture. */
  pointer(context, width, height, x, y, party, metres) {
    const angle = Math.atan2(y - height / 2, x - width / 2);
    const r = Math.min((width / 2 - 60) / Math.abs(Math.cos(angle) || 1e-9), (height / 2 - 24) / Math.abs(Math.sin(angle) || 1e-9));
    const [px, py] = [width / 2 + r * Math.cos(angle), height / 2 + r * Math.sin(angle)];
    context.save();
    context.translate(px, py);
    context.rotate(angle);
    context.fillStyle = cssColour(party.colour);
    context.fill(new Path2D("M10 0L-4-6L-4 6Z"));
    context.restore();
    this.label(context, distance(metres), px, py + 19, "center");
  }
  label(context, words, x, y, align = "start") {
    context.font = "11px system-ui, sans-serif";
    context.textAlign = align;
    context.lineWidth = 3;
    context.strokeStyle = cssColour("--halo");
    context.strokeText(words, x, y);
    context.fillStyle = cssColour("--ink");
    context.fillText(words, x, y);
    context.textAlign = "start";
  }
  scaleBar(context, width, height, metre) {
    const length = [10, 20, 50, 100, 200, 500].findLast((s) => s * metre < width * 0.3) ?? 10;
    const [x, y] = [12, height - 12];
    context.strokeStyle = cssColour("--ink");
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x, y);
    context.lineTo(x + length * metre, y);
    context.lineTo(x + length * metre, y - 5);
    context.stroke();
    this.label(context, `${length} m`, x + 4, y - 5);
  }
  north(context, width, heading) {
    context.save();
    context.translate(width - 20, 22);
    context.rotate(-(heading ?? 0) * RAD);
    context.fillStyle = cssColour("--ink");
    context.fill(new Path2D("M0-12L4 4L0 1L-4 4Z"));
    context.restore();
    this.label(context, "N", width - 20, 42, "center");
  }
}
