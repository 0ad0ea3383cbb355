"""Plans: parses presets, and renders them with a prompt. May import `_core`.

A preset is a Markdown file: TOML between two lines `+++`, then a body with `{{user_prompt}}` and other variables. It is
not a program: variables of a closed set are replaced once, and nothing else is evaluated. Presets and prompts may come
from strangers.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal, TypeAlias, cast

import attrs

from kie._core.errors import PresetInvalid

Kind: TypeAlias = Literal["prompt", "instructions"]
"""What the rendered body is: the `prompt` that the model gets, or `instructions` for an enhancer."""
KINDS: tuple[Kind, ...] = ("prompt", "instructions")
PATTERNS: Mapping[str, str] = {
    "text_to_image": "an image from a text",
    "image_edit": "an image from images and a text",
    "text_to_video": "a video from a text",
    "image_to_video": "a video that begins with an image",
    "first_and_last_frame": "a video between two images",
    "reference_to_video": "a video after images, videos or audio that show what is in it",
    "multi_shot": "a video of several shots, each with a prompt",
    "motion_control": "the motion of a video for the figure in an image",
    "text_to_speech": "speech from a text",
    "text_to_music": "music from a text",
}
"""The input patterns: what is made from what."""
USER_PROMPT = "user_prompt"
VARIABLES: Mapping[str, str] = {
    USER_PROMPT: "the prompt that was given, exactly once in each preset",
    "model": "the id of the model",
    "family": "the name of the family that was requested",
    "task_mode": "what the model does, such as image_to_video",
    "pattern": "the input pattern, such as first_and_last_frame",
    "images": "the number of images",
    "videos": "the number of videos",
    "audios": "the number of audio files",
    "aspect_ratio": "the aspect ratio",
    "resolution": "the resolution",
    "duration": "the length of what is made, as the model has it",
    "prompt_limit": "the most characters that the prompt of the model may have",
}
"""The variables of a preset. A variable for which the request has no value is an empty string."""

LARGEST = 64 * 1024
"""The most bytes of a file."""
LONGEST_NAME = 64
LONGEST_TITLE = 200
MOST_NAMES = 200
"""The most models, families or patterns of a preset."""
LONGEST_VALUE = 200
"""The most characters of a variable other than the prompt."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FENCE = "+++"
_OPEN = re.compile(r"\{\{(?:[ \t]*(\w+)[ \t]*\}\})?")
_KEYS = ("name", "title", "kind", "patterns", "models", "families")


@attrs.frozen(kw_only=True)
class Preset:
    """A text around a prompt, or instructions for an enhancer."""

    name: str
    """Its name: small letters, digits and hyphens. By default the name of the file."""
    title: str
    """What it is for, in a few words."""
    kind: Kind = "prompt"
    """`prompt`: the rendered text replaces the prompt. `instructions`: an enhancer follows it."""
    patterns: tuple[str, ...] = ()
    """The input patterns that it is for; empty for all."""
    models: tuple[str, ...] = ()
    """The ids of the models that it is for."""
    families: tuple[str, ...] = ()
    """The families that it is for. If there are no models and no families, it is for all."""
    body: str
    """The text with its variables."""
    source: str
    """Where it is from: the path of the file, or `packaged`."""

    def fits(self, pattern: str | None) -> bool:
        """Tell whether it is for an input pattern.

        Args:
            pattern: One of `PATTERNS`; None for anything else.

        Returns:
            True if it is, or if the preset names no pattern.
        """
        return not self.patterns or pattern in self.patterns

    def render(self, user_prompt: str, variables: Mapping[str, str | int] | None = None) -> str:
        """Insert a prompt and facts about the request into the body.

        Each variable is replaced once. What looks like a variable in the prompt, or in a value, stays as it is.

        Args:
            user_prompt: The prompt.
            variables: Values by their names in `VARIABLES`. Missing ones are empty strings; other names are ignored. A
                value is cut after 200 characters.

        Returns:
            The text.
        """
        values = {name: str(value)[:LONGEST_VALUE] for name, value in (variables or {}).items()}
        values[USER_PROMPT] = user_prompt
        return _OPEN.sub(lambda found: values.get(found[1], ""), self.body)


