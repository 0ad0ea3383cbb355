"""Library: a small MP4 of a video, on request. May import `_core`, `_io`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from kie._core.errors import ConfigError
from kie._core.numbers import at_least
from kie._core.safe_text import described
from kie._io.content import Unreadable, on_disk, reason_of
from kie._io.media import DEMUXERS, opened
from kie._io.replacing import writing
from kie._library.file_facts import format_and_type
from kie._library.picture import quarter_turns, shown_sides
from kie._library.run import RunFile

MOST_SECONDS = 3600.0
"""Seconds that making a video may take."""
_ENCODERS = ("libx264", "libopenh264")
_RATES = (48_000, 44_100)
"""Samples a second that are kept. Other sound gets the first."""
_FASTEST = 60
"""Frames a second that are told to the encoder at most."""


def make_video(
    file: RunFile, target: Path, *, height: int = 720, progress: Callable[[float], object] | None = None
) -> Path:
    """Make a small MP4 of a video: H.264 and AAC, upright, ready to be played while it loads.

    It takes about as long as a fifth of the video plays at 1080p. The original is read, and never written.

    Args:
        file: The video, on this machine.
        target: The name of the MP4. What has it is replaced when the new one is whole.
        height: Pixels that the shorter side has at most, 16 or more: 720 for 1280 × 720 and for 720 × 1280. It is
            never made larger.
        progress: Is told how much is done, from 0 to 1.

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
        with opened(content, encoding, MOST_SECONDS) as given:
            if not given.streams.video:
                raise Unreadable("it has no pictures")
            with writing(target) as new:
                _Encoding(given, new.path, height, encoder, progress).run()
    except Unreadable as fault:
        raise ConfigError(f"no small video can be made of {source}: {fault}") from fault
    except OSError as fault:
        raise ConfigError(f"the small video {target} cannot be made of {source}: {reason_of(fault)}") from fault
    except Exception as fault:
        raise ConfigError(f"no small video can be made of {source}: {described(fault)}") from fault
    return target


class _Encoding:
    """Decodes a video, and writes it again."""

    def __init__(
        self, given: Any, path: Path, height: int, encoder: str, progress: Callable[[float], object] | None
    ) -> None:
        self._given, self._path, self._height, self._encoder = given, path, height, encoder
        self._progress = progress
        self._graph: Any = None
        self._video: Any = None
        self._audio: Any = None

    def run(self) -> None:
        import av

        pictures, sounds = self._given.streams.video[0], next(iter(self._given.streams.audio), None)
        pictures.thread_type = "AUTO"
        wanted = [stream for stream in (pictures, sounds) if stream is not None]
        where = "file:" + str(self._path.absolute())
        with av.open(where, "w", format="mp4", options={"movflags": "+faststart"}) as made:
            if sounds is not None:
                self._begin_sound(made, sounds)
            for packet in self._given.demux(wanted):
                self._tell(packet)
                for frame in packet.decode():
                    if packet.stream is sounds:
                        made.mux(self._audio.encode(frame))
                    else:
                        self._add(made, frame, pictures)
            if self._video is None:
                raise Unreadable("it has no frame that can be decoded")
            self._push(made, None)
            made.mux(self._video.encode(None))
            if self._audio is not None:
                made.mux(self._audio.encode(None))
        if self._progress is not None:
            self._progress(1.0)

    def _begin_sound(self, made: Any, sounds: Any) -> None:
        rate = sounds.rate if sounds.rate in _RATES else _RATES[0]
        mono = (
            sounds.codec_context.layout.nb_channels == 1
            if hasattr(sounds.codec_context.layout, "nb_channels")
            else sounds.channels == 1
        )
        self._audio = made.add_stream("aac", rate=rate, layout="mono" if mono else "stereo")
        self._audio.bit_rate = 128_000

    def _add(self, made: Any, frame: Any, pictures: Any) -> None:
        if self._video is None:
            self._begin_pictures(made, frame, pictures)
        self._push(made, frame)

    def _begin_pictures(self, made: Any, frame: Any, pictures: Any) -> None:
        """What is written is decided by the first frame: it says how the video is turned."""
        width, height = shown_sides(pictures)
        turns = quarter_turns(frame)
        scale = min(1.0, self._height / min(width, height))
        width, height = (max(2, round(length * scale / 2) * 2) for length in (width, height))
        self._graph = _graph(pictures, f"{width}:{height}", turns)
        rate = min(Fraction(pictures.average_rate or 30), Fraction(_FASTEST))
        self._video = made.add_stream(self._encoder, rate=rate)
        self._video.width, self._video.height = (height, width) if turns % 2 else (width, height)
        self._video.pix_fmt = "yuv420p"
        self._video.codec_context.time_base = pictures.time_base
        self._video.options = {"preset": "veryfast", "crf": "23"}

    def _push(self, made: Any, frame: Any) -> None:
        from av.error import BlockingIOError as NotYet
        from av.error import EOFError as Ended

        self._graph.push(frame)
        while True:
            try:
                ready = self._graph.pull()
            except (NotYet, Ended):
                return
            ready.pict_type = 0
            made.mux(self._video.encode(ready))

    def _tell(self, packet: Any) -> None:
        duration = self._given.duration
        if self._progress is not None and duration and packet.pts is not None:
            self._progress(min(1.0, max(0.0, float(packet.pts * packet.time_base) * 1_000_000 / duration)))


def _graph(pictures: Any, size: str, turns: int) -> Any:
    """Makes frames smaller, of square pixels, and upright."""
    import av.filter

    steps = [("scale", f"{size}:flags=bicubic"), ("setsar", "1"), ("format", "yuv420p")]
    steps += [("transpose", "clock")] * (turns % 2) + [("hflip", ""), ("vflip", "")] * (turns // 2)
    graph = av.filter.Graph()
    nodes = [graph.add_buffer(template=pictures)]
    nodes += [graph.add(name, arguments) if arguments else graph.add(name) for name, arguments in steps]
    nodes.append(graph.add("buffersink"))
    for one, other in pairwise(nodes):
        one.link_to(other)
    graph.configure()
    return graph
