// The list: only the rows that are seen are in the page, so ten thousand are as quick as ten.

const ROW_PX = 46;

class List {
  constructor(onopen) {
    this.onopen = onopen;
    this.rows = [];
    this.active = -1;
    this.body = el("div.list-body", { id: "list", role: "listbox", tabindex: "0", "aria-label": "Events", "aria-describedby": "list-help" });
    this.space = el("div.list-space", { role: "presentation" });
    this.body.append(this.space);
    this.head = el("div.list-head", { role: "toolbar", "aria-label": "Sort the list" });
    this.node = el("div.list", {}, this.head, this.body,
      el("p.visually-hidden", { id: "list-help" }, "Arrow keys move through the list, Enter opens an event, Escape closes it."));
    this.body.addEventListener("scroll", eachFrame(() => this.paint()));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.sort = { key: "priority", down: true };
    new ResizeObserver(eachFrame(() => this.paint())).observe(this.body);
  }
  /** Takes the events of a table and which columns they have. */
  use(events, onsort) {
    this.events = events;
    const columns = [
      events.hasRisk || events.hasConfidence ? ["risk", events.hasRisk ? "Risk" : events.name === "gaps" ? "Intent" : "Conf.", events.hasRisk ? "risk" : "confidence"] : null,
      ["kind", "Kind", "kind"],
      ["ships", "Ships", "ships"],
      ["when", "Start (UTC)", "start"],
      ["length", "Length", "hours"],
      ["place", "Place", "place"],
      events.hasVolume ? ["volume", "Barrels", "volume"] : null,
    ].filter(Boolean);
    this.node.classList.toggle("with-volume", events.hasVolume);
    this.node.classList.toggle("without-score", !events.hasRisk && !events.hasConfidence);
    this.columns = columns;
    this.onsort = onsort;
    this.paintHead();
  }
  paintHead() {
    clear(this.head);
    for (const [name, label, key] of this.columns) {
      const active = this.sort.key === key || (this.sort.key === "priority" && key === "risk");
      this.head.append(el(`button.col-${name}`, {
        type: "button", class: `col-${name}${active ? " active" : ""}`, "aria-pressed": String(active),
        title: `Sort by ${label.toLowerCase()}`, "data-sort": key,
        onclick: () => {
          this.sort = active ? { key, down: !this.sort.down } : { key, down: ["risk", "confidence", "hours", "volume"].includes(key) };
          this.paintHead();
          this.onsort();
        },
      }, label, active ? el("span.arrow", { "aria-hidden": "true" }, this.sort.down ? " ↓" : " ↑") : null));
    }
  }
  show(rows, openRow) {
    this.rows = rows;
    this.active = rows.indexOf(openRow);
    this.open = openRow;
    this.space.style.height = `${rows.length * ROW_PX}px`;
    this.paint();
  }
  /** Marks the open event and brings it into sight. */
  mark(row) {
    this.open = row;
    this.active = this.rows.indexOf(row);
    this.reveal();
    this.paint();
  }
  reveal() {
    if (this.active < 0) return;
    const [top, height] = [this.active * ROW_PX, this.body.clientHeight];
    if (top < this.body.scrollTop) this.body.scrollTop = top;
    else if (top + ROW_PX > this.body.scrollTop + height) this.body.scrollTop = top + ROW_PX - height;
  }
  key(event) {
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW_PX) - 1);
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page, Home: 0, End: this.rows.length - 1,
      j: this.active + 1, k: this.active - 1 }[event.key];
    if (to !== undefined && this.rows.length > 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.active = Math.max(0, Math.min(this.rows.length - 1, to));
      this.reveal();
      this.paint();
      this.onopen(this.rows[this.active], true);
    } else if (event.key === "Enter" && this.active >= 0) {
      this.onopen(this.rows[this.active], false);
    }
  }
  paint() {
    if (!this.events) return;
    this.head.style.paddingRight = `${14 + this.body.offsetWidth - this.body.clientWidth}px`;
    const first = Math.max(0, Math.floor(this.body.scrollTop / ROW_PX) - 4);
    const last = Math.min(this.rows.length, Math.ceil((this.body.scrollTop + this.body.clientHeight) / ROW_PX) + 4);
    const made = [];
    for (let i = first; i < last; i++) made.push(this.row(i));
    if (this.rows.length === 0) made.push(el("p.empty", {}, this.events.count === 0 ? "No events of this kind." : "Nothing matches these filters."));
    this.space.replaceChildren(...made);
    const active = this.active >= first && this.active < last ? `row-${this.active}` : null;
    if (active) this.body.setAttribute("aria-activedescendant", active);
    else this.body.removeAttribute("aria-activedescendant");
  }
  row(i) {
    const [events, row] = [this.events, this.rows[i]];
    const node = el("div.row", {
      id: `row-${i}`, role: "option", "aria-selected": String(row === this.open), "aria-posinset": i + 1, "aria-setsize": this.rows.length,
      class: `row${row === this.open ? " open" : ""}${i === this.active ? " active" : ""}`, style: { transform: `translateY(${i * ROW_PX}px)` },
      onclick: () => {
        this.active = i;
        this.onopen(row, false);
      },
    });
    for (const [name] of this.columns) node.append(this.cell(name, events, row));
    return node;
  }
  cell(name, events, row) {
    const two = (a, b) => [el("span.one", {}, a), el("span.two", {}, b)];
    const cells = {
      risk: () => {
        const value = events.hasRisk ? events.risk[row] : events.confidence[row];
        return value === null ? el("span.faint", {}, NONE) : [el("span.score", {}, fixed(value, 2)), el("span.score-bar", {}, el("span", { style: { width: `${value * 100}%`, background: `var(${events.hasRisk ? bandOf(value).colour : "--accent"})` } }))];
      },
      kind: () => [markIcon(shapeOf(events.name, events.kind[row]), colourOf(events, row)), el("span.kind-words", {}, SHORT[events.kind[row]] ?? (events.judged ? inWords(events.kind[row]) : titleOf(events, row)))],
      ships: () => events.ships[row].slice(0, 2).map((ship) => el("span.one.ship", {}, el("span.flag", { title: "Flag state by MMSI" }, ship.flag ?? ""), el("span.name", {}, ship.name ?? mmsiText(ship.mmsi)), ship.watchlist ? el("span.listed", { title: ship.watchlist }, "listed") : null)),
      when: () => two(day(events.start[row]), `${minute(events.start[row]).slice(11)}${events.status[row] === "open" ? " · open" : ""}`),
      length: () => el("span.one", {}, hours(events.hours[row])),
      place: () => {
        const [a, b] = events.place[row].split(" · ");
        return two(a, b ?? "");
      },
      volume: () => el("span.one", {}, shortBarrels(events.volume[row])),
    };
    return el(`div.cell.col-${name}`, name === "place" ? { title: events.place[row] } : {}, cells[name]());
  }
}

