"""grok-imagine-image-2-0/segment-edit: the request class, compiled from openapi/models/grok-imagine-image-2-0/segment-edit.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


def _GrokImagineImage20SegmentEdit_mask_indexs(value: Iterable[int] | None) -> tuple[int, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineImage20SegmentEdit(Request[ImageResult]):
    """xAI's Grok Imagine Image 2.0, for changing the image of an earlier task as a prompt says, whole or in chosen
    parts.

    Model `grok-imagine-image-2-0/segment-edit` by xAI: image-edit.
    Facts as of 2026-10-01 (docs.kie.ai/market/grok-imagine-image-2-0/image-edit.md).

    Args:
        prompt: What the image becomes. 1 to 390,000 characters.
        task_id: Id of the Kie task whose image is changed, one of `grok-imagine-image-2-0/text-to-image` or one
            of `grok-imagine-image-2-0/segment-map` that was given an `image_url`.
        mask_indexs: Numbers of the parts to change, from the list of parts a segment map gives; the first is
            `0`. At least 1 item. Each is at least 0.
    """

    info = ModelInfo(
        slug="grok_imagine_image_2_0_segment_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="grok-imagine-image-2-0/segment-edit",
        typical_seconds=(13, None, 1),
    )

    prompt: str
    """What the image becomes. 1 to 390,000 characters."""
    task_id: TaskReference
    """Id of the Kie task whose image is changed, one of `grok-imagine-image-2-0/text-to-image` or one of
    `grok-imagine-image-2-0/segment-map` that was given an `image_url`."""
    mask_indexs: tuple[int, ...] | None = attrs.field(
        default=None, converter=_GrokImagineImage20SegmentEdit_mask_indexs
    )
    """Numbers of the parts to change, from the list of parts a segment map gives; the first is `0`. At least 1 item.
    Each is at least 0."""
