"""omni/character: the request class, compiled from openapi/models/omni/character.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.voices import CharacterResult
else:
    CharacterResult = later("kie._core.voices", "CharacterResult")


def _OmniCharacter_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _OmniCharacter_audio_ids(value: Iterable[TaskReference] | None) -> tuple[TaskReference, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class OmniCharacter(Request[CharacterResult]):
    """A character for Google's Gemini Omni, from a description and one image, with voices if you like. The answer
    comes at once; the result goes into `character_ids` of `GeminiOmniVideo`.

    Model `omni/character` by Google: character-design.
    Facts as of 2026-08-19 (docs.kie.ai/market/gemini-omni-character.md).

    Args:
        descriptions: Who the character is - looks, identity, style, clothes, personality.
        image_urls: The image of the character. Exactly 1 item. Up to 20 MB each. URLs or local media.
        audio_ids: Voices of the character, made with `OmniAudio` (their results, or their ids).
        character_name: Name of the character.
    """

    info = ModelInfo(
        slug="omni_character",
        package="kie_models",
        lifecycle="omni-character",
        result="character",
        captured="2026-08-19",
        id="omni/character",
        operation="createOmniCharacter",
    )

    descriptions: str
    """Who the character is - looks, identity, style, clothes, personality."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_OmniCharacter_image_urls)
    """The image of the character. Exactly 1 item. Up to 20 MB each. URLs or local media."""
    audio_ids: tuple[TaskReference, ...] | None = attrs.field(default=None, converter=_OmniCharacter_audio_ids)
    """Voices of the character, made with `OmniAudio` (their results, or their ids)."""
    character_name: str | None = None
    """Name of the character."""
