"""Core: results of Suno's tasks: tracks, lyrics, stems, notes. May import only `_core`."""

from __future__ import annotations

import attrs

from kie._core.assets import AnyAsset, AsyncSaver
from kie._core.json import JSON
from kie._core.results import (
    AnyResult,
    AsyncResult,
    Result,
    content,
    number_of,
    objects_of,
    picked,
    text_of,
)
from kie._core.tasks import TaskRef


@attrs.frozen(kw_only=True)
class Track:
    """One track of a piece of music. A request accepts it wherever it takes a track, or the task that made it."""

    id: str
    """Suno's id of the track."""
    ref: TaskRef
    """The task that made the track."""
    title: str | None = None
    """The title, once there is one."""
    lyrics: str | None = None
    """The lyrics, or the prompt of a track without any."""
    tags: str | None = None
    """The style, in the service's words."""
    duration: float | None = None
    """Length in seconds, once it is known."""
    model: str | None = None
    """Suno's name of the model that made the track."""
    audio_url: str | None = None
    """The URL of the finished track; None until then."""
    stream_url: str | None = None
    """A URL that plays the track while it is being made."""
    cover_url: str | None = None
    """The URL of the cover image, once there is one."""

    def _files(self) -> tuple[AnyAsset, ...]:
        """The finished track, as the value of a media field."""
        return (AnyAsset(self.audio_url, 0, "audio", self.ref),) if self.audio_url else ()

    def part_id(self, part: str) -> str | None:
        """Its id, for a request that builds on it.

        Args:
            part: What the request asks for.

        Returns:
            The id if that is a `track`; None for anything else.
        """
        return self.id if part == "track" else None


class _Music(AnyResult):
    kind = "audio"

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks, in the service's order; of a task still at work, those begun so far."""
        return tuple(
            Track(
                id=text_of(picked(item, "id", "audioId", "audio_id")) or "",
                ref=self.ref,
                title=text_of(picked(item, "title")),
                lyrics=text_of(picked(item, "prompt", "lyrics")),
                tags=text_of(picked(item, "tags")),
                duration=number_of(picked(item, "duration")),
                model=text_of(picked(item, "modelName", "model_name")),
                audio_url=text_of(picked(item, "audioUrl", "audio_url")),
                stream_url=text_of(picked(item, "streamAudioUrl", "stream_audio_url")),
                cover_url=text_of(picked(item, "imageUrl", "image_url")),
            )
            for item in objects_of(content(self.data))
        )


class MusicResult(_Music, Result):
    """A piece of music: usually two tracks."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncMusicResult:
        return AsyncMusicResult(status=self.status, saver=saver)


class AsyncMusicResult(_Music, AsyncResult):
    """A piece of music: usually two tracks."""


@attrs.frozen(kw_only=True)
class Lyrics:
    """One version of the lyrics."""

    title: str | None
    """The title, if the version has one."""
    text: str
    """The lyrics; empty if the service could not write them."""
    error: str | None = None
    """Why there is no text; None if there is some."""


class _Lyrics(AnyResult):
    kind = "text"

    @property
    def lyrics(self) -> tuple[Lyrics, ...]:
        """The versions, in the service's order."""
        return tuple(
            Lyrics(
                title=text_of(picked(item, "title")),
                text=text_of(picked(item, "text")) or "",
                error=text_of(picked(item, "errorMessage", "error_message")),
            )
            for item in objects_of(content(self.data))
        )


class LyricsResult(_Lyrics, Result):
    """Lyrics, in several versions."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncLyricsResult:
        return AsyncLyricsResult(status=self.status, saver=saver)


class AsyncLyricsResult(_Lyrics, AsyncResult):
    """Lyrics, in several versions."""


class _Stems(AnyResult):
    kind = "audio"

    @property
    def stems(self) -> dict[str, str]:
        """The URL of each part by its name, such as `vocal`, `instrumental`, `drums` or `backing_vocals`."""
        found: dict[str, str] = {}
        held = content(self.data)
        for name, value in (held if isinstance(held, dict) else {}).items():
            for ending in ("Url", "_url"):
                if name.endswith(ending) and isinstance(value, str) and value:
                    found[_snake(name.removesuffix(ending))] = value
        found.pop("origin", None)  # the track that was split
        return found or self._listed("audio_url")

    @property
    def ids(self) -> dict[str, str]:
        """The id of each part by the service's name in small letters: `vocals`, `drums` …; `SunoMidi` takes one.

        A callback has none: poll the task for them.
        """
        return self._listed("id")

    def _listed(self, field: str) -> dict[str, str]:
        listed = ((item, text_of(picked(item, field))) for item in objects_of(picked(content(self.data), "originData")))
        return {(text_of(picked(item, "stem_type_group_name")) or "").lower(): text for item, text in listed if text}


class StemsResult(_Stems, Result):
    """The parts of a track, each in a file of its own."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncStemsResult:
        return AsyncStemsResult(status=self.status, saver=saver)


