// A form made of a JSON Schema. What comes from schemas and values is set as text, never as markup.
const SchemaForm = (() => {
"use strict";

const json = JSON.stringify;
const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

// Whole numbers keep the digits that JavaScript would round.
function number(text) {
  const read = Number(text);
  return /^-?[1-9]\d{15,}$/.test(text) && String(read) !== text ? JSON.rawJSON?.(text) ?? read : read;
}
const parse = (text) =>
  JSON.parse(text, (_, value, context) => (typeof value === "number" && context ? number(context.source) : value));

// The steps to a place, as to `a[0].b` and `["a.b"]`.
const steps = (path) =>
  (path.match(/"(?:[^"\\]|\\.)*"|[^.[\]"]+/g) ?? []).map((step) => (step[0] === '"' ? JSON.parse(step) : step));

const choices = (schema) =>
  "const" in schema ? [schema.const] : schema.enum ?? (schema.type === "boolean" && [true, false]);

function kindOf(schema) {
  if (choices(schema)) return "choice";
  if (schema.properties) return "object";
  if (schema.items) return "list";
  return { string: "text", number: "number", integer: "number" }[schema.type] ?? "JSON";
}

// The forms that a value may have. Closed lists are one list.
function forms({ anyOf, oneOf, ...rest }) {
  const all = (!rest.properties && (anyOf ?? oneOf)?.flatMap((form) => forms({ ...rest, ...form }))) || [rest];
  return all.length > 1 && all.every(choices) ? [{ ...rest, enum: all.flatMap(choices) }] : all;
}

const FITS = {
  choice: (value, schema) => choices(schema).some((each) => json(each) === json(value)),
  list: (value) => Array.isArray(value),
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" || JSON.isRawJSON?.(value),
  object: (value, { properties }) =>
    Object(value) === value && !Array.isArray(value) && Object.keys(value).every((key) => own(properties, key)),
  JSON: () => true,
};

