"""Plans: reads presets from given folders, the user's folder, and the package. May import `_core`.

A file may come from a stranger: it has to be a plain file, and links are never followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

import attrs

from kie._core import data
from kie._core.errors import PresetInvalid
from kie._core.file_names import path_of
from kie._plans.presets import LARGEST, Preset, parse

VARIABLE = "KIE_PRESETS"
"""The variable that names the user's folder."""
CONFIG = "KIE_CONFIG"
"""The variable that names the user's `config.toml`, next to which the folder is by default."""
PACKAGED = (
    "edit",
    "first-and-last-frame",
    "image",
    "image-to-video",
    "motion",
    "multi-shot",
    "music",
    "speech",
    "text-to-video",
)
"""The names of the presets that come with the package."""
SOURCE = "packaged"
"""The source of the packaged presets."""
ENDING = ".md"
MOST = 500
"""The most files that are read of a folder."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@attrs.frozen(kw_only=True)
class Found:
    """The presets in the folders of a search path, those with precedence first."""

    presets: tuple[Preset, ...]
    """The presets. If several have the same name, the first one is used."""
    faults: tuple[PresetInvalid, ...] = ()
    """One error for each file or folder that cannot be used."""

    @property
    def all(self) -> tuple[Preset, ...]:
        """The presets, followed by the packaged ones whose names are free."""
        names = {preset.name for preset in self.presets}
        return (*self.presets, *(preset for preset in packaged() if preset.name not in names))


def user_folder() -> Path | None:
    """Get the user's folder of presets: that of `KIE_PRESETS`, else one next to `config.toml`.

    Returns:
        The folder, which may not exist; None if its place is unknown.
    """
    named, config = os.environ.get(VARIABLE), os.environ.get(CONFIG)
    if named or config:
        return Path(named) if named else Path(str(config)).parent / "presets"
    try:
        from platformdirs import user_config_path
    except ImportError:  # without the extra `cli`
        return None
    return user_config_path("kie") / "presets"


def find(folders: Iterable[str | os.PathLike[str]] = ()) -> Found:
    """Read the presets of a search path: the given folders, then the user's.

    Args:
        folders: Folders that take precedence over the user's, in order of precedence.

    Returns:
        The presets. A file with faults is skipped; the others are still used.
    """
    presets: dict[str, Preset] = {}
    faults: list[PresetInvalid] = []
    places = [(Path(path_of("presets", folder)), True) for folder in folders]
    own = user_folder()
    if own is not None:
        places.append((own, False))
    for folder, expected in places:
        found = _folder(folder, expected)
        faults += found.faults
        for preset in found.presets:
            presets.setdefault(preset.name, preset)
    return Found(presets=tuple(presets.values()), faults=tuple(faults))


def check(path: str | os.PathLike[str]) -> Found:
    """Read a file, or the files of a folder.

    Args:
        path: The file or the folder.

    Returns:
        The presets, and the faults.
    """
    place = Path(path_of("path", path))
    if os.path.isdir(place):
        return _folder(place, True)
    try:
        return Found(presets=(load(place),))
    except PresetInvalid as error:
        return Found(presets=(), faults=(error,))


def load(path: str | os.PathLike[str]) -> Preset:
    """Read a preset from a file.

    Args:
        path: The file. It must be a regular file, not a link or a pipe.

    Returns:
        The preset.

    Raises:
        PresetInvalid: The file cannot be read, or has faults; all of them are listed.
    """
    place = Path(path_of("path", path))
    try:
        found = place.lstat()
    except (OSError, ValueError) as error:
        raise PresetInvalid(str(place), (f"cannot be read: {getattr(error, 'strerror', None) or error}",)) from None
    if stat.S_ISLNK(found.st_mode):
        raise PresetInvalid(str(place), ("is a symbolic link, and these are not followed; copy the file",))
    if not stat.S_ISREG(found.st_mode):
        raise PresetInvalid(str(place), ("is not a file",))
    if found.st_size > LARGEST:
        raise PresetInvalid(str(place), (f"has more than {LARGEST // 1024} KiB",))
    return _loaded(str(place), (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=1024)
def _loaded(path: str, _: tuple[int, ...]) -> Preset:
    """The preset in a file, cached while the file stays the same."""
    try:
        handle = os.open(path, _FLAGS)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):  # the file was just replaced
                raise PresetInvalid(path, ("is not a file",))
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise PresetInvalid(path, (f"cannot be read: {error.strerror or error}",)) from None
    return parse(content, Path(path).stem, path)


def _folder(folder: Path, expected: bool) -> Found:
    """The presets in a folder. The folder may be absent unless it is `expected`."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _counts(entry.name))
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and not expected:
            return Found(presets=())
        why = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        return Found(presets=(), faults=(PresetInvalid(str(folder), (why,)),))
    if len(names) > MOST:
        why = f"has more than {MOST} files *{ENDING}; the first {MOST} are used"
        return _read(folder, names[:MOST], [PresetInvalid(str(folder), (why,))])
    return _read(folder, names, [])


def _counts(name: str) -> bool:
    return name.endswith(ENDING) and not name.startswith(".") and name.lower() != "readme.md"


def _read(folder: Path, names: Sequence[str], faults: list[PresetInvalid]) -> Found:
    presets: dict[str, Preset] = {}
    for name in names:
        try:
            preset = load(folder / name)
        except PresetInvalid as error:
            faults.append(error)
            continue
        first = presets.setdefault(preset.name, preset)
        if first is not preset:
            why = f"has the same name {preset.name!r} as {Path(first.source).name}, which is used; rename one of them"
            faults.append(PresetInvalid(preset.source, (why,)))
    return Found(presets=tuple(presets.values()), faults=tuple(faults))


@cache
def packaged() -> tuple[Preset, ...]:
    """The presets that come with the package."""
    return tuple(parse(data.read("kie._plans", f"preset_texts/{name}{ENDING}"), name, SOURCE) for name in PACKAGED)
