"""The families that moved to the Market: every model gives a result of its kind, and results can be passed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kie import catalog, models, simulated
from kie._client import Kie
from kie._core.music import (
    LyricsResult,
    MidiResult,
    MusicResult,
    PersonaResult,
    StemsResult,
    TextResult,
    TimestampsResult,
)
from kie._core.request import Request
from kie._core.results import AudioResult, ImageResult, Result, VideoResult
from kie._core.voices import VoiceResult
from kie.testing import virtual_kie

IMAGE, VIDEO, AUDIO = (f"https://example.com/sea.{ending}" for ending in ("png", "mp4", "mp3"))


class Earlier:
    """What requests build on, made when it is first asked for."""

    def __init__(self, client: Kie, *, old: bool = False) -> None:
        self.client, self.old = client, old

    @property
    def music(self) -> MusicResult:
        """A piece of music, by the earlier endpoint or by the Market."""
        if self.old:
            return self.client.run(models.SunoGenerate(prompt="Rain", custom_mode=False, instrumental=True, model="V5"))
        return self.client.run(models.AiMusicGenerate(prompt="Rain", custom_mode=False, instrumental=True, model="V6"))

    @property
    def stems(self) -> StemsResult:
        """The parts of a recording."""
        made = models.SunoVocalSeparation if self.old else models.AiMusicSeparateVocals
        return self.client.run(made(audio_url=AUDIO))

    @property
    def phrase(self) -> VoiceResult:
        """A phrase to be sung."""
        made = models.VoiceValidate if self.old else models.AiMusicValidationPhrase
        return self.client.run(made(voice_url=AUDIO, vocal_start_s=0, vocal_end_s=9))

    @property
    def voice(self) -> VoiceResult:
        """A voice."""
        if self.old:
            return self.client.run(models.VoiceGenerate(task_id=self.phrase, verify_url=AUDIO))
        return self.client.run(models.AiMusicCreateVoice(task_id=self.phrase, verify_url=AUDIO))

    @property
    def veo(self) -> VideoResult:
        """A video of Veo."""
        return self.client.run((models.VeoGenerate if self.old else models.Veo31)(prompt="A dog runs"))

    @property
    def runway(self) -> VideoResult:
        """A video of Runway."""
        made = models.RunwayGenerate if self.old else models.Runway
        return self.client.run(made(prompt="A cat dances", duration=5, quality="720p", aspect_ratio="1:1"))


def on_track(cls: Callable[..., Request[Result]]) -> Callable[[Earlier], Request[Result]]:
    def build(earlier: Earlier) -> Request[Result]:
        music = earlier.music
        return cls(task_id=music, audio_id=music.tracks[1])

    return build


REQUESTS: dict[str, tuple[Callable[[Earlier], Request[Result]], type[Result]]] = {
    "ai-music-api/generate": (
        lambda it: models.AiMusicGenerate(
            prompt="Rain", custom_mode=False, instrumental=False, model="V6", persona_id=it.voice
        ),
        MusicResult,
    ),
    "ai-music-api/extend": (
        lambda it: models.AiMusicExtend(default_param_flag=False, audio_id=it.music.tracks[0], model="V6"),
        MusicResult,
    ),
    "ai-music-api/upload-and-cover-audio": (
        lambda _: models.AiMusicUploadAndCoverAudio(
            upload_url=AUDIO, prompt="A piano", custom_mode=False, instrumental=True, model="V6_WILD"
        ),
        MusicResult,
    ),
    "ai-music-api/upload-and-extend-audio": (
        lambda _: models.AiMusicUploadAndExtendAudio(
            upload_url=AUDIO, default_param_flag=False, continue_at=9, model="V6"
        ),
        MusicResult,
    ),
    "ai-music-api/add-instrumental": (
        lambda _: models.AiMusicAddInstrumental(upload_url=AUDIO, title="Rain", tags="piano", negative_tags="metal"),
        MusicResult,
    ),
    "ai-music-api/add-vocals": (
        lambda _: models.AiMusicAddVocals(upload_url=AUDIO, title="Rain", style="Jazz", negative_tags="metal"),
        MusicResult,
    ),
    "ai-music-api/timeStamped-lyrics": (on_track(models.AiMusicTimeStampedLyrics), TimestampsResult),
    "ai-music-api/boost-music-style": (lambda _: models.AiMusicBoostMusicStyle(content="Pop"), TextResult),
    "ai-music-api/cover-generate": (lambda it: models.AiMusicCoverGenerate(task_id=it.music), ImageResult),
    "ai-music-api/replace-section": (
        lambda _: models.AiMusicReplaceSection(
            upload_url=AUDIO, model="V6", prompt="Row", infill_start_s=0, infill_end_s=10, full_lyrics="Row"
        ),
        MusicResult,
    ),
    "ai-music-api/generate-persona": (
        lambda it: models.AiMusicGeneratePersona(
            task_id=(music := it.music), audio_id=music.tracks[0], name="Singer", description="A warm voice"
        ),
        PersonaResult,
    ),
    "ai-music-api/mashup": (
        lambda _: models.AiMusicMashup(
            upload_url_list=[AUDIO, AUDIO], style="Jazz", title="Two", custom_mode=True, model="V6"
        ),
        MusicResult,
    ),
    "ai-music-api/convert-to-wav-format": (on_track(models.AiMusicConvertToWavFormat), AudioResult),
    "ai-music-api/create-music-video": (on_track(models.AiMusicCreateMusicVideo), VideoResult),
    "ai-music-api/generate-lyrics": (lambda _: models.AiMusicGenerateLyrics(prompt="Coffee"), LyricsResult),
    "ai-music-api/separate-vocals": (on_track(models.AiMusicSeparateVocals), StemsResult),
    "ai-music-api/generate-midi-from-audio": (
        lambda it: models.AiMusicGenerateMidiFromAudio(task_id=(stems := it.stems), audio_id=stems.ids["vocals"]),
        MidiResult,
    ),
    "ai-music-api/sounds": (lambda _: models.AiMusicSounds(prompt="A door creaks", model="V6_MINI"), MusicResult),
    "ai-music-api/validation-phrase": (
        lambda _: models.AiMusicValidationPhrase(voice_url=AUDIO, vocal_start_s=0, vocal_end_s=9),
        VoiceResult,
    ),
    "ai-music-api/create-voice": (
        lambda it: models.AiMusicCreateVoice(task_id=it.phrase, verify_url=AUDIO),
        VoiceResult,
    ),
    "ai-music-api/regenerate-phrase": (lambda it: models.AiMusicRegeneratePhrase(task_id=it.phrase), VoiceResult),
    "ai-music-api/check-voice": (lambda it: models.AiMusicCheckVoice(task_id=it.voice), VoiceResult),
    "ai-music-api/suno-recovery-audio": (lambda it: models.AiMusicSunoRecoveryAudio(task_id=it.music), MusicResult),
    "veo-3-1": (
        lambda _: models.Veo31(prompt="A dog", image_urls=[IMAGE], generation_type="REFERENCE_2_VIDEO"),
        VideoResult,
    ),
    "veo/extend": (lambda it: models.Veo31Extend(task_id=it.veo, prompt="It runs on"), VideoResult),
    "veo/get-1080p-video": (lambda it: models.VeoGet1080pVideo(task_id=it.veo), VideoResult),
    "veo/get-4k-video": (lambda it: models.VeoGet4kVideo(task_id=it.veo), VideoResult),
    "runway": (
        lambda _: models.Runway(prompt="A cat", duration=10, quality="720p", image_url=IMAGE),
        VideoResult,
    ),
    "runway/extend-ai-video": (
        lambda it: models.RunwayExtendAiVideo(task_id=it.runway, prompt="On", quality="720p"),
        VideoResult,
    ),
    "runway/gen4-aleph": (lambda _: models.RunwayGen4Aleph(prompt="Winter", video_url=VIDEO), VideoResult),
    "flux1-kontext": (lambda _: models.Flux1Kontext(prompt="A lake", safety_tolerance=6), ImageResult),
    "4o-image-api": (lambda _: models.Gpt4oImageApi(prompt="A lake", size="3:2"), ImageResult),
}
"""A request of each model, and the class of its result."""


HOLDS: dict[type[Result], Callable[[Any], object]] = {
    MusicResult: lambda it: [track.audio_url for track in it.tracks] == list(it.urls) and it.tracks[0].id,
    StemsResult: lambda it: set(it.stems) == {"vocals", "instrumental"} and set(it.ids) == set(it.stems),
    LyricsResult: lambda it: it.lyrics[0].text,
    TimestampsResult: lambda it: it.words,
    MidiResult: lambda it: it.instruments[0].notes,
    PersonaResult: lambda it: it.persona_id,
    TextResult: lambda it: it.text,
    VoiceResult: lambda it: it.phrase or it.voice_id or it.available,
}
"""What a result of each class holds, besides URLs."""


def test_every_superseded_model_has_a_successor_in_the_market() -> None:
    named = {id for model in catalog.models(status="superseded") for id in model.successors}
    assert named == set(REQUESTS) - {"ai-music-api/suno-recovery-audio"}
    assert {catalog.get(id).lifecycle for id in REQUESTS} == {"jobs"}
    assert {catalog.get(id).status for id in REQUESTS} == {"active"}


@pytest.mark.parametrize("old", [False, True], ids=["on the Market's tasks", "on tasks of the earlier endpoints"])
@pytest.mark.parametrize("model", REQUESTS)
def test_a_moved_model_gives_the_result_of_its_kind(model: str, old: bool) -> None:
    client, service, _ = virtual_kie()
    build, kind = REQUESTS[model]
    request = build(Earlier(client, old=old))
    assert request.info.name == model
    result = client.run(request)
    assert type(result) is kind
    assert service.accepted[-1].model == model
    holds = HOLDS.get(kind)
    assert result.urls if holds is None else holds(result)


def test_tracks_of_the_market_can_be_saved(tmp_path: Path) -> None:
    with simulated(speed=1000) as service, service.client() as client:
        music = client.run(models.AiMusicGenerate(prompt="Rain", custom_mode=False, instrumental=True, model="V6"))
        assert len(music.save(tmp_path)) == 2
