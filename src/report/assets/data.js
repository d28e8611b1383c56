// The data inside the page: packed text to columns, and evidence on demand.

async function unpack(id) {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** A table as columns; one that isn't there has no rows, a column that isn't there is null throughout. */
class Table {
  constructor(name, packed) {
    this.name = name;
    this.rows = packed?.rows ?? 0;
    this.total = packed?.total ?? 0;
    this.columns = packed?.columns ?? {};
    for (const column of Object.values(this.columns)) {
      if (column.scale > 0) {
        const unit = 10 ** column.scale;
        column.values = column.values.map((v) => (v === null ? null : v / unit));
      }
    }
  }
  has(column) {
    return this.columns[column] !== undefined;
  }
  get(row, column) {
    return this.columns[column]?.values[row] ?? null;
  }
  doc(column) {
    return this.columns[column]?.doc ?? "";
  }
}

const TABLES = ["encounters", "rendezvous", "gaps", "loitering", "identity", "port_calls", "vessels"];

class Data {
  static async open() {
    return new Data(await unpack("data-0"));
  }
  constructor(core) {
    this.run = core.run;
    this.land = core.land;
    this.zones = core.zones;
    this.evidence = core.evidence;
    this.tables = {};
    for (const name of TABLES) this.tables[name] = new Table(name, core.tables[name]);
    this.vessels = new Map();
    const vessels = this.tables.vessels;
    for (let row = 0; row < vessels.rows; row++) this.vessels.set(vessels.get(row, "mmsi"), row);
    this.blocks = new Map();
  }
  /** What is known of a ship; null where nothing is. */
  vessel(mmsi, column) {
    const row = this.vessels.get(mmsi);
    return row === undefined ? null : this.tables.vessels.get(row, column);
  }
  name(mmsi) {
    return this.vessel(mmsi, "name") ?? mmsiText(mmsi);
  }
  /** The samples of both ships of an encounter, by its row: one entry a ship. */
  async samples(row, id) {
    const number = this.evidence.block[row];
    if (!number) return [];
    if (!this.blocks.has(number)) {
      if (this.blocks.size > 8) this.blocks.clear();
      this.blocks.set(number, unpack(`data-${number}`));
    }
    const block = await this.blocks.get(number);
    return block.filter((series) => series.id === id).map(samplesOf);
  }
}

const UNITS = { t: 1e-3, lon: 1e6, lat: 1e6, sog_kn: 10, heading_deg: 1, hull_gap_m: 1, sigma_m: 1, phase: 1 };

/** One ship's samples, differences added up. */
function samplesOf(series) {
  const out = { mmsi: series.mmsi };
  for (const [name, unit] of Object.entries(UNITS)) {
    let sum = 0;
    out[name] = series[name].map((v) => (v === null ? null : (sum += v) / unit));
  }
  return out;
}
