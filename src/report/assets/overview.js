// What was read, what came of it, and how good it is.

const baseName = (path) => path.split(/[\\/]/).at(-1);

function masthead(data, tables, views, onview) {
  const { run } = data;
  const inputs = (run.inputs ?? []).map((i) => i.member ?? baseName(i.path));
  const ships = data.tables.vessels.total;
  const from = run.span?.first && Date.parse(run.span.first);
  const to = run.span?.last && Date.parse(run.span.last);
  const transfers = tables.encounters ? tables.encounters.kind.filter((k) => TRANSFERS.includes(k)).length : 0;
  const figure = (n, words) => el("div.figure", {}, el("b", {}, fixed(n)), el("span", {}, words));
  const encounters = data.tables.encounters.total;
  return [
    el("div.brand", {}, el("h1", {}, "alongside"), el("p", { title: inputs.join("\n") }, from && to ? `${span(from, to)} UTC · ` : null,
      inputs.length === 1 ? inputs[0] : `${inputs[0] ?? "no input"} and ${inputs.length - 1} more`)),
    el("div.figures", {}, figure(transfers, transfers === 1 ? "transfer" : "transfers"), figure(encounters, "encounters"),
      data.tables.rendezvous.total ? figure(data.tables.rendezvous.total, "dark rendezvous") : null, figure(data.tables.gaps.total, "AIS gaps"), figure(data.tables.loitering.total, "slow runs"),
      figure(ships, "ships"), figure(run.rows?.accepted ?? 0, "reports")),
    el("div.masthead-end", {}, el("nav.views", { "aria-label": "Views" }, views.map(([id, label]) => el("button", { type: "button", "data-view": id, onclick: () => onview(id) }, label))),
      el("div.tools", {},
      el("button.quiet", { type: "button", id: "theme", title: "Light or dark", "aria-label": "Switch between light and dark" }, "◐"),
      el("button.quiet", { type: "button", title: "Print or save as PDF", "aria-label": "Print", onclick: () => window.print() }, "Print"),
      el("button.quiet", { type: "button", id: "help", title: "Keys and marks (?)", "aria-label": "Keys and marks" }, "?"))),
  ];
}

const DAY_MS = 86400000;
/** Beyond so many months one false time is more likely than so long an archive. */
const MOST_MONTHS = 240;

/** The names of all months, or days, from one instant to another. */
function periodKeys(from, to, monthly) {
  const keys = [];
  for (let at = Date.parse(monthly ? `${day(from).slice(0, 7)}-01` : day(from)); at <= to;) {
    keys.push(day(at).slice(0, monthly ? 7 : 10));
    const d = new Date(at);
    at = monthly ? Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) : at + DAY_MS;
  }
  return keys;
}

/** Transfers by month, or by day where there are few months: every one that was looked at, also those without any. */
function periodsOf(events, run) {
  const rows = events.kind.map((k, row) => row).filter((row) => TRANSFERS.includes(events.kind[row]));
  if (rows.length === 0) return { monthly: false, periods: [] };
  const starts = rows.map((row) => events.start[row]);
  let [from, to] = [starts.reduce((a, b) => Math.min(a, b)), starts.reduce((a, b) => Math.max(a, b))];
  const months = new Set(starts.map((t) => day(t).slice(0, 7)));
  // What was asked for, of what was heard.
  const asked = (text, otherwise) => (text ? Date.parse(text) : otherwise);
  const first = Math.max(asked(run.span?.first, from), asked(run.request?.from, -Infinity));
  const last = Math.min(asked(run.span?.last, to), asked(run.request?.to, Infinity) - 1);
  if (to - first < MOST_MONTHS * 31 * DAY_MS) from = Math.min(from, first);
  if (last - from < MOST_MONTHS * 31 * DAY_MS) to = Math.max(to, last);
  const monthly = months.size > 1 || to - from > 62 * DAY_MS;
  const key = (row) => day(events.start[row]).slice(0, monthly ? 7 : 10);
  const none = (name) => ({ name: monthly ? name : name.slice(5), year: name.slice(0, 4), calls: 0, sized: 0, low: 0, best: 0, high: 0, hours: 0 });
  const by = new Map(periodKeys(from, to, monthly).map((name) => [name, none(name)]));
  for (const row of rows) {
    const t = events.table;
    const p = by.get(key(row));
    p.calls += 1;
    p.hours += events.hours[row] ?? 0;
    if (t.get(row, "volume_bbl") !== null) {
      p.sized += 1;
      p.low += t.get(row, "volume_low_bbl") ?? 0;
      p.best += t.get(row, "volume_bbl");
      p.high += t.get(row, "volume_high_bbl") ?? t.get(row, "volume_bbl");
    }
  }
  return { monthly, periods: [...by.values()] };
}

