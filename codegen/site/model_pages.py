"""A page for each model: fields, rules, examples, price, time and notes, from the catalog, schemas and prices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import cast

import kie.models
from kie import catalog
from kie._cli.fields import allowed, flat, kind_of, rules, show
from kie._core.estimates import USD_PER_CREDIT, span
from kie._core.json import JSONObject
from kie._core.price_counters import Characters, Items, Lengths, Numbers, Unstated
from kie._core.price_counters import Counter as Counted
from kie._core.price_tables import PriceTable, Term
from kie._core.prices import price_table
from kie._core.result_types import result_type
from kie._plans.preset_files import packaged
from kie.catalog import Model
from kie.plans import Family, families

from . import examples
from .markdown import cell, code, fenced, listed, plain, table

KINDS = {
    "image": "Images",
    "video": "Videos",
    "music": "Music",
    "audio": "Speech, voices and sounds",
    "json": "Data about images",
}
"""The kinds of models, with their titles in the list."""
EMPTY = ("none", "")


def pages() -> dict[str, bytes]:
    """The list of models, and a page for each that can be used."""
    found = {f"models/{model.slug}.md": _page(model) for model in usable()}
    found["models/index.md"] = _index()
    return {name: ("\n".join(lines).rstrip() + "\n").encode() for name, lines in found.items()}


def usable() -> list[Model]:
    """The models that have a page: all but the retired ones."""
    return [model for model in catalog.models(status="all") if model.status != "retired"]


def place(model: Model) -> str:
    """The page of a model, in the folder of the models."""
    return f"{model.slug}.md" if model.status != "retired" else "index.md#retired"


def _facts(model: Model) -> JSONObject:
    return cast("JSONObject", model.json_schema()["x-kie"])


def types_of(model: Model) -> list[str]:
    """The public classes of nested objects in a model's requests."""
    return [name for name in _types().get(f"kie_models.{model.slug}", ()) if name != model.class_name]


@cache
def _types() -> Mapping[str, Sequence[str]]:
    """The public classes of each generated module."""
    found: dict[str, list[str]] = {}
    for name in dir(kie.models):
        found.setdefault(getattr(getattr(kie.models, name), "__module__", ""), []).append(name)
    return found


def _page(model: Model) -> list[str]:
    return [
        *_head(model),
        *_example(model),
        *_fields(model),
        *_rules(model),
        *_prices(model),
        *_accepted(model),
        *_notes(model),
    ]


def _head(model: Model) -> list[str]:
    facts = [
        ("class", f"`kie.models.{model.class_name}`"),
        ("by", plain(model.provider)),
        ("does", ", ".join(model.categories)),
        ("gives", f"{model.result} (`{result_type(model.result).__name__}`)"),
        ("price", _price(model)),
        ("typical time", _time(model)),
        ("families", ", ".join(f"{family.title} ({code(family.name)})" for family in _families().get(model.id, ()))),
        ("also called", ", ".join(map(code, _names().get(model.id, ())))),
        ("presets", _presets(model)),
        ("types", ", ".join(map(code, types_of(model)))),
        ("status", _status(model)),
        ("source", _sources(model)),
    ]
    return [
        f"# {plain(model.id)}",
        "",
        f"{plain(_spoken(model, model.description))} [All models](index.md).",
        "",
        *table(("about", "is"), [(name, value) for name, value in facts if value]),
    ]


def _status(model: Model) -> str:
    match model.status:
        case "superseded":
            return f"superseded: it works, and the vendor documents {_successors(model)} now"
        case "undocumented":
            return "undocumented: the vendor has no page of it"
    return ""


def _successors(model: Model) -> str:
    return listed([f"[{plain(each)}]({place(catalog.get(each))})" for each in model.successors])


def _sources(model: Model) -> str:
    sources = cast("list[JSONObject]", _facts(model).get("sources") or [])
    return "; ".join(f"{code(source['page'])}, as of {source['captured']}" for source in sources)


def _time(model: Model) -> str:
    known = model.typical_seconds
    if known is None:
        return "not known"
    slowest = f", at most {known['p95']:g} s in 95 of 100" if "p95" in known else ""
    return f"about {known['p50']:g} s{slowest} (tasks seen: {known['seen']:g})"


def _price(model: Model) -> str:
    found = price_table(model.id)
    if found is None:
        return "the price list has none"
    low, high = found.range
    if not _bounded(found):
        return f"[{_span(found)}](#price)"
    dollars = span(low * USD_PER_CREDIT, None if high is None else high * USD_PER_CREDIT)
    return f"[{span(low, high)} credits](#price), {dollars} USD"


def _bounded(found: PriceTable) -> bool:
    """Whether figures say something of what any request costs."""
    low, high = found.range
    return bool(low) or high is not None


def _span(found: PriceTable) -> str:
    """What requests cost, in credits or in words."""
    if _bounded(found):
        return span(*found.range)
    return "depends on the result" if found.terms else "not known yet"


