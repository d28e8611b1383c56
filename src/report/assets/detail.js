// One event in full: what happened, how it is known, what it rests on.

const section = (title, ...children) => el("section", {}, el("h3", {}, title), children);
const facts = (pairs) => el("dl.pairs", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== NONE && value !== "")
  .map(([label, value, doc]) => el("div", {}, el("dt", doc ? { title: doc } : {}, label), el("dd", {}, value))));

class Detail {
  constructor(data, tables, onopen, onmap, onclose) {
    Object.assign(this, { data, tables, onopen, onmap, onclose });
    this.node = el("aside.detail", { "aria-label": "Event", tabindex: "-1", hidden: true });
  }
  close() {
    this.stop();
    this.node.hidden = true;
    clear(this.node);
    this.shown = null;
  }
  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }
  async show(events, row) {
    this.stop();
    const shown = (this.shown = { events, row });
    const t = events.table;
    this.node.hidden = false;
    this.node.scrollTop = 0;
    this.time = el("div.time-view");
    clear(this.node).append(this.head(events, row), this.scores(events, row), this.time);
    const own = {
      encounters: () => [this.why(t, row), this.parties(t, row), this.volume(t, row), this.measures(t, row), this.draughts(events, row)],
      rendezvous: () => [this.rendezvous(t, row), this.why(t, row), this.volume(t, row), this.single(t.get(row, "mmsi_dark"), "The silent ship"), this.single(t.get(row, "mmsi_partner"), t.get(row, "kind") === "two_gaps" ? "The other silent ship" : "The ship that waited")],
      gaps: () => [this.gap(t, row), this.why(t, row), this.single(t.get(row, "mmsi"), "Ship")],
      loitering: () => [this.loitering(t, row), this.why(t, row), this.single(t.get(row, "mmsi"), "Ship")],
      identity: () => [this.identity(t, row), this.single(t.get(row, "mmsi"), "Ship"), this.single(t.get(row, "other_mmsi"), "Other ship")],
      port_calls: () => [this.call(t, row), this.single(t.get(row, "mmsi"), "Ship"), this.draughts(events, row)],
    }[events.name]();
    add(this.node, [own, this.related(events, row), this.all(t, row)]);
    if (events.name === "encounters") {
      const series = await this.data.samples(row, events.id[row]);
      if (this.shown === shown) this.timeView(series, events, row);
    } else {
      this.onmap(this.plain(events, row));
    }
  }
  head(events, row) {
    const id = events.id[row];
    const names = events.ships[row].map((s) => s.name ?? mmsiText(s.mmsi));
    const kind = titleOf(events, row);
    const sub = events.name === "gaps" ? events.kind[row] : events.name === "loitering" ? events.kind[row] : events.table.get(row, "mode");
    return el("header.detail-head", {},
      el("div.eyebrow", {}, markIcon(shapeOf(events.name, events.kind[row]), colourOf(events, row), 14), el("span", {}, [kind, sub ? inWords(sub).toLowerCase() : null].filter(Boolean).join(", ")),
        el("button.close", { type: "button", "aria-label": "Close", title: "Close (Esc)", onclick: () => this.onclose() }, "✕")),
      el("h2", {}, names.length > 1 ? [names[0], el("span.amp", {}, " and "), names[1]] : names[0] ?? "Unknown ship"),
      el("p.when", {}, `${span(events.start[row], events.end[row])} UTC`, el("span.faint", {}, ` · ${hours(events.hours[row])}`)),
      el("p.where", {}, events.place[row]),
      el("p.ids", {}, "Event ", copyable(id, "event id"), events.lat[row] === null ? null : [" at ", copyable(degrees(events.lat[row], events.lon[row]), "coordinates")],
        events.status[row] ? el("span.status", { title: "open: may go on; settling: may still be judged anew; final: never changes" }, events.status[row]) : null));
  }
  scores(events, row) {
    const t = events.table;
    const risk = events.risk[row];
    const confidence = t.get(row, "confidence");
    const kindConfidence = t.get(row, "kind_confidence");
    const rows = [
      risk === null ? null : meter("Risk", risk, bandOf(risk).colour, "Priority for review, 0 to 1; not a probability of guilt."),
      confidence === null ? null : meter(events.name === "rendezvous" ? "Confidence that the two met" : "Confidence that cargo moved", confidence, "--accent"),
      kindConfidence === null ? null : meter(`Confidence in “${inWords(t.get(row, "kind")).toLowerCase()}”`, kindConfidence, "--accent"),
      t.get(row, "intentional") === null ? null : meter("How unlikely by chance", t.get(row, "intentional"), "--accent"),
    ].filter(Boolean);
    return rows.length > 0 ? el("div.scores", {}, rows) : null;
  }
  timeView(series, events, row) {
    if (series.length < 2 || series[0].t.length === 0) {
      this.onmap(this.plain(events, row));
      add(this.time, [el("p.note", {}, "No samples of this encounter are in the report.")]);
      return;
    }
    const meeting = new Meeting(this.data, series);
    const closeUp = new CloseUp(meeting);
    const steps = 1000;
    const slider = el("input", { type: "range", min: 0, max: steps, step: 1, id: "slider", "aria-label": "Time" });
    const clock = el("output.clock");
    const state = el("div.state");
    const play = el("button.play", { type: "button", "aria-label": "Play", title: "Play (space)" }, "▶");
    const chart = timeChart(meeting, Math.max(320, this.node.clientWidth - 34), (t) => to(t));
    const legend = el("p.legend", {}, meeting.parties.map((p) => el("span", {}, el("i", { style: { background: `var(${p.colour})` } }), p.name)));
    const tracks = meeting.parties.map((p) => p.track());
    let now = 0;
    const to = (t) => {
      now = t;
      slider.value = Math.round(((t - meeting.from) / Math.max(1, meeting.to - meeting.from)) * steps);
      const i = meeting.nearest(t);
      const near = Math.abs(meeting.t[i] - t) < 30 * 60000;
      const [a, b] = meeting.parties.map((p) => p.at(t));
      const metres = metresBetween([a.lat, a.lon], [b.lat, b.lon]);
      clock.textContent = `${second(t)} UTC`;
      slider.setAttribute("aria-valuetext", clock.textContent);
      clear(state).append(...[
        meeting.phaseAt(t),
        near && meeting.gap_m[i] !== null ? `hulls ${distance(meeting.gap_m[i])}` : null,
        `antennas ${distance(metres)}`,
        a.sog_kn === null && b.sog_kn === null ? null : `${fixed(a.sog_kn, 1)} and ${fixed(b.sog_kn, 1)} kn`,
        a.silent || b.silent ? "not heard: position interpolated" : near && meeting.parties[0].sigma_m[i] !== null ? `±${distance(meeting.parties[0].sigma_m[i])}` : null,
      ].filter(Boolean).map((words) => el("span", {}, words)));
      closeUp.draw(t);
      chart.mark(t);
      this.onmap({ row, tracks, hulls: meeting.parties.map((p) => p.hull(t)) });
    };
    slider.addEventListener("input", () => {
      this.stop();
      play.textContent = "▶";
      to(meeting.from + (slider.value / steps) * (meeting.to - meeting.from));
    });
    const toggle = () => {
      if (this.playing) {
        this.stop();
        play.textContent = "▶";
        return;
      }
      play.textContent = "❚❚";
      if (now >= meeting.to) now = meeting.from;
      let last = performance.now();
      const frame = (time) => {
        now = Math.min(meeting.to, now + ((time - last) / 14000) * (meeting.to - meeting.from));
        last = time;
        to(now);
        if (now < meeting.to) this.playing = requestAnimationFrame(frame);
        else (this.stop(), (play.textContent = "▶"));
      };
      this.playing = requestAnimationFrame(frame);
    };
    play.addEventListener("click", toggle);
    slider.addEventListener("keydown", (e) => e.key === " " && (e.preventDefault(), toggle()));
    const jump = (label, t) => el("button.quiet", { type: "button", onclick: () => to(t) }, label);
    const kept = series[0].t.length + series[1].t.length;
    const sized = meeting.parties.filter((p) => p.offsets);
    const note = sized.length === 0 ? "Size unknown: the dots are antennas." : "Hulls to scale from length and beam; where the antenna stands on them is assumed.";
    const still = meeting.northUp ? " North is up: the heading is unknown." : ` Bow of ${meeting.larger.name} up.`;
    add(this.time, [
      el("div.closeup-box", {}, closeUp.canvas),
      el("div.slider-line", {}, play, slider),
      el("div.clock-line", {}, clock, state),
      el("div.jumps", {}, jump("Approach", meeting.from), jump("Meeting", meeting.contact[0]), jump("Middle", meeting.middle), jump("Parting", meeting.contact[1]), jump("Departure", meeting.to),
        el("button.quiet", { type: "button", title: "Zoom the map to the ships", onclick: () => this.onmap({ row, tracks, hulls: meeting.parties.map((p) => p.hull(now)), near: true }) }, "Zoom in")),
      legend, chart.node,
      el("p.note", {}, `${note}${still} Blue: close together; grey: neither heard. ${fixed(kept)} samples; straight lines between them.`),
    ]);
    this.refresh = () => to(now);
    const places = meeting.parties.flatMap((p) => p.track().runs.filter((r) => r[2] === 1).flatMap(([a, b]) => p.places.slice(a, b + 1)));
    this.onmap({ row, tracks, hulls: [], places: places.length > 0 ? places : meeting.parties[0].places });
    to(meeting.middle);
  }
  /** What the map shows of an event without samples. */
  plain(events, row) {
    const t = events.table;
    const place = [events.lat[row], events.lon[row]];
    const gapOf = (table, at) => {
      const from = [table.get(at, "start_lat"), table.get(at, "start_lon")];
      const end = [table.get(at, "end_lat"), table.get(at, "end_lon")];
      return { from, end: end[0] === null ? null : end, hours: table.get(at, "duration_h"), mmsi: table.get(at, "mmsi") };
    };
    const out = { row, lines: [], areas: [], dots: [], places: place[0] === null ? [] : [place] };
    const shownGap = (gap, spare_h = 0) => {
      const name = events.name === "gaps" ? "" : `${this.data.name(gap.mmsi)} `;
      out.dots.push({ place: gap.from, words: `${name}last heard` });
      out.places.push(gap.from);
      if (gap.end) {
        out.lines.push(turned([gap.from, gap.end]));
        out.dots.push({ place: turned([gap.from, gap.end])[1], words: `${name}heard again`, below: true });
        out.places.push(gap.end);
      }
      const reach = this.reach(gap, spare_h);
      if (reach) {
        out.areas.push(reach);
        out.places.push(...reach);
      }
    };
    if (events.name === "gaps") shownGap(gapOf(t, row));
    if (events.name === "rendezvous") {
      const gaps = this.tables.gaps;
      const spare_h = this.data.run.config?.rendezvous?.transfer_min_h ?? 0;
      for (const column of ["gap_id", "partner_event_id"]) {
        const at = gaps?.rowOf.get(t.get(row, column));
        if (at !== undefined) shownGap(gapOf(gaps.table, at), spare_h);
      }
    }
    return out;
  }
  /** Speed at which a ship's reach is drawn, knots: that of the search for rendezvous, by the sort of ship. */
  reachSpeed(mmsi) {
    const { tanker_kn = 16, fishing_kn = 12 } = this.data.run.config?.rendezvous ?? {};
    return this.data.vessel(mmsi, "ship_type") === 30 ? fishing_kn : tanker_kn;
  }
  /** The outline of where a silent ship can have been with so many hours to spare. */
  reach({ from, end, hours: silent, mmsi }, spare_h) {
    const h = silent - spare_h;
    if (silent === null || h <= 0 || h > 24 * 14) return null;
    const most = this.reachSpeed(mmsi) * 1852 * h;
    const outline = [];
    if (!end) {
      if (h > 72) return null;
      for (let b = 0; b < 360; b += 4) outline.push(offset(from, b, most));
      return turned(outline);
    }
    const straight = metresBetween(from, end);
    if (straight > most) return null;
    const far = turned([from, end])[1];
    const middle = [(from[0] + far[0]) / 2, (from[1] + far[1]) / 2];
    for (let b = 0; b < 360; b += 4) {
      let [low, high] = [0, most];
      for (let i = 0; i < 26; i++) {
        const p = offset(middle, b, (low + high) / 2);
        if (metresBetween(from, p) + metresBetween(p, end) <= most) low = (low + high) / 2;
        else high = (low + high) / 2;
      }
      outline.push(offset(middle, b, low));
    }
    return turned(outline);
  }
  parties(t, row) {
    const of = (column) => [1, 2].map((i) => t.get(row, column.replace("#", i)));
    const ship = (column) => of("mmsi_#").map((mmsi) => this.data.vessel(mmsi, column));
    const size = [0, 1].map((i) => (ship("length_m")[i] ? `${fixed(ship("length_m")[i])} × ${fixed(ship("beam_m")[i])} m` : null));
    const draught = [0, 1].map((i) => {
      const [before, after] = [of("draught_before_#_m")[i], of("draught_after_#_m")[i]];
      return before === null && after === null ? null : after === null ? `${fixed(before, 1)} m before` : before === null ? `${fixed(after, 1)} m after` : `${fixed(before, 1)} → ${fixed(after, 1)} m`;
    });
    const from = t.get(row, "from_mmsi");
    const gave = of("mmsi_#").map((mmsi) => (from === null ? null : mmsi === from ? "gave cargo" : "took cargo"));
    const lines = [
      ["Role", of("role_#").map((r, i) => [r ? inWords(r) : null, gave[i]].filter(Boolean).join(", ") || null)],
      ["Flag", of("flag_#")], ["MMSI", of("mmsi_#").map((v) => copyable(mmsiText(v), "MMSI"))], ["IMO", of("imo_#").map((v) => (v === null ? null : copyable(String(v), "IMO")))],
      ["Type", of("ship_type_#").map((v) => (v === null ? null : shipType(v)))], ["Class", of("class_#").map((v) => (v === null ? null : inWords(v)))],
      ["Deadweight", of("dwt_#_t").map((v) => (v === null ? null : withUnit(v, "t")))], ["Length × beam", size], ["Draught before → after", draught],
      ["Destination", of("destination_#")], ["Last port", of("last_port_#")], ["Next port", of("next_port_#")],
      ["Status sent", of("nav_status_#").map((v) => (v === null ? null : navStatus(v)))], ["AIS class", of("ais_class_#")], ["Watchlist", of("watchlist_#").map((v, i) => v ?? ship("watchlist")[i])],
    ].filter(([, pair]) => pair.some((v) => v !== null && v !== NONE));
    const name = (i) => of("name_#")[i] ?? mmsiText(of("mmsi_#")[i]);
    return section("The ships", el("table.parties", {},
      el("thead", {}, el("tr", {}, el("td"), [0, 1].map((i) => el("th", { scope: "col" }, el("i.swatch", { style: { background: `var(--ship-${i + 1})` } }), name(i))))),
      el("tbody", {}, lines.map(([label, pair]) => el("tr", { class: label === "Watchlist" ? "alert" : null }, el("th", { scope: "row" }, label), pair.map((v) => el("td", {}, v ?? NONE)))))));
  }
  single(mmsi, title) {
    if (mmsi === null) return null;
    const v = (column) => this.data.vessel(mmsi, column);
    return section(title, facts([
      ["Name", v("name")], ["Flag", v("flag")], ["MMSI", copyable(mmsiText(mmsi), "MMSI")], ["IMO", v("imo") === null ? null : copyable(String(v("imo")), "IMO")],
      ["Call sign", v("callsign")], ["Type", v("ship_type") === null ? null : shipType(v("ship_type"))], ["Class", v("class") === null ? null : inWords(v("class"))],
      ["Deadweight", v("dwt_t") === null ? null : withUnit(v("dwt_t"), "t")], ["Length × beam", v("length_m") ? `${fixed(v("length_m"))} × ${fixed(v("beam_m"))} m` : null],
      ["Draught sent", v("draught_min_m") === null ? null : v("draught_min_m") === v("draught_max_m") ? withUnit(v("draught_min_m"), "m", 1) : `${fixed(v("draught_min_m"), 1)} to ${fixed(v("draught_max_m"), 1)} m`], ["AIS class", v("ais_class")],
      ["Heard", v("rows") === null ? null : `${fixed(v("rows"))} reports, ${span(v("first_seen"), v("last_seen"))}`], ["Watchlist", v("watchlist")],
    ]));
  }
  why(t, row) {
    const { words, risk } = reasonsOf(t.get(row, "reasons"));
    return [
      risk.length > 0 ? section(`What makes the risk ${fixed(t.get(row, "risk"), 2)}`, reasonBars(risk, (text) => this.linked(text))) : null,
      words.length > 0 ? section(t.name === "rendezvous" ? "What the confidence rests on" : "What it rests on", reasonBars(words, (text) => this.linked(text))) : null,
    ];
  }
  /** A text in which the ids of events of this report lead to them. */
  linked(text) {
    const known = (id) => Object.values(this.tables).some((events) => events.rowOf.has(id));
    return text.split(/\b([0-9a-f]{16})\b/).map((part, i) => (i % 2 === 1 && known(part) ? el("a", { href: `#${part}` }, part) : part));
  }
  volume(t, row) {
    const [low, best, high] = ["volume_low_bbl", "volume_bbl", "volume_high_bbl"].map((c) => t.get(row, c));
    if (best === null && high === null) return null;
    const [from, to] = [t.get(row, "from_mmsi"), t.get(row, "to_mmsi")];
    return section("Volume", rangeBar(low, best, high), facts([
      ["From → to", from === null ? null : `${this.data.name(from)} → ${to === null ? "unknown" : this.data.name(to)}`],
      ["Best estimate", t.get(row, "volume_t") === null ? null : `${fixed(t.get(row, "volume_t"))} t`], ["Product assumed", t.get(row, "product") && inWords(t.get(row, "product"))],
      ["Method", t.get(row, "volume_method") && inWords(t.get(row, "volume_method"))],
    ]), el("ul.facts.working", {}, (t.get(row, "volume_working") ?? "").split(/;\s+/).filter(Boolean).map((step) => el("li", {}, step))));
  }
  measures(t, row) {
    const v = (c) => t.get(row, c);
    const bounded = (column, censored, words) => (v(censored) ? `${words} the data` : v(column) === null ? "never seen apart" : `${minute(v(column))} UTC`);
    return section("How it is known", facts([
      ["Hull gap", v("hull_gap_m") === null ? null : `${withUnit(v("hull_gap_m"), "m")} (${fixed(v("hull_gap_low_m"))} to ${fixed(v("hull_gap_high_m"))})`, t.doc("hull_gap_m")],
      ["Antenna distance", withUnit(v("antenna_distance_m"), "m"), t.doc("antenna_distance_m")],
      ["Rigidity", withUnit(v("rigidity_m"), "m", 1), t.doc("rigidity_m")],
      ["Heading difference", v("heading_difference_deg") === null ? null : `${fixed(v("heading_difference_deg"))}°`, t.doc("heading_difference_deg")],
      ["Speed of the pair", withUnit(v("sog_kn"), "kn", 1), t.doc("sog_kn")], ["Relative speed", withUnit(v("relative_speed_kn"), "kn", 2), t.doc("relative_speed_kn")],
      ["Both heard", `${hours(v("observed_h"))} of ${hours(v("duration_h"))}`, t.doc("observed_h")], ["Through silence", v("through_gap") ? "yes" : "no", t.doc("through_gap")],
      ["Apart before", bounded("start_not_before", "start_censored", "may begin before"), t.doc("start_not_before")], ["Apart after", bounded("end_not_after", "end_censored", "may go on after"), t.doc("end_not_after")],
      ["Anchorage", v("anchorage"), t.doc("anchorage")], ["Sea band", v("sea_band") ? `${v("sea_band")} nmi off shore` : null, t.doc("sea_band")], ["Local night", v("local_night") === null ? null : v("local_night") ? "yes" : "no", t.doc("local_night")],
    ]));
  }
  rendezvous(t, row) {
    const v = (c) => t.get(row, c);
    return section("The window", facts([
      ["Earliest", `${minute(v("window_start"))} UTC`, t.doc("window_start")], ["Latest", `${minute(v("window_end"))} UTC`, t.doc("window_end")],
      ["Slack", v("slack_h") === null ? null : hours(v("slack_h")), t.doc("slack_h")], ["Other candidates", v("alternatives") === null ? null : fixed(v("alternatives")), t.doc("alternatives")],
      ["Rank", v("rank"), t.doc("rank")],
    ]), el("p.note", {}, `Shaded on the map: where a silent ship can have been at up to ${this.reachSpeed(v("mmsi_dark"))} kn, with time for a transfer, between its last and next report.`));
  }
  gap(t, row) {
    const v = (c) => t.get(row, c);
    return section("The silence", facts([
      ["Explanation", inWords(v("explanation")), t.doc("explanation")], ["Heard last", degrees(v("start_lat"), v("start_lon"))], ["Heard again", v("end_lat") === null ? "not in the data" : degrees(v("end_lat"), v("end_lon"))],
      ["Distance", v("distance_km") === null ? null : withUnit(v("distance_km"), "km", 1), t.doc("distance_km")], ["Implied speed", withUnit(v("implied_speed_kn"), "kn", 1), t.doc("implied_speed_kn")],
      ["Reception there", v("reception") === null ? "unknown" : `${fixed(v("reception") * 100)} % of expected reports`, t.doc("reception")], ["Shore", shore(t, row)],
    ]), el("p.note", {}, `Silence has many causes: no receiver near, class B, a crowded channel, a switch. Shaded on the map: within reach at ${this.reachSpeed(v("mmsi"))} kn.`));
  }
  loitering(t, row) {
    const v = (c) => t.get(row, c);
    return section("The slow run", facts([
      ["State", v("state") && inWords(v("state")), t.doc("state")], ["Mean speed", withUnit(v("mean_speed_kn"), "kn", 2), t.doc("mean_speed_kn")], ["Drift", withUnit(v("drift_km"), "km", 1), t.doc("drift_km")],
      ["Anchorage", v("anchorage"), t.doc("anchorage")], ["Radius", distance(v("radius_m")), t.doc("radius_m")], ["In port", v("in_port") === null ? null : v("in_port") ? "yes" : "no", t.doc("in_port")],
      ["Shore", shore(t, row)], ["Nearest port", v("distance_to_port_km") === null ? null : withUnit(v("distance_to_port_km"), "km"), t.doc("distance_to_port_km")],
    ]));
  }
  identity(t, row) {
    return section("The finding", el("p", {}, t.get(row, "detail") ?? inWords(t.get(row, "kind"))), facts([["IMO concerned", t.get(row, "imo") === null ? null : copyable(String(t.get(row, "imo")), "IMO")]]));
  }
  call(t, row) {
    const v = (c) => t.get(row, c);
    return section("The call", facts([
      ["Port", v("port"), t.doc("port")], ["From", `${minute(v("start"))} UTC`], ["To", v("end") === null ? null : `${minute(v("end"))} UTC`],
      ["Draught in", v("draught_in_m") === null ? null : withUnit(v("draught_in_m"), "m", 1), t.doc("draught_in_m")], ["Draught out", v("draught_out_m") === null ? null : withUnit(v("draught_out_m"), "m", 1), t.doc("draught_out_m")],
    ]));
  }
  /** What the ships said of their draught around all their events. */
  draughts(events, row) {
    const lines = [];
    for (const { mmsi, name } of events.ships[row]) {
      const { encounters, port_calls: calls } = this.data.tables;
      for (let i = 0; i < encounters.rows; i++) {
        for (const n of [1, 2]) {
          if (encounters.get(i, `mmsi_${n}`) !== mmsi) continue;
          const [before, after] = [encounters.get(i, `draught_before_${n}_m`), encounters.get(i, `draught_after_${n}_m`)];
          if (before !== null || after !== null) lines.push([name ?? mmsiText(mmsi), encounters.get(i, "start"), inWords(encounters.get(i, "kind")), before, after]);
        }
      }
      for (let i = 0; i < calls.rows; i++) {
        if (calls.get(i, "mmsi") !== mmsi) continue;
        const [before, after] = [calls.get(i, "draught_in_m"), calls.get(i, "draught_out_m")];
        if (before !== null || after !== null) lines.push([name ?? mmsiText(mmsi), calls.get(i, "start"), `Call at ${calls.get(i, "port") ?? "a port"}`, before, after]);
      }
    }
    if (lines.length < 2) return null;
    lines.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
    return section("Draught history", el("table.plain", {}, el("thead", {}, el("tr", {}, ["Ship", "From (UTC)", "Event", "Before", "After"].map((h) => el("th", { scope: "col" }, h)))),
      el("tbody", {}, lines.slice(0, 40).map(([who, when, what, before, after]) => el("tr", {}, [who, minute(when), what, withUnit(before, "m", 1), withUnit(after, "m", 1)].map((c) => el("td", {}, c)))))));
  }
  /** Other events of the same ships, cluster or chain. */
  related(events, row) {
    const own = new Set(events.ships[row].map((s) => s.mmsi));
    const found = [];
    for (const other of Object.values(this.tables)) {
      for (let i = 0; i < other.count; i++) {
        if (other === events && i === row) continue;
        if (other.ships[i].some((s) => own.has(s.mmsi))) found.push([other, i]);
      }
    }
    if (found.length === 0) return null;
    found.sort((a, b) => a[0].start[a[1]] - b[0].start[b[1]]);
    return section(`Other events of ${own.size > 1 ? "these ships" : "this ship"}`, el("ul.related", {}, found.slice(0, 25).map(([other, i]) => el("li", {},
      el("a", { href: `#${other.id[i]}` }, markIcon(shapeOf(other.name, other.kind[i]), colourOf(other, i), 11), el("span.faint", {}, ` ${minute(other.start[i])} `),
        `${titleOf(other, i)}, ${hours(other.hours[i])}`, el("span.faint", {}, ` ${other.ships[i].map((s) => s.name ?? mmsiText(s.mmsi)).join(" and ")}`))))),
      found.length > 25 ? el("p.note", {}, `${fixed(found.length - 25)} more.`) : null);
  }
  all(t, row) {
    const value = (column) => {
      const v = t.get(row, column);
      const { kind, scale } = t.columns[column];
      if (v === null) return NONE;
      return kind === "time" ? iso(v) : kind === "decimal" ? v.toFixed(scale) : String(v);
    };
    return el("details.all", {}, el("summary", {}, "Every column"), el("dl.pairs.mono", {}, Object.keys(t.columns).map((column) =>
      el("div", {}, el("dt", { title: t.doc(column) }, column), el("dd", {}, value(column))))));
  }
}
