"""ai-music-api/add-vocals: the request class, compiled from openapi/models/ai-music-api/add-vocals.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicAddVocals(Request[MusicResult]):
    """Suno, for adding a singing voice to an instrumental recording of yours.

    Model `ai-music-api/add-vocals` by Suno: add-vocals.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/add-vocals)).

    Args:
        upload_url: The instrumental recording. A URL or local media.
        title: Title of the tracks.
        style: Genre and mood. At most 1,000 characters.
        negative_tags: Styles and traits to avoid, separated by commas. The service insists on it. At most 200
            characters.
        prompt: What is sung and how.
        model: Version of Suno. `V5` is faster and more musical than `V4_5PLUS`; `V6` and its variants are the
            newest. Default: "V6".
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1.
        audio_weight: How closely the music keeps to the given audio. 0 to 1.
    """

    info = ModelInfo(
        slug="ai_music_api_add_vocals",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/add-vocals",
    )

    upload_url: Media
    """The instrumental recording. A URL or local media."""
    title: str
    """Title of the tracks."""
    style: str
    """Genre and mood. At most 1,000 characters."""
    negative_tags: str
    """Styles and traits to avoid, separated by commas. The service insists on it. At most 200 characters."""
    prompt: str | None = None
    """What is sung and how."""
    model: Literal["V4_5PLUS", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"] | None = "V6"
    """Version of Suno. `V5` is faster and more musical than `V4_5PLUS`; `V6` and its variants are the newest. Default:
    "V6"."""
    vocal_gender: Literal["m", "f"] | None = None
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = None
    """How closely the music keeps to `style`. 0 to 1."""
    weirdness_constraint: float | None = None
    """How far the music may stray from the usual. 0 to 1."""
    audio_weight: float | None = None
    """How closely the music keeps to the given audio. 0 to 1."""

    if TYPE_CHECKING:
        Model = Literal["V4_5PLUS", "V5", "V5_5", "V6", "V6_MINI", "V6_WILD"]
        VocalGender = Literal["m", "f"]
