"""sora-2-characters-pro: the request class, compiled from openapi/models/sora/sora-2-characters-pro.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import JsonResult
else:
    JsonResult = later("kie._core.results", "JsonResult")


@attrs.frozen(kw_only=True, repr=False)
class Sora2CharactersPro(Request[JsonResult]):
    """OpenAI's Sora 2 Characters Pro, for taking a character out of a video that Sora 2 made earlier. The result is
    the character's id, not a file. The vendor has withdrawn it.

    Model `sora-2-characters-pro` by OpenAI: reference-to-video.
    Facts as of 2026-02-01 (docs.kie.ai/market/sora2/sora-2-characters-pro).

    Args:
        origin_task_id: The task of the Sora 2 video that shows the character. It belongs to the same account.
        timestamps: Where the character is seen, as start and end in seconds with a comma between, 1 to 4
            seconds apart.
        character_prompt: What the character is like. 1 to 5,000 characters.
        character_user_name: A name for the character. At most 40 characters.
        safety_instruction: What the character must not be used for. At most 5,000 characters.
    """

    info = ModelInfo(
        slug="sora_2_characters_pro",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2026-02-01",
        model="sora-2-characters-pro",
        status="retired",
    )

    origin_task_id: TaskReference
    """The task of the Sora 2 video that shows the character. It belongs to the same account."""
    timestamps: str
    """Where the character is seen, as start and end in seconds with a comma between, 1 to 4 seconds apart."""
    character_prompt: str
    """What the character is like. 1 to 5,000 characters."""
    character_user_name: str | None = None
    """A name for the character. At most 40 characters."""
    safety_instruction: str | None = None
    """What the character must not be used for. At most 5,000 characters."""
