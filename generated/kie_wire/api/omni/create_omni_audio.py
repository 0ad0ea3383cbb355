"""Make a voice for Gemini Omni."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON


def create_omni_audio(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Make a voice for Gemini Omni.

    Makes a voice and answers with its id at once. Whether it costs credits is not documented.
    """
    return Call(
        operation="createOmniAudio",
        method="POST",
        server="api",
        path="/api/v1/omni/audio/create",
        json=dict(body),
        creates_task=True,
        bucket="submit",
        auth=True,
        parse=lambda answer: answer,
    )