const BOUNDS = {
  minimum: "at least", maximum: "at most", multipleOf: "a multiple of", maxLength: "characters: at most",
  minItems: "items: at least", maxItems: "items: at most", formats: "formats:", max_bytes: "bytes: at most",
};
function about(schema, needed, media) {
  const facts = Object.entries({ ...schema, ...media }).filter(([key]) => own(BOUNDS, key));
  const bounds = facts.map(([key, value]) => `${BOUNDS[key]} ${value}`).join("; ");
  const marks = [needed && "Required.", schema.deprecated && "Deprecated.", schema.description];
  return [...marks, bounds && `(${bounds})`].filter(Boolean).join(" ");
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
const button = (text, ariaLabel, onclick) => make("button", { type: "button", ariaLabel, onclick }, text);
const option = (text, value) => make("option", { value }, text);

// A body shows a value: `element`, `get` (undefined: left alone), `set`; `child` if it has fields, `add` for media.
function input(field, name, properties, read, write = String) {
  const control = make(name, { autocomplete: "off", oninput: () => field.edited(), ...properties });
  const set = (value) => { control.value = value === undefined ? "" : write(value); };
  return { element: control, control, get: () => read(control), set };
}
// An empty text is sent where a text is required and somebody emptied it.
const typed = (field) => ({ value }) => value || (field.needed && field.touched ? "" : undefined);

const BODIES = {
  text(field, { pattern, maxLength, default: placeholder = "" }) {
    if (field.media) return media(field);
    return input(field, "textarea", { placeholder, rows: pattern || maxLength < 101 ? 1 : 2 }, typed(field));
  },

  // What is typed but is not a number becomes null: it must not pass for a field left alone.
  number(field, { minimum: min = "", maximum: max = "", multipleOf, type, default: placeholder = "" }) {
    const step = multipleOf ?? (type === "integer" ? 1 : "any");
    const read = ({ value, validity }) => (value ? number(value) : validity.badInput ? null : undefined);
    return input(field, "input", { type: "number", min, max, step, placeholder }, read, json);
  },

  // What is not JSON becomes a text, which the check refuses here.
  JSON(field) {
    const read = ({ value }) => { try { return value.trim() ? parse(value) : undefined; } catch { return value; } };
    return input(field, "textarea", { rows: 2 }, read, (value) => json(value, null, 1));
  },

  choice(field, schema) {
    const body = input(field, "select", {}, ({ value }) => (value ? JSON.parse(value) : undefined), json);
    const show = (value) => (typeof value === "string" && value ? value : json(value));
    const none = field.needed ? "Choose…" : "default" in schema ? `Not set (${show(schema.default)})` : "Not set";
    body.element.append(option(none, ""), ...choices(schema).map((each) => option(show(each), json(each))));
    return body;
  },

  object(field, { properties, required = [] }) {
    const fields = new Map();
    const element = make("div", { className: "group" });
    const needs = (name) => required.includes(name);
    const add = (name, schema) => {
      const each = fieldOf(field.form, name, schema, field, field.key ? `${field.key}.${name}` : name, needs(name));
      fields.set(name, each);
      element.append(each.element);
    };
    for (const [name, schema] of Object.entries(properties).sort(([a], [b]) => needs(b) - needs(a))) add(name, schema);
    const get = () => {
      const held = [...fields].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]));
      return held.length || field.needed ? Object.fromEntries(held) : undefined;
    };
    const set = (value = {}) => {
      for (const name of Object.keys(value)) if (!fields.has(name)) add(name, {});
      for (const [name, each] of fields) each.set(own(value, name));
    };
    return { element, get, set, child: (step) => fields.get(step) };
  },

  list(field, { items }) {
    const rows = make("ol", {});
    const more = button("Add", `Add: ${field.name}`, () => { const each = add(); field.edited(); each.focus(); });
    const all = () => [...rows.children].map((row) => row.field);
    const held = () => all().filter((each) => each.value !== undefined); // those left empty are not sent
    const rename = () => all().forEach((each, index) => each.rename(`${field.name} ${index + 1}`));
    const add = (value) => {
      const each = fieldOf(field.form, "", items, field, field.key, true, true);
      const tool = (text, name, act) => button(text, name, ({ target }) => { act(); rename(); field.edited(); target.focus(); });
      const remove = () => {
        ((row.nextSibling ?? row.previousSibling)?.field ?? more).focus();
        row.remove();
      };
      const up = tool("↑", "Move up", () => row.previousSibling?.before(row));
      const down = tool("↓", "Move down", () => row.nextSibling?.after(row));
      const row = make("li", { field: each }, each.element, up, down, tool("✕", "Remove", remove));
      rows.append(row);
      rename();
      each.set(value);
      return each;
    };
    const set = (value = field.needed && !field.item && !field.media ? [undefined] : []) => {
      rows.replaceChildren();
      for (const each of value) add(each);
    };
    const get = () => (held().length || field.item ? held().map((each) => each.value) : undefined);
    return { element: make("div", {}, rows, more), get, set, add, rename, child: (step) => held()[step] };
  },
};

function media(field) {
  const seen = make("span", {});
  const look = () => {
    const { value } = control;
    const src = value && field.form.preview(value);
    const kind = /\.(mp4|mov|webm)$/i.test(value) ? "video" : field.media.kind;
    const tag = /audio|video/.test(kind) ? kind : "img";
    seen.replaceChildren(src ? make(tag, { src, controls: true, ariaLabel: value.split("/").pop() }) : "");
  };
  const oninput = () => { look(); field.edited(); };
  const body = input(field, "input", { inputMode: "url", placeholder: "https://…", oninput }, typed(field));
  const { control } = body;
  const set = (value) => { body.set(value); look(); };
  return { ...body, element: make("div", { className: "media" }, seen, control), set, add: set };
}

