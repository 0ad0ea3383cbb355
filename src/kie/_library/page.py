"""Library: writes a static page of runs. May import `_core`, `_flow`, `_io` and `run.py`."""

from __future__ import annotations

import html
import json
import os
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path, PurePosixPath
from string import Template
from typing import cast
from urllib.parse import quote

import attrs

from kie._core.json import JSON, JSONObject
from kie._flow.options import Options
from kie._library.run import Run, RunFile
from kie._library.targets import path_to, written

PLAIN = 100
"""The most runs that are listed if scripts do not run."""
STATES = ("succeeded", "failed", "open", "unknown", "expired")
_KINDS: Mapping[str, JSON] = {"image": 0, "video": "v", "audio": "a", "file": "f"}
_WEB = re.compile("(?i)https?://")
_EXACT = 2**53
"""JavaScript numbers are exact up to this integer."""
_ODD = frozenset(field.name for field in attrs.fields(Options)) | {"request", "label", "confirmed", "alternatives"}
"""Arguments of `client.run`. A field with such a name cannot be passed by keyword."""
_NOTHING: tuple[object, ...] = (None, "", (), [], {})
_ACTIVE = re.compile("[<>&\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that could end the data block or hide its content: markup, bidirectional controls and lone surrogates."""


def page(runs: Sequence[Run], target: str | os.PathLike[str], *, title: str = "Runs", note: str = "") -> Path:
    """Write a page of runs: one file that loads only the pictures and files of the runs.

    Args:
        runs: The runs; the page shows them in this order.
        target: The file, or a folder in which it becomes `index.html`.
        title: The heading.
        note: A sentence below it.

    Returns:
        The path of the page.

    Raises:
        ConfigError: It cannot be written.
    """
    path = path_to("path", target)
    path = path / "index.html" if os.path.isdir(path) else path
    content = rendered(runs, path.parent, title, note).encode()
    with written("the page", path) as new:
        new.path.write_bytes(content)
    return path


def rendered(runs: Sequence[Run], folder: Path, title: str, note: str = "") -> str:
    """Return the page as text.

    Args:
        runs: The runs.
        folder: The folder in which the page will lie.
        title: The heading.
        note: A sentence below it.
    """
    facts = _PageData(folder)
    for run in runs:
        facts.add(run)
    return filled(
        template_part("page.html"),
        template_part("page.css"),
        "\n".join(map(template_part, ("code.js", "runs.js", "page.js"))),
        title=_shown(title),
        note=note and f"<p>{_shown(note)}</p>\n",
        data=facts.document(),
        plain="\n".join(map(facts.plain, runs[:PLAIN])),
        left_out=f" The newest {PLAIN} of {len(runs)} runs:" if len(runs) > PLAIN else "",
    )


def template_part(name: str) -> str:
    """Read a file of the page template.

    Args:
        name: Its name, such as `code.js`.

    Returns:
        The text.
    """
    return files("kie._library").joinpath("template", name).read_text(encoding="utf-8")


def filled(html: str, style: str, script: str, **more: str) -> str:
    """Fill in a page template: one style, one script, and their hashes for its content security policy.

    Args:
        html: The template, with `$style`, `$style_hash`, `$script` and `$script_hash`.
        style: The style.
        script: The script.
        **more: Other placeholders of the template.

    Returns:
        The page.
    """
    return Template(html).substitute(
        more, style=style, style_hash=content_hash(style), script=script, script_hash=content_hash(script)
    )


def content_hash(text: str) -> str:
    """The hash of an inline style or script for a content security policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _shown(text: str) -> str:
    """Escape a text for HTML, without lone surrogates, which no file can hold."""
    return html.escape(re.sub("[\ud800-\udfff]", "\ufffd", text))


def linked(url: str | None) -> str | None:
    """Return a URL if a page may link to it. Runs may come from strangers: other URLs may run code or open local files.

    Args:
        url: The URL of a file of a run.

    Returns:
        The URL; None if it is not a web address.
    """
    return url if _WEB.match(url or "") else None


def is_odd(fields: Iterable[str]) -> bool:
    """Say whether fields cannot be keyword arguments of `client.run`, so that code has to pass the request as a whole.

    Args:
        fields: The names of the fields on the wire.

    Returns:
        Whether one of them has another meaning there, or is not a Python identifier.
    """
    return any(not name.isidentifier() or iskeyword(name) or name in _ODD for name in fields)


@attrs.define
class _PageData:
    """The data of a page in few bytes: repeated values are in a table, and values that can be derived are left out."""

    folder: Path
    models: dict[str, int] = attrs.field(factory=dict)
    values: dict[str, int] = attrs.field(factory=lambda: {"{}": 0})
    bases: dict[Path, int] = attrs.field(factory=dict)
    odd: dict[str, JSON] = attrs.field(factory=dict)
    runs: list[JSON] = attrs.field(factory=list)

    def add(self, run: Run) -> None:
        """Add a run."""
        model = self.models.setdefault(run.model, len(self.models))
        row: dict[str, object] = {
            "i": run.id,
            "m": model,
            "b": self.bases.setdefault(run.folder.parent, len(self.bases)),
            "t": int(run.submitted_at.astimezone(UTC).timestamp()),
            "s": STATES.index(run.state) or None,
            "r": run.prompts.raw if run.prompts.raw != run.prompts.final else None,
            "e": run.prompts.enhanced if run.prompts.enhanced != run.prompts.final else None,
            "h": int(_hashed(run)) or None,
            "ps": run.preset,
            "ch": self._once(run.changes),
            "l": run.label,
            "g": self._once(run.tags),
            "so": self._once(run.source),
            "c": _figure(run.credits),
            "d": run.seconds,
            "x": None if run.error is None else ": ".join(filter(None, (run.error.code, run.error.message))),
            "sim": int(run.simulated) or None,
            "pa": run.parents,
            "o": self._once([_trimmed(_places(file)) for file in run.outputs]),
            "in": [[file.role, *_trimmed(_places(file))] for file in run.inputs],
        }
        if run.folder.name != run.id.replace(":", "-"):
            row["n"] = quote(os.fsencode(run.folder.name))
        if run.estimate is not None:
            least, most = _figure(run.estimate.at_least), _figure(run.estimate.at_most)
            row["w"] = least if least == most else [least, most]
        self._put_request(run, model, row)
        self.runs.append(cast(JSONObject, {key: value for key, value in row.items() if value not in _NOTHING}))

    def _put_request(self, run: Run, model: int, row: dict[str, object]) -> None:
        prompt = row["p"] = run.prompts.final or run.prompts.raw
        if run.request is None:
            return
        fields = dict(run.fields)
        if is_odd(fields):
            self.odd[str(model)] = True
        holder = next((name for name, value in fields.items() if value == prompt), None)
        if holder is not None:
            del fields[holder]
        if holder != "prompt":
            row["q"] = holder or 0
        row["f"] = self._once(fields) or 0

    def _once(self, value: object) -> int | None:
        """The index of a value in the table of repeated values; None for an empty value. The first entry is `{}`."""
        return self.values.setdefault(_compact(_exact(cast(JSON, value))), len(self.values)) if value else None

    def document(self) -> str:
        """Return the block of data."""
        tables = f'"models":{_compact([*self.models])},"odd":{_compact(self.odd)}'
        places: list[JSON] = [f"{self._address(base)}/" for base in self.bases]
        roots: list[JSON] = [self._address(_root(base)) for base in self.bases]
        tables += f',"bases":{_compact(places)},"roots":{_compact(roots)}'
        return f'{{{tables},"values":[{",".join(self.values)}],"runs":{_compact(self.runs)}}}'

    def plain(self, run: Run) -> str:
        """Return a run as an item of a list, for browsers that run no script."""
        links = [
            f'<a href="{_shown(self._address(run.folder) + "/" + quote(_bytes(file.name)))}">{_shown(file.name)}</a>'
            for file in run.outputs
            if file.name is not None and not file.stored
        ]
        day = run.submitted_at.astimezone(UTC).date()
        prompt = f"<bdi>{_shown((run.prompt or '')[:80])}</bdi>"
        return f"<li>{' '.join([f'{day} {_shown(run.model)} ({run.state})', prompt, *links])}</li>"

    def _address(self, folder: Path) -> str:
        """The URL of a folder relative to the page; absolute if there is no relative path, as between drives."""
        absolute = Path(os.path.abspath(folder))
        try:
            way = os.path.relpath(absolute, os.path.abspath(self.folder))
        except ValueError:
            return absolute.as_uri()
        return "./" + quote(os.fsencode(PurePosixPath(way.replace(os.sep, "/"))))


def _root(base: Path) -> Path:
    """The folder of the library that a day's folder belongs to."""
    return base.parents[2] if len(base.parents) > 2 else base


def _hashed(run: Run) -> bool:
    """Whether only a hash of the prompt is kept."""
    return re.fullmatch("sha256:[0-9a-f]{64}", run.prompts.final or run.prompts.raw or "") is not None


def _bytes(name: str) -> bytes:
    return re.sub("[\ud800-\udfff]", "\ufffd", name).encode()


def _figure(value: Decimal | None) -> JSON:
    """Encode an amount: as a number if that is exact."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() and abs(value) < _EXACT else f"{value:f}"


def _exact(value: JSON) -> JSON:
    """Replace integers that JavaScript would round by strings of digits, which fields accept, too."""
    if isinstance(value, Mapping):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    return str(value) if isinstance(value, int) and abs(value) > _EXACT else value


def _places(file: RunFile) -> list[JSON]:
    """The paths that the page needs of a file: 0 if it has none, 1 if it has its usual name."""
    name = None if file.stored else file.name
    stem = PurePosixPath(name or "").stem

    def place(given: str | None, folder: str) -> JSON:
        return 0 if given is None else 1 if given == f"{folder}/{stem}.webp" else given

    in_place = name is not None and re.fullmatch("original/[^/]+", name)
    small = [place(file.web, "web"), place(file.thumb, "thumb"), place(file.poster, "poster"), file.video or 0]
    sides = [file.width or 0, file.height or 0, file.seconds or 0]
    shown = name.removeprefix("original/") if name is not None and in_place else name
    url = 0 if name else linked(file.url)
    return [shown or 0, _KINDS[file.kind], *small, *sides, url or 0]


def _trimmed(values: list[JSON]) -> list[JSON]:
    while values and values[-1] == 0:
        values.pop()
    return values


def _compact(value: JSON) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return _ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
