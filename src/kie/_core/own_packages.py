"""Core: finds and reads users' own packages of models (`kie models add`).

May import only `_core`. `importlib.metadata` takes as long as attrs to import, so it is imported only if the files of
some distribution on the path show one of our entry points.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, cast

from kie._core import data

FORMAT = 1
"""The version of the format of such packages. A package of another version is refused."""
INDEX = "catalog.json"
"""The file of a package that lists its models."""
GROUP = "kie.models"
"""The group of entry points by which an installed package registers itself."""
VARIABLE = "KIE_MODELS"
"""The environment variable that names packages, separated by commas."""

_PIECE = 1 << 14
"""Bytes of a distribution's entry points to read at first. Allocating a larger buffer takes longer than reading."""
_LONGEST = 1 << 20
"""The most bytes to read."""


def from_environment() -> list[str]:
    """The packages that `KIE_MODELS` names."""
    return [name.strip() for name in os.environ.get(VARIABLE, "").split(",") if name.strip()]


def from_entry_points() -> list[str]:
    """The packages that installed distributions register, in the order of their names."""
    if not any(map(_may_register, sys.path)):
        return []
    from importlib.metadata import entry_points

    return sorted({point.value.partition(":")[0].strip() for point in entry_points(group=GROUP)})


def _may_register(place: str) -> bool:
    """Whether a directory on the path may hold a distribution with one of our entry points."""
    try:
        with os.scandir(place or os.curdir) as found:
            folders = [entry.path for entry in found if entry.name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        return True  # an archive
    except OSError:
        return False
    return any(_names_group(os.path.join(folder, "entry_points.txt")) for folder in folders)


def _names_group(path: str) -> bool:
    try:
        file = os.open(path, os.O_RDONLY)  # `open` takes twice as long, for each of a hundred distributions
    except OSError:
        return False
    try:
        content = os.read(file, _PIECE)
        if len(content) == _PIECE:
            content += os.read(file, _LONGEST - _PIECE)
        return f"[{GROUP}]".encode() in content.replace(b" ", b"")
    except OSError:
        return False
    finally:
        os.close(file)


def rows(package: str) -> list[dict[str, Any]]:
    """The entries of a package, for the catalog.

    Raises:
        ConfigError: It cannot be imported, holds no models, or was written in another format.
    """
    from kie._core.errors import ConfigError

    try:
        content = data.read(package, INDEX)
    except ImportError as error:
        raise ConfigError(f"the models in {package} cannot be imported: {error}") from None
    except (OSError, TypeError, ValueError):
        raise ConfigError(f"{package} contains no models: it has no {INDEX}; `kie models add` writes one") from None
    try:
        index = json.loads(content)
        form, entries = index["format"], list(_entries(index["models"])) if index["format"] == FORMAT else []
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError(f"the {INDEX} of {package} cannot be read; `kie models add` writes it") from None
    if form != FORMAT:
        raise ConfigError(
            f"the models in {package} have the format {form} (kie {index.get('kie')}), and this kie reads {FORMAT}: "
            "`kie models add --into` its folder, without an id, writes them again"
        )
    return entries


def _entries(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in listed:
        yield {key: cast(object, row[key]) for key in _KEYS}


_KEYS = (
    *("id", "class", "slug", "description", "provider", "categories", "status", "result", "lifecycle", "kind"),
    *("accepts", "successors", "typical_seconds", "curated"),
)
