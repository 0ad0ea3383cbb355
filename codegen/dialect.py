"""Checks what a model file may contain. Anything else is a fault: an unknown keyword would be an unenforced rule."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Iterator
from typing import get_args

import attrs
import jsonschema_rs

from kie._core.issues import FieldName, marked
from kie._core.media_rules import Kind, MediaRule
from kie._core.request import Request
from kie._core.result_types import RESULT_KINDS
from kie._core.schema import MESSAGE, SEEN, TOTAL, Schema

from .counterexamples import COUNTEREXAMPLES, bare, check_counterexamples
from .source import SHORTHAND, Document, Fault, ModelSource, Node, escape
from .tolerance import check_tolerance, widened

ROOT = {
    "$schema",
    "$id",
    "title",
    "description",
    "x-kie",
    "type",
    "additionalProperties",
    "required",
    "properties",
    "allOf",
}
SCALAR = {"type", "description", "enum", "default", "minLength", "maxLength", "pattern", "minimum", "maximum"} | {
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "deprecated",
    "anyOf",
    SEEN,
}
ARRAY = {"type", "description", "items", "minItems", "maxItems", "uniqueItems", "deprecated", SEEN}
OBJECT = {"type", "title", "description", "properties", "required", "additionalProperties", "deprecated", SEEN}
RULE = {"if", "then", "else", "not", "required", "properties", "anyOf", "oneOf", "allOf", "dependentRequired", MESSAGE}
CONDITION = RULE | {
    "const",
    "enum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "items",
    "type",
}
FACTS = {
    "model",
    "lifecycle",
    "operation",
    "result",
    "provider",
    "categories",
    "status",
    "successors",
    "former_id",
    "sources",
    "curation",
    "media",
} | {
    "references",
    "python",
    "curated",
    "guessed",
    "typical_seconds",
    "examples",
    "accepts",
    "advice",
    "default_unless",
}
OPEN: tuple[Document, ...] = ({"type": "object"}, {"type": "array"})
"""Alternatives that accept any object, or any list."""
SCALARS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
TYPES = {*SCALARS, "array", "object"}
CATEGORIES = set(
    """
    text-to-image image-to-image image-edit upscale text-to-video image-to-video video-to-video reference-to-video
    video-edit video-extend text-to-speech speech-to-text audio-isolation dialogue sound-effect avatar lip-sync
    background-removal text-to-music layer-decomposition detection voice-clone voice-design character-design
    music-extend music-cover music-edit music-video mashup add-vocals add-instrumental lyrics stems midi persona
    music-style timestamped-lyrics cover-art audio-convert music-recovery
    """.split()
)
KINDS = ("image", "video", "audio", "music")
"""Kinds of files that models make, which are also the namespaces of request classes. Models that return data are in
none."""
SORTED_UNDER = dict.fromkeys(("lyrics", "stems", "midi", "timestamps", "persona", "text"), "music") | {
    "voice": "audio",
    "character": "video",
}
"""Kinds of result without a namespace of their own, each with the namespace in which people look for it."""
STATUSES = {"active", "superseded", "undocumented", "retired"}
FORMATS = {
    **dict.fromkeys("jpeg png webp gif bmp tiff heic heif avif".split(), "image"),
    **dict.fromkeys("mp4 mov webm mkv avi".split(), "video"),
    **dict.fromkeys("wav mp3 m4a aac ogg flac".split(), "audio"),
}
"""The formats of media, each with its kind."""
ROLES = {"first_frame", "last_frame", "reference", "mask"}
"""The roles that a medium can have."""
WHOLE = {"max_bytes", "min_side", "max_side", "min_pixels", "max_pixels"}
"""The limits of media that are whole numbers."""
NOTE_FROM = re.compile(r"text/[0-9a-f]{8}|elsewhere|older")
"""The source of a curation note, if it is not the schema of the vendor's page."""
MEMBERS = {name for name, _ in inspect.getmembers(Request)} | {"info"}


