// The page: models, form, price, runs. Everything from a model or a run is set as text, never as markup.

const $ = (id) => document.getElementById(id);
const [main, dialog, editor] = ["main", "dialog", "json"].map($);
const hash = () => new URLSearchParams(location.hash.slice(1));
const address = (view, value) => `#${new URLSearchParams({ [view]: value })}`;
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
// Panels of runs that have not ended.
const live = new Set();
// Runs to compare.
const chosen = new Set();
let models = [];
let state = {};
// No plan: the input is not checked yet.
let model, form, input, plan;
// Why the JSON is invalid.
let broken = "";
// Run was pressed, so missing fields are shown, too.
let tried = false;
// Shown in the title until the user comes back.
let note = "";

const token = hash().get("token");
if (token) {
  sessionStorage.token = token;
  history.replaceState(null, "", "#models");
}

async function api(path, body, stream) {
  let fault = { lost: true, message: "The studio does not answer: is it still running?" };
  try {
    const headers = { "X-Kie-Studio": sessionStorage.token ?? "", "Content-Type": body?.type ?? "application/json" };
    const sent = body instanceof File ? body : JSON.stringify(body);
    const answer = await fetch(`/api/${path}`, { method: body ? "POST" : "GET", headers, body: sent });
    if (answer.ok) return stream ? answer.body : await answer.json();
    fault = (await answer.json()).error;
    if (!sessionStorage.token) fault.hint = "Open the address that the terminal printed: it ends in #token=…";
    if (fault.hint) fault.message += `. ${fault.hint}`;
  } catch {}
  throw Object.assign(new Error(), fault);
}

// The answer to a request; undefined if it fails, and the top of the page shows the reason.
async function told(promise) {
  try {
    const answer = await promise;
    put("fault");
    return answer;
  } catch (fault) {
    put("fault", fault.message);
  }
}

// Refill an element, given itself or by id: plain objects are its properties, all else its children.
function put(place, ...parts) {
  const element = $(place) ?? place;
  element.replaceChildren();
  for (const part of parts.flat(2)) {
    if (part?.constructor === Object) Object.assign(element, part);
    else if (part) element.append(part);
  }
  return element;
}

function make(tag, ...parts) {
  const [name, className = ""] = tag.split(".");
  return put(Object.assign(document.createElement(name), { className }), ...parts);
}

const say = (line) => ($("said").textContent = line);
const press = (name, onclick) => make("button", name, { type: "button", onclick });
const linkTo = (view, value, ...parts) => make("a", { href: address(view, value) }, ...parts);
const outside = (href, name) => href && make("a", name, { href, target: "_blank", rel: "noopener noreferrer" });
const soft = (...parts) => make("span.soft", parts.filter(Boolean).join(" · "));
const item = (...parts) => make("li", ...parts);
const shown = (value = null) => (typeof value === "string" ? value : value === null ? "–" : JSON.stringify(value));
const preview = (value) => (value?.startsWith("/files/") ? state.files + value.slice(6) : "");
const typically = (time) => time && `typically ${[time.p50, time.p95].filter(Boolean).join(" to ")} s`;
const traits = (each) => soft(each.status !== "active" && each.status, each.provider, each.categories.join(", "), typically(each.seconds));
const about = (row) => [make(`b.${row.state}`, row.state), " ", soft(row.credits && `${row.credits} credits`, row.seconds && `${row.seconds} s`, new Date(row.at).toLocaleString())];

function price(credits) {
  if (!credits) return "Price unknown";
  const { at_least: least, at_most: most } = credits;
  if (most === null) return +least ? `${least} credits or more` : "Price unknown";
  return `${least === most ? least : `${least} to ${most}`} credits`;
}

// Shows a value of a request or a result: fields, tracks, lyrics.
function data(value) {
  if (Array.isArray(value)) return make("ol", value.map((each) => item(data(each))));
  if (value?.constructor === Object) return make("dl", Object.keys(value).map((name) => [make("dt", name), make("dd", data(value[name]))]));
  return /^https?:\S+$/.test(value) ? outside(value, value) : make("span.whole", shown(value), { dir: "auto" });
}

