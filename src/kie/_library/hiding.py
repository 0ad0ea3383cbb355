"""Library: removes what must not be kept of a run: queries and logins in URLs, and prompts if the user wants none kept.
May import `_core`, `catalog`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from kie._core.json import JSON, JSONObject
from kie._library.run import Run, RunFile, RunPrompts

if TYPE_CHECKING:
    from kie._core.model_info import ModelInfo

_URL = re.compile(r"(?i)([a-z][a-z0-9+.-]*://)(?:[^/?#@\s]*@)?([^?#\s]*)(?:[?#]\S*)?")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_FIGURE = re.compile(r"[\d.,:x×/ -]*\d[a-zA-Z%]{0,3}")
"""A ratio, a resolution, a duration or a seed: such a text alone is never a prompt."""
_ID = re.compile(r".*(_ids?|[a-z]Ids?|^ids?)$")


def without_query(url: str) -> str:
    """Strip query, fragment, user and password from a URL. Any other text is returned unchanged."""
    found = _URL.fullmatch(url)
    return url if found is None else found[1] + found[2]


def hash_of(text: str) -> str:
    """The hash that is kept instead of a text. A text that is such a hash already is returned unchanged."""
    if _HASH.fullmatch(text):
        return text
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def is_hidden(value: object) -> bool:
    """Whether a value, or any value inside it, is kept as a hash."""
    if isinstance(value, str):
        return _HASH.fullmatch(value) is not None
    if isinstance(value, Mapping):
        return any(map(is_hidden, value.values()))
    return isinstance(value, (list, tuple)) and any(map(is_hidden, value))


def cleaned(run: Run, *, prompts: bool) -> Run:
    """Make the version of a run that may be kept.

    Args:
        run: The run.
        prompts: Whether prompts may be kept.

    Returns:
        The run without the queries of URLs and, unless prompts are kept, with hashes for all texts that may be prompts.
    """
    changes = {
        "inputs": tuple(map(_clean_file, run.inputs)),
        "outputs": tuple(map(_clean_file, run.outputs)),
        "request": None if run.request is None else _object(run.request, _clean),
        "server": None if run.server is None else without_query(run.server),
    }
    if any(getattr(run, name) != value for name, value in changes.items()):
        run = attrs.evolve(run, **changes)  # type: ignore[arg-type]
    return run if prompts else _without_prompts(run)


def _without_prompts(run: Run) -> Run:
    free = _free_texts(run.model)
    said: dict[str, str] = {}

    def hide(key: str, text: str) -> str:
        if not free(key, text):
            return text
        said[text] = hash_of(text)
        return said[text]

    fields = _object(run.fields, hide)
    request = run.request
    if request is not None:
        request = fields if run.fields is request else {**request, "input": fields}
    for text in (run.prompts.raw, run.prompts.enhanced, run.prompts.final):
        if text is not None:
            said[text] = hash_of(text)
    prompts = RunPrompts(
        **{
            name: said[text]
            for name in ("raw", "enhanced", "final")
            if (text := getattr(run.prompts, name)) is not None
        }
    )
    longest_first = sorted((text for text in said if text.strip()), key=len, reverse=True)

    def silent(text: str) -> str:
        for each in longest_first:
            text = text.replace(each, said[each])
        return text

    return attrs.evolve(
        run,
        request=request,
        prompts=prompts,
        changes=tuple(map(silent, run.changes)),
        error=None if run.error is None else attrs.evolve(run.error, message=silent(run.error.message)),
    )


def _clean_file(file: RunFile) -> RunFile:
    url = None if file.url is None else without_query(file.url)
    return file if url == file.url else attrs.evolve(file, url=url)


def stripped(value: JSON) -> JSON:
    """Strip the query of every URL in a JSON value: it may give access to the file, and is useless once expired."""
    return _changed("", value, _clean)


def _clean(_: str, text: str) -> str:
    if text[:5].lower() == "data:":
        return f"{text.partition(',')[0][:100]},{hash_of(text)}"
    return without_query(text)


def _object(value: JSONObject, change: Callable[[str, str], str]) -> JSONObject:
    return {key: _changed(key, each, change) for key, each in value.items()}


def _changed(key: str, value: JSON, change: Callable[[str, str], str]) -> JSON:
    """Replace every text in a JSON value by what `change` returns for the name of the field and the text."""
    if isinstance(value, str):
        return change(key, value)
    if isinstance(value, list):
        return [_changed(key, each, change) for each in value]
    return _object(value, change) if isinstance(value, dict) else value


@lru_cache(maxsize=128)
def _free_texts(model: str) -> Callable[[str, str], bool]:
    """Get a function that says whether a text in a field may be a prompt.

    A text may be one unless the model's schema enumerates it, it is a URL, or the field holds media, ids or tasks. For
    an unknown model, every text may be a prompt.
    """
    info = _info(model)
    known: dict[str, set[object]] = {}
    shaped: set[str] = set()
    if info is not None and info.schema is not None:
        for name, node in _nodes(info.schema.document):
            known.setdefault(name, set()).update(_values(node))
            if any("pattern" in each or "format" in each for each in _alternatives(node)):
                shaped.add(name)
    media = set() if info is None else {key.rpartition(".")[2] for key in info.fields}

    def free(key: str, text: str) -> bool:
        if key in media or key in shaped or text in known.get(key, ()):
            return False
        return not (_ID.fullmatch(key) or _URL.fullmatch(text) or _FIGURE.fullmatch(text) or text == "")

    return free


def _info(model: str) -> ModelInfo | None:
    from kie import catalog

    found = catalog.find(model)
    return None if found is None else found.request_class.info


def _nodes(node: object) -> Iterator[tuple[str, JSONObject]]:
    """Every field in a schema: its name and its node."""
    if isinstance(node, dict):
        properties = node.get("properties")
        for name, each in properties.items() if isinstance(properties, dict) else ():
            if isinstance(each, dict):
                yield name, each
        for each in node.values():
            yield from _nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from _nodes(each)


def _alternatives(node: JSONObject) -> Iterator[JSONObject]:
    yield node
    items = node.get("items")
    if isinstance(items, dict):
        yield from _alternatives(items)
    for key in ("anyOf", "oneOf", "allOf"):
        forms = node.get(key)
        for each in forms if isinstance(forms, list) else ():
            if isinstance(each, dict):
                yield from _alternatives(each)


def _values(node: JSONObject) -> Iterator[str]:
    for each in _alternatives(node):
        enum = each.get("enum")
        for value in [each.get("const"), *(enum if isinstance(enum, list) else ())]:
            if isinstance(value, str):
                yield value