def check_models(models: list[ModelSource], lifecycles: Document) -> list[Fault]:
    """Find all faults of all model files, including names that collide."""
    faults: list[Fault] = []
    for model in models:
        found = list(check_model(model, lifecycles))
        # counterexamples can be judged only if the rules and the fields are in order
        faults += found or check_counterexamples(model)
    for attribute in ("slug", "name", "id"):
        seen: dict[str, str] = {}
        for model in models:
            value = getattr(model, attribute)
            if value in seen:
                faults.append(Fault(model.file, "", f"the {attribute} {value!r} is already taken by {seen[value]}"))
            seen.setdefault(value, model.file)
    ids = {model.id for model in models}
    faults += [fault for model in models for fault in _other_ids(model, ids)]
    faults += [
        Fault(model.file, "", f"the slug {model.slug!r} is the name of a namespace")
        for model in models
        if model.slug in KINDS
    ]
    return faults


def _other_ids(model: ModelSource, ids: set[str]) -> Iterator[Fault]:
    """Find faults in the ids of other models that a model file names."""
    facts, file = model.facts, model.file
    for index, successor in enumerate(facts.get("successors") or []):
        if successor not in ids - {model.id}:
            yield Fault(file, f"/x-kie/successors/{index}", f"there is no other model {successor!r}")
    if facts.get("status") == "superseded" and not facts.get("successors"):
        yield Fault(file, "/x-kie/successors", "is missing: a superseded model names the documented form")
    if "former_id" in facts and facts["former_id"] not in ids - {model.id}:
        yield Fault(file, "/x-kie/former_id", f"no other model has the id {facts['former_id']!r} now")


PARTS = ("track", "voice", "persona", "character")
"""The parts of an earlier task that a field can take instead of the task itself."""


def parts_of(reference: Node) -> tuple[str, ...]:
    """The parts that a reference names: none, one, or a list."""
    part = reference.get("part") or []
    return (part,) if isinstance(part, str) else tuple(part)


def kind_of(model: ModelSource) -> str:
    """The kind of file that a model makes, as used by the catalog and the namespaces."""
    result = str(model.facts["result"])
    return "music" if "text-to-music" in model.facts["categories"] else SORTED_UNDER.get(result, result)


def accepted(model: ModelSource) -> list[str]:
    """The kinds of media in a model's fields. For a field for files of any kind, they follow from its formats."""
    kinds: set[str] = set()
    for rule in (model.facts.get("media") or {}).values():
        formats = rule.get("formats") or [] if rule["kind"] == "file" else []
        kinds |= {FORMATS[name] for name in formats} or {rule["kind"]}
    return sorted(kinds)


def check_shorthand(shorthand: Document, models: list[ModelSource]) -> Iterator[Fault]:
    """Check that shorthands mean existing models, have a note, and hide no model's own name."""
    ids = {model.id for model in models}
    own = {name.lower(): model for model in models for name in (model.id, model.name, model.slug)}
    for name, row in shorthand.items():
        at = f"/{escape(name)}"
        if not isinstance(row, dict):
            yield Fault(SHORTHAND, at, "must be a mapping with means and note")
            continue
        yield from _unknown(SHORTHAND, at, row, {"means", "note", "fields"})
        if str(name).lower() in own:
            yield Fault(SHORTHAND, at, f"is a name of {own[str(name).lower()].id}")
        if not isinstance(row.get("means"), list) or not row["means"]:
            yield Fault(SHORTHAND, f"{at}/means", "must be a list of model ids")
        else:
            for index, meaning in enumerate(row["means"]):
                if meaning not in ids:
                    yield Fault(SHORTHAND, f"{at}/means/{index}", f"there is no model {meaning!r}")
        if not str(row.get("note") or "").strip():
            yield Fault(SHORTHAND, f"{at}/note", "is missing: say what to know about this name")
        meant = [model for model in models if model.id in (row.get("means") or [])]
        yield from _preset(at, row.get("fields") or {}, meant)


def _preset(at: str, fields: Node, meant: list[ModelSource]) -> Iterator[Fault]:
    """Check that the fields of the models that a shorthand means accept the values it sets."""
    if fields and len(meant) != 1:
        yield Fault(SHORTHAND, f"{at}/fields", "need a name that stands for one model")
        return
    for name, value in fields.items():
        field = (meant[0].document.get("properties") or {}).get(name)
        if field is None:
            yield Fault(SHORTHAND, f"{at}/fields/{escape(name)}", f"is not a field of {meant[0].id}")
        elif not jsonschema_rs.is_valid(field, value):
            yield Fault(SHORTHAND, f"{at}/fields/{escape(name)}", f"{value!r} is not a value of it")


