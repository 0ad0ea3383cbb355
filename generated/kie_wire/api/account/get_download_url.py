"""Ask for a download link of a result."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_DOWNLOAD_URL
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
        endpoint=GET_DOWNLOAD_URL,
        json=body.to_dict(),
        parse=lambda answer: read(DownloadUrlAnswer.from_dict, answer),
    )
