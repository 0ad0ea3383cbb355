"""Plans: builds the prompt of a request from its preset and its enhanced form. May import `_core`.

This file reads no files and asks no enhancers: it only combines the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.planned import PROMPT_FIELDS
from kie._plans.enhance import Brief, Enhanced, Prompts
from kie._plans.enhancing import ENHANCER
from kie._plans.media_fields import KINDS, MediaCount, Slot
from kie._plans.policies import EnhancePolicy
from kie._plans.preset_files import Found
from kie._plans.selection import (
    PRESET_FAULTS,
    PRESET_PATTERN,
    PRESET_UNUSED,
    Selected,
    pattern_of,
    select,
)

WARNINGS = frozenset({ENHANCER, PRESET_FAULTS, PRESET_PATTERN, PRESET_UNUSED})
"""The rules of warnings about presets and enhancers."""
SHOTS = ("multi_shots", "multi_prompt")
"""The fields that make a video one of several shots."""


@attrs.frozen(kw_only=True)
class PromptOptions:
    """The user's options for prompts."""

    preset: str | None = None
    """The name of a preset."""
    found: Found = attrs.field(factory=lambda: Found(presets=()))
    """The presets of folders."""
    policy: EnhancePolicy = "off"
    enhanced: Mapping[str, Enhanced] = attrs.field(factory=dict)
    """Enhanced prompts, by the given prompt."""


@attrs.frozen(kw_only=True)
class Prompted:
    """The result for the prompt of one request."""

    selected: Selected
    prompts: Prompts | None = None
    """None if no prompt was given."""
    brief: Brief | None = None
    """The brief for an enhancer."""
    field: str = ""
    """The field of the prompt."""
    change: str | None = None
    """What was changed in it."""
    issues: tuple[Issue, ...] = ()
    confirm: str | None = None
    """What has to be confirmed before it is sent."""


def prompted(
    prompt_options: PromptOptions,
    *,
    model: str,
    family: Sequence[str],
    task_modes: Iterable[str],
    kind: str,
    slots: Sequence[Slot],
    nodes: Mapping[str, JSONObject],
    values: Mapping[str, object],
) -> Prompted:
    """Build the prompt of a request.

    Args:
        prompt_options: The user's options for prompts.
        model: The id of the model.
        family: The names of its family.
        task_modes: The task modes of the model for the given input.
        kind: The kind of its output.
        slots: Its fields for media.
        nodes: The schemas of its fields.
        values: The given fields.
    """
    media = _media(slots, values)
    modes = [*task_modes]
    shots = any(values.get(name) for name in SHOTS)
    pattern = pattern_of(modes, media, kind=kind, multi_shot=shots)
    selected = select(
        model,
        family,
        pattern,
        name=prompt_options.preset,
        found=prompt_options.found,
        enhanced=prompt_options.policy != "off",
    )
    issues = (*selected.faults, *selected.warnings)
    field = next((name for name in PROMPT_FIELDS if name in nodes), "")
    raw = values.get(field)
    if not isinstance(raw, str) or not raw.strip():
        return Prompted(selected=selected, issues=issues)
    limit = nodes[field].get("maxLength")
    variables = {
        "model": model,
        "family": family[0] if family else model,
        "task_mode": modes[0] if len(modes) == 1 else "",
        "pattern": pattern or "",
        "images": media.images,
        "videos": media.videos,
        "audios": media.audios,
        "prompt_limit": limit if isinstance(limit, int) else "",
        **{name: _text(values.get(name)) for name in ("aspect_ratio", "resolution", "duration")},
    }
    made = prompt_options.enhanced.get(raw) if prompt_options.policy != "off" else None
    used = raw if made is None else made.final
    final = selected.apply(used, variables)
    guide = selected.instructions
    template = selected.template
    done = [*(["enhanced"] if used != raw else []), *([f"in the preset {template.name}"] if template else [])]
    return Prompted(
        selected=selected,
        prompts=Prompts(raw=raw, enhanced=None if made is None else made.enhanced, final=final),
        brief=Brief(
            prompt=raw,
            instructions="" if guide is None else guide.render(raw, variables),
            model=model,
            pattern=pattern,
            prompt_limit=limit if isinstance(limit, int) else None,
        ),
        field=field,
        change=f"{field}: {', '.join(done)}" if done else None,
        issues=(*issues, *_of_enhancer(prompt_options, made)),
        confirm="the enhanced prompt must be confirmed" if made is not None and made.needs_confirmation else None,
    )


def _of_enhancer(prompt_options: PromptOptions, made: Enhanced | None) -> tuple[Issue, ...]:
    if made is not None:
        return made.warnings
    if prompt_options.policy == "off":
        return ()
    said = "the prompt has not been enhanced: client.plan(plan, enhance=..., enhancer=...) enhances it"
    return (Issue("enhance", ENHANCER, said),)


def _media(slots: Sequence[Slot], values: Mapping[str, object]) -> MediaCount:
    """The given media, with roles by their fields and positions."""
    numbers, roles = dict.fromkeys(KINDS, 0), set[str]()
    for slot in slots:
        value = values.get(slot.field.partition(".")[0])
        number = len(value) if isinstance(value, (list, tuple)) else int(value is not None and value != "")
        numbers[slot.kind] += number
        roles |= {*slot.roles[:number]}
    return MediaCount(images=numbers["image"], videos=numbers["video"], audios=numbers["audio"], roles=frozenset(roles))


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
