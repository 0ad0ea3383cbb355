"""The pages of the API: a directive for each public name, which mkdocstrings replaces by its signature and docstring.

The public names are those of `__all__` in the modules without an underscore. A name that several of them list is
described on the page of the most special one. Request classes are described on the pages of their models.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

import kie
from kie import catalog

from . import model_pages
from .markdown import code, listed, plain, table

MODELS = "kie.models"
PAGES = {
    "client": ("Kie", ("kie._client.Kie",)),
    "async-client": ("AsyncKie", ("kie._aclient.AsyncKie",)),
    "requests": (
        "Requests",
        ("_core.request.", "_core.raw.", "_core.media", "_core.field_facts.", "_core.model_info."),
    ),
    "tasks": ("Tasks", ("_client.Task", "_aclient.AsyncTask", "_core.status.", "_core.tasks.", ".journal")),
    "results": ("Results", ("_core.results.", "_core.assets.", "_core.transfers.")),
    "music": ("Results of music and voices", ("_core.music.", "_core.voices.")),
    "batch": ("Batches", ("_batch.", "_core.outcomes.")),
    "money": ("Prices and budgets", ("_core.estimates.", ".price_", ".budget.", ".ledger.", "_io.charges.")),
    "policies": ("Policies", ("_policy.", "_io.breakers.")),
    "transport": ("Transports", ("_core.call.", "_io.transport.", "_io.bodies.")),
    "vendor": ("What the vendor says", ("vendor.", "_core.vendor_request.")),
}
"""The pages that `kie` is split into, each with its title and where its names come from. Its own page has the rest."""
UNDESCRIBED = ("__version__",)


def pages() -> dict[str, bytes]:
    """A page for each public module, and for what is long."""
    found: dict[str, list[str]] = {}
    for module in modules():
        if not module.startswith(MODELS):
            found |= _pages(module)
    found["api/kie.models.md"] = _classes()
    found["api/index.md"] = _index()
    return {name: ("\n".join(lines).rstrip() + "\n").encode() for name, lines in found.items()}


@cache
def modules() -> tuple[str, ...]:
    """The public modules, `kie` first."""
    found = [module.name for module in pkgutil.walk_packages(kie.__path__, "kie.")]
    return ("kie", *(name for name in found if not any(part.startswith("_") for part in name.split("."))))


@cache
def _described() -> Mapping[tuple[str, int], str]:
    """The module whose page describes a name, by the name and what it stands for."""
    found: dict[tuple[str, int], str] = {}
    for module in modules():
        named = import_module(module)
        for name in () if module.startswith(MODELS) else named.__all__:
            found[name, id(getattr(named, name))] = module
    return found


def home(module: str, name: str) -> str:
    """The module whose page describes a public name."""
    value = getattr(import_module(module), name)
    if isinstance(value, ModuleType):
        return value.__name__
    return _described()[name, id(getattr(import_module(module), name))]


def place(module: str, name: str) -> str:
    """The page that describes a public name, in the folder of the API."""
    described = home(module, name)
    return f"{_topic(name) if described == 'kie' else described}.md"


def _topic(name: str) -> str:
    value = getattr(kie, name)
    made = f"{getattr(value, '__module__', '')}.{getattr(value, '__name__', '')}"
    if not made.startswith("kie."):  # an alias of types
        return "kie"
    return next((page for page, (_, homes) in PAGES.items() if any(each in made for each in homes)), "kie")


def anchor(module: str, name: str) -> str:
    """The anchor of a public name on the page that describes it; none for a module."""
    described = home(module, name)
    return "" if described == f"{module}.{name}" else f"#{described}.{name}"


def _directive(module: str, name: str) -> list[str]:
    """What mkdocstrings replaces by a signature and docstrings. A class has the members of its hidden bases, too."""
    lines = [f"::: {module}.{name}"]
    value = getattr(import_module(module), name)
    if isinstance(value, type):
        hidden = [base for base in value.__mro__[1:] if base.__module__.startswith("kie.") and not _public(base)]
        members = {member for base in hidden for member in (*vars(base), *inspect.get_annotations(base))}
        shown = sorted(member for member in members if not member.startswith("_"))
        options = [f"inherited_members: [{', '.join(shown)}]"] if shown else []
        options += ["show_bases: false"] if any(base in hidden for base in value.__bases__) else []
        lines += ["    options:", *(f"      {option}" for option in options)] if options else []
    return lines


def _public(cls: type) -> bool:
    return (cls.__name__, id(cls)) in _described()


def _pages(module: str) -> dict[str, list[str]]:
    names = [name for name in sorted(import_module(module).__all__, key=_order) if name not in UNDESCRIBED]
    found = {f"api/{module}.md": [f"# {module}", "", *_about(module)]}
    for name in (name for name in names if home(module, name) == module):
        page = f"api/{place(module, name)}"
        if page not in found:
            found[page] = [f"# {PAGES[_topic(name)][0]}", ""]
        found[page] += [*_directive(module, name), ""]
    others = [name for name in names if place(module, name) != f"{module}.md"]
    if others:
        rows = [
            (f"[`{name}`]({place(module, name)}{anchor(module, name)})", code(home(module, name))) for name in others
        ]
        found[f"api/{module}.md"] += ["## Described elsewhere", "", *table(("name", "of"), rows)]
    return found


def _order(name: str) -> tuple[int, str]:
    """Functions and classes before constants, each in the order of the alphabet."""
    return name.isupper(), name.lower()


def _about(module: str) -> Iterator[str]:
    """The first paragraph of a module's docstring, without what it may import."""
    text = inspect.getdoc(import_module(module)) or ""
    yield plain(re.sub(r" May import .*", "", " ".join(text.partition("\n\n")[0].split())))
    yield ""


def _classes() -> list[str]:
    """Every public name of `kie.models`, with the page of its model."""
    of = {model.class_name: model for model in catalog.models(status="all")}
    of |= {name: model for model in model_pages.usable() for name in model_pages.types_of(model)}
    of |= {name: model for model in catalog.models(status="retired") for name in model_pages.types_of(model)}
    rows = [
        (code(name), f"[{plain(of[name].id)}](../models/{model_pages.place(of[name])})")
        for name in sorted(import_module(MODELS).__all__)
        if name in of
    ]
    return [
        "# kie.models",
        "",
        "The request classes of all models, and the classes of nested objects. `kie.models.image`, `.video`, `.audio` "
        "and `.music` list those that give images, videos, speech and sounds, and music. What every request can do is "
        "described at [`Request`](requests.md#kie.Request).",
        "",
        *table(("class", "page of the model"), rows),
    ]


def _index() -> list[str]:
    rows = []
    for module in modules():
        if not module.startswith(f"{MODELS}."):
            rows.append((f"[`{module}`]({module}.md)", next(_about(module))))
    return [
        "# API",
        "",
        "What the `__all__` of these modules lists is public; everything else is below an underscore, and may change.",
        "",
        *table(("module", "is about"), rows),
        "`kie` is long, so most of it has pages of its own: "
        + listed([f"[{title}]({page}.md)" for page, (title, _) in PAGES.items()])
        + ".",
    ]