def check_model(model: ModelSource, lifecycles: Document) -> Iterator[Fault]:
    """Find the faults of one model file, except those of its counterexamples."""
    document, file = model.document, model.file

    def fault(pointer: str, message: str) -> Fault:
        return Fault(file, pointer, message)

    yield from _unknown(file, "", document, ROOT)
    for key in ("title", "description", "x-kie", "properties"):
        if not document.get(key):
            yield fault("", f"{key} is missing")
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", model.name):
        yield fault("/title", f"{model.name!r} is not a class name")
    if document.get("type") != "object" or document.get("additionalProperties") is not False:
        yield fault("", "the root must be `type: object` with `additionalProperties: false`")
    yield from _facts(model, lifecycles)
    yield from _object(file, "", document, model.facts.get("python") or {})
    for index, rule in enumerate(document.get("allOf") or []):
        yield from _rule(file, f"/allOf/{index}", rule, document)
    for index, rule in enumerate(model.facts.get("advice") or []):
        yield from _rule(file, f"/x-kie/advice/{index}", rule, document)
    wrong = list(check_tolerance(model))
    yield from wrong
    if wrong:
        return
    try:
        schema = Schema({key: value for key, value in widened(document).items() if key != "x-kie"})
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        yield fault("", f"is not a JSON Schema: {str(error).splitlines()[0]}")
        return
    yield from _defaults(file, "", document)
    for index, example in enumerate(model.facts.get("examples") or []):
        for issue in schema.issues(example):
            yield fault(f"/x-kie/examples/{index}", f"is not valid: {issue}")


def _unknown(file: str, at: str, node: Node, allowed: set[str]) -> Iterator[Fault]:
    for key in node:
        if key not in allowed:
            yield Fault(file, f"{at}/{escape(key)}", "is not a keyword of the dialect here")


def python_name(wire: str, overrides: Document) -> str:
    """The Python name of a wire field: snake_case of the stripped name, unless the file says otherwise."""
    if wire in overrides:
        return str(overrides[wire])
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire.strip())
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _object(file: str, at: str, node: Document, overrides: Document) -> Iterator[Fault]:
    properties = node.get("properties") or {}
    required = node.get("required") or []
    for name in required:
        if name not in properties:
            yield Fault(file, f"{at}/required", f"{name} is not a property")
        elif "default" in properties[name]:
            yield Fault(file, f"{at}/properties/{escape(name)}/default", "a required field cannot have a default")
    names: dict[str, str] = {}
    for wire, field in properties.items():
        here = f"{at}/properties/{escape(wire)}"
        name = python_name(wire, overrides)
        if not name.isidentifier() or keyword.iskeyword(name):
            yield Fault(file, here, f"{name!r} cannot be a Python name; set x-kie.python")
        if not at and name in MEMBERS:
            yield Fault(file, here, f"{name!r} is a member of every request; set x-kie.python")
        if name in names:
            yield Fault(file, here, f"has the same Python name as {names[name]}")
        names[name] = wire
        yield from _field(file, here, field, overrides)


def _field(file: str, at: str, field: Node, overrides: Document, *, described: bool = True) -> Iterator[Fault]:
    if not isinstance(field, dict):
        yield Fault(file, at, "must be a mapping")
        return
    if described and not str(field.get("description") or "").strip():
        yield Fault(file, at, "has no description")
    kind = field.get("type")
    if "anyOf" in field:
        yield from _unknown(file, at, field, {"anyOf", "description", "default", "deprecated", SEEN})
        for index, option in enumerate(field["anyOf"]):
            if option not in OPEN:
                yield from _field(file, f"{at}/anyOf/{index}", option, overrides, described=False)
        return
    if kind not in TYPES:
        yield Fault(file, f"{at}/type", f"{kind!r} is not one of {', '.join(sorted(TYPES))}")
        return
    match kind:
        case "array":
            yield from _unknown(file, at, field, ARRAY)
            if "items" not in field:
                yield Fault(file, at, "an array needs items")
            else:
                described = field["items"].get("type") == "object"
                yield from _field(file, f"{at}/items", field["items"], overrides, described=described)
        case "object":
            yield from _unknown(file, at, field, OBJECT)
            if not field.get("title"):
                yield Fault(file, at, "a nested object needs a title: it becomes a class")
            if field.get("additionalProperties") is not False:
                yield Fault(file, at, "a nested object has to have `additionalProperties: false`")
            yield from _object(file, at, field, overrides)
        case _:
            yield from _unknown(file, at, field, SCALAR)
            yield from _scalar(file, at, field)


