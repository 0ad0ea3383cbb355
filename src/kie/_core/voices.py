"""Core: voices and characters, which are made once and named in later requests. May import only `_core`."""

from __future__ import annotations

from kie._core.assets import AsyncSaver
from kie._core.results import AnyResult, AsyncResult, Result, content, picked, text_of


class _Voice(AnyResult):
    kind = "voice"

    @property
    def voice_id(self) -> str | None:
        """The voice's id, once there is one."""
        return text_of(picked(content(self.data), "voiceId", "voice_id", "audioId", "kieAudioId"))

    @property
    def phrase(self) -> str | None:
        """What has to be sung to show whose voice it is, after `VoiceValidate`."""
        return text_of(picked(content(self.data), "validateInfo", "validate_info"))

    @property
    def available(self) -> bool | None:
        """Whether the voice can be used, after `VoiceCheck`."""
        found = picked(content(self.data), "isAvailable", "is_available")
        return found if isinstance(found, bool) else None

    @property
    def name(self) -> str | None:
        """The name that it was given."""
        return text_of(picked(content(self.data), "name", "voiceName"))

    def part_id(self, part: str) -> str | None:
        """Its id, for a request that builds on it.

        Args:
            part: What the request asks for.

        Returns:
            The id if that is a `voice`; None for anything else.
        """
        return self.voice_id if part == "voice" else None


class VoiceResult(_Voice, Result):
    """A step in creating a custom voice, or the voice itself."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncVoiceResult:
        return AsyncVoiceResult(status=self.status, saver=saver)


class AsyncVoiceResult(_Voice, AsyncResult):
    """A step in creating a custom voice, or the voice itself."""


class _Character(AnyResult):
    kind = "character"

    @property
    def character_id(self) -> str:
        """Its id."""
        return text_of(picked(content(self.data), "characterId", "character_id")) or ""

    @property
    def name(self) -> str | None:
        """The name that it was given."""
        return text_of(picked(content(self.data), "characterName", "character_name"))

    @property
    def image_url(self) -> str | None:
        """How it looks."""
        return text_of(picked(content(self.data), "imageUrl", "image_url"))

    def part_id(self, part: str) -> str | None:
        """Its id, for a request that builds on it.

        Args:
            part: What the request asks for.

        Returns:
            The id if that is a `character`; None for anything else.
        """
        return self.character_id if part == "character" else None


class CharacterResult(_Character, Result):
    """A character for use in later videos."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncCharacterResult:
        return AsyncCharacterResult(status=self.status, saver=saver)


class AsyncCharacterResult(_Character, AsyncResult):
    """A character for use in later videos."""
