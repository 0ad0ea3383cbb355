"""What decides about a release: which version may break what, and what the changelog has to say."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

WHEEL = Path(__file__).parent / "wheel"


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """The scripts behind `make release-check` and `make api`."""
    monkeypatch.syspath_prepend(WHEEL)
    return importlib.import_module("release"), importlib.import_module("stability")


@pytest.mark.parametrize(
    ("released", "now", "allowed"),
    [
        ("v0.1.0", "0.1.1", False),
        ("v0.1.0", "0.2.0", True),
        ("v0.9.1", "0.10.0", True),
        ("v0.9.1", "1.0.0", True),
        ("v1.2.0", "1.3.0", False),
        ("v1.2.0", "2.0.0", True),
        ("v0.2.0", "0.1.9", False),
    ],
)
def test_a_version_may_break_what_one_before_another_minor_or_major_version_promised(
    scripts: tuple[Any, Any], released: str, now: str, allowed: bool
) -> None:
    _, stability = scripts
    assert stability.may_break(released, now) is allowed


def test_a_release_needs_a_dated_section_of_the_changelog(
    scripts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, _ = scripts
    monkeypatch.setattr(release, "version", lambda: "0.7.0")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.delenv("GITHUB_REF_TYPE", raising=False)
    changelog = tmp_path / "CHANGELOG.md"
    for text in ("## [Unreleased]\n\n- x\n", "## [0.7.0]\n\n- x\n", "## [0.7.0] - 2026-12-01\n\n## [0.6.0]\n\n- x\n"):
        changelog.write_text(text)
        with pytest.raises(SystemExit, match=r"has no section"):
            release.check_changelog()
    changelog.write_text("## [0.7.0] - 2026-12-01\n\n- x\n")
    release.check_changelog()
    monkeypatch.setenv("GITHUB_REF_TYPE", "tag")
    monkeypatch.setenv("GITHUB_REF_NAME", "v0.6.0")
    with pytest.raises(SystemExit, match=r"not that of version 0\.7\.0"):
        release.check_changelog()


@pytest.fixture
def tagged(scripts: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a commit in a repository of its own, with a tag or without, in which the version is 0.3.0."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    _, stability = scripts
    monkeypatch.setattr(stability, "ROOT", tmp_path)
    monkeypatch.setattr(stability, "version", lambda: "0.3.0")
    changelog = tmp_path / "CHANGELOG.md"

    def git(*arguments: str) -> None:
        named = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *named, *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=120)

    def commit(tag: str | None, dated: str) -> None:
        changelog.write_text("".join(f"## [{each}] - 2026-12-01\n\n- x\n\n" for each in dated.split()))
        git("add", ".")
        git("commit", "--allow-empty", "--message", "x")
        if tag:
            git("tag", tag)

    git("init")
    return commit


def test_a_release_is_compared_with_the_one_before_it(scripts: tuple[Any, Any], tagged: Any) -> None:
    _, stability = scripts
    tagged(None, "0.3.0")
    assert stability.last_release() is None
    tagged("v0.3.0", "0.3.0")
    assert stability.last_release() is None, "the first release has none before it"
    tagged(None, "0.3.0")
    assert stability.last_release() == "v0.3.0"
    tagged("v0.4.0", "0.4.0 0.3.0")
    assert stability.last_release() == "v0.3.0"


def test_a_clone_without_the_tags_of_earlier_releases_is_not_taken_for_one_before_the_first(
    scripts: tuple[Any, Any], tagged: Any
) -> None:
    _, stability = scripts
    tagged(None, "0.3.0 0.2.0")
    with pytest.raises(SystemExit, match="lacks the tags"):
        stability.last_release()


def test_what_developing_needs_installs_on_the_lowest_version_of_python() -> None:
    root = WHEEL.parent.parent
    declared = re.search(r'requires-python = ">=([\d.]+)"', (root / "pyproject.toml").read_text("utf-8"))
    assert declared
    pins = dict(re.findall(r"(?m)^([\w.-]+)==([\w.]+)$", (root / "requirements/dev.txt").read_text("utf-8")))
    refusing, asked = [], 0
    for name, pinned in pins.items():
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system
        # once a test has imported the backport, it finds the packages, and raises for a field that is not there
        wanted = (found.metadata.get_all("Requires-Python") or [""])[0]
        if found.version == pinned and wanted:
            asked += 1
            refusing += [name] if not SpecifierSet(wanted).contains(f"{declared[1]}.0") else []
    assert asked > 100
    assert refusing == []


def test_the_pinned_files_of_the_wheel_are_those_of_its_packages() -> None:
    names = (WHEEL / "files.txt").read_text("utf-8").split()
    assert names == sorted(set(names))
    assert {name.split("/")[0] for name in names} == {
        "kie",
        "kie_codegen",
        "kie_models",
        "kie_wire",
        "kie-VERSION.dist-info",
    }
    assert {f"{package}/py.typed" for package in ("kie", "kie_models", "kie_wire")} <= set(names)
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_a_wheel_has_every_module_of_the_compiler_that_those_in_it_import() -> None:
    packed = {
        name.partition("/")[2] for name in (WHEEL / "files.txt").read_text("utf-8").split() if "_codegen/" in name
    }
    modules = {name.removesuffix(".py") for name in packed if name.endswith(".py")}
    for module in modules:
        source = (WHEEL.parents[1] / "codegen" / f"{module}.py").read_text("utf-8")
        for package, names in re.findall(r"^from \.(\w*) import \(?([\w, ]+)", source, re.MULTILINE):
            assert (package or names.split(",")[0].strip()) in modules
