"""What type checkers have to accept, and the types they have to see. Checked by mypy and pyright, never run."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import lzma
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from tempfile import NamedTemporaryFile, SpooledTemporaryFile, TemporaryFile
from typing import BinaryIO, assert_type
from urllib.request import urlopen
from wsgiref.simple_server import make_server

import httpx
import httpx2
import uvicorn
from PIL import Image

import kie.models.video
from kie import (
    AnyResult,
    Asset,
    AsyncAsset,
    AsyncAudioResult,
    AsyncImageResult,
    AsyncKie,
    AsyncMusicResult,
    AsyncResult,
    AsyncTask,
    AudioResult,
    CharacterResult,
    Estimate,
    Failed,
    ImageResult,
    JSONObject,
    JsonResult,
    Kie,
    LyricsResult,
    MidiResult,
    MusicResult,
    Ok,
    Outcome,
    PersonaResult,
    RawRequest,
    Request,
    Result,
    StemsResult,
    Submitted,
    Task,
    TaskRef,
    TaskStatus,
    TextResult,
    TimestampsResult,
    TotalEstimate,
    Track,
    VideoResult,
    VoiceResult,
    catalog,
    compat,
)
from kie.compat import PARAM_RESOLUTION
from kie.constants import DURATION_5SEC, FORMAT_PNG, RATIO_16X9, RESOLUTION_4K
from kie.models import (
    AlephGenerate,
    ElevenlabsTextToDialogueV3,
    FluxKontext,
    Gpt4oImage,
    GrokImagineExtend,
    Kling30Video,
    Kling30VideoShot,
    LumaModify,
    MidjourneyImagine,
    NanoBananaPro,
    OmniAudio,
    OmniCharacter,
    RunwayExtend,
    RunwayGenerate,
    SunoCoverArt,
    SunoExtend,
    SunoGenerate,
    SunoLyrics,
    SunoMidi,
    SunoMusicVideo,
    SunoPersona,
    SunoStyle,
    SunoTimestampedLyrics,
    SunoVocalSeparation,
    SunoWav,
    Veo4K,
    Veo1080p,
    VeoExtend,
    VeoGenerate,
    VoiceGenerate,
    VoiceValidate,
)
from kie.models.image import GoogleImagen4
from kie.webhooks import Receiver, parse, verify

client = Kie("key", http_client=httpx2.Client())
AsyncKie("key", http_client=httpx.AsyncClient())
AsyncKie("key", http_client=httpx2.AsyncClient())
Kie("key", http_client=httpx.Client())
image = client.run(NanoBananaPro(prompt="x", aspect_ratio="16:9", resolution="4K"))
assert_type(image, ImageResult)
assert_type(image.save("out", overwrite=True), list[Path])
assert_type(client.submit(NanoBananaPro(prompt="x")), Task[ImageResult])
assert_type(client.task("id", of=Kling30Video).wait(), VideoResult)
assert_type(client.task("id").wait(), Result)
assert_type(client.run(RawRequest("new/model", {"prompt": "x"})), JsonResult)
assert_type(client.run(NanoBananaPro(prompt="x").unchecked(seed=1)), ImageResult)
assert_type(client.with_options(timeout=5), Kie)
assert_type(client.run("nano-banana-pro", prompt="x", timeout=60), Result)
assert_type(client.run({"model": "nano-banana-pro", "input": {"prompt": "x"}}, timeout=60), Result)
assert_type(client.submit("nano-banana-pro", prompt="x"), Task[Result])
assert_type(client.batch.run([{"model": "nano-banana-pro", "prompt": "x"}]), list[Outcome[Result]])
assert_type(client.check("nano-banana-pro", prompt="x"), JSONObject)
assert_type(client.estimate("nano-banana-pro", prompt="x"), Estimate)
assert_type(client.estimate({"model": "nano-banana-pro", "input": {"prompt": "x"}}), Estimate)
assert_type(client.estimate([NanoBananaPro(prompt="x"), {"model": "x", "input": {}}]), TotalEstimate)
receiver = Receiver(["new", "old"], url="https://example.com/kie", on_status=print, confirm=client)
assert_type(client.run(NanoBananaPro(prompt="x"), via=receiver), ImageResult)
assert_type(client.task("id", of=Kling30Video).wait(via=receiver), VideoResult)
assert_type(parse(verify({"x-webhook-timestamp": "1"}, b"{}", "secret")), TaskStatus)
verify([(b"x-webhook-timestamp", b"1")], b"{}", ["secret"], window=None)
uvicorn.run(receiver.asgi)
make_server("localhost", 80, receiver.wsgi)

NanoBananaPro(prompt="x", image_input=[Path("a.png"), b"...", "https://example.com/a.png"])

NanoBananaPro(prompt="x", image_input=[image, image.assets[0], client.submit(NanoBananaPro(prompt="x")), image.status])


def draw(ratio: NanoBananaPro.AspectRatio, resolution: NanoBananaPro.Resolution | None = None) -> NanoBananaPro:
    return NanoBananaPro(prompt="x", aspect_ratio=ratio, resolution=resolution)


draw("16:9", "4K")
draw(RATIO_16X9, RESOLUTION_4K)
assert_type(NanoBananaPro(prompt="x").output_format, NanoBananaPro.OutputFormat | None)
assert_type(image.assets, tuple[Asset, ...])
assert_type(image.assets[0].read(), bytes)
assert_type(image.assets[0].stream(), Iterator[bytes])
assert_type(image.assets[0].open(), BinaryIO)
assert_type(image.assets[0].pil(), Image.Image)
assert_type(image.save("{id}.{ext}"), list[Path])
assert_type(image.save(io.BytesIO()), list[Path])
assert_type(client.download(image.assets[0]), Path)
assert_type(client.download(list(image.assets)), list[Path])


def paths() -> Iterator[Path]:
    yield Path("a.png")


NanoBananaPro(prompt="x", image_input=paths(), output_format=None)
video = Kling30Video(
    prompt="x",
    duration="5",
    mode="std",
    multi_shots=True,
    multi_prompt=[{"prompt": "a", "duration": 2}, Kling30VideoShot(prompt="b", duration=3)],
    kling_elements=[{"name": "dog", "description": "a dog", "element_input_urls": [Path("dog.png")]}],
)
assert_type(video.multi_prompt, tuple[Kling30VideoShot, ...] | None)
assert_type(ElevenlabsTextToDialogueV3.from_wire({}), ElevenlabsTextToDialogueV3)
GrokImagineExtend(task_id=image, prompt="on", extend_at=0, extend_times="6")
GrokImagineExtend(task_id=client.task("id"), prompt="on", extend_at=0, extend_times="6")

drawing = client.run(FluxKontext(prompt="x", model="flux-kontext-max"))
assert_type(drawing, ImageResult)
assert_type(client.download_url(drawing.assets[0]), str)
assert_type(client.run(MidjourneyImagine(prompt="x")), ImageResult)
assert_type(client.run(Gpt4oImage(size="1:1", prompt="x")), ImageResult)

first = client.run(VeoGenerate(prompt="a lighthouse", model="veo3_fast"))
assert_type(first, VideoResult)
assert_type(first.ref, TaskRef)
longer = client.run(VeoExtend(task_id=first, prompt="the storm comes"))
assert_type(longer, VideoResult)
assert_type(client.run(Veo1080p(task_id=longer)), VideoResult)
assert_type(client.submit(Veo4K(task_id=longer.ref)), Task[VideoResult])
clip = client.submit(RunwayGenerate(prompt="x", duration=5, quality="720p"))
assert_type(clip, Task[VideoResult])
assert_type(client.run(RunwayExtend(task_id=clip, prompt="on", quality="720p")), VideoResult)
assert_type(client.run(AlephGenerate(prompt="x", video_url=first.urls[0])), VideoResult)
assert_type(client.run(LumaModify(prompt="x", video_url=Path("a.mp4"))), VideoResult)

music = client.run(SunoGenerate(prompt="x", custom_mode=False, instrumental=True, model="V5"))
assert_type(music, MusicResult)
assert_type(music.tracks, tuple[Track, ...])
track = music.tracks[0]
assert_type(client.run(SunoExtend(audio_id=track, default_param_flag=False, model="V5")), MusicResult)
stems = client.run(SunoVocalSeparation(task_id=music, audio_id=track))
assert_type(stems, StemsResult)
assert_type(client.run(SunoMidi(task_id=stems)), MidiResult)
assert_type(client.run(SunoWav(task_id=music, audio_id=track)), AudioResult)
assert_type(client.run(SunoMusicVideo(task_id=music, audio_id=track.id)), VideoResult)
assert_type(client.run(SunoCoverArt(task_id=music.ref)), ImageResult)
assert_type(client.run(SunoLyrics(prompt="rain")), LyricsResult)
assert_type(client.run(SunoTimestampedLyrics(task_id=music, audio_id=track)), TimestampsResult)
persona = client.run(SunoPersona(task_id=music, audio_id=track, name="x", description="y"))
assert_type(persona, PersonaResult)
assert_type(client.run(SunoStyle(content="pop")), TextResult)

validated = client.run(VoiceValidate(voice_url=Path("me.mp3"), vocal_start_s=0, vocal_end_s=10))
assert_type(validated, VoiceResult)
assert_type(client.run(VoiceGenerate(task_id=validated, verify_url=Path("sung.mp3"))).voice_id, str | None)
omni_voice = client.run(OmniAudio(audio_id="charon", name="x"))
assert_type(
    client.run(OmniCharacter(descriptions="x", image_urls=[drawing.urls[0]], audio_ids=[omni_voice, "id"])),
    CharacterResult,
)

NanoBananaPro(prompt="x", aspect_ratio=RATIO_16X9, resolution=RESOLUTION_4K, output_format=FORMAT_PNG)
Kling30Video(prompt="x", duration=DURATION_5SEC, mode="std")
assert_type(kie.models.image.GoogleImagen4(prompt="x", aspect_ratio=RATIO_16X9), GoogleImagen4)
assert_type(kie.models.video.Kling30Video(prompt="x", duration="5", mode="std"), Kling30Video)
built = compat.request(NanoBananaPro).prompt("x").aspect_ratio(RATIO_16X9).set(PARAM_RESOLUTION, RESOLUTION_4K).build()
assert_type(built, NanoBananaPro)
assert_type(client.run(built), ImageResult)
assert_type(compat.request("nano-banana-pro").prompt("x").image_input(Path("a.png")).build(), Request[Result])
assert_type(client.run(compat.request("nano-banana-pro").prompt("x").build()), Result)
assert_type(catalog.models(kind="video", accepts="audio", category=catalog.TEXT_TO_VIDEO), tuple[catalog.Model, ...])


def names(result: AnyResult) -> list[str]:
    return [asset.url for asset in result.assets]


async def with_asyncio() -> None:
    async with AsyncKie("key") as other:
        drawn = await other.run(NanoBananaPro(prompt="x"))
        assert_type(drawn, AsyncImageResult)
        assert_type(drawn.assets, tuple[AsyncAsset, ...])
        assert_type(await drawn.assets[0].read(), bytes)
        assert_type([piece async for piece in drawn.assets[0].stream()], list[bytes])
        assert_type(await other.download(list(drawn.assets)), list[Path])
        assert_type(await other.run("nano-banana-pro", prompt="x"), AsyncResult)
        assert_type(drawn.origin_urls, tuple[str, ...])
        assert_type(names(drawn) + names(image), list[str])
        assert_type(await drawn.save("out", overwrite=True), list[Path])
        assert_type(await other.run(NanoBananaPro(prompt="x").unchecked(seed=1)), AsyncImageResult)
        dialogue = ElevenlabsTextToDialogueV3(dialogue=[{"text": "Hi", "voice": "Adam"}])
        assert_type(await other.run(dialogue, timeout=60), AsyncAudioResult)
        song = SunoGenerate(prompt="x", custom_mode=False, instrumental=True, model="V5")
        assert_type(await other.submit(song), AsyncTask[AsyncMusicResult])
        assert_type((await other.run(song)).tracks, tuple[Track, ...])
        assert_type(await other.task("id", of=NanoBananaPro).wait(), AsyncImageResult)
        assert_type(await other.task("id").wait(), AsyncResult)
        await other.submit(GrokImagineExtend(task_id=drawn, prompt="on", extend_at=0, extend_times="6"))
        outcomes = await other.batch.run([NanoBananaPro(prompt="x")])
        assert_type(outcomes, list[Outcome[AsyncImageResult]])
        await asyncio.gather(*(outcome.unwrap().save() for outcome in outcomes))
        async with asyncio.TaskGroup() as group:
            assert_type(group.create_task(drawn.save()), asyncio.Task[list[Path]])


class FrameworkUpload:
    """What Starlette's `UploadFile` shows to type checkers."""

    filename: str | None
    file: BinaryIO

    async def read(self, size: int = -1) -> bytes:
        raise NotImplementedError