def _scalar(file: str, at: str, field: Document) -> Iterator[Fault]:
    """Values are of the type of their field, so that no quotes are missing, and stand in a list once."""
    values = field.get("enum") or []
    for index, value in enumerate(values):
        if not _is(field["type"], value):
            yield Fault(file, f"{at}/enum/{index}", f"{value!r} is not of type {field['type']}")
        elif repr(value) in map(repr, values[:index]):
            yield Fault(file, f"{at}/enum/{index}", f"{value!r} is there twice")
    if "default" not in field:
        return
    default = field["default"]
    if not _is(field["type"], default):
        yield Fault(file, f"{at}/default", f"{default!r} is not of type {field['type']}")
    elif values and default not in values:
        yield Fault(file, f"{at}/default", f"{default!r} is not in the enum")


def _is(kind: str, value: Node) -> bool:
    return isinstance(value, SCALARS[kind]) and isinstance(value, bool) == (kind == "boolean")


def _defaults(file: str, at: str, node: Document) -> Iterator[Fault]:
    """Defaults keep to the bounds of their fields. What the schema of a field says is sound here."""
    for wire, field in (node.get("properties") or {}).items():
        here = f"{at}/properties/{escape(wire)}"
        if "default" in field and "enum" not in field and not jsonschema_rs.is_valid(field, field["default"]):
            yield Fault(file, f"{here}/default", f"{field['default']!r} is not a value of this field")
        inner = field.get("items", field)
        yield from _defaults(file, here if inner is field else f"{here}/items", inner)


def _rule(file: str, at: str, rule: Node, document: Document) -> Iterator[Fault]:
    if not isinstance(rule, dict):
        yield Fault(file, at, "must be a mapping")
        return
    if not rule.get(MESSAGE):
        yield Fault(file, at, f"a cross-field rule needs {MESSAGE}")
    fields = set(field_paths(document))
    yield from _message(file, f"{at}/{MESSAGE}", str(rule.get(MESSAGE) or ""), fields)
    if TOTAL in rule:
        yield from _unknown(file, at, rule, {TOTAL, MESSAGE, COUNTEREXAMPLES})
        spec = rule[TOTAL]
        yield from _unknown(file, f"{at}/{TOTAL}", spec, {"of", "less", "measure", "minimum", "maximum"})
        if spec.get("measure") not in ("length", "items", "value"):
            yield Fault(file, f"{at}/{TOTAL}/measure", "is not one of length, items, value")
        for path in [*(spec.get("of") or []), *(spec.get("less") or [])]:
            if path not in fields:
                yield Fault(file, f"{at}/{TOTAL}/of", f"{path} is not a field of this model")
        return
    yield from _unknown(file, at, rule, RULE | {COUNTEREXAMPLES})
    yield from _conditions(file, at, bare(rule), document.get("properties") or {})


_WIRE_NAME = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|[a-z0-9]+(?:[A-Z][a-z0-9]*)+")
"""A word that can only be the name of a field, or a value: two words in one, like `image_urls` or `imageUrls`."""


def _message(file: str, at: str, text: str, fields: set[str]) -> Iterator[Fault]:
    """A message marks the fields that it names, so that each reader gets them under the names that he knows."""
    if text.count("`") % 2:
        yield Fault(file, at, "has a backtick without its counterpart")
    for part in marked(text):
        if isinstance(part, FieldName):
            if part not in fields:
                yield Fault(file, at, f"{part} is not a field of this model")
        else:
            for name in _WIRE_NAME.findall(part):
                if name in fields:
                    yield Fault(file, at, f"{name} is a field: set it in backticks")


