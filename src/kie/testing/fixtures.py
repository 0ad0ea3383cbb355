"""Testing: loose requests with the states of their plans, for tests of programs that take loose input.

Each is input that somebody might pass to `client.plan`, with the state of its plan. Use them to test what your program
does in each of the five states, without inventing requests. Planning sends nothing, and the media need not exist. May
import everything below.

::

    from kie.testing import fixtures, virtual_kie

    client, service, clock = virtual_kie()
    for fixture in fixtures.REQUESTS.values():
        plan = fixture.plan(client)           # client.plan(fixture.model, **fixture.arguments)
        assert plan.state == fixture.state
        show(plan)                            # your program
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast

import attrs

from kie._client import Kie
from kie.plans import Plan

__all__ = ["REQUESTS", "RequestFixture", "get"]

_START, _END = "https://example.com/start.png", "https://example.com/end.png"
_MOVES, _VOICE = "https://example.com/moves.mp4", "https://example.com/voice.mp3"


def _frozen(arguments: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType({**arguments})


@attrs.frozen(kw_only=True)
class RequestFixture:
    """A loose request, and what its plan must say."""

    name: str
    """Its name."""
    about: str
    """What is special about it."""
    model: str
    """The name of a family or model, as it was typed."""
    arguments: Mapping[str, object] = attrs.field(converter=_frozen)
    """The other arguments of `client.plan`."""
    state: str
    """The state of the plan: `ready`, `ready_with_defaults`, `ready_with_warning`, `needs_input` or `invalid`."""
    chosen: str | None
    """The id of the model that was chosen; None if the plan leaves a choice, or there is none."""

    def plan(self, client: Kie) -> Plan:
        """Make the plan. Nothing is sent.

        Args:
            client: Any client.

        Returns:
            The plan, whose state is `state`.
        """
        return client.plan(self.model, **cast("dict[str, Any]", self.arguments))


def _of_kie_api() -> tuple[RequestFixture, ...]:
    """The seven of the kie-api client, by the names that they have there."""
    return (
        RequestFixture(
            name="nano_banana_pro_cinematic_edit",
            about="an edit of an image with every field given",
            model="nano-banana-pro",
            arguments={
                "prompt": "Turn the scene into a still of a film, with light from the side",
                "images": [_START],
                "aspect_ratio": "16:9",
                "resolution": "2K",
                "output_format": "png",
            },
            state="ready",
            chosen="nano-banana-pro",
        ),
        RequestFixture(
            name="nano_banana_2_square_ad",
            about="an image from a prompt, with every field that has a default given",
            model="nano-banana-2",
            arguments={
                "prompt": "An advertisement for a bakery, with its name in large letters",
                "aspect_ratio": "1:1",
                "resolution": "1K",
                "output_format": "png",
            },
            state="ready",
            chosen="nano-banana-2",
        ),
        RequestFixture(
            name="kling_3_image_to_video_5s",
            about="an image without a stated role",
            model="kling-3.0-i2v",
            arguments={
                "prompt": "A cinematic reveal",
                "images": [_START],
                "duration": 5,
                "mode": "std",
                "sound": False,
            },
            state="ready_with_warning",
            chosen="kling-3.0/video",
        ),
        RequestFixture(
            name="kling_3_first_last_frames_5s",
            about="two images without stated roles",
            model="kling-3.0",
            arguments={
                "prompt": "The door opens and the light comes in",
                "images": [_START, _END],
                "duration": "5s",
                "mode": "std",
            },
            state="ready_with_warning",
            chosen="kling-3.0/video",
        ),
        RequestFixture(
            name="kling_3_motion_complete",
            about="an image and the video whose motion it takes over, with every field given",
            model="kling-3.0-motion",
            arguments={
                "prompt": "A dancer on a stage",
                "images": [_START],
                "videos": [_MOVES],
                "mode": "720p",
                "character_orientation": "video",
                "background_source": "input_video",
            },
            state="ready",
            chosen="kling-3.0/motion-control",
        ),
        RequestFixture(
            name="kling_3_motion_missing_video",
            about="motion control without the video",
            model="kling-3.0-motion",
            arguments={"prompt": "A dancer on a stage", "images": [_START], "mode": "720p"},
            state="needs_input",
            chosen="kling-3.0/motion-control",
        ),
        RequestFixture(
            name="kling_3_pro_audio_15s",
            about="a long video with sound, whose shape is left to the default",
            model="kling-3.0-t2v",
            arguments={"prompt": "A storm over the harbour", "duration": 15, "mode": "pro", "sound": "yes"},
            state="ready_with_defaults",
            chosen="kling-3.0/video",
        ),
    )


def _further() -> tuple[RequestFixture, ...]:
    return (
        RequestFixture(
            name="seedance_2_first_and_last_frame",
            about="two images with stated roles",
            model="Seedance 2.0",
            arguments={
                "prompt": "The tide comes in",
                "images": {"first_frame": _START, "last_frame": _END},
                "resolution": "720P",
                "aspect_ratio": "16x9",
                "duration": "5 s",
                "generate_audio": "no",
            },
            state="ready",
            chosen="bytedance/seedance-2",
        ),
        RequestFixture(
            name="wan_2_7_image_left_open",
            about="one image, which one model begins with and another one takes as a reference",
            model="wan 2.7",
            arguments={"prompt": "The boat leaves the harbour", "images": [_START]},
            state="needs_input",
            chosen=None,
        ),
        RequestFixture(
            name="flux_2_tier_left_open",
            about="tiers with different prices, between which a plan does not choose",
            model="FLUX.2",
            arguments={"prompt": "A lighthouse"},
            state="needs_input",
            chosen=None,
        ),
        RequestFixture(
            name="kling_3_mode_left_open",
            about="a required field that decides the price",
            model="kling 3.0",
            arguments={"prompt": "A lighthouse", "duration": 5},
            state="needs_input",
            chosen="kling-3.0/video",
        ),
        RequestFixture(
            name="avatar_speaks",
            about="an image and a recording, with the tier in the name",
            model="kling ai avatar pro",
            arguments={"prompt": "She smiles", "images": [_START], "audios": [_VOICE]},
            state="ready",
            chosen="kling/ai-avatar-pro",
        ),
        RequestFixture(
            name="kling_2_6_three_images",
            about="more images than any member of the family takes",
            model="kling-2.6",
            arguments={"prompt": "A reveal", "images": [_START, _END, _START], "sound": False},
            state="invalid",
            chosen=None,
        ),
        RequestFixture(
            name="seedance_2_contradictory_roles",
            about="a first frame and a reference, which the model does not take together",
            model="seedance-2.0",
            arguments={"prompt": "The tide comes in", "images": {"first_frame": _START, "reference": _END}},
            state="invalid",
            chosen=None,
        ),
        RequestFixture(
            name="nano_banana_2_unknown_task_mode",
            about="a task mode that the model does not have",
            model="nano-banana-2",
            arguments={"prompt": "A lighthouse", "task_mode": "upscale"},
            state="invalid",
            chosen=None,
        ),
        RequestFixture(
            name="nano_banana_pro_no_such_resolution",
            about="a value that the field does not take",
            model="nano-banana-pro",
            arguments={"prompt": "A lighthouse", "resolution": "9K"},
            state="invalid",
            chosen="nano-banana-pro",
        ),
    )


REQUESTS: Final[Mapping[str, RequestFixture]] = MappingProxyType(
    {fixture.name: fixture for fixture in (*_of_kie_api(), *_further())}
)
"""All of them, by their names. The first seven have the same names and meanings as in the kie-api client."""


def get(name: str) -> RequestFixture:
    """Get a loose request by its name.

    Args:
        name: The name, such as `kling_3_motion_missing_video`.

    Returns:
        The request with what is expected of it.

    Raises:
        KeyError: None has this name; the text lists all.
    """
    if name not in REQUESTS:
        raise KeyError(f"no request {name!r}; there are {', '.join(REQUESTS)}")
    return REQUESTS[name]
