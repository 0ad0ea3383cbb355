// Builds a form from a JSON Schema. Everything from schemas and values is set as text, never as markup.
const SchemaForm = (() => {
"use strict";

const json = JSON.stringify;
const own = (object, key) => (Object.hasOwn(Object(object), key) ? object[key] : undefined);
const letters = (value) => [...`${json(value)}`].sort().join("");

// Integers keep the digits that JavaScript would round.
const number = (text) =>
  /^-?[1-9]\d{15,}$/.test(text) && `${+text}` !== text ? JSON.rawJSON?.(text) ?? +text : +text;
const parse = (text) =>
  JSON.parse(text, (_, value, at) => (at && typeof value === "number" ? number(at.source) : value));

const choices = (schema) =>
  "const" in schema ? [schema.const] : schema.enum ?? (schema.type === "boolean" && [true, false]);

function kindOf(schema) {
  if (choices(schema)) return "choice";
  if (schema.properties) return "object";
  if (schema.items) return "list";
  return { string: "text", number: "number", integer: "number" }[schema.type] ?? "JSON";
}

// The shapes that a value may have. Closed lists are merged into one list.
function forms({ anyOf, oneOf, ...rest }) {
  const all = (!rest.properties && (anyOf ?? oneOf)?.flatMap((form) => forms({ ...rest, ...form }))) || [rest];
  return all.length > 1 && all.every(choices) ? [{ ...rest, enum: all.flatMap(choices) }] : all;
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
const button = (text, name, onclick) => make("button", { type: "button", ariaLabel: `${text}: ${name}`, onclick }, text);

// The widgets for values. `get` returns undefined if the user left the field alone.
function input(field, name, properties, read, write = String) {
  const control = make(name, { oninput: field.edited, ...properties });
  const set = (value) => { control.value = value === undefined ? "" : write(value); };
  return { element: control, control, get: () => read(control), set };
}
const BODIES = {
  text(field, { default: placeholder = "" }) {
    // a required text that the user emptied is sent
    const read = ({ value }) => value || (field.needed && field.touched ? "" : undefined);
    return field.media ? media(field, read) : input(field, "textarea", { placeholder }, read);
  },

  number(field, { minimum: min = "", maximum: max = "", multipleOf, type, default: placeholder = "" }) {
    const step = multipleOf ?? (type === "integer" ? 1 : "any");
    // invalid input must not pass for a field that was left alone
    const read = ({ value, validity }) => (value ? number(value) : validity.badInput ? null : undefined);
    return input(field, "input", { type: "number", min, max, step, placeholder }, read, json);
  },

  JSON(field) {
    const read = ({ value }) => { try { return value.trim() ? parse(value) : undefined; } catch { return value; } };
    return input(field, "textarea", {}, read, (value) => json(value, null, 1));
  },

  choice(field, schema) {
    const body = input(field, "select", {}, ({ value }) => (value ? JSON.parse(value) : undefined), json);
    const show = (value) => value || json(value);
    const none = field.needed ? "Choose…" : "default" in schema ? `Not set (${show(schema.default)})` : "Not set";
    body.element.append(new Option(none, ""), ...choices(schema).map((each) => new Option(show(each), json(each))));
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
      const held = [...fields].map(([name, each]) => [name, each.value]).filter(([, value]) => value !== undefined);
      return held.length || field.needed ? Object.fromEntries(held) : undefined;
    };
    const set = (value = {}) => {
      if (!field.parent) for (const name of Object.keys(value)) if (!fields.has(name)) add(name, {});
      for (const [name, each] of fields) each.set(own(value, name));
    };
    return { element, get, set, child: (step) => fields.get(step) };
  },

  list(field, { items }) {
    const rows = make("ol");
    const more = button("Add", field.name, () => { const each = add(); field.edited(); each.focus(); });
    const all = () => [...rows.children].map((row) => row.field);
    // Empty rows are not sent.
    const held = () => all().filter((each) => each.value !== undefined);
    const rename = () => all().forEach((each, index) => each.rename(`${field.name} ${index + 1}`));
    const add = (value) => {
      const each = fieldOf(field.form, "", items, field, field.key, true, true);
      const tool = (text, act) =>
        button(text, "item", ({ target }) => { act(); rename(); field.edited(); target.focus(); });
      const up = tool("Up", () => row.previousSibling?.before(row));
      const down = tool("Down", () => row.nextSibling?.after(row));
      const remove = tool("Remove", () => {
        ((row.nextSibling ?? row.previousSibling)?.field ?? more).focus();
        row.remove();
      });
      const row = make("li", { field: each }, each.element, up, down, remove);
      rows.append(row);
      rename();
      each.set(value);
      return each;
    };
    const set = (value = []) => {
      rows.replaceChildren();
      [value].flat().forEach(add);
    };
    const get = () => (held().length || field.item ? held().map((each) => each.value) : undefined);
    return { element: make("div", {}, rows, more), get, set, add, rename, child: (step) => held()[step] };
  },
};

function media(field, read) {
  const seen = make("span");
  const look = () => {
    const { value } = body.control;
    const src = value && field.form.preview(value);
    const tag = /\.(mp4|mov|webm)$/i.test(value) ? "video" : field.media.kind === "audio" ? "audio" : "img";
    seen.replaceChildren(src ? make(tag, { src, controls: true, ariaLabel: value.split("/").pop() }) : "");
  };
  const oninput = () => { look(); field.edited(); };
  const body = input(field, "input", { inputMode: "url", placeholder: "https://…", oninput }, read);
  const add = (value) => { body.set(value); look(); };
  return { ...body, element: make("div", { className: "media" }, seen, body.control), set: add, add };
}

function fieldOf(form, name, schema, parent, key, needed, item) {
  const part = (tag, className) => make(tag, { className, id: `${form.id}-${form.count++}` });
  const [label, about, fault] = [part("label", "name"), part("p", "about"), part("p", "fault")];
  const element = make("div", { className: "field" });
  const shapes = [...forms(schema), {}];
  const media = own(form.media, key);
  const oninput = () => { use(shapes[kinds.value]); field.edited(); field.focus(); };
  const options = shapes.map((each, index) => new Option(kindOf(each), index));
  const kinds = make("select", { ariaLabel: `Kind of ${name}`, oninput }, ...options);
  let shape, body, empty, pending, sources = [];

  const use = (next) => {
    if (shape === next) return;
    shape = next;
    body = BODIES[kindOf(shape)](field, shape);
    if (!parent) return element.append(body.element);
    const bounds = item ? undefined : own(form.bounds, key)?.join("; ");
    const marks = [needed && !item && "Required.", shape.deprecated && "Deprecated.", shape.description, bounds && `(${bounds})`];
    about.textContent = marks.filter(Boolean).join(" ");
    kinds.value = shapes.indexOf(shape);
    const several = shapes.length > 2 || kinds.value > 0 ? [kinds] : [];
    element.replaceChildren(label, about, ...several, body.element, ...(body.add ? sources : []), fault);
    const target = (field.target = body.control ?? element);
    target.setAttribute("aria-describedby", `${about.id} ${fault.id}`);
    if (body.control) {
      label.htmlFor = target.id = `${label.id}-input`;
      target.ariaRequired = needed;
    } else {
      target.role = "group";
      target.setAttribute("aria-labelledby", label.id);
    }
  };

  const put = async (promise, from) => {
    const mine = pending.set(promise, from);
    field.edited();
    fault.role = "alert";
    fault.textContent = "";
    try {
      const value = await promise;
      if (value && mine === pending) body.add(value);
    } catch ({ message }) {
      fault.textContent = `${from}: ${message}\n`;
    }
    mine.delete(promise);
    field.edited();
  };

  const field = {
    form, parent, key, needed, item, media, fault, element,
    child: (step) => body.child?.(step),
    take(files) { for (const file of files) put(form.upload(file), file.name); },
    get value() {
      // no model accepts this text, so nothing runs without the file
      return pending.size ? `waiting for ${[...pending.values()]}` : empty ?? body.get();
    },
    set(value = needed ? schema.const ?? schema.default : undefined) {
      pending = new Map();
      field.touched = false;
      empty = parent && ['""', "[]", "{}"].includes(json(value)) ? value : undefined;
      // the first shape that returns the same value, with its keys in any order
      for (const each of shapes) {
        use(each);
        body.set(value);
        if (!parent || [undefined, field.value].includes(value) || letters(field.value) === letters(value)) break;
      }
    },
    edited() {
      empty = undefined;
      field.touched = true;
      if (parent) parent.edited();
      else form.onChange(form.value);
    },
    rename(to) {
      field.name = label.textContent = to;
      body?.rename?.();
    },
    focus: () => element.querySelector("input, select, textarea, button").focus(),
  };
  field.rename(name);
  if (media && !item) {
    element.className += " takes";
    element.field = field;
    const onchange = ({ target }) => { field.take([...target.files]); target.value = ""; };
    sources = [
      make("input", { type: "file", multiple: true, ariaLabel: `Files: ${name}`, onchange }),
      button("Earlier result", name, () => put(form.pick(media.kind), "an earlier result")),
      button("Remove", name, () => { field.set(); field.edited(); }),
    ];
  }
  field.set();
  return field;
}

return class {
  static parse = parse;

  constructor(schema, { media = {}, ...options }) {
    Object.assign(this, options, { media, count: 0, faulty: [] });
    this.root = fieldOf(this, "", { properties: {}, ...schema }, null, "", true);
    const element = (this.element = this.root.element);
    element.ondragover = element.ondrop = element.onpaste = (event) => {
      const { types, files } = event.dataTransfer ?? event.clipboardData;
      const near = event.target.closest(".takes");
      const fits = ({ field }) => ["file", files[0]?.type.split("/")[0]].includes(field.media.kind);
      const at = near ?? [...element.querySelectorAll(".takes")].find(fits);
      if (!types.includes("Files") || (!near && types.includes("text/plain"))) return;
      event.preventDefault();
      if (event.type !== "dragover") at?.field.take([...files]);
    };
  }

  get value() { return this.root.value; }
  fill(input) { this.root.set(Object(input)); }

  complain(issues) {
    for (const { fault, target } of this.faulty.splice(0)) {
      fault.textContent = "";
      target.ariaInvalid = null;
    }
    return issues.filter(({ path, message }) => {
      let field = this.root;
      // the steps of a path, such as `a[0].b` or `["a.b"]`
      for (const step of path.match(/"(?:[^"\\]|\\.)*"|[^.[\]"]+/g) ?? [])
        field = field.child(step[0] === '"' ? JSON.parse(step) : step) ?? field;
      if (field === this.root) return true;
      field.fault.textContent += `${message}\n`;
      field.target.ariaInvalid = "true";
      this.faulty.push(field);
    });
  }

  focusFirst() { (this.faulty[0] ?? this.root).focus(); }

  destroy() {
    this.onChange = () => {};
    this.element.remove();
  }
};
})();
