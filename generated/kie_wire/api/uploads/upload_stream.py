"""Upload a file."""

from __future__ import annotations

from kie._core.call import Call, FilePart, Multipart

from ...models.upload_answer import UploadAnswer
from ...read import read


def upload_stream(
    *,
    file: FilePart,
    upload_path: str,
    file_name: str | None = None,
) -> Call[UploadAnswer]:
    """Upload a file.

    Takes the file as multipart form data. Free of credits.
    """
    fields = {
        "uploadPath": upload_path,
        "fileName": file_name,
    }
    return Call(
        operation="uploadStream",
        method="POST",
        server="upload",
        path="/api/file-stream-upload",
        multipart=Multipart({key: value for key, value in fields.items() if value is not None}, file),
        creates_task=False,
        bucket="none",
        auth=True,
        parse=lambda answer: read(UploadAnswer.from_dict, answer),
    )
