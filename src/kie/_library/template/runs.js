// The runs of the page. Nothing in here touches the document.

const STATES = ["succeeded", "failed", "open", "unknown", "expired"];

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

function asLibrary(run, pathOf) {
  const root = pathOf(run.root);
  return root === null
    ? null
    : `from kie import Kie, Library\n\nlibrary = Library(${text(root)})\nwith Kie(library=library) as client:\n` +
        `    result = client.run(library[${text(run.id)}].again())\n    print(result)\n`;
}