def parse(content: bytes | str, name: str, source: str) -> Preset:
    """Read a preset.

    Args:
        content: What the file holds.
        name: The name of the file without its ending: the name of the preset, unless its TOML gives another.
        source: Its origin, for error messages.

    Returns:
        The preset.

    Raises:
        PresetInvalid: It has faults; all of them are listed, with their lines.
    """
    faults: list[str] = []
    text = _decoded(content, faults)
    head, body, line = _split(text, faults)
    facts = _facts(head, faults)
    name = str(facts.get("name", name))
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        faults.append(
            f"{name[:LONGEST_NAME]!r} is not a name: small letters, digits and hyphens, at most {LONGEST_NAME}; "
            "rename the file, or set `name`"
        )
    faults += _body_faults(body, line)
    if faults:
        raise PresetInvalid(source, tuple(faults))
    return Preset(
        name=name,
        title=cast("str", facts["title"]),
        kind=cast("Kind", facts.get("kind", "prompt")),
        patterns=_tuple(facts, "patterns"),
        models=_tuple(facts, "models"),
        families=_tuple(facts, "families"),
        body=body.strip(),
        source=source,
    )


def _decoded(content: bytes | str, faults: list[str]) -> str:
    text = content if isinstance(content, str) else _utf8(content, faults)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line_text in enumerate(text.split("\n"), 1):
        odd = next(
            (letter for letter in line_text if unicodedata.category(letter) in ("Cc", "Cs") and letter != "\t"), ""
        )
        if odd:
            faults.append(f"line {number}: contains the control character U+{ord(odd):04X}")
            break
    return text


def _utf8(content: bytes, faults: list[str]) -> str:
    if len(content) > LARGEST:
        faults.append(f"has more than {LARGEST // 1024} KiB")
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(f"line {line}: is not UTF-8")
        return content.decode("utf-8", "replace")


def _split(text: str, faults: list[str]) -> tuple[str | None, str, int]:
    """The TOML (None if it cannot be found), the body, and the number of its first line."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    if lines[0].rstrip() != FENCE:
        if text:
            faults.append(f"line 1: must be {FENCE}, the start of the TOML")
        elif not faults:
            faults.append("is empty")
        return None, text, 1
    if len(fences) < 2:
        faults.append(f"has no second line {FENCE}, the end of the TOML")
        return None, "", 1
    end = fences[1]
    # the fence counts as a line, so that line numbers are those of the file
    return "\n" + "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _facts(head: str | None, faults: list[str]) -> dict[str, object]:
    if head is None:
        return {}
    try:
        facts: dict[str, object] = tomllib.loads(head)
    except (ValueError, RecursionError) as error:
        faults.append(f"the TOML cannot be read: {str(error) or 'it is nested too deeply'}")
        return {}
    for key in facts:
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_KEYS)}"
            faults.append(f"{key[:LONGEST_NAME]!r} is not known; {hint}")
    for key in ("name", "title", "kind"):
        if key in facts and not isinstance(facts[key], str):
            faults.append(f"`{key}` must be text")
            facts[key] = "prompt" if key == "kind" else "text"  # report it once
    title = str(facts.setdefault("title", ""))
    if not title.strip() or len(title) > LONGEST_TITLE or not title.isprintable():
        faults.append(f"`title` must be one line of text, at most {LONGEST_TITLE} characters")
    if facts.get("kind", "prompt") not in KINDS:
        faults.append(f"`kind` must be {' or '.join(KINDS)}")
    for key in ("patterns", "models", "families"):
        faults += _list_faults(key, facts.get(key, []))
    return facts


def _list_faults(key: str, found: object) -> Iterator[str]:
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        yield f"`{key}` must be a list of strings"
        return
    if len(found) > MOST_NAMES:
        yield f"`{key}` has more than {MOST_NAMES} entries"
    for each in found if key == "patterns" else ():
        if each not in PATTERNS:
            yield f"{each[:LONGEST_NAME]!r} is not a pattern; {_near(each, tuple(PATTERNS))}"


def _near(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


def _body_faults(body: str, first: int) -> Iterator[str]:
    if not body.strip():
        yield "has no text after the TOML"
        return
    prompts = 0
    for number, line in enumerate(body.split("\n"), first):
        for found in _OPEN.finditer(line):
            name = found[1]
            at = f"line {number}, column {found.start() + 1}"
            if name is None:
                yield f"{at}: {{{{ begins a variable, and what follows is not one; write {{{{{USER_PROMPT}}}}}"
            elif name not in VARIABLES:
                yield f"{at}: {name[:LONGEST_NAME]!r} is not a variable; {_near(name, tuple(VARIABLES))}"
            prompts += name == USER_PROMPT
    if prompts != 1:
        yield f"{{{{{USER_PROMPT}}}}} must appear in the text exactly once; it appears {prompts} times"


def _tuple(facts: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cast("list[str]", facts.get(key, []))))
