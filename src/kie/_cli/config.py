"""CLI: `config.toml`: settings for every command, profiles, and the places of their keys.

May import `_core`, `_io`. A key is in the system's keystore or in a file that only its owner can read, never in
`config.toml`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from kie._core.errors import ConfigError
from kie._io.replacing import replaceable

SERVICE = "kie"
"""The service name of this program's keys in the keystore."""
DEFAULT = "default"
"""The profile of the settings outside of all profiles."""
SETTINGS = (
    "base_url",
    "upload_url",
    "key_file",
    "journal",
    "library",
    "budget",
    "budget_per_task",
    "budget_per_day",
    "budget_file",
    "budget_name",
    "limit_store",
)
"""The settings that a profile may have: options of the same names, for every command."""
KEYSTORE = "keystore"
"""The setting that says that the key is in the keystore of the system."""


@attrs.frozen(kw_only=True)
class Profile:
    """Settings under a name.

    `chosen` says that the user named it, so that it takes precedence over single variables.
    """

    name: str
    values: Mapping[str, str] = attrs.field(factory=dict)
    keystore: bool = False
    chosen: bool = False


def config_path() -> Path:
    """Return the path of the file: KIE_CONFIG, else in the user's configuration folder."""
    named = os.environ.get("KIE_CONFIG")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("kie") / "config.toml"


def load() -> dict[str, Any]:
    """Read the file; an empty one if it does not exist. Raises `ConfigError`."""
    path = config_path()
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors write a byte order mark
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8") from None
    except ValueError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None


def profiles() -> list[str]:
    """Return the names of the profiles. Raises `ConfigError`."""
    found = load().get("profiles", {})
    return sorted(found) if isinstance(found, dict) else []


def profile(name: str | None) -> Profile:
    """Return a profile: the named one, else that of KIE_PROFILE, else the file's `profile`.

    Raises:
        ConfigError: The profile does not exist, or the file has unknown settings.
    """
    document = load()
    named = name or os.environ.get("KIE_PROFILE") or None
    found = document.get("profiles", {})
    chosen = named or document.get("profile") or DEFAULT
    common = {key: value for key, value in document.items() if key not in ("profiles", "profile")}
    faults = _faults(common, "the settings outside of all profiles", ("profile",))
    if not isinstance(found, dict) or not isinstance(chosen, str):
        raise _unusable(["`profile` must be a name, and [profiles.NAME] a table", *faults])
    own = found.get(chosen)
    if own is None:
        if chosen != DEFAULT:
            known = f"; the profiles are {', '.join(sorted(found))}" if found else ""
            raise ConfigError(f"there is no profile {chosen!r} in {config_path()}{known}; `kie init` makes one")
        own = {}
    faults += _faults(own, f"[profiles.{chosen}]")
    if faults:
        raise _unusable(faults)
    merged = {**common, **own}
    if own.keys() & {"key_file", KEYSTORE}:  # the key of this profile, not the common one
        merged = {k: v for k, v in merged.items() if k in own or k not in ("key_file", KEYSTORE)}
    keystore = bool(merged.pop(KEYSTORE, False))
    values = {key: str(value) for key, value in merged.items()}
    return Profile(name=chosen, values=values, keystore=keystore, chosen=named is not None)


def check_profile(name: str) -> None:
    """Check that a profile can be written. Raises `ConfigError`."""
    _place()
    found = load().get("profiles", {})
    if not isinstance(found, dict) or not isinstance(found.get(name, {}), dict):
        raise ConfigError(f"{config_path()}: [profiles.{name}] must be a table")


def _place() -> Path:
    """The real path of the file. Raises `ConfigError` if something other than a file is there, which would be lost."""
    path = config_path()
    try:
        return replaceable(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; name another file with KIE_CONFIG") from None


def _unusable(faults: Sequence[str]) -> ConfigError:
    begin, between = (": ", "") if len(faults) == 1 else (":\n  ", "\n  ")
    return ConfigError(f"{config_path()}{begin}{between.join(faults)}")


def _faults(values: object, where: str, others: Sequence[str] = ()) -> list[str]:
    """Return all faults of settings; `others` are further permitted names."""
    if not isinstance(values, dict):
        return [f"{where} must be a table"]
    found = list[str]()
    for key, value in values.items():
        if key in ("key", "api_key"):
            found.append("an API key does not belong in this file: `kie init` stores it safely")
        elif key not in (*SETTINGS, KEYSTORE):
            close = get_close_matches(key, (*SETTINGS, KEYSTORE, *others), n=1)
            known = [_setting(each) for each in close or (*SETTINGS, KEYSTORE, *others)]
            hint = f"did you mean {known[0]}?" if close else f"the settings are {', '.join(known)}"
            hint = f"a profile is a table [profiles.{key}]" if isinstance(value, dict) else hint
            found.append(f"{key!r} in {where} is not a setting; {hint}")
        elif isinstance(value, (dict, list)):
            found.append(f"{_setting(key)} in {where} must be text or a number")
    return found


def _setting(name: str) -> str:
    """Format the name of a setting for a message, so that it is not rewritten to an option."""
    return f"`{name}`"


def keystore() -> ModuleType | None:
    """Return the library for the system's keystore; None if it is not installed, or the system has no keystore."""
    try:
        keyring, fail = import_module("keyring"), import_module("keyring.backends.fail")
    except ImportError:
        return None
    return None if isinstance(keyring.get_keyring(), fail.Keyring) else keyring


def stored_key(found: Profile) -> str | None:
    """Return the key of a profile from the keystore; None if it is not there. Raises `ConfigError`."""
    if not found.keystore:
        return None
    store = keystore()
    if store is None:
        raise ConfigError(
            f"the key of profile {found.name} is in the system's keystore, which cannot be reached: "
            "pip install 'kie[keyring]', or run `kie init` again"
        )
    try:
        key: str | None = store.get_password(SERVICE, found.name)
    except Exception as error:
        raise ConfigError(f"the system's keystore gave no key ({type(error).__name__}); unlock it") from None
    if not key:
        raise ConfigError(f"the system's keystore has no key of profile {found.name}; run `kie init` again")
    return key


def keep_key(name: str, key: str, *, in_file: bool) -> dict[str, str | bool]:
    """Store the key of a profile. Returns the settings that name its place. Raises `ConfigError`."""
    store = None if in_file else keystore()
    if store is not None:
        try:
            store.set_password(SERVICE, name, key)
        except Exception as error:
            raise ConfigError(
                f"the system's keystore refused the key ({type(error).__name__}); `kie init --in-file` works without it"
            ) from None
        return {KEYSTORE: True}
    path = config_path().parent / "keys" / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(f"{key}\n")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from None
    return {"key_file": str(path)}


def write_profile(name: str, settings: Mapping[str, str | bool]) -> Path:
    """Write a profile into the file, and keep the rest of the file. Raises `ConfigError`."""
    import tomlkit

    path = config_path()
    check_profile(name)  # an unreadable file is not replaced
    try:
        document = tomlkit.parse(path.read_text("utf-8-sig")) if path.exists() else tomlkit.document()
        found = document.setdefault("profiles", tomlkit.table(is_super_table=True))
        own = found.setdefault(name, tomlkit.table())
        for key in ("key_file", KEYSTORE):
            own.pop(key, None)
        own.update(settings)
        if "profile" not in document and len(found) == 1 and name != DEFAULT:
            document["profile"] = name
        path.parent.mkdir(parents=True, exist_ok=True)
        place = _place()
        made = place.with_name(f".{place.name}.new")
        made.write_text(tomlkit.dumps(document), "utf-8")
        os.replace(made, place)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from None
    return path
