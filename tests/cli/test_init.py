"""`kie init`, profiles and `kie doctor`: the key is asked for once, kept safely, and never shown."""

from __future__ import annotations

import importlib
import os
import stat
import sys
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kie import ConfigError
from kie._cli import config
from kie._cli.cli_context import CliContext, Connection
from kie._cli.config import config_path
from tests.cli.conftest import At, Invoke, VirtualContext, VirtualService, document
from tests.cli.terminal import run

KEY = "sk-0123456789abcdef0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the settings."""
    return tmp_path / "config" / "kie"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keystore of the system."""
    kept: dict[tuple[str, str], str] = {}

    class Backend:
        pass

    ring, backends, fail = ModuleType("keyring"), ModuleType("keyring.backends"), ModuleType("keyring.backends.fail")
    ring.get_keyring = Backend  # type: ignore[attr-defined]
    ring.set_password = lambda service, name, key: kept.update({(service, name): key})  # type: ignore[attr-defined]
    ring.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    fail.Keyring = type("Keyring", (), {})  # type: ignore[attr-defined]
    backends.fail = fail  # type: ignore[attr-defined]
    for module in (ring, backends, fail):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return kept


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without a keystore."""
    for name in ("keyring", "keyring.backends", "keyring.backends.fail"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture
def write(home: Path) -> Callable[[str], None]:
    def settings(text: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / "config.toml").write_text(text)

    return settings


def start(kie: Invoke, *args: str, key: str = KEY) -> Any:
    return kie("init", "--no-check", *args, input=f"{key}\n".encode())


def test_the_key_is_kept_in_the_keystore_and_used_from_there(
    kie: Invoke, vault: dict[tuple[str, str], str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    outcome = start(kie)
    assert outcome.exit_code == 0, outcome.output
    assert vault == {("kie", "default"): KEY}
    assert KEY not in outcome.output
    assert KEY not in (home / "config.toml").read_text()
    assert CliContext().key() == KEY


def test_without_a_keystore_the_key_is_in_a_file_that_only_its_owner_can_read(
    kie: Invoke, bare: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    outcome = start(kie)
    assert outcome.exit_code == 0, outcome.output
    file = home / "keys" / "default"
    assert file.read_text().strip() == KEY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert KEY not in outcome.output + (home / "config.toml").read_text()
    assert (CliContext().key() or "").strip() == KEY


def test_a_file_is_used_on_demand_and_replaced_whatever_its_permissions_were(
    kie: Invoke, vault: dict[tuple[str, str], str], home: Path
) -> None:
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "default").write_text("old")
    os.chmod(home / "keys" / "default", 0o644)
    assert start(kie, "--in-file").exit_code == 0
    assert (vault, stat.S_IMODE((home / "keys" / "default").stat().st_mode)) == ({}, 0o600)


def test_the_key_is_typed_without_echo(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c"), "PYTHON_KEYRING_BACKEND": ""}
    args = ["-m", "kie", "init", "--no-check", "--in-file"]
    code, written = run(args, columns=80, env=env, answers=[("API key: ", f"{KEY}\n".encode())])
    assert code == 0, written
    assert KEY not in written
    assert (tmp_path / "c" / "kie" / "keys" / "default").read_text().strip() == KEY


def test_a_key_is_checked_and_a_wrong_one_is_not_kept(
    kie: Invoke, service: VirtualService, bare: None, home: Path
) -> None:
    outcome = kie("init", input=f"{KEY}\n".encode())
    assert outcome.exit_code == 1
    assert "nothing was kept" in outcome.stderr
    assert KEY not in outcome.output
    assert not home.exists()
    fine = kie("init", "--json", input=service.api_key.encode())
    assert (document(fine)["profile"], float(document(fine)["credits"])) == ("default", 1000)


@pytest.mark.parametrize("key", ["", "two words", "ключ"])
def test_what_cannot_be_a_key_is_refused(kie: Invoke, bare: None, home: Path, key: str) -> None:
    outcome = start(kie, key=key)
    assert outcome.exit_code == 2
    assert ("is not a Kie API key" if key else "the key is empty") in outcome.stderr
    assert not home.exists()


@pytest.mark.parametrize("name", ["../x", ".x", "a b", "x" * 70])
def test_a_profile_has_a_plain_name(kie: Invoke, bare: None, home: Path, name: str) -> None:
    outcome = start(kie, "--profile", name)
    assert (outcome.exit_code, home.exists()) == (2, False)


def test_several_keys_are_profiles(
    kie: Invoke, vault: dict[tuple[str, str], str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(kie, "--profile", "work", "--budget", "50")
    start(kie, "--profile", "home", key=f"{KEY}2")
    document = tomllib.loads((home / "config.toml").read_text())
    assert document == {
        "profile": "work",
        "profiles": {"work": {"budget": "50", "keystore": True}, "home": {"keystore": True}},
    }
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    assert (CliContext().key(), CliContext().setting("budget")) == (KEY, "50")
    other = CliContext(connection=Connection(profile="home"))
    assert (other.key(), other.setting("budget")) == (f"{KEY}2", None)
    monkeypatch.setenv("KIE_PROFILE", "home")
    assert CliContext().key() == f"{KEY}2"


def test_what_was_written_into_the_file_by_hand_stays(
    kie: Invoke, bare: None, home: Path, write: Callable[[str], None]
) -> None:
    write('# mine\nbudget = 5\n\n[profiles.work]\njournal = "j"  # there\n')
    start(kie, "--profile", "work")
    text = (home / "config.toml").read_text()
    assert "# mine\nbudget = 5\n" in text
    assert 'journal = "j"  # there' in text


def test_an_option_counts_more_than_a_named_profile_than_a_variable_than_the_default_profile(
    write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write('profile = "a"\nbudget_file = "common"\n[profiles.a]\njournal = "of-a"\n[profiles.b]\njournal = "of-b"\n')
    monkeypatch.delenv("KIE_JOURNAL", raising=False)

    def journal(**given: Any) -> str:
        return str(CliContext(connection=Connection(**given)).journal_path)

    assert journal() == "of-a"
    monkeypatch.setenv("KIE_JOURNAL", "of-variable")
    assert journal() == "of-variable"
    assert journal(profile="b") == "of-b"
    assert journal(profile="b", journal="of-option") == "of-option"
    assert CliContext(connection=Connection(profile="b")).setting("budget_file") == "common"


def test_the_key_of_a_variable_counts_more_than_that_of_the_default_profile(
    kie: Invoke, vault: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(kie, "--profile", "work")
    monkeypatch.setenv("KIE_API_KEY", "another")
    assert CliContext().key() is None, "the library reads the variable"
    assert CliContext(connection=Connection(profile="work")).key() == KEY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profile = 'x'\n", "there is no profile 'x'"),
        ("budgte = 5\n", "'budgte' in the settings outside of all profiles is not a setting; did you mean `budget`?"),
        ("[profiles.a]\nkey = 'k'\n[profiles.b]\n", "an API key does not belong in this file"),
        ("= broken\n", "is not TOML"),
        ("profiles = 3\n", "[profiles.NAME] a table"),
        ("[profiles]\na = 3\n", "must be a table"),
        ("journal = ['x']\n", "must be text or a number"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_what_is_wrong(
    kie: Invoke, write: Callable[[str], None], text: str, said: str
) -> None:
    write(text)
    name = ("--profile", "a") if "profiles" in text else ()
    outcome = kie("tasks", *name)
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.output


def test_a_keystore_that_is_gone_or_locked_says_what_to_do(
    kie: Invoke, vault: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start(kie, "--profile", "work")
    named = CliContext(connection=Connection(profile="work"))
    vault.clear()
    with pytest.raises(ConfigError, match="`kie init` again"):
        named.key()

    def locked(*_: str) -> str:
        raise OSError(KEY)

    monkeypatch.setattr(sys.modules["keyring"], "get_password", locked)
    with pytest.raises(ConfigError, match="unlock it") as caught:
        named.key()
    assert KEY not in str(caught.value)
    monkeypatch.setattr(sys.modules["keyring"], "set_password", locked)
    assert "--in-file" in start(kie).stderr
    for name in ("keyring", "keyring.backends"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match=r"kie\[keyring\]"):
        named.key()


def test_the_real_keystore_library_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    backend: Any = importlib.import_module("keyring.backend")
    kept: dict[tuple[str, str], str] = {}
    methods = {
        "priority": 1,
        "set_password": lambda _, service, name, key: kept.update({(service, name): key}),
        "get_password": lambda _, service, name: kept.get((service, name)),
        "delete_password": lambda _, service, name: kept.pop((service, name)),
    }
    memory = type("Memory", (backend.KeyringBackend,), methods)

    before = keyring.get_keyring()
    keyring.set_keyring(memory())
    try:
        assert config.keep_key("p", KEY, in_file=False) == {"keystore": True}
        assert config.stored_key(config.Profile(name="p", keystore=True)) == KEY
    finally:
        keyring.set_keyring(before)


def findings(outcome: Any) -> dict[str, tuple[str, str]]:
    return {row["check"]: (row["state"], row["about"]) for row in document(outcome)}


def test_the_doctor_finds_nothing_wrong_where_nothing_is(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("doctor", "--json")
    found = findings(outcome)
    assert outcome.exit_code == 0, found
    assert list(found) == ["versions", "settings", "key", "proxy", "network", "clock", "journal", "disk", "limits"]
    assert {state for state, _ in found.values()} <= {"ok", "warning"}
    assert found["key"] == ("ok", "from KIE_API_KEY")
    assert "the balance is 1000 credits" in found["network"][1]
    assert service.api_key not in outcome.output


def test_the_doctor_names_what_is_wrong_and_what_to_do(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret-word@proxy.example:3128")
    monkeypatch.setenv("KIE_API_KEY", "a-wrong-key")
    outcome = kie("doctor", "--json")
    found = findings(outcome)
    assert outcome.exit_code == 1
    assert found["network"][0] == "failed" and "refused" in found["network"][1]
    assert found["proxy"] == ("ok", "https through proxy.example")
    assert "secret-word" not in outcome.output and "a-wrong-key" not in outcome.output
    monkeypatch.delenv("KIE_API_KEY")
    assert findings(kie("doctor", "--json"))["key"][0] == "failed"
    assert "kie init" in findings(kie("doctor", "--json"))["key"][1]


def test_the_doctor_sees_a_wrong_clock_and_an_open_key_file(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    class Late(VirtualContext):
        def server_time(self) -> datetime | None:
            return self.now() + timedelta(minutes=5)

    found = findings(kie("doctor", "--json", context=Late(service=service)))
    assert found["clock"] == ("warning", "5 min behind the server; set the clock: callbacks are judged by it")


def test_the_doctor_counts_what_the_journal_does_not_know(kie: Invoke, at: At) -> None:
    at(faults=[{"on": "createTask", "do": "drop_after", "nth": 1}])
    kie("run", "nano-banana-pro", "--prompt", "x")
    state, about = findings(kie("doctor", "--json"))["journal"]
    assert state == "warning"
    assert "1 unknown" in about and "--dismiss" in about


def test_the_doctor_warns_of_a_key_file_that_others_can_read(
    kie: Invoke, service: VirtualService, write: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIE_API_KEY")
    file = tmp_path / "key"
    file.write_text(service.api_key)
    file.chmod(0o644)
    write(f'key_file = "{file}"\n')
    state, about = findings(kie("doctor", "--json"))["key"]
    assert state == "warning" and f"chmod 600 {file}" in about
    file.chmod(0o600)
    assert findings(kie("doctor", "--json"))["key"] == ("ok", f"from {file}")


def test_the_doctor_does_not_blame_network_and_clock_for_a_missing_key_or_a_server_out_of_reach(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Offline(VirtualContext):
        def server_time(self) -> datetime | None:
            raise OSError("no route to host")

    monkeypatch.delenv("KIE_API_KEY")
    outcome = kie("doctor", "--json", context=Offline(service=service))
    found = findings(outcome)
    assert (outcome.exit_code, found["key"][0]) == (1, "failed")
    assert found["network"] == ("warning", "not checked: a request needs a key")
    assert found["clock"][0] == "warning" and "no route to host" in found["clock"][1]


def test_settings_are_named_as_they_stand_in_the_file(kie: Invoke, write: Callable[[str], None]) -> None:
    write("base_urls = 'x'\n")
    assert "did you mean `base_url`?" in kie("tasks").stderr
    write("colour = 'x'\n")
    assert "the settings are `base_url`, `upload_url`, `key_file`, `journal`, `library`," in kie("tasks").stderr
    write("[work]\nbudget = 5\n")
    assert "a profile is a table [profiles.work]" in kie("tasks").stderr


def test_a_file_with_a_byte_order_mark_is_read_and_one_in_another_encoding_is_reported(
    kie: Invoke, write: Callable[[str], None]
) -> None:
    write("\ufeffbudget = 5\n")
    assert kie("tasks").exit_code == 0
    config_path().write_bytes(b"budget = '\xff'\n")
    assert "is not UTF-8 text; save it as UTF-8" in kie("tasks").stderr


def test_a_limit_is_reported_with_the_place_where_it_stands(
    kie: Invoke, service: VirtualService, write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("[profiles.work]\nbudget_per_task = 'lots'\n")
    assert "`budget_per_task` of profile work must be" in kie("credits", "--profile", "work").stderr
    monkeypatch.setenv("KIE_BUDGET", "more")
    assert "kie: KIE_BUDGET must be a number" in kie("credits").stderr


def test_all_faults_of_the_settings_are_reported_at_once(
    kie: Invoke, service: VirtualService, write: Callable[[str], None]
) -> None:
    write("profil = 'work'\nbudgt = 3\n[profiles.default]\njournal = [1]\nlibrry = 'x'\n")
    outcome = kie("credits")
    assert outcome.exit_code == 2
    first, *others = outcome.stderr.splitlines()
    assert first.endswith("config.toml:")
    assert others == [
        "  'profil' in the settings outside of all profiles is not a setting; did you mean `profile`?",
        "  'budgt' in the settings outside of all profiles is not a setting; did you mean `budget`?",
        "  `journal` in [profiles.default] must be text or a number",
        "  'librry' in [profiles.default] is not a setting; did you mean `library`?",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--budget", "x", "--budget-per-day", "-1"), ("--budget must be", "--budget-per-day must be")),
        (("--base-url", "nowhere"), ("--base-url 'nowhere' is not a URL",)),
        (("--limit-store", "redis://x"), ("is not the URL of a database",)),
    ],
)
def test_a_setting_that_no_command_could_use_is_not_kept(
    kie: Invoke, bare: None, home: Path, wrong: tuple[str, ...], said: tuple[str, ...]
) -> None:
    outcome = start(kie, *wrong)
    assert outcome.exit_code == 2
    assert all(part in outcome.stderr for part in said)
    assert not home.exists()


def test_all_limits_that_are_wrong_are_reported(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("run", "nano-banana-pro", "--prompt", "x", "--budget", "x", "--budget-per-task", "lots")
    assert outcome.exit_code == 2
    assert "--budget must be" in outcome.stderr and "--budget-per-task must be" in outcome.stderr


def test_nothing_is_kept_where_the_profile_cannot_be_written(
    kie: Invoke, bare: None, home: Path, write: Callable[[str], None]
) -> None:
    write("[profiles]\nwork = 3\n")
    outcome = start(kie, "--profile", "work")
    assert outcome.exit_code == 2 and "[profiles.work] must be a table" in outcome.stderr
    assert not (config_path().parent / "keys").exists()


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are POSIX's")
def test_settings_are_written_through_a_link_and_into_nothing_but_a_file(
    kie: Invoke, bare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real = tmp_path / "mine" / "config.toml", tmp_path / "dotfiles.toml"
    place.parent.mkdir()
    os.mkfifo(real)
    place.symlink_to(real)
    monkeypatch.setenv("KIE_CONFIG", str(place))
    outcome = start(kie)
    assert (outcome.exit_code, "it is not a regular file" in outcome.stderr) == (2, True)
    assert (real.is_fifo(), [*place.parent.iterdir()]) == (True, [place]), "no key is kept either"
    real.unlink()
    assert start(kie).exit_code == 0
    assert place.is_symlink() and "[profiles.default]" in real.read_text()


def test_the_doctor_tells_a_fault_of_the_settings_once(
    kie: Invoke, service: VirtualService, write: Callable[[str], None]
) -> None:
    write("colour = 'x'\n")
    outcome = kie("doctor", "--json")
    found = findings(outcome)
    assert (outcome.exit_code, found["settings"][0]) == (1, "failed")
    assert sum("colour" in about for _, about in found.values()) == 1
    assert found["journal"] == ("warning", "not checked, see above")


def test_the_doctor_names_a_proxy_that_is_only_a_host(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    assert findings(kie("doctor", "--json"))["proxy"] == ("ok", "https through proxy.example")
