"""sora-2-characters: the request class, compiled from openapi/models/sora/sora-2-characters.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import JsonResult
else:
    JsonResult = later("kie._core.results", "JsonResult")


def _Sora2Characters_character_file_url(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Sora2Characters(Request[JsonResult]):
    """OpenAI's Sora 2 Characters, for taking a character out of a short video so that later videos can show it. The
    result is the character's id, not a file. The vendor has withdrawn it.

    Model `sora-2-characters` by OpenAI: reference-to-video.
    Facts as of 2026-02-01 (docs.kie.ai/market/sora2/sora-2-characters).

    Args:
        character_file_url: A video of the character. Exactly 1 item. MP4, WebM or AVI, up to 10 MB each. 1 to 4
            seconds each. URLs or local media.
        character_prompt: What the character is like. At most 5,000 characters.
        safety_instruction: What the character must not be used for. At most 5,000 characters.
    """

    info = ModelInfo(
        slug="sora_2_characters",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2026-02-01",
        model="sora-2-characters",
        status="retired",
    )

    character_file_url: tuple[Media, ...] = attrs.field(converter=_Sora2Characters_character_file_url)
    """A video of the character. Exactly 1 item. MP4, WebM or AVI, up to 10 MB each. 1 to 4 seconds each. URLs or local
    media."""
    character_prompt: str | None = None
    """What the character is like. At most 5,000 characters."""
    safety_instruction: str | None = None
    """What the character must not be used for. At most 5,000 characters."""
