"""Agents: the catalog in few words: the models, and a line for each field. May import `_core`, `_plans`, `catalog`.

A model reads all that a tool answers, and pays for it. So texts are as short as they can be without becoming wrong:
what does not fit is left out from the least important on, and named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from kie import catalog
from kie._agents.answer import ToolAnswer, not_sent
from kie._core.errors import UnknownModel
from kie._core.estimates import span
from kie._core.json import JSON, JSONObject
from kie._core.prices import price_table
from kie._plans.families import Family, named
from kie.catalog import Field, Model

MOST_TOKENS = 600
"""Tokens of the description of a model, as `tokens` counts them."""
_SHOWN_VALUES = 24
"""Values of a list of permitted ones that are shown."""


def tokens(text: str) -> int:
    """Estimate how many tokens a text has for a language model.

    No tokenizer is asked: each model has its own. A token has about four characters of English or JSON, and a word
    about 1.3 tokens; the larger figure counts, so that the estimate is rather too high.

    Args:
        text: The text.

    Returns:
        The number of tokens.
    """
    return math.ceil(max(len(text) / 4, len(text.split()) * 1.3))


def find_models(words: str, kind: str | None, limit: int) -> ToolAnswer:
    """Find models.

    Args:
        words: What their names, providers, categories and descriptions contain, each word of it.
        kind: What they give, such as `image`; None for anything.
        limit: How many are listed, at most.

    Returns:
        The models; similar names if there are none.
    """
    found = [model for model in catalog.models(search=words) if kind in (None, model.kind)]
    data: JSONObject = {"models": [_row(model) for model in found[:limit]], "found": len(found)}
    if not found:
        data["nearest"] = [*_nearest(words)]
        data["next"] = "use fewer or other words; `kind` alone lists all models of that kind"
    return ToolAnswer(data=data)


def _nearest(words: str) -> Sequence[str]:
    try:
        named(words)
    except UnknownModel as error:
        return error.nearest
    return (words,)


def _row(model: Model) -> JSONObject:
    row: JSONObject = {"model": model.id, "gives": model.result, "does": ", ".join(model.categories)}
    price = _price(model)
    if price:
        row["credits"] = price
    if model.typical_seconds:
        row["seconds"] = model.typical_seconds["p50"]
    if model.status != "active":
        row["status"] = _status(model)
    return row


def _price(model: Model) -> str:
    """What a request costs, from the least to the most; empty if nobody knows."""
    table = price_table(model.id)
    low, high = table.range if table is not None else (None, None)
    if low is None and high is None:
        return ""
    return span(low, high) if low is not None else f"up to {high}"


def _status(model: Model) -> str:
    return f"{model.status}, use {' or '.join(model.successors)}" if model.successors else model.status


def describe_model(name: str) -> ToolAnswer:
    """Describe a model, or the models of a family, in few words.

    Args:
        name: The id of a model, or the name of a family, in any spelling that means one thing only.

    Returns:
        Text: a line for each field. Where it would be longer than `MOST_TOKENS`, the meaning of optional fields is
        left out, the longest first.
    """
    try:
        family = named(name)
    except UnknownModel as error:
        return unknown_model(error)
    if len(family.members) > 1:
        return ToolAnswer(text=_of_family(family))
    member = next(iter(family.members))
    return ToolAnswer(text=describe(catalog.get(member.model)))


def unknown_model(error: UnknownModel) -> ToolAnswer:
    """Answer that a model does not exist.

    Args:
        error: The error, with similar names.

    Returns:
        The answer.
    """
    near: list[JSON] = [*error.nearest]
    said = error.message.partition("`kie models`")[0].rstrip(" ;")
    return not_sent(said, "use one of the nearest names, or `find_models`", type="UnknownModel", nearest=near)


def _of_family(family: Family) -> str:
    lines = [f"{family.title} is a family. Describe one of its models; `plan` chooses one by the media you give:"]
    for member in family.members:
        model = catalog.get(member.model)
        price = _price(model)
        does = ", ".join(member.task_modes or model.categories)
        lines.append(f"- {model.id}: {does}" + (f"; {price} credits" if price else ""))
    return "\n".join(lines)


def describe(model: Model) -> str:
    """Describe a model within `MOST_TOKENS`.

    Args:
        model: The model.

    Returns:
        What it does and costs, a line for each field, and its rules across fields.
    """
    text = ""
    for about in (_whole, _sentence, _of_required, _nothing):
        text = "\n".join(_lines(model, about))
        if tokens(text) <= MOST_TOKENS:
            return text
    kept = text.split("\n")
    while tokens("\n".join(kept)) > MOST_TOKENS - 20:
        kept.pop()
    return "\n".join([*kept, f"(cut: `kie model {model.id}` shows the rest)"])


def _lines(model: Model, about: Callable[[Field], str]) -> Iterator[str]:
    price, seconds = _price(model), model.typical_seconds
    facts = [f"gives {model.result}", *([f"{price} credits"] if price else ["price unknown"])]
    facts += [f"about {seconds['p50']:g} s"] if seconds else []
    facts += [_status(model)] if model.status != "active" else []
    yield f"{model.id}: {'; '.join(facts)}. Fields (* is required):"
    for field in model.fields:
        yield _line(field, about)
    facts_of = cast(JSONObject, model.json_schema()["x-kie"])
    yield from (f"- {rule}" for rule in cast("list[str]", facts_of["rules"]))


def _line(field: Field, about: Callable[[Field], str]) -> str:
    kind = f"list of {field.items}" if field.items else field.type
    values = [_value(value) for value in field.enum]
    if len(values) > _SHOWN_VALUES:
        values = [*values[:_SHOWN_VALUES], f"… {len(values)} values"]
    said = [f"{field.name}{'*' if field.required else ''}", "|".join(values) if values else kind]
    said += [f"= {_value(field.default)}"] if field.default is not None else []
    limits = [*([field.media.kind] if field.media else []), *(["a task"] if field.reference else []), *field.bounds]
    said += [f"({'; '.join(limits)})"] if limits else []
    said += [f"{{{', '.join(_key(key) for key in field.keys)}}}"] if field.keys else []
    meaning = about(field)
    return " ".join(said) + (f": {meaning}" if meaning else "")


def _key(field: Field) -> str:
    values = "|".join(map(_value, field.enum[:8]))
    return f"{field.name}{'*' if field.required else ''}" + (f" {values}" if values else "")


def _value(value: JSON) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _whole(field: Field) -> str:
    return " ".join(field.description.split())


def _sentence(field: Field) -> str:
    first, stop, _ = _whole(field).partition(". ")
    return first + ("." if stop else "")


def _of_required(field: Field) -> str:
    return _sentence(field) if field.required else ""


def _nothing(_: Field) -> str:
    return ""
