// Charts as SVG: an encounter through time, bars, a range.

const MARGIN = { left: 46, right: 10, top: 16, bottom: 20 };

/** Round instants between two, about `n` of them. */
function timeTicks(from, to, n) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400].map((m) => m * 60000);
  const step = steps.find((s) => (to - from) / s <= n) ?? steps.at(-1);
  const ticks = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) ticks.push(t);
  return { ticks, daily: step >= 86400000 };
}

/** A panel: frame, title, ticks of the upright axis. */
function panel(top, height, width, title, ticks, y) {
  const group = svg("g");
  for (const [value, words] of ticks) {
    group.append(
      svg("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: MARGIN.left - 6, y: y(value) + 3.5, class: "tick end" }, words));
  }
  group.append(svg("text", { x: MARGIN.left, y: top - 5, class: "panel-title" }, title));
  return group;
}

/** A line through known values, broken where silence or a missing value lies between. */
function linePath(t, values, x, y, silence_ms) {
  let d = "";
  let pen = false;
  for (let i = 0; i < t.length; i++) {
    const v = values[i];
    if (v === null || Number.isNaN(v)) {
      pen = false;
      continue;
    }
    if (i > 0 && t[i] - t[i - 1] > silence_ms) pen = false;
    d += `${pen ? "L" : "M"}${x(t[i]).toFixed(1)} ${y(v).toFixed(1)}`;
    // A lone point shows too.
    if (!pen) d += "h.01";
    pen = true;
  }
  return d;
}

/** Distance and speeds of an encounter; `mark(t)` moves the cursor, `onpick(t)` hears of clicks. */
function timeChart(meeting, width, onpick) {
  const { from, to } = meeting;
  const x = (t) => MARGIN.left + ((t - from) / Math.max(1, to - from)) * (width - MARGIN.left - MARGIN.right);
  const [h1, h2] = [104, 66];
  const [top1, top2] = [MARGIN.top, MARGIN.top + h1 + 26];
  const height = top2 + h2 + MARGIN.bottom;
  const hasGap = meeting.gap_m.some((v) => v !== null);
  const logs = (v) => Math.log10(Math.max(1, v));
  const most = Math.max(100, ...meeting.antennas_m.filter((v) => v !== null));
  const high = Math.ceil(logs(most) * 2) / 2;
  const y1 = (v) => top1 + h1 - (logs(v) / high) * h1;
  const speeds = meeting.parties.flatMap((p) => p.sog_kn).filter((v) => v !== null);
  const fastest = 2 * Math.max(1, Math.ceil(Math.max(0, ...speeds) / 2));
  const y2 = (v) => top2 + h2 - (v / fastest) * h2;
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "chart", role: "img",
    "aria-label": "Distance between the ships and their speeds over time" });
  const [c0, c1] = meeting.contact.map(x);
  chart.append(svg("rect", { x: c0, y: top1, width: Math.max(1, c1 - c0), height: top2 + h2 - top1, class: "contact" }));
  for (const [a, b] of meeting.silences())
    chart.append(svg("rect", { x: x(a), y: top1, width: Math.max(0.5, x(b) - x(a)), height: top2 + h2 - top1, class: "silence" }));
  const ticks1 = [[1, "≤ 1 m"], [10, "10 m"], [100, "100 m"], [1000, "1 km"], [10000, "10 km"], [100000, "100 km"]].filter(([v]) => logs(v) <= high);
  chart.append(panel(top1, h1, width, hasGap ? "Distance: hulls (solid) and antennas (dotted), log scale" : "Distance between antennas, log scale", ticks1, y1));
  chart.append(svg("path", { d: linePath(meeting.t, meeting.antennas_m, x, y1, SILENCE_S * 1000), class: hasGap ? "line antennas" : "line gap" }));
  if (hasGap) chart.append(svg("path", { d: linePath(meeting.t, meeting.gap_m, x, y1, SILENCE_S * 1000), class: "line gap" }));
  const mid = fastest / 2;
  chart.append(panel(top2, h2, width, "Speed over ground, knots", [[0, "0"], [mid, fixed(mid, mid % 1 ? 1 : 0)], [fastest, fixed(fastest)]], y2));
  for (const party of meeting.parties)
    chart.append(svg("path", { d: linePath(party.t, party.sog_kn, x, y2, SILENCE_S * 1000), class: "line", style: { stroke: `var(${party.colour})` } }));
  const { ticks, daily } = timeTicks(from, to, Math.max(3, Math.floor(width / 80)));
  let lastDay = "";
  for (const t of ticks) {
    const words = daily ? day(t).slice(5) : day(t) === lastDay ? minute(t).slice(11) : `${day(t).slice(5)} ${minute(t).slice(11)}`;
    lastDay = day(t);
    const anchor = x(t) < MARGIN.left + 24 ? "start" : x(t) > width - 40 ? "end" : "middle";
    chart.append(svg("line", { x1: x(t), x2: x(t), y1: top2 + h2, y2: top2 + h2 + 4, class: "axis" }), svg("text", { x: x(t), y: height - 4, class: "tick", "text-anchor": anchor }, words));
  }
  chart.append(svg("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: top2 + h2, y2: top2 + h2, class: "axis" }));
  const cursor = svg("line", { y1: top1, y2: top2 + h2, class: "cursor" });
  chart.append(cursor);
  const pick = (event) => {
    const box = chart.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * width;
    onpick(Math.max(from, Math.min(to, from + ((px - MARGIN.left) / (width - MARGIN.left - MARGIN.right)) * (to - from))));
  };
  chart.addEventListener("pointerdown", (event) => (chart.setPointerCapture(event.pointerId), pick(event)));
  chart.addEventListener("pointermove", (event) => event.buttons && pick(event));
  return {
    node: chart,
    mark: (t) => {
      cursor.setAttribute("x1", x(t));
      cursor.setAttribute("x2", x(t));
    },
  };
}

/** A share from 0 to 1 as a bar with its number. */
function meter(label, value, colour, note) {
  return el("div.meter", {},
    el("div.meter-head", {}, el("span", {}, label), el("strong", {}, value === null ? "not judged" : fixed(value, 2))),
    el("div.track", {}, value === null ? null : el("div.fill", { style: { width: `${value * 100}%`, background: `var(${colour})` } })),
    note ? el("p.note", {}, note) : null);
}

/** Reasons as bars about a middle line where they state a contribution, else as a list. */
function reasonBars(reasons, show = (text) => text) {
  const weighted = reasons.filter((r) => r.weight !== null);
  const plain = reasons.filter((r) => r.weight === null);
  const most = Math.max(0.05, ...weighted.map((r) => Math.abs(r.weight)));
  const negative = weighted.some((r) => r.weight < 0);
  return el("div.reasons", {},
    weighted.map((r) => {
      const share = (Math.abs(r.weight) / most) * (negative ? 50 : 100);
      const left = negative ? (r.weight < 0 ? 50 - share : 50) : 0;
      return el("div.reason", {},
        el("span.weight", {}, `${r.weight < 0 ? MINUS : "+"}${Math.abs(r.weight).toFixed(2)}`),
        el("div.track", {}, el("div.fill", { class: `fill ${r.weight < 0 ? "minus" : "plus"}`, style: { left: `${left}%`, width: `${share}%` } })),
        el("span.reason-text", {}, show(r.text)));
    }),
    plain.length > 0 ? el("ul.facts", {}, plain.map((r) => el("li", {}, show(r.text.charAt(0).toUpperCase() + r.text.slice(1))))) : null);
}

/** Counts by name as horizontal bars, greatest first if they have no order of their own. */
function countBars(counts, words = inWords, sorted = true) {
  const pairs = [...counts];
  if (sorted) pairs.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const most = Math.max(1, ...pairs.map((p) => p[1]));
  const sum = pairs.reduce((s, p) => s + p[1], 0);
  return el("table.bars", {}, el("tbody", {}, pairs.map(([name, n]) =>
    el("tr", {}, el("th", { scope: "row" }, words(name)), el("td.bar", {}, el("div", { style: { width: `${(n / most) * 100}%` } })),
      el("td.number", {}, fixed(n)), el("td.number.faint", {}, `${fixed((n / Math.max(1, sum)) * 100, n / sum < 0.1 ? 1 : 0)} %`)))));
}

/** A volume from least to greatest, the best estimate marked, hulls' limits as given. */
function rangeBar(low, best, high) {
  const most = Math.max(high ?? 0, best ?? 0, 1) * 1.08;
  const at = (v) => `${((v ?? 0) / most) * 100}%`;
  return el("div.range", { role: "img", "aria-label": `${barrels(low)} to ${barrels(high)}, best ${barrels(best)}` },
    el("div.track", {}, el("div.fill", { style: { left: at(low), width: `${(((high ?? best) - (low ?? 0)) / most) * 100}%` } }), el("div.best", { style: { left: at(best) } })),
    el("div.range-words", {}, el("span", {}, `Low ${barrels(low)}`), el("strong", {}, `Best ${barrels(best)}`), el("span", {}, `High ${barrels(high)}`)));
}

/** Columns over periods, each with whiskers if it has a range, and a line at a cap. */
function periodChart(periods, { value, low, high, cap, capWords, unit, title }) {
  const [width, height] = [1040, 190];
  const [left, top, bottom] = [62, 24, 24];
  const most = Math.max(1, cap ?? 0, ...periods.map((p) => Math.max(value(p) ?? 0, high?.(p) ?? 0))) * 1.1;
  const y = (v) => top + (height - top - bottom) * (1 - v / most);
  const slot = Math.min(120, (width - left - 10) / Math.max(1, periods.length));
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "chart", role: "img", "aria-label": title });
  chart.append(svg("text", { x: left, y: 13, class: "panel-title" }, title));
  const raw = most / 4;
  const step = [1, 2, 5, 10].map((n) => n * 10 ** Math.floor(Math.log10(raw))).find((s) => s >= raw * 0.99);
  for (let v = 0; v <= most; v += Math.max(1, step)) {
    chart.append(svg("line", { x1: left, x2: width - 10, y1: y(v), y2: y(v), class: "grid" }), svg("text", { x: left - 6, y: y(v) + 3.5, class: "tick end" }, unit(v)));
  }
  periods.forEach((p, i) => {
    const [x, w] = [left + i * slot + slot * 0.2, Math.min(36, slot * 0.6)];
    const v = value(p);
    if (v !== null) chart.append(svg("rect", { x, y: y(v), width: w, height: Math.max(0, y(0) - y(v)), class: "column" }, svg("title", {}, `${p.name}: ${unit(v)}`)));
    if (low && high && high(p) > 0) chart.append(svg("path", { d: `M${x + w / 2} ${y(low(p))}V${y(high(p))}M${x + w / 2 - 5} ${y(low(p))}h10M${x + w / 2 - 5} ${y(high(p))}h10`, class: "whisker" }));
    if (i % Math.ceil(46 / slot) === 0) chart.append(svg("text", { x: x + w / 2, y: height - 8, class: "tick", "text-anchor": "middle" }, p.name));
  });
  if (cap) chart.append(svg("line", { x1: left, x2: width - 10, y1: y(cap), y2: y(cap), class: "cap" }), svg("text", { x: width - 12, y: y(cap) - 4, class: "tick cap-words", "text-anchor": "end" }, capWords));
  return chart;
}
