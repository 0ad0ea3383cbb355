"""google/gemini-2-5-pro-tts: the request class, compiled from openapi/models/google/gemini-2-5-pro-tts.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NotRequired, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


class GoogleGemini25ProTtsSpeakerDict(TypedDict):
    """One speaker with a voice.

    The same as `GoogleGemini25ProTtsSpeaker`, as a plain dict.
    """

    speaker_id: Required[str]
    voice_name: Required[
        Literal[
            "Achernar",
            "Achird",
            "Algenib",
            "Algieba",
            "Alnilam",
            "Aoede",
            "Autonoe",
            "Callirrhoe",
            "Charon",
            "Despina",
            "Enceladus",
            "Erinome",
            "Fenrir",
            "Gacrux",
            "Iapetus",
            "Kore",
            "Laomedeia",
            "Leda",
            "Orus",
            "Puck",
            "Pulcherrima",
            "Rasalgethi",
            "Sadachbia",
            "Sadaltager",
            "Schedar",
            "Sulafat",
            "Umbriel",
            "Vindemiatrix",
            "Zephyr",
            "Zubenelgenubi",
        ]
    ]
    accent: Required[
        Literal[
            "Neutral",
            "American (Gen)",
            "American (Valley)",
            "American (South)",
            "British (RP)",
            "British (Brixton)",
            "Transatlantic",
            "Australian",
        ]
    ]
    audio_profile: NotRequired[str]
    style: NotRequired[Literal["Vocal Smile", "Newscaster", "Whisper", "Empathetic", "Promo/Hype", "Deadpan"]]
    pace: NotRequired[Literal["Natural", "Rapid Fire", "The Drift", "Staccato"]]


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini25ProTtsSpeaker(Part):
    """One speaker with a voice.

    Args:
        speaker_id: Name the turns use for this speaker, `Speaker 1`, `Speaker 2` and so on.
        voice_name: Voice of the speaker.
        accent: Accent of the speaker.
        audio_profile: What kind of person speaks, in words.
        style: Manner of the speaker.
        pace: Rhythm of the speaker.
    """

    speaker_id: str
    """Name the turns use for this speaker, `Speaker 1`, `Speaker 2` and so on."""
    voice_name: Literal[
        "Achernar",
        "Achird",
        "Algenib",
        "Algieba",
        "Alnilam",
        "Aoede",
        "Autonoe",
        "Callirrhoe",
        "Charon",
        "Despina",
        "Enceladus",
        "Erinome",
        "Fenrir",
        "Gacrux",
        "Iapetus",
        "Kore",
        "Laomedeia",
        "Leda",
        "Orus",
        "Puck",
        "Pulcherrima",
        "Rasalgethi",
        "Sadachbia",
        "Sadaltager",
        "Schedar",
        "Sulafat",
        "Umbriel",
        "Vindemiatrix",
        "Zephyr",
        "Zubenelgenubi",
    ]
    """Voice of the speaker."""
    accent: Literal[
        "Neutral",
        "American (Gen)",
        "American (Valley)",
        "American (South)",
        "British (RP)",
        "British (Brixton)",
        "Transatlantic",
        "Australian",
    ]
    """Accent of the speaker."""
    audio_profile: str | None = None
    """What kind of person speaks, in words."""
    style: Literal["Vocal Smile", "Newscaster", "Whisper", "Empathetic", "Promo/Hype", "Deadpan"] | None = None
    """Manner of the speaker."""
    pace: Literal["Natural", "Rapid Fire", "The Drift", "Staccato"] | None = None
    """Rhythm of the speaker."""

    if TYPE_CHECKING:
        VoiceName = Literal[
            "Achernar",
            "Achird",
            "Algenib",
            "Algieba",
            "Alnilam",
            "Aoede",
            "Autonoe",
            "Callirrhoe",
            "Charon",
            "Despina",
            "Enceladus",
            "Erinome",
            "Fenrir",
            "Gacrux",
            "Iapetus",
            "Kore",
            "Laomedeia",
            "Leda",
            "Orus",
            "Puck",
            "Pulcherrima",
            "Rasalgethi",
            "Sadachbia",
            "Sadaltager",
            "Schedar",
            "Sulafat",
            "Umbriel",
            "Vindemiatrix",
            "Zephyr",
            "Zubenelgenubi",
        ]
        Accent = Literal[
            "Neutral",
            "American (Gen)",
            "American (Valley)",
            "American (South)",
            "British (RP)",
            "British (Brixton)",
            "Transatlantic",
            "Australian",
        ]
        Style = Literal["Vocal Smile", "Newscaster", "Whisper", "Empathetic", "Promo/Hype", "Deadpan"]
        Pace = Literal["Natural", "Rapid Fire", "The Drift", "Staccato"]


class GoogleGemini25ProTtsDialogueTurnDict(TypedDict):
    """One turn of the dialogue.

    The same as `GoogleGemini25ProTtsDialogueTurn`, as a plain dict.
    """

    speaker_id: Required[str]
    text: Required[str]


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini25ProTtsDialogueTurn(Part):
    """One turn of the dialogue.

    Args:
        speaker_id: Who speaks, as the `speaker_id` of one of the `speakers`.
        text: What is said. Tags in brackets such as `[whispers]` set the tone. 1 to 10,000 characters.
    """

    speaker_id: str
    """Who speaks, as the `speaker_id` of one of the `speakers`."""
    text: str
    """What is said. Tags in brackets such as `[whispers]` set the tone. 1 to 10,000 characters."""


def _GoogleGemini25ProTts_speakers(
    value: Iterable[GoogleGemini25ProTtsSpeaker | GoogleGemini25ProTtsSpeakerDict],
) -> tuple[GoogleGemini25ProTtsSpeaker, ...]:
    return GoogleGemini25ProTtsSpeaker.many(value)


def _GoogleGemini25ProTts_dialogue_turns(
    value: Iterable[GoogleGemini25ProTtsDialogueTurn | GoogleGemini25ProTtsDialogueTurnDict],
) -> tuple[GoogleGemini25ProTtsDialogueTurn, ...]:
    return GoogleGemini25ProTtsDialogueTurn.many(value)


@attrs.frozen(kw_only=True, repr=False)
class GoogleGemini25ProTts(Request[AudioResult]):
    """Google's Gemini 2.5 Pro TTS, for one recording of a text or dialogue with a voice, accent and manner for each
    speaker.

    Model `google/gemini-2-5-pro-tts` by Google: text-to-speech, dialogue.
    Facts as of 2026-08-19 (docs.kie.ai/google/gemini-2-5-pro-tts.md).

    Args:
        speakers: Who speaks, and how. At least 1 item.
        dialogue_turns: What is said, in order. At least 1 item.
        temperature: How freely the model varies its delivery. 0 to 2. Default: 1.
        scene: Where the speech takes place, in words. May be empty. Default: "".
        sample_context: Tone and kind of the recording as a whole, in words. May be empty. Default: "".
    """

    info = ModelInfo(
        slug="google_gemini_2_5_pro_tts",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-08-19",
        model="google/gemini-2-5-pro-tts",
    )

    speakers: tuple[GoogleGemini25ProTtsSpeaker, ...] = attrs.field(
        converter=_GoogleGemini25ProTts_speakers, metadata={"part": GoogleGemini25ProTtsSpeaker}
    )
    """Who speaks, and how. At least 1 item."""
    dialogue_turns: tuple[GoogleGemini25ProTtsDialogueTurn, ...] = attrs.field(
        converter=_GoogleGemini25ProTts_dialogue_turns, metadata={"part": GoogleGemini25ProTtsDialogueTurn}
    )
    """What is said, in order. At least 1 item."""
    temperature: float | None = 1
    """How freely the model varies its delivery. 0 to 2. Default: 1."""
    scene: str | None = ""
    """Where the speech takes place, in words. May be empty. Default: ""."""
    sample_context: str | None = ""
    """Tone and kind of the recording as a whole, in words. May be empty. Default: ""."""
