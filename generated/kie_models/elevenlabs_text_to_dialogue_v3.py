"""elevenlabs/text-to-dialogue-v3: the request class, compiled from openapi/models/elevenlabs/text-to-dialogue-v3.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


class ElevenlabsTextToDialogueV3DialogueLineDict(TypedDict):
    """One line of a dialogue and who speaks it.

    The same as `ElevenlabsTextToDialogueV3DialogueLine`, as a plain dict.
    """

    text: Required[str]
    voice: Required[str]


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsTextToDialogueV3DialogueLine(Part):
    """One line of a dialogue and who speaks it.

    Args:
        text: What is said. The limit on length counts the texts of all lines together.
        voice: Who says it, as the name of a preset voice (`Adam`, `Rachel`) or as a voice id
            (`N2lVS1w4EtoT3dr4eOWO`). A sample of an id can be heard at
            `https://static.aiquickdraw.com/elevenlabs/voice/<voice id>.mp3`.
    """

    text: str
    """What is said. The limit on length counts the texts of all lines together."""
    voice: str
    """Who says it, as the name of a preset voice (`Adam`, `Rachel`) or as a voice id (`N2lVS1w4EtoT3dr4eOWO`). A
    sample of an id can be heard at `https://static.aiquickdraw.com/elevenlabs/voice/<voice id>.mp3`."""


def _ElevenlabsTextToDialogueV3_dialogue(
    value: Iterable[ElevenlabsTextToDialogueV3DialogueLine | ElevenlabsTextToDialogueV3DialogueLineDict],
) -> tuple[ElevenlabsTextToDialogueV3DialogueLine, ...]:
    return ElevenlabsTextToDialogueV3DialogueLine.many(value)


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsTextToDialogueV3(Request[AudioResult]):
    """ElevenLabs v3, for one recording of a dialogue in which each line has its own voice.

    Model `elevenlabs/text-to-dialogue-v3` by ElevenLabs: dialogue, text-to-speech.
    Facts as of 2026-08-19 (docs.kie.ai/market/elevenlabs/text-to-dialogue-v3.md).

    Args:
        dialogue: The lines, in speaking order. The limit on length counts all their texts together. At least 1
            item.
        stability: How evenly the voices speak. `0` is most expressive, `1` most steady. Default: 0.5.
        language_code: Language that is spoken. The service detects it if absent.

    Rules:
        The texts of all lines together may have at most 5000 characters.
    """

    info = ModelInfo(
        slug="elevenlabs_text_to_dialogue_v3",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-08-19",
        model="elevenlabs/text-to-dialogue-v3",
    )

    dialogue: tuple[ElevenlabsTextToDialogueV3DialogueLine, ...] = attrs.field(
        converter=_ElevenlabsTextToDialogueV3_dialogue, metadata={"part": ElevenlabsTextToDialogueV3DialogueLine}
    )
    """The lines, in speaking order. The limit on length counts all their texts together. At least 1 item."""
    stability: Literal[0, 1] | float | None = 0.5
    """How evenly the voices speak. `0` is most expressive, `1` most steady. Default: 0.5."""
    language_code: (
        Literal[
            "af",
            "ar",
            "hy",
            "as",
            "az",
            "be",
            "bn",
            "bs",
            "bg",
            "ca",
            "ceb",
            "ny",
            "hr",
            "cs",
            "da",
            "nl",
            "en",
            "et",
            "fil",
            "fi",
            "fr",
            "gl",
            "ka",
            "de",
            "el",
            "gu",
            "ha",
            "he",
            "hi",
            "hu",
            "is",
            "id",
            "ga",
            "it",
            "ja",
            "jv",
            "kn",
            "kk",
            "ky",
            "ko",
            "lv",
            "ln",
            "lt",
            "lb",
            "mk",
            "ms",
            "ml",
            "zh",
            "mr",
            "ne",
            "no",
            "ps",
            "fa",
            "pl",
            "pt",
            "pa",
            "ro",
            "ru",
            "sr",
            "sd",
            "sk",
            "sl",
            "so",
            "es",
            "sw",
            "sv",
            "ta",
            "te",
            "th",
            "tr",
            "uk",
            "ur",
            "vi",
            "cy",
        ]
        | None
    ) = None
    """Language that is spoken. The service detects it if absent."""

    if TYPE_CHECKING:
        LanguageCode = Literal[
            "af",
            "ar",
            "hy",
            "as",
            "az",
            "be",
            "bn",
            "bs",
            "bg",
            "ca",
            "ceb",
            "ny",
            "hr",
            "cs",
            "da",
            "nl",
            "en",
            "et",
            "fil",
            "fi",
            "fr",
            "gl",
            "ka",
            "de",
            "el",
            "gu",
            "ha",
            "he",
            "hi",
            "hu",
            "is",
            "id",
            "ga",
            "it",
            "ja",
            "jv",
            "kn",
            "kk",
            "ky",
            "ko",
            "lv",
            "ln",
            "lt",
            "lb",
            "mk",
            "ms",
            "ml",
            "zh",
            "mr",
            "ne",
            "no",
            "ps",
            "fa",
            "pl",
            "pt",
            "pa",
            "ro",
            "ru",
            "sr",
            "sd",
            "sk",
            "sl",
            "so",
            "es",
            "sw",
            "sv",
            "ta",
            "te",
            "th",
            "tr",
            "uk",
            "ur",
            "vi",
            "cy",
        ]
