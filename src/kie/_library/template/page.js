// The page: search, cards, details. Everything from a run is set as text, never as markup.

const PIECE = 24; // cards that are made at a time
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const runs = read(data);
const known = new Map(runs.map((run) => [run.id, run]));
for (const run of runs) for (const parent of run.parents) known.get(parent)?.children.push(run.id);

const list = byId("runs");
const detail = byId("detail");
const words = byId("words");
const choices = { model: byId("model"), tag: byId("tag"), state: byId("state") };
let found = runs;
let opener = null;

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function moment(milliseconds) {
  const at = new Date(milliseconds);
  const two = (value) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return make("time", { datetime: at.toISOString() }, `${day} ${two(at.getHours())}:${two(at.getMinutes())}`);
}

function cost(run) {
  if (run.credits !== undefined) return `${run.credits} credits`;
  if (run.estimate === undefined) return "";
  const [least, most] = [run.estimate].flat();
  if (most === null) return `estimated at ${least} credits or more`;
  return most === undefined ? `estimated at ${least} credits` : `estimated at ${least} to ${most} credits`;
}

function brief(run) {
  const scalars = Object.entries(run.fields ?? {}).filter(([, value]) => typeof value !== "object" && value !== run.prompt);
  return scalars.map(([name, value]) => `${name} ${value}`).join(" · ").slice(0, 160);
}

function picture(file, alt, attributes = {}) {
  const source = file.thumb ?? file.poster ?? (file.kind === "image" ? file.web ?? file.original : null);
  if (!source) return make("span", { class: "blank" }, file.kind);
  const image = make("img", { alt, loading: "lazy", decoding: "async", ...attributes });
  image.addEventListener("error", () => image.replaceWith(make("span", { class: "blank" }, `${file.kind} not found`)));
  image.src = source;
  return image;
}

function card(run, index) {
  const first = run.outputs[0];
  const more = run.outputs.length > 1 ? ` · ${run.outputs.length} files` : "";
  const button = make(
    "button",
    { type: "button", class: `card ${run.state}`, "aria-haspopup": "dialog", tabindex: index === 0 ? 0 : -1 },
    make("span", { class: "thumb" }, first ? picture(first, "") : make("span", { class: "blank" }, run.state)),
    make("span", { class: "prompt", dir: "auto" }, run.prompt.slice(0, 300) || "(no prompt)"),
    make("span", { class: "fields", dir: "auto" }, brief(run)),
    make("span", { class: "error", dir: "auto" }, run.error ?? ""),
    make("span", { class: "facts" }, make("b", { class: "state" }, run.state), ` · ${run.model}${more}`),
    make("span", { class: "facts" }, moment(run.at), cost(run) && ` · ${cost(run)}`),
  );
  button.dataset.index = index;
  return make("li", {}, button);
}

function grow(until = list.children.length + PIECE) {
  const start = list.children.length;
  list.append(...found.slice(start, until).map((run, offset) => card(run, start + offset)));
  if (list.children.length < found.length) end.observe(list.lastElementChild);
}

const end = new IntersectionObserver(
  (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    end.disconnect();
    grow();
  },
  { rootMargin: "1000px" },
);

function search() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const [model, tag, state] = [choices.model.value, choices.tag.value, choices.state.value];
  found = runs.filter(
    (run) =>
      (!model || run.model === model) &&
      (!tag || run.tags.includes(tag)) &&
      (!state || run.state === state) &&
      (!wanted.length || wanted.every((word) => (run.text ??= haystack(run)).includes(word))),
  );
  end.disconnect();
  list.replaceChildren();
  grow();
  byId("found").textContent = found.length === runs.length ? `${runs.length} runs` : `${found.length} of ${runs.length} runs`;
}

function choose(index) {
  if (index >= list.children.length) grow(index + PIECE);
  const button = list.children[Math.max(0, Math.min(index, found.length - 1))]?.firstElementChild;
  if (!button) return;
  list.querySelector('[tabindex="0"]')?.setAttribute("tabindex", -1);
  button.setAttribute("tabindex", 0);
  button.focus();
}

function columns() {
  const top = list.firstElementChild?.offsetTop;
  const other = [...list.children].findIndex((item) => item.offsetTop !== top);
  return other < 0 ? list.children.length : other;
}

list.addEventListener("keydown", (event) => {
  const index = Number(event.target.dataset.index ?? 0);
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(), ArrowUp: -columns(), Home: -index, End: found.length };
  if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    const wanted = index + steps[event.key];
    if (wanted >= 0 || event.key !== "ArrowUp") choose(wanted);
    else words.focus();
  } else if (event.key === "Escape") {
    words.focus();
  }
});

list.addEventListener("click", (event) => {
  const button = event.target.closest(".card");
  if (button) show(found[button.dataset.index], button);
});

words.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && words.value) {
    words.value = "";
    search();
  } else if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    choose(0);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || detail.open || /^(INPUT|SELECT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  words.focus();
});

// The path of a link; null if the page does not come from a file.
function pathOf(address) {
  const url = new URL(address, document.baseURI);
  if (url.protocol !== "file:") return null;
  const path = decodeURIComponent(url.pathname).replace(/(?<=.)\/$/, "");
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}

