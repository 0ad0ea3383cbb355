"""Have the upload host fetch a URL."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import UPLOAD_URL
from ...models.upload_answer import UploadAnswer
from ...models.url_upload_request import UrlUploadRequest
from ...read import read


def upload_url(
    *,
    body: UrlUploadRequest,
) -> Call[UploadAnswer]:
    """Have the upload host fetch a URL.

    The host fetches the file itself, within 30 seconds; up to 100 MB is advised. Free of credits.
    """
    return Call(
        endpoint=UPLOAD_URL,
        json=body.to_dict(),
        parse=lambda answer: read(UploadAnswer.from_dict, answer),
    )
