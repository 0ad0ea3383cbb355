"""suno/vocal-separation: the request class, compiled from openapi/models/suno/vocal-separation.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import StemsResult
else:
    StemsResult = later("kie._core.music", "StemsResult")


@attrs.frozen(kw_only=True, repr=False)
class SunoVocalSeparation(Request[StemsResult]):
    """Suno, for taking a track or a recording apart: voice and accompaniment, all instruments, or one instrument.
    Every call is charged, repeats too; the three kinds have different prices.

    Model `suno/vocal-separation` by Suno: stems.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/separate-vocals.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/separate-vocals` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. Together with `audio_id`; leave
            `audio_url` out.
        audio_id: The track of that task, as one of `result.tracks` or its id.
        audio_url: A recording of yours instead of an earlier track. Leave `task_id` and `audio_id` out. Up to
            20 MB. A URL or local media.
        type: `separate_vocal` gives voice and accompaniment, `split_stem` a stem for each group of instruments
            (the dearest), `split_stem_advanced` the one stem that `stem_name` says. Default: "separate_vocal".
        stem_name: The instrument or voice to take out. Needed for `split_stem_advanced`, and for no other type.

    Rules:
        Either `task_id` and `audio_id`, or `audio_url` alone is needed.
        `stem_name` is needed when `type` is split_stem_advanced.
        `type` must be split_stem_advanced when `stem_name` is given.
    """

    info = ModelInfo(
        slug="suno_vocal_separation",
        package="kie_models",
        lifecycle="suno-vocals",
        result="stems",
        captured="2026-08-19",
        id="suno/vocal-separation",
        operation="separateVocals",
        status="superseded",
        successors=("ai-music-api/separate-vocals",),
    )

    task_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. Together with `audio_id`; leave `audio_url` out."""
    audio_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "audioId"})
    """The track of that task, as one of `result.tracks` or its id."""
    audio_url: Media | None = attrs.field(default=None, metadata={"wire": "audioUrl"})
    """A recording of yours instead of an earlier track. Leave `task_id` and `audio_id` out. Up to 20 MB. A URL or
    local media."""
    type: Literal["separate_vocal", "split_stem", "split_stem_advanced"] | None = "separate_vocal"
    """`separate_vocal` gives voice and accompaniment, `split_stem` a stem for each group of instruments (the dearest),
    `split_stem_advanced` the one stem that `stem_name` says. Default: "separate_vocal"."""
    stem_name: (
        Literal[
            "Lead Vocal",
            "Drum Kit",
            "Kick",
            "Snare",
            "Risers",
            "Bass",
            "Backing Vocals",
            "Piano",
            "Electric Guitar",
            "Percussion",
            "String Section",
            "Synth",
            "Acoustic Guitar",
            "Sound Effects",
            "Synth Pad",
            "Synth Bass",
            "Guitar",
            "Brass Section",
            "Organ",
            "Electronic Drum Kit",
            "Lead Electric Guitar",
            "Synth Keys",
            "Rhythm Electric Guitar",
            "Electric Piano",
            "Upright Bass",
            "Keyboards",
            "Distorted Electric Guitar",
            "Synth Strings",
            "Synth Lead",
            "Woodwinds",
            "Rhythm Acoustic Guitar",
            "Flute",
            "Harp",
            "Tambourine",
            "Trumpet",
            "Arpeggiator",
            "Accordion",
            "Fiddle",
            "Pedal Steel Guitar",
            "Synth Voice",
            "Violin",
            "Digital Piano",
            "Synth Brass",
            "Mandolin",
            "Choir",
            "Banjo",
            "Bells",
            "Clarinet",
            "Tenor Saxophone",
            "Trombone",
            "Shaker",
            "French Horn",
            "Glockenspiel",
            "Electric Bass",
            "Cello",
            "Timpani",
            "Harmonica",
            "Marimba",
            "Vibraphone",
            "Lap Steel Guitar",
            "Saxophone",
            "Orchestra",
            "Horns",
            "Cymbals",
            "Hand Clap",
            "Oboe",
            "Celesta",
            "Congas",
            "Drone",
            "Alto Saxophone",
            "Double Bass",
            "Ukulele",
            "Harpsichord",
            "Baritone Saxophone",
            "Xylophone",
            "Tuba",
            "Bass Guitar",
            "Whistle",
            "Lead Guitar",
            "Rhodes",
            "808",
            "Bongos",
            "Bassoon",
            "Cowbell",
            "Viola",
            "Sitar",
            "Steel Drums",
            "Piccolo",
            "Theremin",
            "Bagpipes",
            "Hi-Hat",
            "Music Box",
            "Melodica",
            "Tabla",
            "Koto",
            "Djembe",
            "Taiko",
            "Didgeridoo",
        ]
        | None
    ) = attrs.field(default=None, metadata={"wire": "stemName"})
    """The instrument or voice to take out. Needed for `split_stem_advanced`, and for no other type."""

    if TYPE_CHECKING:
        Type = Literal["separate_vocal", "split_stem", "split_stem_advanced"]
        StemName = Literal[
            "Lead Vocal",
            "Drum Kit",
            "Kick",
            "Snare",
            "Risers",
            "Bass",
            "Backing Vocals",
            "Piano",
            "Electric Guitar",
            "Percussion",
            "String Section",
            "Synth",
            "Acoustic Guitar",
            "Sound Effects",
            "Synth Pad",
            "Synth Bass",
            "Guitar",
            "Brass Section",
            "Organ",
            "Electronic Drum Kit",
            "Lead Electric Guitar",
            "Synth Keys",
            "Rhythm Electric Guitar",
            "Electric Piano",
            "Upright Bass",
            "Keyboards",
            "Distorted Electric Guitar",
            "Synth Strings",
            "Synth Lead",
            "Woodwinds",
            "Rhythm Acoustic Guitar",
            "Flute",
            "Harp",
            "Tambourine",
            "Trumpet",
            "Arpeggiator",
            "Accordion",
            "Fiddle",
            "Pedal Steel Guitar",
            "Synth Voice",
            "Violin",
            "Digital Piano",
            "Synth Brass",
            "Mandolin",
            "Choir",
            "Banjo",
            "Bells",
            "Clarinet",
            "Tenor Saxophone",
            "Trombone",
            "Shaker",
            "French Horn",
            "Glockenspiel",
            "Electric Bass",
            "Cello",
            "Timpani",
            "Harmonica",
            "Marimba",
            "Vibraphone",
            "Lap Steel Guitar",
            "Saxophone",
            "Orchestra",
            "Horns",
            "Cymbals",
            "Hand Clap",
            "Oboe",
            "Celesta",
            "Congas",
            "Drone",
            "Alto Saxophone",
            "Double Bass",
            "Ukulele",
            "Harpsichord",
            "Baritone Saxophone",
            "Xylophone",
            "Tuba",
            "Bass Guitar",
            "Whistle",
            "Lead Guitar",
            "Rhodes",
            "808",
            "Bongos",
            "Bassoon",
            "Cowbell",
            "Viola",
            "Sitar",
            "Steel Drums",
            "Piccolo",
            "Theremin",
            "Bagpipes",
            "Hi-Hat",
            "Music Box",
            "Melodica",
            "Tabla",
            "Koto",
            "Djembe",
            "Taiko",
            "Didgeridoo",
        ]