def _conditions(file: str, at: str, node: Node, properties: Document | None) -> Iterator[Fault]:
    """Check that a condition names existing fields, and only uses keywords that strategies and messages support."""
    if not isinstance(node, dict):
        return
    yield from _unknown(file, at, node, CONDITION)
    if properties is not None:
        mentioned = [
            *(node.get("required") or []),
            *(node.get("properties") or {}),
            *(node.get("dependentRequired") or {}),
        ]
        for name in mentioned:
            if name not in properties:
                yield Fault(file, at, f"{name} is not a property")
    for key in ("if", "then", "else", "not"):
        if key in node:
            yield from _conditions(file, f"{at}/{key}", node[key], properties)
    for key in ("anyOf", "oneOf", "allOf"):
        for index, item in enumerate(node.get(key) or []):
            yield from _conditions(file, f"{at}/{key}/{index}", item, properties)
    for name, item in (node.get("properties") or {}).items():
        yield from _conditions(file, f"{at}/properties/{escape(name)}", item, None)


def _facts(model: ModelSource, lifecycles: Document) -> Iterator[Fault]:
    facts, file = model.facts, model.file
    yield from _unknown(file, "/x-kie", facts, FACTS)
    for key in ("lifecycle", "result", "provider", "categories", "status", "sources"):
        if not facts.get(key) and (model.curated or key != "categories"):
            yield Fault(file, "/x-kie", f"{key} is missing")
    closed = {"lifecycle": set(lifecycles), "result": set(RESULT_KINDS), "status": STATUSES}
    for key, values in closed.items():
        if facts.get(key) and facts[key] not in values:
            yield Fault(file, f"/x-kie/{key}", f"{facts[key]!r} is not one of {', '.join(sorted(values))}")
    for category in facts.get("categories") or []:
        if category not in CATEGORIES:
            yield Fault(file, "/x-kie/categories", f"{category!r} is not a known category")
    yield from _source_facts(model)
    yield from _media_facts(model)
    yield from _reference_facts(model, lifecycles)
    operations = (lifecycles.get(str(facts.get("lifecycle"))) or {}).get("submit") or {}
    if facts.get("operation") not in (operations if len(operations) > 1 else {None, *operations}):
        yield Fault(file, "/x-kie/operation", f"is not one of {', '.join(operations) or 'none: leave it out'}")
    if bool(facts.get("model")) != (facts.get("lifecycle") == "jobs"):
        yield Fault(file, "/x-kie/model", "is the id on the wire in the Market, and there only")
    yield from _notes(model)
    for wire in facts.get("python") or {}:
        if wire not in set(_wires(model.document)):
            yield Fault(file, f"/x-kie/python/{escape(wire)}", "is not a field of this model")


def _source_facts(model: ModelSource) -> Iterator[Fault]:
    facts, file = model.facts, model.file
    for index, source in enumerate(facts.get("sources") or []):
        for key in ("page", "captured"):
            if not isinstance(source, dict) or not source.get(key):
                yield Fault(file, f"/x-kie/sources/{index}", f"{key} is missing")


def _media_facts(model: ModelSource) -> Iterator[Fault]:
    facts, file, paths = model.facts, model.file, set(field_paths(model.document))
    rules = {field.name for field in attrs.fields(MediaRule)}
    for path, rule in (facts.get("media") or {}).items():
        at = f"/x-kie/media/{escape(path)}"
        if path not in paths:
            yield Fault(file, at, "is not a field of this model")
        yield from _unknown(file, at, rule, rules)
        if rule.get("kind") not in get_args(Kind):
            yield Fault(file, f"{at}/kind", f"is not one of {', '.join(get_args(Kind))}")
        yield from _formats(file, f"{at}/formats", rule)
        for name in rule.get("roles") or []:
            if name not in ROLES:
                yield Fault(file, f"{at}/roles", f"{name!r} is not one of {', '.join(sorted(ROLES))}")
        yield from _limits(file, at, {name: rule[name] for name in rules & set(rule) - {"kind", "formats", "roles"}})


