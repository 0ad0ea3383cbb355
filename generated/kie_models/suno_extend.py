"""suno/extend: the request class, compiled from openapi/models/suno/extend.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


@attrs.frozen(kw_only=True, repr=False)
class SunoExtend(Request[MusicResult]):
    """Suno, for continuing a track that it made earlier: from a point in time on, with texts of your own or with those
    of the track.

    Model `suno/extend` by Suno: music-extend.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/extend-music.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/extend` instead.

    Args:
        default_param_flag: Whether you give the texts yourself (true: `continue_at`, style, title and, unless
            instrumental, prompt are needed) or the extension takes them from the track (false: only `audio_id` and
            model count).
        audio_id: The track to continue, as one of `result.tracks` or its id. An unknown id is accepted, and the
            task fails later.
        model: Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8
            and follow prompts more closely; `V5` is faster and more musical; `V5_5` is the newest.
        prompt: How the music goes on: the words to be sung or what is to happen. `V4` takes a shorter text.
            Needed when `default_param_flag` is true, unless `instrumental` is. At most 5,000 characters.
        style: Genre, mood and instruments; best close to those of the track. Needed when `default_param_flag`
            is true. `V4` takes a shorter one. At most 1,000 characters.
        title: Title of the new track. Needed when `default_param_flag` is true. `V4` and `V4_5ALL` take a
            shorter one. At most 100 characters.
        continue_at: Where in the track the extension begins, in seconds, before its end. Needed when
            `default_param_flag` is true. More than 0.
        instrumental: Whether the extension is without vocals. It takes neither prompt nor `vocal_gender` then.
            Default: false.
        negative_tags: Styles and traits that the music is to avoid, separated by commas. Example `heavy metal,
            fast drums`.
        vocal_gender: Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises
            nothing.
        style_weight: How closely the music keeps to `style`. 0 to 1, in multiples of 0.01.
        weirdness_constraint: How far the music may stray from the usual. 0 to 1, in multiples of 0.01.
        audio_weight: How much traits of the audio count against everything else. 0 to 1, in multiples of 0.01.
        persona_id: Sing in the manner of a persona (`SunoPersona`) or with a voice of your own
            (`VoiceGenerate`); `persona_model` says which.
        persona_model: What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice.
            Documented for `V5` and `V5_5` only.

    Rules:
        `continue_at`, `style` and `title` are needed when `default_param_flag` is true.
        `prompt` is needed when `default_param_flag` is true, unless `instrumental` is true.
        `prompt` must be left out when `instrumental` is true.
        `vocal_gender` must be left out when `instrumental` is true.
        `prompt` may have at most 3000 characters with V4.
        `style` may have at most 200 characters with V4.
        `title` may have at most 80 characters with V4 and V4_5ALL.
    """

    info = ModelInfo(
        slug="suno_extend",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/extend",
        operation="extendMusic",
        status="superseded",
        successors=("ai-music-api/extend",),
    )

    default_param_flag: bool = attrs.field(metadata={"wire": "defaultParamFlag"})
    """Whether you give the texts yourself (true: `continue_at`, style, title and, unless instrumental, prompt are
    needed) or the extension takes them from the track (false: only `audio_id` and model count)."""
    audio_id: TaskReference = attrs.field(metadata={"wire": "audioId"})
    """The track to continue, as one of `result.tracks` or its id. An unknown id is accepted, and the task fails later."""
    model: Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
    """Version of Suno. `V4` makes songs of up to 4 minutes, `V4_5`, `V4_5PLUS` and `V4_5ALL` of up to 8 and follow
    prompts more closely; `V5` is faster and more musical; `V5_5` is the newest."""
    prompt: str | None = None
    """How the music goes on: the words to be sung or what is to happen. `V4` takes a shorter text. Needed when
    `default_param_flag` is true, unless `instrumental` is. At most 5,000 characters."""
    style: str | None = None
    """Genre, mood and instruments; best close to those of the track. Needed when `default_param_flag` is true. `V4`
    takes a shorter one. At most 1,000 characters."""
    title: str | None = None
    """Title of the new track. Needed when `default_param_flag` is true. `V4` and `V4_5ALL` take a shorter one. At most
    100 characters."""
    continue_at: float | None = attrs.field(default=None, metadata={"wire": "continueAt"})
    """Where in the track the extension begins, in seconds, before its end. Needed when `default_param_flag` is true.
    More than 0."""
    instrumental: bool | None = False
    """Whether the extension is without vocals. It takes neither prompt nor `vocal_gender` then. Default: false."""
    negative_tags: str | None = attrs.field(default=None, metadata={"wire": "negativeTags"})
    """Styles and traits that the music is to avoid, separated by commas. Example `heavy metal, fast drums`."""
    vocal_gender: Literal["m", "f"] | None = attrs.field(default=None, metadata={"wire": "vocalGender"})
    """Prefer a male (`m`) or a female (`f`) voice. It makes one more likely and promises nothing."""
    style_weight: float | None = attrs.field(default=None, metadata={"wire": "styleWeight"})
    """How closely the music keeps to `style`. 0 to 1, in multiples of 0.01."""
    weirdness_constraint: float | None = attrs.field(default=None, metadata={"wire": "weirdnessConstraint"})
    """How far the music may stray from the usual. 0 to 1, in multiples of 0.01."""
    audio_weight: float | None = attrs.field(default=None, metadata={"wire": "audioWeight"})
    """How much traits of the audio count against everything else. 0 to 1, in multiples of 0.01."""
    persona_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "personaId"})
    """Sing in the manner of a persona (`SunoPersona`) or with a voice of your own (`VoiceGenerate`); `persona_model`
    says which."""
    persona_model: Literal["style_persona", "voice_persona"] | None = attrs.field(
        default=None, metadata={"wire": "personaModel"}
    )
    """What `persona_id` is, `style_persona` for a persona or `voice_persona` for a voice. Documented for `V5` and
    `V5_5` only."""

    if TYPE_CHECKING:
        Model = Literal["V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5"]
        VocalGender = Literal["m", "f"]
        PersonaModel = Literal["style_persona", "voice_persona"]
