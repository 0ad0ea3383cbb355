"""Plans: chooses the preset for a request. May import `_core`.

A preset requested by name comes first, then one for the model, then one for its family, then one for the input pattern
alone. A preset that changes the prompt itself is never chosen by the pattern alone: a prompt stays as written unless
the user names a preset, or keeps one for this model or family.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal, TypeAlias

import attrs

from kie._core.errors import PresetInvalid
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._plans.families import fold
from kie._plans.media_fields import MediaCount
from kie._plans.preset_files import Found
from kie._plans.presets import Preset

UNKNOWN_PRESET = "unknown_preset"
"""The rule broken by the name of a preset that does not exist or has faults."""
PRESET_PATTERN = "preset_pattern"
"""The rule of the warning that the requested preset is for something else."""
PRESET_UNUSED = "preset_unused"
"""The rule of the warning that the requested preset changes nothing."""
PRESET_FAULTS = "preset_faults"
"""The rule of the warning that a preset file was skipped."""

Source: TypeAlias = Literal["request", "model", "family", "pattern", "none"]

_MODES = {
    "motion_control": "motion_control",
    "animate_move": "motion_control",
    "text_to_speech": "text_to_speech",
    "dialogue": "text_to_speech",
    "text_to_music": "text_to_music",
}
"""Task modes that are a pattern by themselves."""
_OF_IMAGE = ("text_to_image", "image_edit", "image_to_image")
_OF_VIDEO = ("text_to_video", "image_to_video", "reference_to_video")


@attrs.frozen(kw_only=True)
class Selected:
    """Which preset is used, and why."""

    preset: Preset | None = None
    """The preset; None if there is none for this."""
    source: Source = "none"
    """`request`: it was named. `model`, `family`, `pattern`: it is for these. `none`: there is none."""
    reason: str = ""
    """The same in a sentence."""
    instructions: Preset | None = None
    """The instructions for an enhancer: `preset` if it is one for enhancers, else the best that is."""
    faults: tuple[Issue, ...] = ()
    """What keeps the request from being made: a name that no preset has."""
    warnings: tuple[Issue, ...] = ()
    """What is probably not intended: a preset for something else, or files that were skipped."""

    def to_dict(self) -> JSONObject:
        """Get the choice as JSON.

        Returns:
            The name of the preset and its kind, both null without one, and where it is from and why.
        """
        found = self.preset
        return {
            "name": None if found is None else found.name,
            "kind": None if found is None else found.kind,
            "file": None if found is None else found.source,
            "source": self.source,
            "reason": self.reason,
        }

    @property
    def template(self) -> Preset | None:
        """The preset that changes the prompt; None if none does."""
        return self.preset if self.preset is not None and self.preset.kind == "prompt" else None

    def apply(self, user_prompt: str, variables: Mapping[str, str | int] | None = None) -> str:
        """Make the prompt that the model gets.

        Args:
            user_prompt: The prompt that was given, or what an enhancer made of it.
            variables: Values by their names in `presets.VARIABLES`.

        Returns:
            The rendered preset; the prompt itself if no preset changes it.
        """
        return user_prompt if self.template is None else self.template.render(user_prompt, variables)


def pattern_of(task_modes: Iterable[str], media: MediaCount, *, kind: str, multi_shot: bool = False) -> str | None:
    """Name the input pattern of a request.

    Args:
        task_modes: The task mode of the model, such as `image_to_video`; several if undecided.
        media: The given media, and their roles.
        kind: The kind of output: `image`, `video`, `audio` or `music`.
        multi_shot: Whether it is a video of several shots.

    Returns:
        One of `presets.PATTERNS`; None for anything else.
    """
    modes = [mode.replace("-", "_") for mode in task_modes]
    if multi_shot:
        return "multi_shot"
    if modes and all(mode in _MODES for mode in modes):
        return _MODES[modes[0]]
    if kind == "image" and any(mode in _OF_IMAGE for mode in modes):
        return "image_edit" if media.images else "text_to_image"
    if kind != "video" or not any(mode in _OF_VIDEO for mode in modes):
        return None
    if {"first_frame", "last_frame"} <= media.roles:
        return "first_and_last_frame"
    if media.videos or media.audios or "reference" in media.roles:
        return "reference_to_video" if "reference_to_video" in modes else None
    return "image_to_video" if media.images else "text_to_video"


def select(
    model: str,
    family: Sequence[str],
    pattern: str | None,
    *,
    name: str | None = None,
    found: Found | None = None,
    enhanced: bool = False,
) -> Selected:
    """Choose a preset.

    Args:
        model: The id of the model.
        family: The names of its family.
        pattern: The input pattern, as `pattern_of` names it.
        name: The requested preset.
        found: The presets of folders, which take precedence over the packaged ones.
        enhanced: Whether the prompt is enhanced, so that instructions are useful.

    Returns:
        The choice. A preset that is missing or has faults raises nothing.
    """
    found = found or Found(presets=())
    presets = found.all
    wanted = {"model": {fold(model)}, "family": {fold(each) for each in family if each}}
    instructions = _best([each for each in presets if each.kind == "instructions"], wanted, pattern)
    guide = instructions[0] if instructions else None
    warnings = tuple(_left_out(error) for error in found.faults)
    if name is not None:
        preset = next((each for each in presets if each.name == name), None)
        if preset is None:
            return Selected(
                reason="there is no such preset",
                instructions=guide,
                faults=(_unknown(name, presets, found.faults),),
                warnings=warnings,
            )
        return Selected(
            preset=preset,
            source="request",
            reason=f"{name} was requested",
            instructions=preset if preset.kind == "instructions" else guide,
            warnings=(*warnings, *_doubts(preset, pattern, enhanced)),
        )
    best = _best([each for each in presets if each.kind == "prompt"], wanted, pattern) or instructions
    if best is None:
        return Selected(reason=f"no preset is for {model} and {pattern or 'this input'}", warnings=warnings)
    preset, source = best
    fits = {"model": f"the model {model}", "family": f"the family {' '.join(family[:1])}", "pattern": str(pattern)}
    idle = (
        "; it has an effect only when the prompt is enhanced" if preset.kind == "instructions" and not enhanced else ""
    )
    return Selected(
        preset=preset,
        source=source,
        reason=f"{preset.name} is for {fits[source]}{idle}",
        instructions=preset if preset.kind == "instructions" else guide,
        warnings=warnings,
    )


def _doubts(preset: Preset, pattern: str | None, enhanced: bool) -> Iterator[Issue]:
    """Reasons why a requested preset may be a mistake."""
    if not preset.fits(pattern):
        meant = f"it is for {', '.join(preset.patterns)}; this is {pattern or 'something else'}"
        yield Issue("preset", PRESET_PATTERN, f"{preset.name} is used, but {meant}")
    if preset.kind == "instructions" and not enhanced:
        said = f"{preset.name} contains instructions for an enhancer, but enhance is off: the prompt is unchanged"
        yield Issue("preset", PRESET_UNUSED, said)


def _best(
    presets: Sequence[Preset], wanted: Mapping[str, set[str]], pattern: str | None
) -> tuple[Preset, Source] | None:
    """The first preset of the best rank: for the model, for the family, for the pattern alone."""
    fitting = [preset for preset in presets if preset.fits(pattern)]
    for preset in fitting:
        if any(fold(each) in wanted["model"] for each in preset.models):
            return preset, "model"
    for preset in fitting:
        if any(fold(each) in wanted["family"] for each in preset.families):
            return preset, "family"
    for preset in fitting:
        if preset.kind == "instructions" and preset.patterns and not preset.models and not preset.families:
            return preset, "pattern"
    return None


def _unknown(name: str, presets: Sequence[Preset], faults: Sequence[PresetInvalid]) -> Issue:
    names = tuple(preset.name for preset in presets)
    broken = next((error for error in faults if _stem(error.source) == name), None)
    if broken is not None:
        return Issue("preset", UNKNOWN_PRESET, f"{name} has faults:\n{broken}", names)
    close = get_close_matches(name, names, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "`kie presets` lists them"
    return Issue("preset", UNKNOWN_PRESET, f"there is no preset {name!r}; {hint}", names)


def _left_out(error: PresetInvalid) -> Issue:
    return Issue("preset", PRESET_FAULTS, f"left out: {error}")


def _stem(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].removesuffix(".md")
