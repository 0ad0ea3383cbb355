"""CLI: converts typed text to values for a request class. May import `_core`.

The schema does the checking: text that is not a number is passed on, so that one error names every fault. Only faults
that never reach the schema (a missing file, broken JSON) become issues here.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import attrs
import click

from kie._cli.fields import CliField, kebab
from kie._core import paths
from kie._core.errors import ConfigError
from kie._core.issues import Issue, meant
from kie._core.json import JSON
from kie._core.tasks import TaskRef

_PIECE = 1024**2
_URL = re.compile(r"(https?|asset|oss)://|data:", re.IGNORECASE)


TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
"""The ways to type true and false."""
MOST_READ = 256 * 1024**2
"""The most bytes that are read into memory from standard input, a pipe or a text file, which may never end."""


def read_stdin() -> bytes:
    """Read all of standard input. Raises `ConfigError` if there is too much of it."""
    if sys.stdin is None:
        raise ConfigError("standard input is closed: name a file instead of -")
    return _whole(sys.stdin.buffer, "standard input")


def read_file(path: str | os.PathLike[str]) -> bytes:
    """Read a file, which may be a pipe or a device. Raises `ConfigError` if there is too much of it, or `OSError`."""
    with open(path, "rb") as file:
        return _whole(file, os.fspath(path))


def _whole(file: BinaryIO, name: str) -> bytes:
    found = bytearray()
    while piece := file.read(min(_PIECE, MOST_READ + 1 - len(found))):
        found += piece
        if len(found) > MOST_READ:
            raise ConfigError(f"{name} has more than {MOST_READ // 1024**2} MiB, the most that is read")
    return bytes(found)


@attrs.define
class Typed:
    """Converts the typed values of one request and collects the faults in them.

    `media` are the dotted paths of the fields that take media, nested ones included.
    """

    media: frozenset[str]
    issues: list[Issue] = attrs.field(factory=list)
    _read: Callable[[], bytes] = read_stdin

    @cached_property
    def _stdin(self) -> bytes:
        return self._read()

    def field(self, entry: CliField, given: object) -> object:
        """Return the value of a field; None if it was not given."""
        if isinstance(given, bool) or given is None:
            return given
        name = entry.field.name
        if isinstance(given, str):
            return self._one(entry, given, name)
        texts = [str(text) for text in given] if isinstance(given, Sequence) else []
        if not texts:
            return None
        if entry.field.items in ("object", "array"):
            found: list[object] = []
            for text in texts:
                # a JSON list supplies all items, unless each item is itself a list
                value = self._json(text, f"{name}[{len(found)}]")
                found.extend(value if isinstance(value, list) and entry.field.items == "object" else [value])
            return [self.nested(item, f"{name}[{index}]") for index, item in enumerate(found)]
        return [self._one(entry, text, f"{name}[{index}]") for index, text in enumerate(texts)]

    def _one(self, entry: CliField, text: str, path: str) -> object:
        field = entry.field
        kinds = {field.items} if entry.repeatable else entry.kinds
        if field.media is not None:
            return self.medium(text, path)
        if field.reference:
            # text with a task family is a ref: the class checks that the family fits
            return TaskRef.parse(text) if ":" in text else text
        if kinds & {"object", "array"} and (("string" not in kinds) or text[:1] in ("{", "[")):
            return self.nested(self._json(text, path), path)
        if kinds & {"integer", "number"}:
            return number_or_text(text)
        if "boolean" in kinds and text.lower() in ("true", "false"):
            return text.lower() == "true"
        return self.text(text, path) if entry.takes_text_file else readable(text)

    def text(self, text: str, path: str) -> str:
        """Replace `@file` by the text in a file, `@-` by standard input, and `@@` by a plain `@`."""
        if text.startswith("@@") or not text.startswith("@"):
            return readable(text.removeprefix("@") if text.startswith("@@") else text)
        source = text[1:]
        try:
            data = self._stdin if source == "-" else read_file(source)
            # editors end a file with a line feed that is not meant to be sent
            return data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            hint = f"; for a text that begins with @, write @@{source[:20]}"
            self.issues.append(Issue(path, "file", f"{source!r} cannot be read: {reason}{hint}"))
            return "-"

    def medium(self, text: str, path: str) -> object:
        """Return a URL unchanged, standard input for `-`, and an existing path for anything else.

        Empty text is returned unchanged: in an optional field it means none.
        """
        if not text or _URL.match(text):
            return text
        if text == "-":
            return self._stdin
        file = Path(os.path.expanduser(text))
        try:
            if file.is_file():
                return file
            if file.is_dir():
                reason = "is a folder"
            elif file.is_fifo() or file.is_socket():
                return read_file(file)  # a pipe can be read only once
            elif file.exists():
                reason = "is a device, not a file"
            else:
                reason = "is neither a URL (https://…, asset://…, oss://…) nor a file that exists"
        except (OSError, ValueError) as error:
            reason = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        self.issues.append(Issue(path, "file", f"{text!r} {reason}"))
        return file

    def nested(self, value: object, path: str) -> object:
        """Replace file names in the media fields of nested JSON, like `medium`."""
        if isinstance(value, dict):
            return {key: self.nested(item, f"{path}.{key}") for key, item in value.items()}
        if isinstance(value, list):
            return [self.nested(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if isinstance(value, str) and paths.key(paths.parse(path)) in self.media:
            return self.medium(value, path)
        return value

    def _json(self, text: str, path: str) -> JSON:
        try:
            value: JSON = json.loads(self.text(text, path))
        except (ValueError, RecursionError) as error:
            if not self.issues or self.issues[-1].path != path:
                message = f"is not JSON ({error}); `kie model` shows its keys, and a shell needs quotes around it"
                self.issues.append(Issue(path, "json", message))
            return {}
        return value


def readable(text: str) -> str:
    """Return an argument as text: bytes that a locale such as C could not decode are read as UTF-8, which terminals
    send.

    File names must not be converted: the system accepts them only in the original form.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        with suppress(UnicodeError):
            return os.fsencode(text).decode("utf-8")
    return text


def number_or_text(text: str) -> JSON:
    """Return the number that a text represents, or the text itself if it is not a number."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def top(path: str) -> str:
    """Return the field at the start of a path."""
    return str((*paths.parse(path), "")[0])


def settings(given: Sequence[str], issues: list[Issue]) -> dict[str, JSON]:
    """Parse the values of `--set`. A fault becomes an issue."""
    found: dict[str, JSON] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not key:
            issues.append(Issue("set", "json", f"{text!r} must have the form KEY=JSON"))
            continue
        try:
            found[key] = json.loads(value)
        except (ValueError, RecursionError):
            hint = json.dumps(value, ensure_ascii=False)
            issues.append(Issue(key, "json", f"{value!r} is not JSON; text needs quotes: --set '{key}={hint}'"))
    return found


def unknown_options(extra: Sequence[str], known: Sequence[str]) -> list[Issue]:
    """Return unknown options among the remaining arguments as issues. A stray word is a usage error."""
    issues: list[Issue] = []
    after_option = False
    for text in extra:
        if text.startswith("-") and text != "-":
            name, sign, _ = text.partition("=")
            name = kebab(name.lstrip("-"))
            close = meant(name, known)
            hint = f"; did you mean {' or '.join(f'--{c}' for c in close)}?" if close else ""
            issues.append(
                Issue(name.replace("-", "_"), "additionalProperties", f"is not an option of this model{hint}")
            )
            after_option = not sign
        elif after_option:
            after_option = False
        else:
            raise click.UsageError(f"unexpected {text!r}: a text with spaces in it needs quotes")
    return issues