function medium(file, alt) {
  const src = preview(file.value);
  const tag = src && { image: "img", video: "video", audio: "audio" }[file.kind];
  const facts = soft(file.role, file.kind, file.width && `${file.width} × ${file.height}`, file.seconds && `${file.seconds} s`);
  const shown = tag && make(tag, { src, alt, ariaLabel: alt, controls: true, preload: "metadata", poster: preview(file.poster) });
  return make("figure", shown, make("figcaption.row", facts, outside(src, "Open"), outside(file.url, "At the service")));
}

function thumb(file) {
  const src = preview(file?.thumb ?? file?.poster ?? (file?.kind === "image" ? file.value : null));
  return make("span.thumb", src ? make("img", { src, alt: "", loading: "lazy" }) : file?.kind ?? "no file");
}

function* localFiles(value, role = "") {
  if (typeof value === "string" && value.startsWith("/files/")) yield { role, original: value };
  if (typeof value === "object") for (const key in value) yield* localFiles(value[key], `${role}.${key}`);
}

// The Python code, command line and JSON of an input, each with a copy button.
function code(run, wire) {
  const whole = { ...run, inputs: [...localFiles(run.fields)] };
  const name = (value) => decodeURIComponent(value.split("/").at(-1));
  const codes = { Python: asPython(whole, name), "command line": asCommand(whole, name), JSON: JSON.stringify(wire, null, 2) };
  return Object.keys(codes).map((ariaLabel) => {
    const pre = make("pre", codes[ariaLabel], { ariaLabel, tabIndex: 0 });
    const copy = () => {
      getSelection().selectAllChildren(pre);
      say(document.execCommand("copy") ? "Copied" : "Not copied");
    };
    return [pre, press(`Copy ${ariaLabel}`, copy)];
  });
}

// Lets the user choose an earlier result for a field; null if the dialog is closed.
async function pick(kind) {
  const answer = await told(api(`runs?kind=${kind}`));
  return new Promise((resolve) => {
    const choice = (row, file) => press([thumb(file), row.prompt || row.model], () => resolve(file.value, dialog.close()));
    const choices = (row) => row.outputs.filter((file) => file.value && file.kind === kind).map((file) => item(choice(row, file)));
    put(dialog, make("h2", `An earlier result: ${kind}`, { id: "asked" }), make("ul.grid", answer?.runs.map(choices)), press("Close", () => dialog.close()));
    dialog.onclose = () => resolve(null);
    dialog.showModal();
  });
}

async function refresh() {
  state = (await told(api("state"))) ?? state;
  const { simulated, read_only, budget, credits, credits_error } = state;
  const left = budget && `budget ${budget.left} of ${budget.limit} left`;
  put("money", soft(simulated && "simulated", read_only && "read-only", `balance ${credits ?? credits_error ?? "unknown"}`, left));
  showPlan();
}

function showModels(view, { words = "", ...filters }) {
  const fits = (each) => Object.keys(filters).every((name) => [each[name]].flat().includes(filters[name]));
  const says = (each) => [each.id, each.description, each.provider, each.categories].join(" ").toLowerCase();
  const found = models.filter((each) => fits(each) && words.toLowerCase().split(/\s+/).every((word) => says(each).includes(word)));
  const card = (each) => item(linkTo("model", each.id, { className: "card" }, make("b", each.id), make("span", each.description), traits(each)));
  put(view.querySelector(".grid"), found.map(card));
  put(view.querySelector("[role=status]"), `${found.length} of ${models.length} models`);
}