class AsyncStemsResult(_Stems, AsyncResult):
    """The parts of a track, each in a file of its own."""


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@attrs.frozen(kw_only=True)
class Note:
    """One note."""

    pitch: int
    """The pitch as in MIDI, where 60 is middle C."""
    start: float
    """When the note starts, in seconds."""
    end: float
    """When the note ends, in seconds."""
    velocity: float
    """How hard the note is struck, from 0 to 1."""


@attrs.frozen(kw_only=True)
class Instrument:
    """The notes that one instrument plays."""

    name: str
    """The instrument, in the service's word."""
    notes: tuple[Note, ...] = attrs.field(repr=False)
    """The notes, in the service's order."""


class _Midi(AnyResult):
    kind = "notes"

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments, in the service's order."""
        return tuple(
            Instrument(name=text_of(picked(item, "name")) or "", notes=tuple(map(_note, objects_of(item.get("notes")))))
            for item in objects_of(picked(content(self.data), "instruments"))
        )


class MidiResult(_Midi, Result):
    """The notes of a track. There is no file: the service returns the notes themselves."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncMidiResult:
        return AsyncMidiResult(status=self.status, saver=saver)


class AsyncMidiResult(_Midi, AsyncResult):
    """The notes of a track. There is no file: the service returns the notes themselves."""


def _note(item: JSON) -> Note:
    return Note(
        pitch=int(number_of(picked(item, "pitch")) or 0),
        start=number_of(picked(item, "start")) or 0.0,
        end=number_of(picked(item, "end")) or 0.0,
        velocity=number_of(picked(item, "velocity")) or 0.0,
    )


@attrs.frozen(kw_only=True)
class Word:
    """One word of the lyrics."""

    text: str
    """The word."""
    start: float | None
    """When the word starts, in seconds."""
    end: float | None
    """When the word ends, in seconds."""


class _Timestamps(AnyResult):
    kind = "text"

    @property
    def words(self) -> tuple[Word, ...]:
        """The words, in the order in which they are sung."""
        return tuple(
            Word(
                text=text_of(picked(item, "word")) or "",
                start=number_of(picked(item, "startS", "start_s")),
                end=number_of(picked(item, "endS", "end_s")),
            )
            for item in objects_of(picked(content(self.data), "alignedWords", "aligned_words"))
        )

    @property
    def waveform(self) -> tuple[float, ...]:
        """The loudness over time, for drawing."""
        values = picked(content(self.data), "waveformData", "waveform_data")
        numbers = map(number_of, values if isinstance(values, list) else [])
        return tuple(number for number in numbers if number is not None)


class TimestampsResult(_Timestamps, Result):
    """When each word of the lyrics is sung."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncTimestampsResult:
        return AsyncTimestampsResult(status=self.status, saver=saver)


class AsyncTimestampsResult(_Timestamps, AsyncResult):
    """When each word of the lyrics is sung."""


class _Persona(AnyResult):
    kind = "persona"

    @property
    def persona_id(self) -> str:
        """Its id."""
        return text_of(picked(content(self.data), "personaId", "persona_id")) or ""

    @property
    def name(self) -> str | None:
        """The name that it was given."""
        return text_of(picked(content(self.data), "name"))

    @property
    def description(self) -> str | None:
        """What it was said to be."""
        return text_of(picked(content(self.data), "description"))

    def part_id(self, part: str) -> str | None:
        """Its id, for a request that builds on it.

        Args:
            part: What the request asks for.

        Returns:
            The id if that is a `persona`; None for anything else.
        """
        return self.persona_id if part == "persona" else None


class PersonaResult(_Persona, Result):
    """A persona: the style and voice of a track, for use in later tracks."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncPersonaResult:
        return AsyncPersonaResult(status=self.status, saver=saver)


class AsyncPersonaResult(_Persona, AsyncResult):
    """A persona: the style and voice of a track, for use in later tracks."""


class _Text(AnyResult):
    kind = "text"

    @property
    def text(self) -> str:
        """The text itself."""
        held = content(self.data)
        return text_of(held) or text_of(picked(held, "result", "text", "content")) or ""


class TextResult(_Text, Result):
    """A text."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncTextResult:
        return AsyncTextResult(status=self.status, saver=saver)


class AsyncTextResult(_Text, AsyncResult):
    """A text."""
