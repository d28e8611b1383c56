// Numbers, times, places and codes in words. Times are UTC everywhere.

const KINDS = {
  sts_transfer: "Ship-to-ship transfer",
  bunkering: "Bunkering",
  fishing_transshipment: "Fishing transshipment",
  service: "Service",
  dredging: "Dredging",
  anchored_neighbours: "Anchored neighbours",
  berthed: "Berthed",
  convoy: "Convoy",
  other: "Other",
  loiterer_in_gap: "Loiterer, other ship silent",
  two_gaps: "Both ships silent",
  loiterer_alone: "Loiterer alone",
  shared_mmsi: "One MMSI, two ships",
  duplicate_imo: "One IMO number, two ships",
  imo_check_digit: "IMO number with a wrong check digit",
  handover: "One hull, new MMSI",
  circle: "Positions on a circle",
  draught_both: "From the draughts of both ships",
  draught_one: "From the draught of one ship",
  draught_shared: "From a share in one ship's change of draught",
  capacity: "From what the smaller ship holds",
};
/** Where there is little room. */
const SHORT = { anchored_neighbours: "At anchor", sts_transfer: "STS transfer", fishing_transshipment: "Trans\u00adshipment", loiterer_in_gap: "Loiterer, other silent" };
const TRANSFERS = ["sts_transfer", "bunkering", "fishing_transshipment"];

/** The code of a kind, state or explanation as a person would write it. */
function inWords(code) {
  if (!code) return "Not judged";
  const words = code.replaceAll("_", " ").replace(/\b(ais|imo|mmsi|mid|vlcc|ulcc|lr[123]|mr)\b/g, (w) => w.toUpperCase()).replace(/\bclass b\b/, "class B");
  return KINDS[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const NONE = "–";
const MINUS = "−";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
/** A number with this many decimals; what rounds to nothing has no sign. */
const rounded = (v, decimals) => Number(v.toFixed(decimals)) + 0;
/** A number with this many decimals and thousands set apart. */
const fixed = (v, decimals = 0) =>
  v === null || v === undefined
    ? NONE
    : (decimals === 0 ? grouped.format(rounded(v, 0)) : rounded(v, decimals).toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })).replace("-", MINUS);
const withUnit = (v, unit, decimals = 0) => (v === null || v === undefined ? NONE : `${fixed(v, decimals)}\u00a0${unit}`);

const iso = (ms) => new Date(ms).toISOString();
/** 2018-06-02 05:41 */
const minute = (ms) => (ms === null || ms === undefined ? NONE : iso(ms).slice(0, 16).replace("T", " "));
const second = (ms) => (ms === null || ms === undefined ? NONE : iso(ms).slice(0, 19).replace("T", " "));
const day = (ms) => iso(ms).slice(0, 10);

/** From one instant to another, the day named once. */
function span(start, end) {
  if (start === null || start === undefined) return NONE;
  if (end === null || end === undefined) return `${minute(start)} – …`;
  const [a, b] = [minute(start), minute(end)];
  return `${a} – ${a.slice(0, 10) === b.slice(0, 10) ? b.slice(11) : b}`;
}

/** 3.6 h, 2.1 d */
function hours(h) {
  if (h === null || h === undefined) return NONE;
  if (h < 1) return withUnit(h * 60, "min");
  return h < 72 ? withUnit(h, "h", 1) : withUnit(h / 24, "d", 1);
}

/** Metres, or kilometres where metres say too much. */
const distance = (m) => (m === null || m === undefined ? NONE : Math.abs(m) < 1000 ? withUnit(m, "m") : withUnit(m / 1000, "km", m < 20000 ? 1 : 0));

function degrees(lat, lon) {
  if (lat === null || lon === null || lat === undefined || lon === undefined) return NONE;
  return `${Math.abs(lat).toFixed(4)}°\u00a0${lat < 0 ? "S" : "N"}, ${Math.abs(lon).toFixed(4)}°\u00a0${lon < 0 ? "W" : "E"}`;
}

const mmsiText = (mmsi) => (mmsi === null || mmsi === undefined ? NONE : String(mmsi).padStart(9, "0"));

/** Barrels to three figures, which is more than any estimate knows: 12,300 or 1.04 million. */
function barrels(v) {
  if (v === null || v === undefined) return NONE;
  return v >= 1e6 ? `${(v / 1e6).toFixed(2)}\u00a0million bbl` : `${fixed(v < 1000 ? v : Number(v.toPrecision(3)))}\u00a0bbl`;
}
/** The same where there is little room. */
const shortBarrels = (v) => (v === null || v === undefined ? NONE : v >= 1e6 ? `${(v / 1e6).toFixed(1)}\u00a0M` : v >= 1e3 ? `${fixed(v / 1e3)}\u00a0k` : fixed(v));

/** The AIS ship type, ITU-R M.1371 table 53. */
function shipType(code) {
  if (code === null || code === undefined) return NONE;
  const exact = {
    30: "Fishing", 31: "Towing", 32: "Towing, long", 33: "Dredging", 34: "Diving", 35: "Military", 36: "Sailing", 37: "Pleasure craft",
    50: "Pilot", 51: "Search and rescue", 52: "Tug", 53: "Port tender", 54: "Anti-pollution", 55: "Law enforcement", 58: "Medical", 59: "Noncombatant",
  };
  const decade = { 2: "Wing in ground", 4: "High-speed craft", 6: "Passenger", 7: "Cargo", 8: "Tanker", 9: "Other" };
  return `${exact[code] ?? decade[Math.floor(code / 10)] ?? "Type"} (${code})`;
}

const NAV_STATUS = [
  "Under way, engine", "At anchor", "Not under command", "Restricted manoeuvrability", "Constrained by draught", "Moored", "Aground",
  "Fishing", "Under way, sailing", "Reserved (9)", "Reserved (10)", "Towing astern", "Pushing or towing", "Reserved (13)", "AIS-SART", "Undefined",
];
const navStatus = (code) => (code === null || code === undefined ? NONE : NAV_STATUS[code] ?? `Status ${code}`);

/** What stands before the bar of `reasons` (what the event rests on) and what stands behind it (what adds to the risk). */
function reasonsOf(text) {
  const [words, risk] = text?.startsWith("risk: ") ? ["", text.slice(6)] : (text ?? "").split(/ \| risk: (.*)/s);
  return {
    words: words.split(/;\s+/).filter(Boolean).map((part) => {
      const found = /^(.*) \(([+-]\d\.\d\d)\)$/.exec(part);
      return found ? { text: found[1], weight: Number(found[2]) } : { text: part, weight: null };
    }),
    // A fact may hold a semicolon of its own; the next one begins with its sign.
    risk: (risk ?? "").split(/; (?=[+-]\d\.\d\d )/).filter(Boolean).map((part) => {
      const found = /^([+-]\d\.\d\d) (.*)$/s.exec(part);
      return found ? { text: found[2], weight: Number(found[1]) } : { text: part, weight: null };
    }),
  };
}