function showModel(_, __, answer) {
  if (model?.id === answer.id) return;
  form?.destroy();
  [model, tried] = [answer, false];
  put("name", model.id);
  put(
    $("about"),
    make("p", model.description),
    make("p.row", traits(model), model.pages.map((page) => outside(page, "Documentation"))),
    make("p.row", "Start from", model.examples.map((example, index) => press(shown(example.prompt ?? `example ${index + 1}`).slice(0, 40), () => fill(example))), press("an empty form", () => fill({}))),
    model.rules.length && make("details", make("summary", "Rules"), make("ul", model.rules.map((rule) => item(rule)))),
  );
  const upload = async (file) => (await api(`uploads?${new URLSearchParams({ name: file.name })}`, file)).value;
  form = new SchemaForm(model.schema, { media: model.media, bounds: model.bounds, id: "f", onChange: () => fill(form.value, form), upload, pick, preview });
  put("form", form.element);
  fill(SchemaForm.parse(sessionStorage.getItem(`input ${model.id}`) ?? "{}"));
}

const keep = (id, fields) => sessionStorage.setItem(`input ${id}`, JSON.stringify(fields));

// Keeps the form and the JSON in sync; `from` is the one that changed.
let filling;
let planned = Promise.resolve();
function fill(value, from) {
  if (filling) return;
  [input, broken, plan, filling] = [value, "", null, true];
  keep(model.id, input);
  if (from !== form) form.fill(input);
  if (from !== editor) editor.value = JSON.stringify(input, null, 2);
  filling = false;
  planned = planned.then(judge);
}

editor.oninput = () => {
  try {
    const value = SchemaForm.parse(editor.value);
    if (value?.constructor === Object) return fill(value, editor);
    broken = "The JSON must be an object: {…}";
  } catch (error) {
    broken = `The JSON cannot be read: ${error.message}`;
  }
  showPlan();
};

// At most one check is under way. Of the inputs typed meanwhile, only the latest is checked.
async function judge() {
  if (plan) return;
  const asked = input;
  const answer = await told(api("plan", { model: model.id, input }));
  if (asked === input) showPlan((plan = answer));
}

function whyNot() {
  if (state.read_only) return "This studio is read-only: it runs nothing.";
  if (broken) return broken;
  if (!plan) return "The price is not known yet.";
  if (!plan.ready) return `Missing or wrong: ${plan.issues.map((issue) => issue.path || issue.message).join(", ")}`;
  return plan.why_not ?? "";
}

function showPlan() {
  if (!model) return;
  const why = whyNot();
  put("why", why);
  $("run").ariaDisabled = Boolean(why);
  if (!plan || broken) return;
  put("price", price(plan.credits));
  put("notes", plan.credits?.notes.join("; "));
  const rest = form.complain(plan.issues.filter((issue) => tried || issue.rule !== "required"));
  put("issues", [...rest.map((issue) => `${issue.path} ${issue.message}`), ...plan.warnings].map((line) => item(line)));
  put("code", code({ model: model.id, odd: model.odd, fields: input }, plan.wire ?? input));
}

// Runs

async function run() {
  await planned;
  tried = true;
  showPlan();
  if (whyNot()) return form.focusFirst(say(whyNot()));
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const place = panel(model.id);
  $("live").prepend(place);
  place.scrollIntoView({ block: "nearest" });
  submit({ model: model.id, input, key, at_most: plan.credits?.at_most ?? null }, place);
}

// The panel of a run: first its progress, then its result.
function panel(name) {
  const parts = { line: make("p.soft", "Sending…"), bar: make("progress", { ariaLabel: name }), body: make("div") };
  return Object.assign(make("article.pay", make("h2", name), Object.values(parts)), parts);
}

// Each press has its own key: however often the request is sent, it creates at most one task.
async function submit(body, place, pause = 1) {
  try {
    return follow((await api("run", body)).run, place);
  } catch (fault) {
    let [line, name] = [fault.message, "Send again with the same key"];
    if (fault.lost) line = "The connection was lost; the task may have been created. Sending it again with the same key does not create a second task.";
    else if (fault.task_created === false) line += " No task was created.";
    if (fault.credits) [line, name] = [`The price changed: ${price(fault.credits)}. Nothing was sent.`, "Run at this price"];
    put(place.line, say(line));
    await new Promise((resolve) => {
      put(place.body, press(name, resolve));
      if (fault.lost) sleep(pause).then(resolve);
    });
    if (fault.credits) body.at_most = fault.credits.at_most;
    return submit(body, place, Math.min(2 * pause, 10));
  }
}

