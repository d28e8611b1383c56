// The kinds of events: which columns their list shows, how they are filtered, where they lie.

function ships(data, t, row, columns) {
  return columns.map(([mmsi, name, flag]) => {
    const number = t.get(row, mmsi);
    return {
      mmsi: number,
      name: (name && t.get(row, name)) || (number === null ? null : data.vessel(number, "name")),
      flag: (flag && t.get(row, flag)) || (number === null ? null : data.vessel(number, "flag")),
      watchlist: number === null ? null : data.vessel(number, "watchlist"),
    };
  });
}

const shore = (t, row) => {
  const km = t.get(row, "distance_to_shore_km");
  if (km === null) return null;
  return km < 0 ? "on land or in harbour" : `${fixed(km, km < 10 ? 1 : 0)} km off shore`;
};

/** The place of an event in words: zone, else port, and the shore. */
function placeWords(t, row) {
  const zone = t.get(row, "zone");
  const [port, km] = [t.get(row, "nearest_port"), t.get(row, "distance_to_port_km")];
  const called = t.get(row, "port");
  if (called !== null) return called;
  const near = port !== null && km !== null ? (km < 3 ? `at ${port}` : `${fixed(km)} km from ${port}`) : null;
  return [zone ?? near, shore(t, row)].filter(Boolean).join(" · ") || degrees(t.get(row, "lat") ?? t.get(row, "start_lat"), t.get(row, "lon") ?? t.get(row, "start_lon"));
}

/** What an event is, in words. */
const titleOf = (events, row) => events.sort.title ?? inWords(events.kind[row]);

/** What differs between the tables of events. */
const SORTS = {
  encounters: {
    label: "Encounters", kind: "kind", start: "start", end: "end", length: "duration_h",
    ships: [["mmsi_1", "name_1", "flag_1"], ["mmsi_2", "name_2", "flag_2"]],
    place: ["lat", "lon"], confidence: (t, row) => t.get(row, "confidence") ?? t.get(row, "kind_confidence"), volume: "volume_bbl",
    watch: ["watchlist_1", "watchlist_2"],
  },
  rendezvous: {
    label: "Dark rendezvous", kind: "kind", start: "window_start", end: "window_end", length: null,
    ships: [["mmsi_dark"], ["mmsi_partner"]], place: ["lat", "lon"], confidence: (t, row) => t.get(row, "confidence"), volume: "volume_bbl",
  },
  gaps: {
    label: "AIS gaps", title: "AIS gap", kind: "explanation", start: "start", end: "end", length: "duration_h",
    ships: [["mmsi"]], place: ["start_lat", "start_lon"], confidence: (t, row) => t.get(row, "intentional"), volume: null,
  },
  loitering: {
    label: "Loitering", title: "Slow run", kind: "state", start: "start", end: "end", length: "duration_h",
    ships: [["mmsi"]], place: ["lat", "lon"], confidence: () => null, volume: null,
  },
  identity: {
    label: "Identity", kind: "kind", start: "start", end: "end", length: null,
    ships: [["mmsi"], ["other_mmsi"]], place: ["lat", "lon"], confidence: () => null, volume: null,
  },
  port_calls: {
    label: "Port calls", title: "Port call", kind: null, start: "start", end: "end", length: "duration_h",
    ships: [["mmsi"]], place: ["lat", "lon"], confidence: () => null, volume: null,
  },
};

