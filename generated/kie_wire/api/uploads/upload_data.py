"""Upload a data URL."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import UPLOAD_DATA
from ...models.base_64_upload_request import Base64UploadRequest
from ...models.upload_answer import UploadAnswer
from ...read import read


def upload_data(
    *,
    body: Base64UploadRequest,
) -> Call[UploadAnswer]:
    """Upload a data URL.

    Takes a data URL or bare Base64; up to 10 MB is advised. Free of credits.
    """
    return Call(
        endpoint=UPLOAD_DATA,
        json=body.to_dict(),
        parse=lambda answer: read(UploadAnswer.from_dict, answer),
    )