// Reads the events of a run until it ends. Browsers open six connections to a server: beyond four streams, poll.
async function follow(row, place) {
  const news = row.state === "open";
  put(place.body);
  place.since = new Date(row.at);
  if (news) refresh(live.add(place));
  while (row.state === "open" && place.isConnected) {
    try {
      row = live.size > 4 ? await sleep(2).then(() => api(`runs/${row.id}`)) : await read(row, place);
    } catch {
      place.state = "the connection was lost; the run continues";
      await sleep(1);
    }
  }
  live.delete(place);
  settle(place, row);
  if (!news || !place.isConnected) return;
  $(`run-${row.id}`)?.replaceWith(card(row));
  note = say(`${row.model}: ${row.state}`);
  refresh();
}

async function read(row, place) {
  const stream = await api(`runs/${row.id}/events`, undefined, true);
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; tick()) {
    const { value, done } = await reader.read();
    if (done) throw new Error("It ended too early");
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [, kind, text] = /^event: (.*)\ndata: (.*)/.exec(event) ?? [];
      const facts = kind && JSON.parse(text);
      if (kind === "ended") return facts;
      if (kind) Object.assign(place, facts, { since: Date.now() - 1000 * facts.elapsed });
    }
  }
}

function tick() {
  for (const { line, bar, since, state, typical } of live) {
    const elapsed = Math.round((Date.now() - since) / 1000);
    put(line, soft(state, `${elapsed} s`, typically(typical)));
    if (typical) Object.assign(bar, { max: typical.p95, value: elapsed });
  }
  const heading = main.querySelector("section:not([hidden]) h1")?.textContent;
  document.title = [note || (live.size && `${live.size} running`), heading, "kie studio"].filter(Boolean).join(" – ");
}

// The result of a run, and the actions for it.
function settle(place, row) {
  const again = () => {
    keep(row.model, row.fields);
    if (model?.id === row.model) fill(row.fields);
    location.hash = address("model", row.model);
  };
  place.bar.remove();
  put(place.line, about(row));
  put(
    place.body,
    row.error && make("p.error", shown(row.error)),
    row.outputs.map((file) => medium(file, row.prompt || row.model)),
    row.data && data(row.data),
    make("p.row", row.fields && press("Run again", again), linkTo("run", row.id, "Details"), check(row)),
  );
}

function check(row) {
  const onchange = ({ target }) => {
    chosen[target.checked ? "add" : "delete"](row.id);
    put("chosen", chosen.size > 1 && linkTo("run", [...chosen], `Compare ${chosen.size} runs`));
  };
  return make("label.check", make("input", { type: "checkbox", checked: chosen.has(row.id), onchange }), "Compare");
}

function card(row) {
  const prompt = make("span.prompt", row.prompt, { dir: "auto" });
  return item(linkTo("run", row.id, { className: "card" }, thumb(row.outputs[0]), prompt, soft(row.model), make("span", about(row))), check(row), { id: `run-${row.id}` });
}

const older = (filters, before = "", limit = 50) => api(`runs?${new URLSearchParams({ ...filters, before, limit })}`);

function showHistory(view, filters, answer, kept = []) {
  const grid = put(view.querySelector(".grid"), kept, answer.runs.map(card));
  const count = grid.children.length;
  put(view.querySelector("[role=status]"), `${count}${answer.more ? " newest" : ""} run${count === 1 ? "" : "s"}`);
  const onclick = async () => showHistory(view, filters, (await told(older(filters, answer.runs.at(-1).at))) ?? answer, [...grid.children]);
  put("older", "Show older runs", { hidden: !answer.more, onclick, limit: Math.min(200, Math.max(50, count)) });
}