// UN Security Council resolution 2397 (2017), paragraph 5: refined petroleum to the DPRK in a calendar year.
const CAP_BBL = 500000;

function volumesView(data, tables) {
  const view = el("section.view.page", { id: "view-volumes", hidden: true });
  const { periods, monthly } = tables.encounters ? periodsOf(tables.encounters, data.run) : { periods: [] };
  const each = monthly ? "month" : "day";
  add(view, [el("h2", {}, `Transfers by ${each}, gross`)]);
  if (periods.length === 0) {
    add(view, [el("p.note", {}, "No transfer was found, so there is nothing to add up."), callsSection(data)]);
    return view;
  }
  const sized = periods.some((p) => p.sized > 0);
  const charts = el("div");
  view.append(charts);
  add(charts, [periodChart(periods, { value: (p) => p.calls, unit: (v) => fixed(v), title: `Transfers a ${each}` })]);
  if (sized) {
    let [sum, year] = [0, null];
    const running = periods.map((p) => {
      // The cap is a calendar year's.
      if (p.year !== year) [sum, year] = [0, p.year];
      return { name: p.name, sum: (sum += p.best) };
    });
    add(charts, [
      periodChart(periods, { value: (p) => (p.sized ? p.best / p.sized : null), unit: shortBarrels, title: "Mean size, barrels" }),
      periodChart(periods, { value: (p) => p.best, low: (p) => p.low, high: (p) => p.high, unit: shortBarrels, title: `Volume a ${each}, barrels: best estimate, with the sum of lows and of highs` }),
      periodChart(running, { value: (p) => p.sum, cap: CAP_BBL, capWords: "500,000 bbl in a calendar year (UNSCR 2397)", unit: shortBarrels, title: "Best estimates added up from the beginning of the calendar year, barrels" }),
    ]);
  }
  const head = ["", "Transfers", "Mean length", ...(sized ? ["With a volume", "Mean size", "Low", "Best", "High", "Best against the cap"] : [])];
  add(view, [
    el("table.plain.wide", {}, el("thead", {}, el("tr", {}, head.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, periods.map((p) => el("tr", {}, el("th", { scope: "row" }, p.name), [fixed(p.calls), p.calls ? hours(p.hours / p.calls) : NONE,
        ...(sized ? [fixed(p.sized), p.sized ? barrels(p.best / p.sized) : NONE, ...(p.sized ? [barrels(p.low), barrels(p.best), barrels(p.high), `${fixed((p.best / CAP_BBL) * 100)} %`] : [NONE, NONE, NONE, NONE])] : [])].map((c) => el("td", {}, c)))))),
    el("p.note", {}, sized ? "The cap is that of UN Security Council resolution 2397 on refined petroleum to the DPRK, 500,000 bbl in a calendar year; it is a measure of size here and says nothing of who is bound by it. Gross: what goes through two transfers counts twice. Every volume is an estimate with a range: see each event for its working."
      : "No volume was estimated for these transfers."),
    callsSection(data),
  ]);
  return view;
}

/** Calls of tankers at ports, by month of their end: an account of its own, never added to the transfers. */
function callsSection(data) {
  const t = data.tables.port_calls;
  const by = new Map();
  for (let row = 0; row < t.rows; row++) {
    const ship = (column) => data.vessel(t.get(row, "mmsi"), column);
    const type = ship("ship_type");
    if (!(type >= 80 && type <= 89) && ship("class") === null) continue;
    const month = day(t.get(row, "end") ?? t.get(row, "start")).slice(0, 7);
    const p = by.get(month) ?? { calls: 0, loaded: 0, discharged: 0, dwt_t: 0 };
    const [before, after] = [t.get(row, "draught_in_m"), t.get(row, "draught_out_m")];
    p.calls += 1;
    p.loaded += before !== null && after !== null && after > before ? 1 : 0;
    p.discharged += before !== null && after !== null && after < before ? 1 : 0;
    p.dwt_t += ship("dwt_t") ?? 0;
    by.set(month, p);
  }
  if (by.size === 0) return null;
  const head = ["", "Calls", "Left deeper", "Left lighter", "Deadweight that called"];
  return [
    el("h3", {}, "Port calls of tankers by month"),
    el("table.plain.wide", {}, el("thead", {}, el("tr", {}, head.map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, [...by].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([month, p]) => el("tr", {}, el("th", { scope: "row" }, month),
        [fixed(p.calls), fixed(p.loaded), fixed(p.discharged), p.dwt_t > 0 ? withUnit(p.dwt_t, "t") : NONE].map((c) => el("td", {}, c)))))),
    el("p.note", {}, "An account of its own: cargo may pass through a transfer and a port. No volume is estimated for calls; deadweight is known for some ships only."),
  ];
}

/** Where ships were heard, by degree; of a result that doesn't say, where events are. */
function coverageOf(data) {
  const counted = Object.entries(data.run.coverage ?? {});
  if (counted.length > 0) return { counted: true, cells: counted.map(([corner, n]) => [...corner.split(",").map(Number), n]) };
  const cells = new Map();
  for (const [name, lat, lon] of [["encounters", "lat", "lon"], ["loitering", "lat", "lon"], ["gaps", "start_lat", "start_lon"], ["gaps", "end_lat", "end_lon"]]) {
    const t = data.tables[name];
    for (let row = 0; row < t.rows; row++) {
      if (t.get(row, lat) === null) continue;
      const key = `${Math.floor(t.get(row, lat))},${Math.floor(t.get(row, lon))}`;
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
  }
  return { counted: false, cells: [...cells].map(([corner, n]) => [...corner.split(",").map(Number), n]) };
}

/** A small map of cells, darker where there is more. */
function drawCoverage(canvas, cells, land) {
  // Hidden, as it is before it is printed, it has no width of its own.
  const width = canvas.parentElement.clientWidth || 900;
  if (cells.length === 0) return;
  const pad = 3;
  let [west, east, south, north] = [180, -180, 90, -90];
  for (const [lat, lon] of cells) [west, east, south, north] = [Math.min(west, lon), Math.max(east, lon + 1), Math.min(south, lat), Math.max(north, lat + 1)];
  [west, east, south, north] = [Math.max(-180, west - pad), Math.min(180, east + pad), Math.max(-80, south - pad), Math.min(84, north + pad)];
  const spanX = unitX(east) - unitX(west);
  const height = Math.min(460, Math.max(180, (width * (unitY(south) - unitY(north))) / spanX));
  const scale = Math.min(width / spanX, height / (unitY(south) - unitY(north)));
  const [dx, dy] = [(width - spanX * scale) / 2 - unitX(west) * scale, -unitY(north) * scale];
  const context = freshContext(canvas, width, height);
  const ratio = window.devicePixelRatio || 1;
  context.fillStyle = cssColour("--sea");
  context.fillRect(0, 0, width, height);
  context.save();
  context.fillStyle = cssColour("--land");
  // Rings run on across the antimeridian, either way.
  for (const turn of [-1, 0, 1]) {
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (dx + turn * scale), ratio * dy);
    context.fill(land, "evenodd");
  }
  context.restore();
  const most = Math.log(Math.max(...cells.map((c) => c[2])) + 1);
  context.fillStyle = cssColour("--accent");
  for (const [lat, lon, n] of cells) {
    context.globalAlpha = 0.2 + 0.75 * (Math.log(n + 1) / most);
    const [x, y] = [unitX(lon) * scale + dx, unitY(lat + 1) * scale + dy];
    context.fillRect(x, y, Math.max(1.5, scale / 360 - 0.4), Math.max(1.5, unitY(lat) * scale + dy - y - 0.4));
  }
  context.globalAlpha = 1;
}

function qualityView(data, tables, map) {
  const { run } = data;
  const view = el("section.view.page", { id: "view-quality", hidden: true });
  const counts = (object) => new Map(Object.entries(object ?? {}).filter(([, n]) => n > 0));
  const aside = counts(run.rows?.set_aside);
  // What is rejected by the readers; rows that are set aside later are counted with them too.
  const rejects = counts(Object.fromEntries(Object.entries(run.rows?.rejects ?? {}).map(([reason, n]) => [reason, n - (aside.get(reason) ?? 0)])));
  // What wasn't asked for is no fault of the rows.
  const outside = rejects.get("outside_selection") ?? 0;
  rejects.delete("outside_selection");
  const excluded = counts(run.excluded);
  const sumOf = (map) => [...map.values()].reduce((a, b) => a + b, 0);
  const share = (n, of) => `${fixed(n)} (${fixed((100 * n) / Math.max(1, of), 2)} %)`;
  const [read, accepted] = [run.rows?.read ?? 0, run.rows?.accepted ?? 0];
  const gaps = tables.gaps;
  const explanations = new Map();
  gaps?.kind.forEach((kind) => explanations.set(kind, (explanations.get(kind) ?? 0) + 1));
  const judged = [...explanations.keys()].some((k) => k !== null);
  const lengths = new Map([["6 to 12 h", 0], ["12 to 24 h", 0], ["1 to 3 days", 0], ["over 3 days", 0]]);
  gaps?.hours.forEach((h) => {
    const name = h < 12 ? "6 to 12 h" : h < 24 ? "12 to 24 h" : h < 72 ? "1 to 3 days" : "over 3 days";
    lengths.set(name, lengths.get(name) + 1);
  });
  const { cells, counted } = coverageOf(data);
  const canvas = el("canvas", { role: "img", "aria-label": "Map of where ships were heard" });
  const box = el("div.coverage", {}, canvas);
  view.paint = () => drawCoverage(canvas, cells, map.land);
  const cut = (data.evidence?.rows ?? 0) > (data.evidence?.kept ?? 0);
  const left = TABLES.filter((n) => n !== "vessels" && data.tables[n].total > data.tables[n].rows);
  add(view, [
    el("h2", {}, "Data quality"),
    el("p.lede", {}, `${fixed(read)} rows were read: ${fixed(accepted)} accepted, ${share(sumOf(rejects), read)} rejected${outside ? `, ${share(outside, read)} outside the area or time asked for` : ""}. Of those accepted ${share(sumOf(aside), accepted)} were set aside, as repeated or out of reach of any ship; ${fixed(run.rows?.used ?? accepted - sumOf(aside))} were used.`),
    el("h3", {}, counted ? "Where ships were heard" : "Where events are"),
    box,
    el("p.note", {}, counted ? "Position reports by degree; the scale is logarithmic. Silence outside says nothing: nobody may have listened there."
      : "Encounters, slow runs and ends of gaps by degree; the scale is logarithmic. Outside, nobody may have listened."),
    el("div.columns", {},
      el("div", {}, el("h3", {}, "Rows rejected, by reason"), rejects.size ? countBars(rejects) : el("p.note", {}, "None."),
        aside.size ? [el("h3", {}, "Accepted rows set aside"), countBars(aside)] : null),
      el("div", {}, el("h3", {}, judged ? "Gaps by explanation" : "Gaps by length"), judged ? countBars(explanations) : countBars(lengths, (name) => name, false)),
      el("div", {}, el("h3", {}, "Left out of the search for pairs"), excluded.size ? [countBars(excluded), el("p.note", {}, "Counted once a ship and slot of ten minutes.")] : el("p.note", {}, "Nothing."))),
    el("h3", {}, "Inputs"),
    el("div.scroll", {}, el("table.plain.wide", {}, el("thead", {}, el("tr", {}, ["File", "Format", "Rows", "Accepted", "From (UTC)", "To (UTC)", "SHA-256", ""].map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, (run.inputs ?? []).map((i) => el("tr", { class: i.error ? "alert" : null }, [
        el("span", { title: i.path }, i.member ? `${baseName(i.path)} (${i.member})` : baseName(i.path)), i.format ?? NONE, fixed(i.rows_read), fixed(i.rows_accepted), i.first ? minute(Date.parse(i.first)) : NONE, i.last ? minute(Date.parse(i.last)) : NONE,
        i.sha256 ? el("code", { title: i.sha256 }, i.sha256.slice(0, 12)) : NONE, i.error ?? i.note ?? ""].map((c) => el("td", {}, c))))))),
    cut || left.length ? el("p.note", {}, cut ? `Evidence is thinned to ${fixed(data.evidence.kept)} of ${fixed(data.evidence.rows)} samples in this page; the table of evidence holds all. ` : "",
      left.map((n) => `${fixed(data.tables[n].total - data.tables[n].rows)} ${n} of least priority are in the table only. `)) : null,
  ]);
  return view;
}

function aboutView(data) {
  const { run } = data;
  const view = el("section.view.page", { id: "view-about", hidden: true });
  const request = run.request ?? {};
  add(view, [
    el("h2", {}, "About this report"),
    el("div.prose", {},
      el("p", {}, el("strong", {}, "Risk is a priority for review, from 0 to 1. It is not a probability of guilt."), " Confidence says how surely cargo moved between the two hulls, or how surely the kind is right."),
      el("p", {}, "AIS says where antennas are. Two ships rafted together for repairs, stores or shelter look like a transfer; an encounter is a lead for a person to follow, not proof of anything. Names, MMSI and IMO numbers are typed in by crews. What was not sent or not heard is missing here."),
      el("p", {}, "Open and settling events may still change when later days are added; final ones don't. Times are UTC, distances metres and kilometres, speeds knots, volumes US barrels.")),
    facts([["Program", `alongside ${run.version ?? ""}`], ["Parameters, SHA-256", run.config_sha256 && el("code", {}, run.config_sha256)],
      ["From", request.from], ["To", request.to], ["Box (W,S,E,N)", request.bbox], ["Area", request.area && baseName(request.area)]]),
    el("h3", {}, "Reference data"),
    el("div", {}, el("table.plain", {}, el("tbody", {}, (run.reference ?? []).map((r) => el("tr", {}, el("th", { scope: "row" }, baseName(r.name)), el("td", {}, el("code", {}, r.sha256))))))),
    el("p.note", {}, "Land: Natural Earth 1:10m, public domain, off by about a kilometre; fine near events, coarse elsewhere. Map view: Leaflet 1.9.4, BSD 2-clause."),
    el("details", {}, el("summary", {}, "Every parameter"), el("pre", {}, JSON.stringify(run.config ?? {}, null, 2))),
  ]);
  return view;
}
