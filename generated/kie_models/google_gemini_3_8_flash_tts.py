"""google/gemini-3-8-flash-tts: the request class, compiled from openapi/models/google/gemini-3-8-flash-tts.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NotRequired, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


class GoogleGemini38FlashTtsSpeakerDict(TypedDict):
    """One speaker with a voice.

    The same as `GoogleGemini38FlashTtsSpeaker`, as a plain dict.
    """

    speaker_id: Required[str]
    voice_name: NotRequired[str]
    audio_profile: NotRequired[str]
    accent: NotRequired[str]
    style: NotRequired[str]
    pace: NotRequired[str]


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini38FlashTtsSpeaker(Part):
    """One speaker with a voice.

    Args:
        speaker_id: Name the turns use for this speaker, `Speaker 1`, `Speaker 2` and so on.
        voice_name: Voice of the speaker, such as `Kore`, `Puck`, `Charon`, `Zephyr`, `Aoede` or `Fola`, which
            the service takes if absent.
        audio_profile: What kind of person speaks, in words.
        accent: Accent of the speaker.
        style: Manner of the speaker.
        pace: Rhythm of the speaker.
    """

    speaker_id: str
    """Name the turns use for this speaker, `Speaker 1`, `Speaker 2` and so on."""
    voice_name: str | None = None
    """Voice of the speaker, such as `Kore`, `Puck`, `Charon`, `Zephyr`, `Aoede` or `Fola`, which the service takes if
    absent."""
    audio_profile: str | None = None
    """What kind of person speaks, in words."""
    accent: str | None = None
    """Accent of the speaker."""
    style: str | None = None
    """Manner of the speaker."""
    pace: str | None = None
    """Rhythm of the speaker."""


class GoogleGemini38FlashTtsDialogueTurnDict(TypedDict):
    """One turn of the dialogue.

    The same as `GoogleGemini38FlashTtsDialogueTurn`, as a plain dict.
    """

    speaker_id: Required[str]
    text: Required[str]
    style: NotRequired[str]


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini38FlashTtsDialogueTurn(Part):
    """One turn of the dialogue.

    Args:
        speaker_id: Who speaks, as the `speaker_id` of one of the `speakers`.
        text: What is said. Tags in brackets such as `[whispers]` set the tone.
        style: Manner in which this turn is spoken, in words.
    """

    speaker_id: str
    """Who speaks, as the `speaker_id` of one of the `speakers`."""
    text: str
    """What is said. Tags in brackets such as `[whispers]` set the tone."""
    style: str | None = None
    """Manner in which this turn is spoken, in words."""


def _GoogleGemini38FlashTts_speakers(
    value: Iterable[GoogleGemini38FlashTtsSpeaker | GoogleGemini38FlashTtsSpeakerDict],
) -> tuple[GoogleGemini38FlashTtsSpeaker, ...]:
    return GoogleGemini38FlashTtsSpeaker.many(value)


def _GoogleGemini38FlashTts_dialogue_turns(
    value: Iterable[GoogleGemini38FlashTtsDialogueTurn | GoogleGemini38FlashTtsDialogueTurnDict],
) -> tuple[GoogleGemini38FlashTtsDialogueTurn, ...]:
    return GoogleGemini38FlashTtsDialogueTurn.many(value)


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini38FlashTts(Request[AudioResult]):
    """Google's Gemini 3.8 Flash TTS, for one recording of a text or dialogue with a voice for each speaker and a
    manner for each turn.

    Model `google/gemini-3-8-flash-tts` by Google: text-to-speech, dialogue.
    Facts as of 2026-10-01 (docs.kie.ai/market/google/gemini-3-8-flash-tts.md).

    Args:
        speakers: Who speaks, and how. At least 1 item.
        dialogue_turns: What is said, in order. At least 1 item.
        temperature: How freely the model varies its delivery. 0 to 2. Default: 1.
        scene: Where the speech takes place, in words. May be empty.
        sample_context: Tone and kind of the recording as a whole, in words. May be empty.
        filler_words: Whether the speakers use filler words such as "um". It only has an effect on a dialogue of
            two speakers. Off if absent.
        dialogue_mode: How the turns are spoken; the service chooses it by the number of speakers if absent,
            `single` for one.
    """

    info = ModelInfo(
        slug="google_gemini_3_8_flash_tts",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-10-01",
        model="google/gemini-3-8-flash-tts",
        typical_seconds=(5, None, 1),
    )

    speakers: tuple[GoogleGemini38FlashTtsSpeaker, ...] = attrs.field(
        converter=_GoogleGemini38FlashTts_speakers, metadata={"part": GoogleGemini38FlashTtsSpeaker}
    )
    """Who speaks, and how. At least 1 item."""
    dialogue_turns: tuple[GoogleGemini38FlashTtsDialogueTurn, ...] = attrs.field(
        converter=_GoogleGemini38FlashTts_dialogue_turns, metadata={"part": GoogleGemini38FlashTtsDialogueTurn}
    )
    """What is said, in order. At least 1 item."""
    temperature: float | None = 1
    """How freely the model varies its delivery. 0 to 2. Default: 1."""
    scene: str | None = None
    """Where the speech takes place, in words. May be empty."""
    sample_context: str | None = None
    """Tone and kind of the recording as a whole, in words. May be empty."""
    filler_words: bool | None = None
    """Whether the speakers use filler words such as "um". It only has an effect on a dialogue of two speakers. Off if
    absent."""
    dialogue_mode: str | None = None
    """How the turns are spoken; the service chooses it by the number of speakers if absent, `single` for one."""
