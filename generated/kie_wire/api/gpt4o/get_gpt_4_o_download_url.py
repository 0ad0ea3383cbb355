"""Ask for a download link of a GPT-4o image."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_GPT_4_O_DOWNLOAD_URL
from ...models.download_url_answer import DownloadUrlAnswer
from ...models.task_download_url_request import TaskDownloadUrlRequest
from ...read import read


def get_gpt_4_o_download_url(
    *,
    body: TaskDownloadUrlRequest,
) -> Call[DownloadUrlAnswer]:
    """Ask for a download link of a GPT-4o image.

    Turns the URL of an image into a link that works for 20 minutes. The task has to have succeeded within the
    last 14 days; anything else is code 422. An older guide sends the URL as `imageUrl` and no task: the service
    checks the task.
    """
    return Call(
        endpoint=GET_GPT_4_O_DOWNLOAD_URL,
        json=body.to_dict(),
        parse=lambda answer: read(DownloadUrlAnswer.from_dict, answer),
    )
