// Puts the page together.

async function main() {
  const data = await Data.open();
  const tables = {};
  for (const name of Object.keys(SORTS)) if (data.tables[name].rows > 0 || name === "encounters") tables[name] = new Events(data, name);

  const views = [["events", "Events"], ["volumes", "Volumes"], ["quality", "Data quality"], ["about", "About"]];
  const host = document.getElementById("views");
  add(document.getElementById("masthead"), [masthead(data, tables, views, (id) => showView(id))]);
  add(document.body, [el("div", { id: "toast", role: "status" }), helpDialog(tables)]);

  const mapBox = el("div", { id: "map", tabindex: "0", role: "application", "aria-label": "Map of events" });
  const tip = el("div.tip", { hidden: true });
  const legend = el("div.map-legend");
  const mapPane = el("div.map-pane", {}, mapBox, tip, legend);
  const tabs = el("div.tabs", { role: "tablist", "aria-label": "Tables" });
  let events = null;
  let rows = [];
  let open = null;

  const filters = new Filters(() => refresh());
  const list = new List((row, moving) => openEvent(events, row, { fromList: true, moving }));
  const left = el("div.left", {}, tabs, filters.node, list.node);
  const workbench = el("section.view.workbench", { id: "view-events" }, left, mapPane);
  clear(host).append(workbench);

  const map = new WorldMap(mapBox, data, (row) => openEvent(events, row, { fromList: false }), (row, point) => {
    tip.hidden = row === null;
    if (row === null) return;
    clear(tip).append(el("b", {}, events.ships[row].map((s) => s.name ?? mmsiText(s.mmsi)).join(" and ")),
      el("span", {}, `${titleOf(events, row)} · ${minute(events.start[row])} UTC · ${hours(events.hours[row])}`));
    tip.style.transform = `translate(${Math.min(point.x + 14, mapBox.clientWidth - 260)}px, ${point.y + 14}px)`;
  });
  const detail = new Detail(data, tables, openEvent, (selected) => {
    map.select(selected);
    if (selected.places) map.fit(selected.places, events.name === "encounters" ? 14 : 9);
    else if (selected.hulls) map.follow(selected.hulls, selected.near);
  }, () => closeEvent());
  workbench.append(detail.node);
  const quality = qualityView(data, tables, map);
  host.append(volumesView(data, tables), quality, aboutView(data));

  function useTable(name, fit = true) {
    events = tables[name];
    for (const tab of tabs.children) {
      tab.setAttribute("aria-selected", String(tab.dataset.table === name));
      tab.tabIndex = tab.dataset.table === name ? 0 : -1;
    }
    list.sort = { key: "priority", down: true };
    list.use(events, refresh);
    filters.use(events, () => map.bounds());
    paintLegend();
    refresh();
    if (fit) fitAll();
  }
  function fitAll() {
    const places = rows.map((row) => [events.lat[row], events.lon[row]]).filter(([lat]) => lat !== null);
    if (places.length > 0) map.fit(places, 9);
  }
  function refresh() {
    rows = events.order(events.filter(filters.values), list.sort.key, list.sort.down);
    list.show(rows, open?.events === events ? open.row : undefined);
    // The most important are drawn last.
    const ranked = [...rows].sort((a, b) => events.priority(a) - events.priority(b));
    map.show(events, ranked);
    filters.tell(rows.length);
  }
  function openEvent(of, row, { fromList = false, moving = false } = {}) {
    open = { events: of, row };
    if (of !== events) useTable(of.name, false);
    else list.mark(row);
    if (!rows.includes(row)) {
      // An event that the filters hide is shown all the same when it is asked for.
      filters.use(events, () => map.bounds());
      filters.values.kinds = null;
      filters.paintChips(filters.values);
      refresh();
      list.mark(row);
    }
    workbench.classList.add("with-detail");
    map.map.invalidateSize({ animate: false });
    if (location.hash !== `#${of.id[row]}`) history.replaceState(null, "", `#${of.id[row]}`);
    document.title = `${of.ships[row].map((s) => s.name ?? mmsiText(s.mmsi)).join(" and ")} – alongside`;
    detail.show(of, row);
    if (!fromList && !moving) list.mark(row);
  }
  function closeEvent() {
    if (open === null) return;
    open = null;
    detail.close();
    workbench.classList.remove("with-detail");
    map.map.invalidateSize({ animate: false });
    map.select(null);
    list.mark(undefined);
    history.replaceState(null, "", location.pathname + location.search);
    document.title = title;
    list.body.focus({ preventScroll: true });
  }
  function showView(id) {
    for (const [view] of views) document.getElementById(`view-${view}`).hidden = view !== id;
    for (const button of document.querySelectorAll("nav.views button")) {
      if (button.dataset.view === id) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    if (id === "quality") quality.paint();
    if (id === "events") map.map.invalidateSize({ animate: false });
  }
  function paintLegend() {
    clear(legend);
    const shapes = new Map();
    for (const kind of events.kind) shapes.set(shapeOf(events.name, kind), TABLE_SHAPES[events.name] ? events.label : KIND_SHAPES[kind] ? inWords(kind) : "Other kinds");
    for (const [shape, words] of shapes) legend.append(el("span", {}, markIcon(shape, "--muted", 12), ` ${words}`));
    if (events.hasRisk) legend.append(el("span", { title: "Risk: below 0.25, to 0.50, to 0.75, to 1" }, "Risk 0 ", [...RISK_BANDS].reverse().map((band) => markIcon("circle", band.colour, 12)), " 1"));
    if (data.zones.length > 0) {
      const box = el("input", { type: "checkbox", onchange: (e) => ((map.showZones = e.target.checked), map.redraw()) });
      box.checked = map.showZones;
      legend.append(el("label", {}, box, " Zones"));
    }
    legend.append(el("button.quiet", { type: "button", onclick: () => fitAll() }, "All"));
  }
  function byHash() {
    const id = decodeURIComponent(location.hash.slice(1));
    for (const of of Object.values(tables)) {
      const row = of.rowOf.get(id);
      if (row !== undefined) {
        showView("events");
        openEvent(of, row);
        return true;
      }
    }
    return false;
  }

  for (const [name, of] of Object.entries(tables))
    tabs.append(el("button", { type: "button", role: "tab", "data-table": name, onclick: () => { closeEvent(); useTable(name); } }, of.label, el("b", {}, fixed(data.tables[name].total))));
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...tabs.children];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.click();
    next.focus();
  });
  const title = `alongside: ${data.run.span?.first ? span(Date.parse(data.run.span.first), Date.parse(data.run.span.last)) : "report"}`;
  document.title = title;
  themes(() => {
    map.restyle();
    detail.refresh?.();
    quality.paint();
  });
  keys(list, closeEvent);
  printing(() => ({ events, rows }), mapBox, workbench);
  new ResizeObserver(eachFrame(() => map.map.invalidateSize({ animate: false }))).observe(mapPane);
  showView("events");
  useTable(tables.encounters.count > 0 || !tables.rendezvous ? "encounters" : "rendezvous");
  byHash();
  window.addEventListener("hashchange", byHash);
  document.body.classList.add("ready");
  performance.mark("ready");
}

