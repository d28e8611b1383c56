// Elements. Text only ever becomes text: nothing here, or anywhere else, parses a string as HTML.

/** An element: `el("button.small", { type: "button", onclick }, "Copy")`. */
function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(" ");
  return dressed(node, attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";
/** The same for drawings. */
function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

const clear = (node) => (node.replaceChildren(), node);

/** A value that a click copies. */
function copyable(text, label) {
  if (text === null || text === undefined || text === NONE) return NONE;
  const button = el("button.copy", { type: "button", title: `Copy ${label}`, "aria-label": `Copy ${label} ${text}` }, text);
  button.addEventListener("click", async (event) => {
    event.stopPropagation();
    await copy(String(text));
    say(`${label} copied`);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context (some browsers, from disk) the old way still works.
    const area = el("textarea", { style: { position: "fixed", opacity: "0" } });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

let silence = 0;
/** Tells shortly, on the screen and to screen readers. */
function say(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  toast.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => toast.classList.remove("shown"), 1600);
}

/** Calls at most once a frame. */
function eachFrame(job) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      job();
    });
  };
}

const cssColour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A canvas's context, its pixels those of the screen, cleared. */
function freshContext(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
