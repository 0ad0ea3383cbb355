"use strict";
// The code that runs a request again: Python, and a command line. Nothing in here touches the document.

// Letters that could hide what a text says, or steer a terminal.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

// Options of the command line by these names mean something else.
const TAKEN = new Set(["speed", "aspectRatio"]);

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
