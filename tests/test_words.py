"""The words of the field: in every docstring, message and help text, in the documents, and in the names of classes."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path for path in (ROOT / "src/kie").rglob("*.py") if "models" not in path.relative_to(ROOT / "src/kie").parts
)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PRIVATE = re.compile(
    r"\b(anew|of late|so many(?! that)|takes? (it|them) up|task(s that)? (goes|go) on|it goes on at the service"
    r"|for want of|for ever|mend(s|ed)?|thrift|dearer|teller|strand)\b"
    r"|(?<!there )(?<!which )\b(is|are) no (?!longer|more|such)[a-z]+\b|\bthere (is|are) not an? (?!file that)",
    re.IGNORECASE,
)
"""Turns of phrase that nobody uses, and words that people would have to learn. What is negated is the verb: a value "is
not a number"; and "there is no file" is plain English."""


def texts(path: Path) -> list[str]:
    """The docstrings and messages of a module, or the text of a page without its code."""
    content = path.read_text("utf-8")
    if path.suffix == ".md":
        return [" ".join(re.sub(r"(?s)```.*?```", "", content).split())]
    nodes = ast.walk(ast.parse(content))
    return [" ".join(n.value.split()) for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.mark.parametrize("path", [*SOURCES, *PAGES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_words_are_those_of_the_field(path: Path) -> None:
    found = [
        text[max(match.start() - 40, 0) : match.end() + 20] for text in texts(path) for match in PRIVATE.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("'x' is no number", True),
        ("there is no file", False),
        ("there is not a preset 'x'", True),
        ("it connects anew", True),
        ("so many that they end", False),
        ("the task goes on", True),
        ("`kie wait` takes it up", True),
        ("it is no longer there", False),
    ],
)
def test_a_private_word_would_be_found(text: str, private: bool) -> None:
    assert bool(PRIVATE.search(text)) is private


def test_no_two_classes_have_one_name() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for path in SOURCES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].add(path.relative_to(ROOT / "src/kie").as_posix())
    assert {name: sorted(where) for name, where in found.items() if len(where) > 1} == {}