@cache
def _families() -> Mapping[str, Sequence[Family]]:
    found: dict[str, list[Family]] = {}
    for family in families():
        for member in family.members:
            found.setdefault(member.model, []).append(family)
    return found


@cache
def _names() -> Mapping[str, Sequence[str]]:
    """The shorthands of each model."""
    found: dict[str, list[str]] = {}
    for each in catalog._shorthand().values():
        found.setdefault(each.means[0], []).append(each.name)
    return found


def _presets(model: Model) -> str:
    """The packaged presets for what the model makes of what."""
    patterns = {category.replace("-", "_") for category in model.categories}
    roles = {role for field in model.fields if field.media for role in field.media.roles or ()}
    patterns |= {"first_and_last_frame"} if {"first_frame", "last_frame"} <= roles else set()
    found = [preset.name for preset in packaged() if patterns & {*preset.patterns}]
    return f"{', '.join(map(code, found))}: [texts for prompts](../presets.md)" if found else ""


def _example(model: Model) -> list[str]:
    body, *more = examples.bodies(model)
    lines = ["## Example", "", *fenced("python", examples.python(model, body))]
    lines += [*fenced("shell", examples.command(model, body))]
    for other in more:
        lines += ["Another request:", "", *fenced("python", examples.construction(model, other))]
    return lines


def _spoken(model: Model, text: str) -> str:
    """A text with the fields that it names in backticks under their Python names, as the docstrings have it."""
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    return re.sub(r"`(\w+)`", lambda match: code(names.get(match[1], match[1])), text)


def _fields(model: Model) -> list[str]:
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    rows = []
    for path, field in flat(model.fields):
        python = names.get(path, path)
        wire = f" On the wire: {code(path)}." if python != path else ""
        about = cell(_spoken(model, field.description) + (" Deprecated." if field.deprecated else ""))
        limits = [*allowed(field), *(["an earlier task"] if field.reference else [])]
        default = "" if field.default is None else cell(code(show(field.default) or '""'))
        needed = "yes" if field.required else ""
        rows.append(
            (_named(python), cell(kind_of(field.schema)), needed, cell("; ".join(limits)), default, about + wire)
        )
    if not rows:
        return []
    head = ("field", "type", "required", "allowed", "default", "meaning")
    return ["## Fields", "", *table(head, rows)]


def _named(path: str) -> str:
    """A field in a cell. A key of an object stands below the field that holds it, so that the column is narrow."""
    above, dot, name = path.rpartition(".")
    return f"{code(above + dot)}<br>{code(name)}" if dot else code(path)


def _said_rules(model: Model) -> list[str]:
    return [_spoken(model, text) for text in rules(model)]


def _advice(model: Model) -> list[str]:
    return [_spoken(model, text) for text in cast("list[str]", _facts(model).get("advised") or [])]


def _rules(model: Model) -> list[str]:
    found = [f"- {cell(text)}" for text in _said_rules(model)]
    lines = ["## Rules across fields", "", *found, ""] if found else []
    if advice := _advice(model):
        lines += ["## Advice", "", "Nothing of this is refused; `request.advice()` says which of it holds.", ""]
        lines += [*(f"- {cell(text)}" for text in advice), ""]
    return lines


def _prices(model: Model) -> list[str]:
    found = price_table(model.id)
    if found is None:
        return []
    note = plain(f"{found.note[0].upper()}{found.note[1:]}.") if found.note else ""
    if not found.terms:
        return ["## Price", "", f"{note} The list is of {found.listed}.", ""]
    costs = f"{span(*found.range)} credits" if _bounded(found) else f"The price {_span(found)}"
    asking = f"`client.estimate(request)` and `kie price {model.id}` say what one request costs."
    lines = ["## Price", "", f"{costs}, by the price list of {found.listed}. {asking}", ""]
    for term in found.terms:
        lines += _term(model, term)
    return lines + ([note, ""] if note else [])


def _term(model: Model, term: Term) -> list[str]:
    names = [name for name, _ in term.by]
    head = [plain(f"{name}, which no field says") if name in term.unstated else code(name) for name in names]
    rows = []
    for cells, rate in term.rates.items():
        until = f" (until {rate.until})" if rate.until else ""
        rows.append([*map(partial(_met, model), names, cells), f"{rate.credits.normalize():f}{until}"])
    for cells, reason in term.unpriced.items():
        rows.append([*map(partial(_met, model), names, cells), f"not known: {cell(reason)}"])
    return table([_spoken(model, each) for each in (*head, f"credits for each {_counted(term)}")], rows)


def _met(model: Model, name: str, value: str) -> str:
    """A cell of a price table, as the field is written: the table does not tell letters apart by their case."""
    written = {str(each).lower(): str(each) for field in model.fields if field.name == name for each in field.enum}
    return {"present": "given", "absent": "not given"}.get(value) or code(written.get(value, value) or " ")


def _counted(term: Term) -> str:
    counted = Counter(map(_each, term.counters))
    return " and for each ".join(
        each if times == 1 else f"{each}, {times} times over" for each, times in counted.items()
    )