// Shows one run, or several side by side.
function showRuns(view, _, rows) {
  const facts = rows.map(({ id, prompt, fields, credits, seconds }) => ({ ...(fields ?? { prompt }), credits, seconds, run: id }));
  const names = Object.keys(Object.assign({}, ...facts));
  const differs = (name) => new Set(facts.map((each) => shown(each[name]))).size > 1 && make("mark", "differs");
  const columns = make("div.columns");
  put(view, make("h1", rows[1] ? "Compare" : "Run", { tabIndex: -1 }), columns);
  rows.forEach((row, index) => {
    const place = panel(row.model);
    const line = (name) => [make("dt", name, " ", differs(name)), make("dd", data(facts[index][name]))];
    place.append(make("dl", names.map(line)), make("p.row", soft(row.tags[0] && "Tags", ...row.tags), row.parents.map((id) => linkTo("run", id, `Made from ${id}`))), ...row.inputs.map((file) => medium(file, file.role)));
    if (row.fields) place.append(make("details", make("summary", "Code"), code(row, row.fields)));
    columns.append(place);
    follow(row, place);
  });
}

// Addresses and keys

const views = {
  models: [showModels, () => []],
  model: [showModel, (id) => (model?.id === id ? model : api(`models/${id}`))],
  history: [showHistory, (_, filters) => older(filters, "", $("older").limit)],
  run: [showRuns, (ids) => Promise.all(ids.split(",").map((id) => api(`runs/${id}`)))],
};
const current = () => Object.keys(views).find((name) => hash().has(name)) ?? "models";

let turn = 0;
async function route() {
  const [mine, name, before] = [++turn, current(), main.querySelector("section:not([hidden])")];
  const view = $(`view-${name}`);
  const { [name]: value, ...filters } = Object.fromEntries(hash());
  // The link by which it was left: coming back leads to it.
  if (before && before !== view) before.left = location.hash;
  for (const each of main.children) each.hidden = each !== view;
  for (const link of document.querySelectorAll("nav a")) link.ariaCurrent = link.hash === `#${name}` ? "page" : null;
  for (const field of view.querySelectorAll("[role=search] [name]")) if (field !== document.activeElement) field.value = filters[field.name] ?? "";
  const [show, load] = views[name];
  const answer = await told(load(value, filters));
  if (!answer || mine !== turn) return;
  show(view, filters, answer);
  tick();
  if (before && !view.contains(document.activeElement)) (view.querySelector(`[href="${view.left}"]`) ?? view.querySelector("h1")).focus();
}

onhashchange = () => (hash().has("token") ? location.reload() : route());
onfocus = () => (note = "");
onkeydown = (event) => {
  note = "";
  if (dialog.open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && current() === "model") run();
  if (event.key !== "/" || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
  event.preventDefault();
  if (current() !== "history") route((location.hash = "models"));
  $(`view-${current()}`).querySelector("[type=search]").focus();
};
$("run").onclick = run;
$("skip").onclick = () => main.focus() ?? false;
for (const filters of document.querySelectorAll("[role=search]")) {
  filters.onsubmit = () => false;
  // `oninput`, because the change event comes later, when a card may have the focus
  filters.oninput = () => route(history.replaceState(null, "", `#${new URLSearchParams([[current(), ""], ...[...new FormData(filters)].filter(([, value]) => value)])}`));
}
setInterval(tick, 1000);

async function start() {
  const ready = refresh();
  models = (await told(api("models")))?.models ?? [];
  for (const select of main.querySelectorAll("select:not(:has(option + option))")) {
    const values = new Set(models.flatMap((each) => each[select.name] ?? each.id));
    select.append(...[...values].sort().map((value) => make("option", value)));
  }
  if (current() !== "models") await ready;
  await route();
  const open = await told(api("runs?state=open"));
  for (const row of open?.runs ?? []) follow(row, $("live").appendChild(panel(row.model)));
}
start();
