"""What mypy narrows and pyright does not, which takes the truth of an attribute for no verdict on what has it."""

from __future__ import annotations

from typing import assert_type

from kie import ImageResult, Kie
from kie.models import NanoBananaPro


def narrowed(client: Kie) -> None:
    for outcome in client.batch.run([NanoBananaPro(prompt="x")]):
        if outcome.ok:
            assert_type(outcome.result, ImageResult)
        else:
            assert_type(outcome.error, Exception)
