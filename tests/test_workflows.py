"""The workflows: every action is pinned by its commit, no job may do more than it needs, and what they call exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def _jobs(path: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["jobs"]
    return jobs


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"(?m)^\s*(?:- )?uses: (.+)$", path.read_text("utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used), used


def test_one_action_is_pinned_to_one_commit() -> None:
    used = {action for path in WORKFLOWS for action in re.findall(r"uses: (\S+@\S+)", path.read_text("utf-8"))}
    assert len({action.split("@")[0] for action in used}) == len(used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_only_what_publishes_may_more(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {"contents": "read"}
    for name, job in _jobs(path).items():
        assert job["timeout-minutes"] <= 60
        assert set(job.get("permissions", {})) <= {"id-token", "pages"}
        assert ("permissions" in job) is (name in ("publish", "deploy"))
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False


def test_what_the_workflows_and_hooks_call_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    called = {name for path in WORKFLOWS for name in re.findall(r"run: make ([a-z-]+)", path.read_text("utf-8"))}
    assert called == {"api", "docs", "release-check"}
    assert called <= targets
    assert (ROOT / ".ci" / "run").is_file()
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [hook["id"] for repo in hooks for hook in repo["hooks"]] == ["ruff", "ruff-format", "generated"]
    assert {repo["repo"] for repo in hooks} == {"local"}


def test_what_compares_with_the_last_release_has_its_tag() -> None:
    comparing = 0
    for path in WORKFLOWS:
        for job in _jobs(path).values():
            commands = " ".join(step.get("run", "") for step in job["steps"])
            if "make api" in commands or ".ci/run" in commands:
                [checkout] = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
                assert checkout["with"]["fetch-depth"] == 0
                comparing += 1
    assert comparing == 2


def test_the_versions_that_the_package_names_are_those_that_are_tested() -> None:
    named = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text("utf-8"))
    matrix = _jobs(ROOT / ".github/workflows/test.yml")["versions"]["strategy"]["matrix"]
    assert named == matrix["python"]
    assert len(matrix["os"]) == 3