/** The events of one table, with what list, filter and map need of each made once. */
class Events {
  constructor(data, name) {
    const [t, sort] = [data.tables[name], SORTS[name]];
    Object.assign(this, { name, table: t, sort, label: sort.label });
    const n = (this.count = t.rows);
    const each = (make) => Array.from({ length: n }, (_, row) => make(row));
    this.id = each((row) => t.get(row, "event_id"));
    this.kind = each((row) => (sort.kind ? t.get(row, sort.kind) : null));
    this.start = each((row) => t.get(row, sort.start));
    this.end = each((row) => t.get(row, sort.end));
    this.hours = each((row) => (sort.length ? t.get(row, sort.length) : (t.get(row, sort.end) - t.get(row, sort.start)) / 3.6e6));
    this.lat = each((row) => t.get(row, sort.place[0]));
    this.lon = each((row) => t.get(row, sort.place[1]));
    this.risk = each((row) => t.get(row, "risk"));
    this.confidence = each((row) => sort.confidence(t, row));
    this.volume = each((row) => (sort.volume ? t.get(row, sort.volume) : null));
    this.zone = each((row) => t.get(row, "zone"));
    this.status = each((row) => t.get(row, "status"));
    this.ships = each((row) => ships(data, t, row, sort.ships).filter((s) => s.mmsi !== null));
    this.place = each((row) => placeWords(t, row));
    this.watch = each((row) =>
      [...(sort.watch ?? []).map((c) => t.get(row, c)), ...this.ships[row].map((s) => s.watchlist)].filter(Boolean).join("; ") || null);
    this.words = each((row) => this.wordsOf(row, data));
    this.rowOf = new Map(this.id.map((id, row) => [id, row]));
    this.hasRisk = this.risk.some((v) => v !== null);
    this.hasConfidence = this.confidence.some((v) => v !== null);
    this.judged = this.kind.some((kind) => kind !== null);
    this.hasVolume = this.volume.some((v) => v !== null);
    this.hasWatch = this.watch.some((v) => v !== null);
  }
  /** What the search looks through. */
  wordsOf(row, data) {
    const parts = [this.id[row], inWords(this.kind[row]), this.place[row], this.watch[row], this.table.get(row, "reasons"), this.table.get(row, "detail")];
    for (const ship of this.ships[row]) parts.push(ship.name, mmsiText(ship.mmsi), ship.flag, data.vessel(ship.mmsi, "imo"));
    for (const column of ["imo_1", "imo_2", "imo", "cluster_id", "chain_id", "destination_1", "destination_2"]) parts.push(this.table.get(row, column));
    return parts.filter((p) => p !== null && p !== undefined).join("\u0001").toLowerCase();
  }
  /** Rows that pass, in no order yet. */
  filter(f) {
    const words = f.words.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = [];
    for (let row = 0; row < this.count; row++) {
      if (f.kinds !== null && !f.kinds.has(this.kind[row])) continue;
      if (f.risk > 0 && !(this.risk[row] >= f.risk)) continue;
      if (f.confidence > 0 && !(this.confidence[row] >= f.confidence)) continue;
      if (f.volume > 0 && !(this.volume[row] >= f.volume)) continue;
      if (f.hours > 0 && !(this.hours[row] >= f.hours)) continue;
      if (f.from !== null && (this.end[row] ?? Infinity) < f.from) continue;
      if (f.to !== null && this.start[row] >= f.to) continue;
      if (f.zone !== null && (f.zone === "" ? this.zone[row] === null : this.zone[row] !== f.zone)) continue;
      if (f.flag !== null && !this.ships[row].some((s) => s.flag === f.flag)) continue;
      if (f.listed && this.watch[row] === null) continue;
      if (f.within && !within(f.within, this.lat[row], this.lon[row])) continue;
      if (words.length > 0 && !words.every((w) => this.words[row].includes(w))) continue;
      kept.push(row);
    }
    return kept;
  }
  /** Sorts rows by a key; what isn't known comes last, ties go by start and id. */
  order(rows, key, down) {
    const sign = down ? -1 : 1;
    const of = {
      kind: (row) => inWords(this.kind[row]),
      ships: (row) => this.ships[row].map((s) => s.name ?? mmsiText(s.mmsi)).join(),
      start: (row) => this.start[row],
      hours: (row) => this.hours[row],
      place: (row) => this.place[row],
      risk: (row) => this.risk[row],
      confidence: (row) => this.confidence[row],
      volume: (row) => this.volume[row],
      priority: (row) => this.priority(row),
    }[key];
    const values = new Map(rows.map((row) => [row, of(row)]));
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    return rows.sort((a, b) => {
      const [x, y] = [values.get(a), values.get(b)];
      if ((x === null) !== (y === null)) return x === null ? 1 : -1;
      return sign * compare(x, y) || compare(this.start[a], this.start[b]) || compare(this.id[a], this.id[b]);
    });
  }
  /** By risk; of equal risk transfers before the rest, by confidence, then length. */
  priority(row) {
    const transfer = TRANSFERS.includes(this.kind[row]) ? 4 : 0;
    return 1e4 * (this.risk[row] ?? 0) + transfer + (this.confidence[row] ?? 0) + Math.min(this.hours[row] ?? 0, 1000) / 1e4;
  }
}

function within([west, south, east, north], lat, lon) {
  if (lat === null || lat < south || lat > north) return false;
  const turned = west + ((((lon - west) % 360) + 360) % 360);
  return turned <= east;
}