async function copy(code, said) {
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
  said.textContent = "Copied";
  setTimeout(() => (said.textContent = ""), 2000);
}

function snippet(title, code) {
  if (code === null) return null;
  const shown = make("pre", { tabindex: 0, "aria-label": title, dir: "ltr" }, code);
  const said = make("span", { role: "status" });
  const button = make("button", { type: "button", onclick: () => copy(shown, said) }, `Copy as ${title}`);
  return make("details", {}, make("summary", {}, title), shown, button, " ", said);
}

function facts(rows) {
  const kept = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return make("dl", {}, ...kept.flatMap(([name, value]) => [make("dt", {}, name), make("dd", { dir: "auto" }, value)]));
}

function lineage(title, ids) {
  if (!ids.length) return null;
  const item = (id) => {
    const run = known.get(id);
    const name = run ? `${run.model}: ${run.prompt.slice(0, 60) || id}` : `${id} (not on this page)`;
    return make("li", {}, run ? make("button", { type: "button", class: "link", onclick: () => show(run) }, make("bdi", {}, name)) : name);
  };
  return make("section", {}, make("h3", {}, title), make("ul", {}, ...ids.map(item)));
}

function medium(file, run) {
  const about = [file.kind, file.width && `${file.width} × ${file.height}`, file.seconds && `${file.seconds} s`];
  const caption = make("figcaption", {}, about.filter(Boolean).join(" · "), " ");
  const open = (address, name) => address && caption.append(make("a", { href: address, target: "_blank", rel: "noopener" }, name), " ");
  open(file.original, `Original (${file.name?.replace(/^.*\//, "")})`);
  open(file.web, "Picture for the web");
  open(file.video, "Small video");
  if (!file.original) open(file.url, "At the service, until it is deleted");
  if (!file.original) caption.append("not on this machine");
  const playing = { src: file.video ?? file.original, preload: "none", controls: true, "aria-label": run.prompt.slice(0, 120) };
  let shown = null;
  if (file.kind === "video" && file.original) shown = make("video", { ...playing, poster: file.poster, playsinline: true });
  else if (file.kind === "audio" && file.original) shown = make("audio", playing);
  else if (file.kind === "image") {
    const wide = { ...file, thumb: file.web ?? file.original ?? file.thumb };
    shown = picture(wide, run.prompt.slice(0, 300) || `Image ${file.name}`, { width: file.width, height: file.height });
  }
  return make("figure", {}, shown, caption);
}

function show(run, from = null) {
  opener = from ?? opener;
  const lack = lacking(run);
  const code = lack
    ? [make("p", {}, lack)]
    : [snippet("Python", asPython(run, pathOf)), snippet("command line", asCommand(run, pathOf)), snippet("run again", asLibrary(run, pathOf))];
  const given = Object.entries(run.fields ?? {}).filter(([, value]) => value !== run.prompt);
  const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  detail.replaceChildren(
    ...[
      make("header", {}, make("h2", { id: "heading", tabindex: -1 }, run.model), make("button", { type: "button", onclick: () => detail.close() }, "Close")),
      make("p", { class: "facts" }, make("b", { class: `state ${run.state}` }, run.state), " · ", moment(run.at), cost(run) && ` · ${cost(run)}`),
      run.error ? make("p", { class: "error", dir: "auto" }, run.error) : null,
      make("p", { class: "prompt whole", dir: "auto" }, run.prompt),
      ...run.outputs.map((file) => medium(file, run)),
      make("h3", {}, "Fields"),
      facts(given.map(([name, value]) => [name, shown(value)])),
      make("h3", {}, "About"),
      facts([
        ["run", run.id],
        ["prompt as given", run.raw],
        ["prompt as enhanced", run.enhanced],
        ["preset", run.preset],
        ["interpreted", run.changes.join(", ")],
        ["tags", run.tags.join(", ")],
        ["label", run.label],
        ["source", run.source && JSON.stringify(run.source)],
        ["seconds", run.seconds],
        ["simulated", run.simulated ? "yes" : ""],
      ]),
      run.inputs.length ? make("h3", {}, "Inputs") : null,
      ...run.inputs.map((file) => medium(file, { prompt: file.role })),
      lineage("Made from", run.parents),
      lineage("Used by", run.children),
      make("h3", {}, "Run again"),
      ...code,
    ].filter(Boolean),
  );
  if (!detail.open) detail.showModal();
  detail.scrollTop = 0;
  byId("heading").focus();
}

detail.addEventListener("click", (event) => event.target === detail && detail.close());
// It comes a moment after the dialog closed: another may be open by then, and the reader elsewhere.
detail.addEventListener("close", () => {
  if (detail.open) return;
  detail.replaceChildren();
  if (document.activeElement === document.body) opener?.focus();
});

function options(select, values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of [...counts].sort()) select.append(make("option", { value }, `${value} (${count})`));
}

options(choices.model, runs.map((run) => run.model));
options(choices.tag, runs.flatMap((run) => run.tags));
options(choices.state, runs.map((run) => run.state));
byId("search").addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("input", search);
for (const select of Object.values(choices)) select.addEventListener("change", search);
search();
