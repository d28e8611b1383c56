// Marks: the shape says the kind, the colour the risk. Shapes differ in outline, colours in lightness, so
// neither asks for colour vision.

const star = Array.from({ length: 10 }, (_, i) => {
  const [r, a] = [i % 2 ? 0.55 : 1.35, (i * Math.PI) / 5 - Math.PI / 2];
  return `${(r * Math.cos(a)).toFixed(2)} ${(r * Math.sin(a)).toFixed(2)}`;
});
const SHAPES = {
  circle: "M1.05 0A1.05 1.05 0 1 1-1.05 0A1.05 1.05 0 1 1 1.05 0Z",
  diamond: "M0-1.35L1.2 0L0 1.35L-1.2 0Z",
  triangle: "M0-1.25L1.2.95L-1.2.95Z",
  square: "M-.85-.85H.85V.85H-.85Z",
  hexagon: "M-1.1 0L-.55-.95H.55L1.1 0L.55.95H-.55Z",
  ring: "M1.1 0A1.1 1.1 0 1 1-1.1 0A1.1 1.1 0 1 1 1.1 0ZM.5 0A.5.5 0 1 0-.5 0A.5.5 0 1 0 .5 0Z",
  star: `M${star.join("L")}Z`,
  cross: "M-1.1-.5L-.5-1.1L0-.6L.5-1.1L1.1-.5L.6 0L1.1.5L.5 1.1L0 .6L-.5 1.1L-1.1.5L-.6 0Z",
};
const KIND_SHAPES = { sts_transfer: "circle", bunkering: "diamond", fishing_transshipment: "triangle" };
const TABLE_SHAPES = { gaps: "ring", loitering: "hexagon", rendezvous: "star", identity: "cross", port_calls: "square" };

const shapeOf = (table, kind) => TABLE_SHAPES[table] ?? KIND_SHAPES[kind] ?? "square";

const RISK_BANDS = [
  { least: 0.75, words: "0.75 to 1", colour: "--risk-4" },
  { least: 0.5, words: "0.50 to 0.75", colour: "--risk-3" },
  { least: 0.25, words: "0.25 to 0.50", colour: "--risk-2" },
  { least: 0, words: "below 0.25", colour: "--risk-1" },
];
const bandOf = (risk) => RISK_BANDS.find((band) => risk >= band.least) ?? RISK_BANDS[3];

/** The name of the colour of an event: by risk; where none is judged, transfers stand out. */
function colourOf(events, row) {
  const risk = events.risk[row];
  if (risk !== null) return bandOf(risk).colour;
  return TRANSFERS.includes(events.kind[row]) || events.name === "rendezvous" ? "--accent" : "--unjudged";
}

/** A mark for lists and legends. */
function markIcon(shape, colour, size = 13) {
  const icon = svg("svg", { viewBox: "-1.6 -1.6 3.2 3.2", width: size, height: size, class: "mark", "aria-hidden": "true" });
  icon.append(svg("path", { d: SHAPES[shape], style: { fill: `var(${colour})` } }));
  return icon;
}

/** Marks for the map, each drawn once and stamped after. */
class Stamps {
  constructor() {
    this.made = new Map();
  }
  forget() {
    this.made.clear();
  }
  get(shape, colour, radius) {
    const key = `${shape} ${colour} ${radius}`;
    let stamp = this.made.get(key);
    if (!stamp) {
      const ratio = window.devicePixelRatio || 1;
      const half = Math.ceil(radius * 1.6 + 2);
      const image = document.createElement("canvas");
      image.width = image.height = 2 * half * ratio;
      const context = image.getContext("2d");
      context.setTransform(ratio * radius, 0, 0, ratio * radius, half * ratio, half * ratio);
      const path = new Path2D(SHAPES[shape]);
      context.lineWidth = 2.4 / radius;
      context.lineJoin = "round";
      context.strokeStyle = cssColour("--halo");
      context.stroke(path);
      context.fillStyle = cssColour(colour);
      context.fill(path);
      stamp = { image, half };
      this.made.set(key, stamp);
    }
    return stamp;
  }
}
