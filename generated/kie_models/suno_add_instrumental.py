"""suno/add-instrumental: the request class, compiled from openapi/models/suno/add-instrumental.yaml. Do not edit."""

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
class SunoAddInstrumental(Request[MusicResult]):
    """Suno, for adding an accompaniment to a recording of a voice or a melody of yours.

    Model `suno/add-instrumental` by Suno: add-instrumental.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/add-instrumental.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/add-instrumental` instead.

    Args:
        upload_url: The recording of the voice or the melody. A URL or local media.
        title: Title of the tracks.
        tags: Genre, mood and instruments of the accompaniment, separated by commas. At most 1,000 characters.
        negative_tags: Styles and traits to avoid, separated by commas. The service insists on it. At most 200
            characters.
        model: Version of Suno. `V5` is faster and more musical than `V4_5PLUS`; `V5_5` is the newest. Default:
            "V4_5PLUS".
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `tags`. 0 to 1, in multiples of 0.01.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1, in multiples of 0.01.
        audio_weight: How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01.
    """

    info = ModelInfo(
        slug="suno_add_instrumental",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/add-instrumental",
        operation="addInstrumental",
        status="superseded",
        successors=("ai-music-api/add-instrumental",),
    )

    upload_url: Media = attrs.field(metadata={"wire": "uploadUrl"})
    """The recording of the voice or the melody. A URL or local media."""
    title: str
    """Title of the tracks."""
    tags: str
    """Genre, mood and instruments of the accompaniment, separated by commas. At most 1,000 characters."""
    negative_tags: str = attrs.field(metadata={"wire": "negativeTags"})
    """Styles and traits to avoid, separated by commas. The service insists on it. At most 200 characters."""
    model: Literal["V4_5PLUS", "V5", "V5_5"] | None = "V4_5PLUS"
    """Version of Suno. `V5` is faster and more musical than `V4_5PLUS`; `V5_5` is the newest. Default: "V4_5PLUS"."""
    vocal_gender: Literal["m", "f"] | None = attrs.field(default=None, metadata={"wire": "vocalGender"})
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = attrs.field(default=None, metadata={"wire": "styleWeight"})
    """How closely the music keeps to `tags`. 0 to 1, in multiples of 0.01."""
    weirdness_constraint: float | None = attrs.field(default=None, metadata={"wire": "weirdnessConstraint"})
    """How far the music may stray from the usual. 0 to 1, in multiples of 0.01."""
    audio_weight: float | None = attrs.field(default=None, metadata={"wire": "audioWeight"})
    """How closely the music keeps to the given audio. 0 to 1, in multiples of 0.01."""

    if TYPE_CHECKING:
        Model = Literal["V4_5PLUS", "V5", "V5_5"]
        VocalGender = Literal["m", "f"]
