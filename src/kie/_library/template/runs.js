"use strict";
// The runs of the page, and the code that runs one again. Nothing in here touches the document.

const STATES = ["succeeded", "failed", "open", "unknown", "expired"];

// Letters that could hide what a text says, or steer a terminal.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

// Options of the command line by these names mean something else.
const TAKEN = new Set(["speed", "aspectRatio"]);

function read(data) {
  return data.runs.map((raw) => {
    const model = data.models[raw.m];
    const folder = data.bases[raw.b] + (raw.n ?? raw.i.replaceAll(":", "-"));
    const value = (index) => (index === undefined ? undefined : data.values[index]);
    const fields = value(raw.f) ?? null;
    const filled = fields && raw.p !== undefined && raw.q !== 0 ? { [raw.q ?? "prompt"]: raw.p, ...fields } : fields;
    return {
      id: raw.i,
      model,
      odd: data.odd?.[raw.m] ?? false,
      state: STATES[raw.s ?? 0],
      at: raw.t * 1000,
      fields: filled,
      prompt: raw.p ?? "",
      raw: raw.r,
      enhanced: raw.e,
      hidden: raw.h === 1,
      preset: raw.ps,
      changes: value(raw.ch) ?? [],
      label: raw.l,
      tags: value(raw.g) ?? [],
      source: value(raw.so),
      credits: raw.c,
      estimate: raw.w,
      seconds: raw.d,
      error: raw.x,
      simulated: raw.sim === 1,
      parents: raw.pa ?? [],
      children: [],
      get inputs() {
        return (raw.in ?? []).map(([role, ...file]) => ({ role, ...fileOf(folder, file) }));
      },
      get outputs() {
        return (value(raw.o) ?? []).map((file) => fileOf(folder, file));
      },
      folder,
      root: data.roots[raw.b],
    };
  });
}

function fileOf(folder, [name, kind, web, thumb, poster, video, width, height, seconds, url]) {
  const stem = name ? name.replace(/^.*\//, "").replace(/\.[^.]*$/, "") : "";
  const place = (given, where) => (given ? link(folder, given === 1 ? `${where}/${stem}.webp` : given) : null);
  return {
    kind: { v: "video", a: "audio", f: "file" }[kind] ?? "image",
    name: name ? (name.includes("/") ? name : `original/${name}`) : null,
    original: name ? link(folder, name.includes("/") ? name : `original/${name}`) : null,
    web: place(web, "web"),
    thumb: place(thumb, "thumb"),
    poster: place(poster, "poster"),
    video: place(video, "video"),
    width: width || null,
    height: height || null,
    seconds: seconds || null,
    url: url || null,
  };
}

// Folders come encoded; names do not.
function link(folder, name) {
  const parts = name.replace(/\p{Cs}/gu, "\ufffd").split("/");
  return [folder, ...parts.map(encodeURIComponent)].join("/");
}

// What to look through for words.
function haystack(run) {
  const parts = [run.id, run.model, run.prompt, run.raw, run.label, run.error, ...run.tags];
  const more = [run.fields, run.source].filter(Boolean).map((value) => JSON.stringify(value));
  return [...parts, ...more].filter(Boolean).join("\n").toLowerCase();
}

// Why there is no code for a run; an empty text if there is.
function lacking(run) {
  if (run.hidden) return "The prompt was not kept.";
  return run.fields ? "" : "The request is not known: the task was submitted elsewhere.";
}

class Local {
  constructor(path) {
    this.path = path;
  }
}

// The fields of a run, with the kept copies in the place of what was uploaded. `pathOf` gives the path of a link.
function again(run, pathOf) {
  const fields = structuredClone(run.fields);
  for (const input of run.inputs) {
    const path = input.original && pathOf(input.original);
    const steps = input.role.match(/[^.[\]]+/g) ?? [];
    const last = steps.pop();
    const owner = steps.reduce((value, step) => value?.[step], fields);
    if (path && owner && typeof owner === "object" && Object.hasOwn(owner, last)) owner[last] = new Local(path);
  }
  return fields;
}

function text(value) {
  const escaped = (letter) => "\\u" + letter.codePointAt(0).toString(16).padStart(4, "0");
  return JSON.stringify(value).replace(HIDDEN, escaped);
}

function python(value, indent = "") {
  const deeper = indent + "    ";
  if (value instanceof Local) return `Path(${text(value.path)})`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return text(value);
  if (typeof value !== "object") return String(value);
  const items = Array.isArray(value)
    ? value.map((item) => python(item, deeper))
    : Object.entries(value).map(([key, item]) => `${text(key)}: ${python(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const line = open + items.join(", ") + close;
  if (line.length <= 80 && !line.includes("\n")) return line;
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join("")}${indent}${close}`;
}

function asPython(run, pathOf) {
  const fields = again(run, pathOf);
  let call;
  if (run.odd) {
    call = python({ model: run.model, input: fields }, "        ");
  } else {
    const given = Object.entries(fields).map(([name, value]) => `        ${name}=${python(value, "        ")},\n`);
    call = `\n        ${text(run.model)},\n${given.join("")}    `;
  }
  const local = call.includes("Path(") ? "from pathlib import Path\n\n" : "";
  return `${local}from kie import Kie\n\nwith Kie() as client:\n    result = client.run(${call})\n    print(result.save("out"))\n`;
}

function asLibrary(run, pathOf) {
  const root = pathOf(run.root);
  return root === null
    ? null
    : `from kie import Kie, Library\n\nlibrary = Library(${text(root)})\nwith Kie(library=library) as client:\n` +
        `    result = client.run(library[${text(run.id)}].again())\n    print(result)\n`;
}

// One word for a POSIX shell. Letters that nobody sees are spelled, for bash and zsh.
function quoted(word) {
  HIDDEN.lastIndex = 0;
  if (HIDDEN.test(word.replaceAll("\n", ""))) {
    const bytes = (letter) => [...new TextEncoder().encode(letter)].map((b) => "\\x" + b.toString(16).padStart(2, "0"));
    const spelled = word.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n");
    return `$'${spelled.replace(HIDDEN, (letter) => bytes(letter).join(""))}'`;
  }
  return /^[\w@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// The value as it is typed; null if only JSON says it.
function typed(value) {
  if (value instanceof Local) return value.path;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    const read = /^(|-|[@{[].*|true|false|nan|[+-]?inf(inity)?|[+-]?[\p{Nd}._]+(e[+-]?[\p{Nd}_]+)?)$/isu.test(value.trim());
    return read ? null : value;
  }
  return value && Object.keys(value).length ? JSON.stringify(value, (_, part) => (part instanceof Local ? part.path : part)) : null;
}

function asCommand(run, pathOf) {
  const words = ["kie", "run", run.model];
  for (const [name, value] of Object.entries(again(run, pathOf))) {
    const items = Array.isArray(value) ? value.map(typed) : [typed(value)];
    if (TAKEN.has(name) || !items.length || items.includes(null)) {
      words.push("--set", `${name}=${JSON.stringify(value, (_, part) => (part instanceof Local ? part.path : part))}`);
      continue;
    }
    const option = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").replaceAll("_", "-").toLowerCase();
    words.push(...items.map((item) => `--${option}=${item}`));
  }
  return [...words, "--save", "out"].map(quoted).join(" ") + "\n";
}
