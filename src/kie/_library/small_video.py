"""Library: a small MP4 of a video, on request. May import `_core`, `_io`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import at_least
from kie._core.safe_text import described
from kie._io.content import Unreadable, on_disk, reason_of
from kie._io.local_media import DEMUXERS, opened
from kie._io.replacing import writing
from kie._library.file_facts import format_and_type
from kie._library.picture import quarter_turns, shown_sides
from kie._library.run import Run, RunFile

MOST_SECONDS = 3600.0
"""Seconds that making a video may take."""
_ENCODERS = ("libx264", "libopenh264")
_RATES = (48_000, 44_100)
"""Samples a second that are kept. Other sound gets the first."""
_FASTEST = 60
"""Frames a second that are told to the encoder at most."""


def small_videos(
    run: Run, *, height: int, progress: Callable[[float], object] | None, scratch: Path | None
) -> dict[int, str]:
    """Make a small MP4 of each video of a run, and say which output has which. Raises `ConfigError`."""
    videos = [file for file in run.outputs if file.kind == "video"]
    if not videos:
        raise ConfigError(f"run {run.id} made no video")
    made = {}
    for file in videos:
        name = f"web/{file.index}.mp4"
        target = run.folder / name
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as fault:
            raise ConfigError(f"the folder of run {run.id} cannot be written: {reason_of(fault)}") from fault
        make_video(file, target, height=height, progress=progress, scratch=scratch)
        made[file.index] = name
    return made


def make_video(
    file: RunFile,
    target: Path,
    *,
    height: int = 720,
    progress: Callable[[float], object] | None = None,
    scratch: Path | None = None,
) -> Path:
    """Make a small MP4 of a video: H.264 and AAC, upright, ready to be played while it loads.

    It takes seconds, and all cores. The original is read, and never written.

    Args:
        file: The video, on this machine.
        target: The name of the MP4. What has it is replaced when the new one is whole.
        height: Pixels that the shorter side has at most, 16 or more: 720 for 1280 × 720 and for 720 × 1280. It is
            never made larger.
        progress: Is told how much is done, from 0 to 1.
        scratch: Where the MP4 is until it is whole, on the same file system; beside the target if absent.

    Returns:
        The path of the MP4.

    Raises:
        ConfigError: The extra `media` or an encoder is missing, the file is not a video or not here, it cannot be
            decoded, or the MP4 cannot be written.
    """
    at_least("height", height, 16)
    try:
        import av
    except ImportError:
        raise ConfigError("a small video needs PyAV: pip install 'kie[media]'") from None
    encoder = next((name for name in _ENCODERS if name in av.codecs_available), None)
    if encoder is None or "aac" not in av.codecs_available:
        raise ConfigError(
            f"PyAV {av.__version__} was built without an encoder for H.264 and AAC: install it from PyPI, "
            "pip install --force-reinstall --only-binary av av"
        )
    source = Path(file)
    try:
        content = on_disk(str(source), source.name)
        encoding, mime = format_and_type(content, source)
        if encoding not in DEMUXERS or not mime.startswith("video/"):
            raise Unreadable("it is not a video")
        with opened(content, encoding) as given:
            turns = _turns(given)
        with opened(content, encoding, MOST_SECONDS) as given, writing(target, scratch=scratch) as new:
            _encode(given, new.path, _Measures.of(given.streams.video[0], height, turns), encoder, progress)
    except Unreadable as fault:
        raise ConfigError(f"no small video can be made of {source}: {fault}") from fault
    except OSError as fault:
        raise ConfigError(f"the small video {target} cannot be made of {source}: {reason_of(fault)}") from fault
    except Exception as fault:
        raise ConfigError(f"no small video can be made of {source}: {described(fault)}") from fault
    return target


def _turns(given: Any) -> int:
    """How often the pictures have to be turned. The first of them says so. Raises `Unreadable`."""
    first = next(given.decode(given.streams.video[0]), None) if given.streams.video else None
    if first is None:
        raise Unreadable("it has no frame that can be decoded")
    return quarter_turns(first)


@attrs.frozen
class _Measures:
    """The even sides of the pictures before and after they are turned to the right, and how often they are."""

    before: tuple[int, int]
    after: tuple[int, int]
    turns: int

    @staticmethod
    def of(pictures: Any, height: int, turns: int) -> _Measures:
        sides = shown_sides(pictures)
        scale = min(1.0, height / min(sides))
        wide, high = (max(2, round(length * scale / 2) * 2) for length in sides)
        return _Measures((wide, high), (high, wide) if turns % 2 else (wide, high), turns)


def _encode(
    given: Any, path: Path, measures: _Measures, encoder: str, progress: Callable[[float], object] | None
) -> None:
    """Decode everything, and write it again."""
    import av

    pictures, sounds = given.streams.video[0], next(iter(given.streams.audio), None)
    pictures.thread_type = "AUTO"
    where = f"file:{path.absolute()}"
    with av.open(where, "w", format="mp4", options={"movflags": "+faststart"}) as made:
        video = _video(made, pictures, measures, encoder)
        audio = None if sounds is None else _audio(made, sounds)
        graph = _graph(pictures, measures)
        for packet in given.demux([stream for stream in (pictures, sounds) if stream is not None]):
            if progress is not None and given.duration and packet.pts is not None:
                seconds = float(packet.pts * packet.time_base)
                progress(min(1.0, max(0.0, seconds * av.time_base / given.duration)))
            for frame in packet.decode():
                if audio is not None and packet.stream is sounds:
                    made.mux(audio.encode(frame))
                else:
                    graph.push(frame)
                    made.mux(_encoded(graph, video))
        graph.push(None)
        made.mux(_encoded(graph, video))
        for stream in (video, audio):
            made.mux([] if stream is None else stream.encode(None))
    if progress is not None:
        progress(1.0)


def _video(made: Any, pictures: Any, measures: _Measures, encoder: str) -> Any:
    rate = min(Fraction(pictures.average_rate or 30), Fraction(_FASTEST))
    video = made.add_stream(encoder, rate=rate, options={"preset": "veryfast", "crf": "23"})
    video.width, video.height = measures.after
    video.pix_fmt = "yuv420p"
    video.codec_context.time_base = pictures.time_base  # each picture keeps its time
    return video


def _audio(made: Any, sounds: Any) -> Any:
    rate = sounds.rate if sounds.rate in _RATES else _RATES[0]
    audio = made.add_stream("aac", rate=rate, layout="mono" if sounds.channels == 1 else "stereo")
    audio.bit_rate = 128_000
    return audio


def _encoded(graph: Any, video: Any) -> list[Any]:
    """The packets of the pictures that are ready."""
    from av.error import BlockingIOError as NotYet
    from av.error import EOFError as Ended

    packets: list[Any] = []
    with suppress(NotYet, Ended):
        while True:
            picture = graph.pull()
            picture.pict_type = 0  # the encoder decides which one stands alone
            packets += video.encode(picture)
    return packets


def _graph(pictures: Any, measures: _Measures) -> Any:
    """Makes pictures smaller, of square pixels, and upright."""
    import av.filter

    wide, high = measures.before
    steps = [("scale", f"{wide}:{high}:flags=bicubic"), ("setsar", "1"), ("format", "yuv420p")]
    steps += [("transpose", "clock")] * (measures.turns % 2) + [("hflip", ""), ("vflip", "")] * (measures.turns // 2)
    graph = av.filter.Graph()
    nodes: list[Any] = [graph.add_buffer(template=pictures)]
    nodes += [graph.add(name, arguments) if arguments else graph.add(name) for name, arguments in steps]
    nodes.append(graph.add("buffersink"))
    for one, other in pairwise(nodes):
        one.link_to(other)
    graph.configure()
    return graph