/** Light or dark: as the system has it, until a click says otherwise. */
function themes(onchange) {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    onchange();
  });
  system.addEventListener("change", onchange);
}

function keys(list, close) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=range]), select, textarea, dialog");
    if (event.key === "Escape") {
      if (typing && event.target.id === "search") list.body.focus();
      else if (!typing) close();
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search").focus();
    } else if (event.key === "?") {
      document.getElementById("help-dialog").showModal();
    } else if ((event.key === "j" || event.key === "k") && event.target !== list.body) {
      list.key(event);
    }
  });
  document.getElementById("help").addEventListener("click", () => document.getElementById("help-dialog").showModal());
}

function helpDialog(tables) {
  const key = (keys, words) => el("div", {}, el("dt", {}, keys.map((k) => el("kbd", {}, k))), el("dd", {}, words));
  const mark = (shape, words, colour = "--muted") => el("div", {}, el("dt", {}, markIcon(shape, colour, 14)), el("dd", {}, words));
  return el("dialog", { id: "help-dialog", "aria-label": "Keys and marks" }, el("div.columns", {},
    el("div", {}, el("h3", {}, "Keys"), el("dl.keys", {}, key(["↑", "↓"], "next and previous event"), key(["Enter"], "open"), key(["Esc"], "close"), key(["/"], "search"), key(["←", "→"], "move in time, on the slider"),
      key(["Space"], "play, on the slider"), key(["+", "−"], "zoom, on the map"), key(["?"], "this page"))),
    el("div", {}, el("h3", {}, "Marks"), el("dl.keys", {}, mark("circle", "Ship-to-ship transfer"), mark("diamond", "Bunkering"), mark("triangle", "Fishing transshipment"), mark("square", "Other encounters"),
      mark("star", "Dark rendezvous"), mark("ring", "AIS gap, where it began"), mark("hexagon", "Slow run"), mark("cross", "Identity"), RISK_BANDS.map((b) => mark("circle", `Risk ${b.words}`, b.colour)),
      mark("circle", "Risk not judged, transfer", "--accent"), mark("square", "Risk not judged, other", "--unjudged")))),
    el("p.note", {}, "Risk is a priority for review, not a probability of guilt. The address of an event is this file with # and its id."),
    el("form", { method: "dialog" }, el("button", {}, "Close")));
}

/** On paper the list is a table: all that the filters leave, up to a limit. */
function printing(state, mapBox, workbench) {
  const most = 250;
  let sheet = null;
  let picture = null;
  window.addEventListener("beforeprint", () => {
    const { events, rows } = state();
    const head = ["Risk", "Conf.", "Kind", "Ships", "Start (UTC)", "Length", "Place", "Event"];
    sheet = el("section.sheet", {}, el("h2", {}, `${events.label}: ${fixed(Math.min(most, rows.length))} of ${fixed(events.table.total)}`), el("table.plain.wide", {}, el("thead", {}, el("tr", {}, head.map((h) => el("th", {}, h)))),
      el("tbody", {}, rows.slice(0, most).map((row) => el("tr", {}, [fixed(events.risk[row], 2), fixed(events.confidence[row], 2), titleOf(events, row), events.ships[row].map((s) => `${s.name ?? ""} ${mmsiText(s.mmsi)} ${s.flag ?? ""}`.trim()).join("; "),
        minute(events.start[row]), hours(events.hours[row]), events.place[row], el("code", {}, events.id[row])].map((c) => el("td", {}, c)))))));
    workbench.after(sheet);
    // A picture of the map keeps its size where the map itself would be laid out anew.
    picture = el("figure.print-map", {}, el("img", { src: mapBox.querySelector("canvas").toDataURL(), alt: "Map of the events" }));
    workbench.before(picture);
    for (const view of document.querySelectorAll(".view")) view.paint?.();
  });
  window.addEventListener("afterprint", () => (sheet?.remove(), picture?.remove()));
}

main().catch((error) => {
  const views = document.getElementById("views");
  views.replaceChildren(el("p.notice", {}, `This report can't be shown: ${error.message}. A current Firefox, Chrome, Edge or Safari is needed.`));
  throw error;
});