def _formats(file: str, at: str, rule: Document) -> Iterator[Fault]:
    """Formats are known, stand there once, and are of the kind of the field. Sound may come in the file of a video."""
    kind, formats = rule.get("kind"), rule.get("formats") or []
    fitting = {"file": set(FORMATS.values()), "audio": {"audio", "video"}}.get(str(kind), {kind})
    for index, name in enumerate(formats):
        if name not in FORMATS:
            yield Fault(file, at, f"{name!r} is not a known format")
        elif FORMATS[name] not in fitting:
            yield Fault(file, at, f"{name!r} is a format of {FORMATS[name]}, and the field is for {kind}")
        elif name in formats[:index]:
            yield Fault(file, at, f"{name!r} is there twice")


def _limits(file: str, at: str, limits: Document) -> Iterator[Fault]:
    """Limits of media are positive numbers, and none is below its counterpart."""
    sound = {}
    for name, value in limits.items():
        kind = "integer" if name in WHOLE else "number"
        if _is(kind, value) and value > 0:
            sound[name] = value
        else:
            yield Fault(
                file, f"{at}/{name}", f"{value!r} is not {'an integer' if kind == 'integer' else 'a number'} above 0"
            )
    for name, value in sound.items():
        least = sound.get(f"min_{name.removeprefix('max_')}")
        if name.startswith("max_") and least is not None and least > value:
            yield Fault(file, f"{at}/{name}", f"is below the least, {least}")


def _reference_facts(model: ModelSource, lifecycles: Document) -> Iterator[Fault]:
    facts, file, paths = model.facts, model.file, set(field_paths(model.document))
    for path, spec in (facts.get("references") or {}).items():
        at = f"/x-kie/references/{escape(path)}"
        if path not in paths:
            yield Fault(file, at, "is not a field of this model")
        yield from _unknown(file, at, spec, {"lifecycles", "finished", "part"})
        for name in spec.get("lifecycles") or []:
            if name not in lifecycles:
                yield Fault(file, f"{at}/lifecycles", f"{name!r} is not a lifecycle")
        for part in parts_of(spec):
            if part not in PARTS:
                yield Fault(file, f"{at}/part", f"{part!r} is not one of {', '.join(PARTS)}")


def _notes(model: ModelSource) -> Iterator[Fault]:
    """Find the faults of the curation notes."""
    facts, file = model.facts, model.file
    for index, note in enumerate(facts.get("curation") or []):
        at = f"/x-kie/curation/{index}"
        if not isinstance(note, dict):
            yield Fault(file, at, "must be a mapping")
            continue
        yield from _unknown(file, at, note, {"at", "from", "vendor", "why"})
        if not note.get("why"):
            yield Fault(file, at, "says no reason (why)")
        if "from" in note and not NOTE_FROM.fullmatch(str(note["from"])):
            yield Fault(
                file, f"{at}/from", f"{note['from']!r} is neither elsewhere nor older nor text/ with eight hex digits"
            )
        if not _exists(model.document, str(note.get("at", ""))):
            yield Fault(file, at, f"{note.get('at')} points at nothing in this file")


def _wires(schema: Document) -> Iterator[str]:
    """Yield the names of all fields, nested ones included."""
    for wire, field in (schema.get("properties") or {}).items():
        yield wire
        yield from _wires(field.get("items", field) if isinstance(field, dict) else {})


def field_paths(schema: Document, prefix: str = "") -> Iterator[str]:
    """Yield the dotted paths of all fields, nested ones included, as used in `x-kie.media`."""
    for wire, field in (schema.get("properties") or {}).items():
        yield f"{prefix}{wire}"
        inner = field.get("items", field) if isinstance(field, dict) else {}
        if isinstance(inner, dict) and inner.get("type") == "object":
            yield from field_paths(inner, f"{prefix}{wire}.")


def _exists(document: Node, pointer: str) -> bool:
    """Whether a pointer's parent exists, since a note may explain why something is absent. A rule must exist itself."""
    node = document
    rule = re.match(r"/allOf/(\d+)", pointer)
    if rule and int(rule[1]) >= len(document.get("allOf") or []):
        return False
    for part in [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:-1]]:
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return False
    return pointer.startswith("/")