function fieldOf(form, name, schema, parent, key, needed, item) {
  const media = own(form.media, key);
  const part = (tag, className) => make(tag, { className, id: `${form.id}-${form.count++}` });
  const label = part("label", "");
  const text = part("p", "about");
  const fault = part("p", "fault");
  const element = make("div", { className: "field" });
  const shapes = [...forms(schema), {}];
  let shape, body, kept, pending, sources = [];

  // Show the value in one of its forms.
  const use = (next) => {
    if (shape === next) return;
    shape = next;
    body = BODIES[kindOf(shape)](field, shape);
    if (!parent) return element.append(body.element);
    text.textContent = about(shape, needed && !item, media);
    element.replaceChildren(label, text, body.element, ...(body.add ? sources : []), fault);
    if (shapes.length > 2 || shape !== shapes[0]) {
      const oninput = () => { use(shapes[kinds.value]); field.edited(); field.focus(); };
      const kinds = make("select", { ariaLabel: `Kind of ${name}`, oninput }, ...shapes.map(kindOf).map(option));
      kinds.value = shapes.indexOf(shape);
      text.after(kinds);
    }
    const target = (field.target = body.control ?? element);
    target.setAttribute("aria-describedby", `${text.id} ${fault.id}`);
    if (target === element) {
      target.role = "group";
      target.setAttribute("aria-labelledby", label.id);
    } else {
      label.htmlFor = target.id = `${label.id}-input`;
      target.ariaRequired = needed;
    }
  };

  const put = async (promise, name) => {
    const mine = pending.add(name);
    fault.role = "alert";
    field.edited();
    let told = "";
    try {
      const value = await promise;
      if (value !== null && mine === pending) body.add(value);
    } catch ({ message }) { told = `${name}: ${message}`; }
    mine.delete(name);
    field.edited();
    fault.textContent = told;
  };

  const field = {
    form, key, needed, item, media, fault, element,
    child: (step) => body.child?.(step),
    take(files) { for (const file of files) put(form.upload(file), file.name); },
    get value() {
      // no model takes this text: nothing is run without the file
      if (pending.size) return `waiting for ${[...pending].join(", ")}`;
      return kept === undefined ? body.get() : kept;
    },
    // A value is kept as it is until somebody edits it.
    set(value = needed ? schema.const ?? schema.default : undefined) {
      pending = new Set();
      field.touched = false;
      kept = !parent || (Object(value) === value && Object.keys(value).length) ? undefined : value;
      use(shapes.find((each) => !parent || value === undefined || FITS[kindOf(each)](value, each)));
      body.set(value);
    },
    edited() {
      kept = undefined;
      field.touched = true;
      if (parent) parent.edited();
      else form.onChange(form.value);
    },
    rename(name) {
      field.name = label.textContent = name;
      body?.rename?.();
    },
    focus: () => element.querySelector("input, select, textarea, button").focus(),
  };
  field.rename(name);
  if (media && !item) {
    element.classList.add("takes");
    element.field = field;
    const onchange = ({ target }) => { field.take([...target.files]); target.value = ""; };
    const tool = (text, act) => button(text, `${text}: ${name}`, act);
    sources = [
      make("input", { type: "file", multiple: true, ariaLabel: `Files: ${name}`, onchange }),
      tool("Earlier result", () => put(form.pick(media.kind), "an earlier result")),
      tool("Remove", () => { field.set(); field.edited(); }),
    ];
  }
  field.set();
  return field;
}

return class {
  static parse = parse;

  constructor(schema, media, { id, onChange, upload, pick, preview }) {
    Object.assign(this, { media: media ?? {}, id, onChange, upload, pick, preview, count: 0, faulty: [] });
    this.root = fieldOf(this, "", { properties: {}, ...schema }, null, "", true);
    const element = (this.element = this.root.element);
    element.ondragover = element.ondrop = element.onpaste = (event) => this.receive(event);
  }

  receive(event) {
    const { types, files } = event.dataTransfer ?? event.clipboardData;
    const at = event.target.closest(".takes");
    if (!types.includes("Files") || (event.type === "paste" && !at && types.includes("text/plain"))) return;
    event.preventDefault();
    const fits = ({ field: { media } }) => ["file", files[0]?.type.split("/")[0]].includes(media.kind);
    const taker = at ?? [...this.element.querySelectorAll(".takes")].find(fits);
    if (event.type !== "dragover") taker?.field.take([...files]);
  }

  get value() { return this.root.value; }
  fill(input) { this.root.set(input); }

  // Mark the fields of issues, and give back those without a field.
  complain(issues) {
    for (const { fault, target } of this.faulty.splice(0)) {
      fault.textContent = "";
      target.ariaInvalid = null;
    }
    return issues.filter(({ path, message }) => {
      let field = this.root;
      for (const step of steps(path)) field = field.child(step) ?? field;
      if (field === this.root) return true;
      field.fault.textContent += `${message}\n`;
      field.target.ariaInvalid = "true";
      this.faulty.push(field);
    });
  }

  focusFirst() { (this.faulty[0] ?? this.root).focus(); }

  destroy() {
    this.onChange = () => {};
    this.element.replaceChildren();
    this.element.remove();
  }
};
})();