/** Filters of a table, and the controls that set them. */
class Filters {
  constructor(onchange) {
    this.onchange = onchange;
    this.node = el("form.filters", { role: "search", onsubmit: (e) => e.preventDefault() });
    this.reset();
  }
  reset() {
    this.values = { words: "", kinds: null, risk: 0, confidence: 0, volume: 0, hours: 0, from: null, to: null, zone: null, flag: null, listed: false, within: null };
  }
  use(events, mapBounds) {
    this.reset();
    this.events = events;
    // Gaps are many and most have a plain cause: without a risk to sort by, what has none is shown.
    if (events.name === "gaps" && !events.hasRisk && events.kind.includes("unexplained")) this.values.kinds = new Set(["unexplained"]);
    this.mapBounds = mapBounds;
    this.build();
  }
  set(name, value) {
    this.values[name] = value;
    this.onchange();
  }
  build() {
    const { events, values } = this;
    const search = el("input", { type: "search", id: "search", placeholder: "Name, MMSI, IMO, place, reason…", "aria-label": "Search events", autocomplete: "off", spellcheck: "false",
      oninput: (e) => this.set("words", e.target.value) });
    const number = (label, name, attributes) => el("label", {}, label, el("input", { type: "number", "data-filter": name, ...attributes, oninput: (e) => this.set(name, Number(e.target.value) || 0) }));
    const date = (label, name, shift) => el("label", {}, label, el("input", { type: "date", "data-filter": name,
      oninput: (e) => this.set(name, e.target.value ? Date.parse(`${e.target.value}T00:00:00Z`) + shift : null) }));
    const choice = (label, name, options) => options.length === 0 ? null : el("label", {}, label, el("select", { "data-filter": name,
      onchange: (e) => this.set(name, e.target.value === "*" ? null : e.target.value) }, el("option", { value: "*" }, "Any"), options.map(([value, words]) => el("option", { value }, words))));
    const check = (label, name, on) => el("label.check", {}, el("input", { type: "checkbox", "data-filter": name, onchange: (e) => this.set(name, on(e.target.checked)) }), label);
    const zones = [...new Set(events.zone.filter(Boolean))].sort();
    const flags = [...new Set(events.ships.flat().map((s) => s.flag).filter(Boolean))].sort();
    const more = el("details.more", {}, el("summary", {}, "More filters"), el("div.more-grid", {},
      events.hasRisk ? number("Risk from", "risk", { min: 0, max: 1, step: 0.05, placeholder: "0" }) : null,
      events.hasConfidence ? number(events.name === "gaps" ? "Intent from" : "Confidence from", "confidence", { min: 0, max: 1, step: 0.05, placeholder: "0" }) : null,
      number("Hours from", "hours", { min: 0, step: 1, placeholder: "0" }),
      events.hasVolume ? number("Barrels from", "volume", { min: 0, step: 1000, placeholder: "0" }) : null,
      date("From (UTC)", "from", 0), date("To, inclusive", "to", 86400000),
      choice("Zone", "zone", zones.length ? [["", "In any zone"], ...zones.map((z) => [z, z])] : []),
      choice("Flag", "flag", flags.map((f) => [f, f])),
      events.hasWatch ? check("On a watchlist", "listed", (on) => on) : null,
      check("In the map's view", "within", (on) => (on ? this.mapBounds() : null)),
      el("button.quiet", { type: "button", onclick: () => { this.use(this.events, this.mapBounds); this.onchange(); } }, "Clear")));
    this.chips = el("div.chips", { role: "group", "aria-label": "Kinds" });
    this.count = el("output.count", { "aria-live": "polite" });
    clear(this.node).append(el("div.filter-line", {}, search, this.count), this.chips, more);
    this.paintChips(values);
  }
  paintChips(values) {
    const counts = new Map();
    for (const kind of this.events.kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    clear(this.chips);
    if (counts.size < 2) return;
    const order = (kind) => (kind === null ? 99 : TRANSFERS.indexOf(kind) >= 0 ? TRANSFERS.indexOf(kind) : kind === "unexplained" ? 0 : 10);
    const kinds = [...counts].sort((a, b) => order(a[0]) - order(b[0]) || b[1] - a[1]);
    this.chips.append(el("button.chip", { type: "button", "aria-pressed": String(values.kinds === null), onclick: () => { values.kinds = null; this.paintChips(values); this.onchange(); } }, "All ", el("b", {}, fixed(this.events.count))));
    for (const [kind, n] of kinds) {
      const on = values.kinds?.has(kind) ?? false;
      this.chips.append(el("button.chip", { type: "button", "aria-pressed": String(on), "data-kind": kind ?? "", onclick: () => {
        const set = new Set(values.kinds ?? []);
        if (!set.delete(kind)) set.add(kind);
        values.kinds = set.size === 0 ? null : set;
        this.paintChips(values);
        this.onchange();
      } }, markIcon(shapeOf(this.events.name, kind), "--muted", 11), ` ${inWords(kind)} `, el("b", {}, fixed(n))));
    }
  }
  tell(n) {
    this.count.textContent = n === this.events.count ? `${fixed(n)} events` : `${fixed(n)} of ${fixed(this.events.count)}`;
  }
}