class Array:
    """What `numpy.ndarray` shows to type checkers."""

    @property
    def __array_interface__(self) -> dict[str, object]:
        raise NotImplementedError


class Reader:
    def read(self, size: int = -1) -> bytes:
        raise NotImplementedError


def media(upload: FrameworkUpload, array: Array, program: Popen[bytes], connection: socket.socket) -> None:
    assert program.stdout is not None
    NanoBananaPro(
        prompt="x",
        image_input=[
            *("https://example.com/a.png", "data:image/png;base64,", Path("a.png"), client.upload("a")),
            *(b"a", bytearray(b"a"), memoryview(b"a")),
            *(Path("a.png").open("rb"), open("a.png", "rb"), open("a.png", "r+b", buffering=0), io.BytesIO()),
            *(NamedTemporaryFile(), SpooledTemporaryFile(), TemporaryFile(), sys.stdin.buffer),
            *(gzip.open("a.gz"), bz2.open("a.bz2"), lzma.open("a.xz"), urlopen("https://example.com/a.png")),
            *(program.stdout, connection.makefile("rb"), upload, array, Reader()),
            *(Image.new("RGB", (1, 1)), Image.open("a.png"), Image.new("RGB", (1, 1)).convert("L")),
        ],
    )
    client.upload(upload)
    client.upload(array)
    client.upload(Image.new("RGB", (1, 1)))
    client.upload(program.stdout, name="a.png")


assert_type(client.batch.run([NanoBananaPro(prompt="x")]), list[Outcome[ImageResult]])


def judged() -> None:
    for outcome in client.batch.run([NanoBananaPro(prompt="x")]):
        if outcome.ok is True:
            assert_type(outcome.result, ImageResult)
            assert_type(outcome.ref, TaskRef)
        else:
            assert_type(outcome.error, Exception)
        if outcome.error is None:
            assert_type(outcome.result, ImageResult)
        assert_type(outcome.result, ImageResult | None)
        match outcome:
            case Ok(result=result):
                assert_type(result, ImageResult)
            case Failed(error=error):
                assert_type(error, Exception)
    submitted = client.batch.submit([NanoBananaPro(prompt="x")])
    assert_type(submitted, list[Submitted[ImageResult] | Failed[ImageResult]])
    assert_type(client.batch.wait(submitted), list[Outcome[ImageResult]])