def _each(counter: Counted) -> str:
    """What one is that a counter counts."""
    fields = ", ".join(map(code, counter.fields))
    many, s = ("", "") if counter.per == 1 else (f"{counter.per:,.0f} ", "s")
    free = f" beyond {counter.free.normalize():f}" if counter.free else ""
    match counter:
        case Items():
            return f"{many}item{s} of {fields}{free}"
        case Characters():
            return f"{many}character{s} of {fields}{free}"
        case Lengths():
            return f"{many}second{s} of the media in {fields}{free}"
        case Numbers(otherwise=None):
            return f"{many}unit{s} of {fields}{free}"
        case Numbers(otherwise=media) if media is not None:
            return f"{many}unit{s} of {fields}{free}, or second of the media in {', '.join(map(code, media.fields))}"
        case Unstated():
            return f"{many or 'of the '}{', '.join(counter.fields)}, whose number no field says"
    return "task"


def _accepted(model: Model) -> list[str]:
    found = cast("list[JSONObject]", _facts(model).get("accepts") or [])
    if not found:
        return []
    rows = [(code(_where(str(each["at"]), model)), cell(str(each["seen"]))) for each in found]
    return [
        "## Also accepted",
        "",
        "Other forms of these fields were seen accepted.",
        "",
        *table(("field", "seen"), rows),
    ]


def _notes(model: Model) -> list[str]:
    notes = cast("list[JSONObject]", _facts(model).get("curation") or [])
    if not notes:
        return []
    rows = [[cell(text) for text in (_where(str(note["at"]), model), *_of(model, note))] for note in notes]
    about = "Where this package differs from the vendor's documentation on purpose, and why."
    return ["## Curation", "", about, "", *table(("about", "the vendor", "here"), rows)]


def _of(model: Model, note: JSONObject) -> list[str]:
    """What the vendor says, and why it is otherwise here."""
    vendor = "nothing" if note["vendor"] in EMPTY else str(note["vendor"])
    return [_spoken(model, _quoted(model, text)) for text in (vendor, str(note["why"]))]


def _quoted(model: Model, text: str) -> str:
    """A text in which a rule that it names by its place stands in words."""
    return re.sub(r"/allOf/\d+", lambda match: f"'{_where(match[0], model).rstrip('.')}'", text)


def _where(pointer: str, model: Model) -> str:
    """A place in the schema, as a reader of the page knows it."""
    rule = re.fullmatch(r"/(allOf|x-kie/advice)/(\d+)", pointer)
    if rule:
        known = _said_rules(model) if rule[1] == "allOf" else _advice(model)
        return known[int(rule[2])] if int(rule[2]) < len(known) else "a rule across fields"
    names = {wire: python for python, wire in model.request_class.__kie_plan__()}
    pointer = re.sub(r"^/properties/([^/]+)", lambda found: f"/properties/{names.get(found[1], found[1])}", pointer)
    path = re.sub(r"/properties/([^/]+)", r".\1", pointer).replace("/items", "[]").lstrip(".")
    path = re.sub(r"^/x-kie/(media|advice)/?", r"\1 ", path)
    path = re.sub(r"^/x-kie/", "", path).lstrip("/")
    name, _, rest = path.partition("/")
    words = rest.replace("/", " ")
    return f"{name} {words}".strip() if rest else name.strip()


def _index() -> list[str]:
    lines = [
        "# Models",
        "",
        "Each model has a page: its fields and their limits, rules, price, typical time, and examples for Python and "
        "for the command line. [Finding a model](../catalog.md) says how a program lists and finds them.",
        "",
    ]
    active = catalog.models(status="active")
    for kind, title in KINDS.items():
        rows = [_row(model) for model in active if model.kind == kind]
        lines += [f"## {title}", "", *table(("model", "by", "does", "credits", "typical time"), rows)]
    for status, title, about in (
        ("superseded", "Superseded", "These work, and the vendor documents another form now."),
        ("undocumented", "Undocumented", "The vendor has no page of these; others do."),
    ):
        rows = [_row(model) for model in catalog.models(status=cast("catalog.Status", status))]
        lines += [f"## {title}", "", about, "", *table(("model", "by", "does", "credits", "typical time"), rows)]
    retired = catalog.models(status="retired")
    lines += ["## Retired", "", "The vendor has withdrawn these. A request of one raises `ModelRetired`.", ""]
    rows = [(plain(m.id), code(m.class_name), _successors(m)) for m in retired]
    return lines + table(("model", "class", "use instead"), rows)


def _row(model: Model) -> tuple[str, ...]:
    found: PriceTable | None = price_table(model.id)
    cost = _span(found) if found is not None else ""
    time = f"{model.typical_seconds['p50']:g} s" if model.typical_seconds else ""
    name = f"[{plain(model.id)}]({model.slug}.md)"
    return name, plain(model.provider), ", ".join(model.categories), cost, time
