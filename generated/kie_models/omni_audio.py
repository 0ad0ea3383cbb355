"""omni/audio: the request class, compiled from openapi/models/omni/audio.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.voices import VoiceResult
else:
    VoiceResult = later("kie._core.voices", "VoiceResult")


@attrs.frozen(kw_only=True, repr=False)
class OmniAudio(Request[VoiceResult]):
    """A voice for Google's Gemini Omni: one of 30 preset voices, with a name and a manner of its own. The answer comes
    at once; the result goes into `audio_ids` of `GeminiOmniVideo` and `OmniCharacter`.

    Model `omni/audio` by Google: voice-design.
    Facts as of 2026-08-19 (docs.kie.ai/market/gemini-omni-audio.md).

    Args:
        audio_id: The preset voice. Female: achernar (soft, high), aoede (brisk), autonoe and erinome (bright,
            clear), callirrhoe (easygoing), despina (smooth), gacrux (mature), kore (capable), laomedeia (cheerful),
            leda (young), sulafat (warm), vindemiatrix (gentle), zephyr (bright, rather high). Male: achird
            (friendly), algenib (raspy, low), algieba (easygoing), alnilam, orus and schedar (steady), charon and
            rasalgethi (intellectual), enceladus (breathy, low), fenrir (lively, young), iapetus (clear), puck
            (cheerful), sadachbia (vivid, low), sadaltager (knowledgeable), umbriel (smooth, low), zubenelgenubi
            (casual). Neither: pulcherrima (forward, rather high).
        name: Name of the voice. 1 to 210 characters.
        voice_description: How the voice sounds and speaks: its timbre, style, speed and mood. At most 20,000
            characters.
        example_dialogue: Something that the voice might say. At most 120 characters.
    """

    info = ModelInfo(
        slug="omni_audio",
        package="kie_models",
        lifecycle="omni-audio",
        result="voice",
        captured="2026-08-19",
        id="omni/audio",
        operation="createOmniAudio",
    )

    audio_id: Literal[
        "achernar",
        "achird",
        "algenib",
        "algieba",
        "alnilam",
        "aoede",
        "autonoe",
        "callirrhoe",
        "charon",
        "despina",
        "enceladus",
        "erinome",
        "fenrir",
        "gacrux",
        "iapetus",
        "kore",
        "laomedeia",
        "leda",
        "orus",
        "puck",
        "pulcherrima",
        "rasalgethi",
        "sadachbia",
        "sadaltager",
        "schedar",
        "sulafat",
        "umbriel",
        "vindemiatrix",
        "zephyr",
        "zubenelgenubi",
    ]
    """The preset voice. Female: achernar (soft, high), aoede (brisk), autonoe and erinome (bright, clear), callirrhoe
    (easygoing), despina (smooth), gacrux (mature), kore (capable), laomedeia (cheerful), leda (young), sulafat
    (warm), vindemiatrix (gentle), zephyr (bright, rather high). Male: achird (friendly), algenib (raspy, low),
    algieba (easygoing), alnilam, orus and schedar (steady), charon and rasalgethi (intellectual), enceladus
    (breathy, low), fenrir (lively, young), iapetus (clear), puck (cheerful), sadachbia (vivid, low), sadaltager
    (knowledgeable), umbriel (smooth, low), zubenelgenubi (casual). Neither: pulcherrima (forward, rather high)."""
    name: str
    """Name of the voice. 1 to 210 characters."""
    voice_description: str | None = None
    """How the voice sounds and speaks: its timbre, style, speed and mood. At most 20,000 characters."""
    example_dialogue: str | None = None
    """Something that the voice might say. At most 120 characters."""

    if TYPE_CHECKING:
        AudioId = Literal[
            "achernar",
            "achird",
            "algenib",
            "algieba",
            "alnilam",
            "aoede",
            "autonoe",
            "callirrhoe",
            "charon",
            "despina",
            "enceladus",
            "erinome",
            "fenrir",
            "gacrux",
            "iapetus",
            "kore",
            "laomedeia",
            "leda",
            "orus",
            "puck",
            "pulcherrima",
            "rasalgethi",
            "sadachbia",
            "sadaltager",
            "schedar",
            "sulafat",
            "umbriel",
            "vindemiatrix",
            "zephyr",
            "zubenelgenubi",
        ]
