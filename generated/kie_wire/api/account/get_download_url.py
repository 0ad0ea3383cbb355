"""Ask for a download link of a result."""

from __future__ import annotations

from kie._core.call import Call

from ...models.download_url_answer import DownloadUrlAnswer
from ...models.download_url_request import DownloadUrlRequest
from ...read import read


def get_download_url(
    *,
    body: DownloadUrlRequest,
) -> Call[DownloadUrlAnswer]:
    """Ask for a download link of a result.

    Turns the URL of a result that Kie made into a link that works for 20 minutes.
    """
    return Call(
        operation="getDownloadUrl",
        method="POST",
        server="api",
        path="/api/v1/common/download-url",
        json=body.to_dict(),
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: read(DownloadUrlAnswer.from_dict, answer),
    )
