"""Upload a file."""

from __future__ import annotations

from kie._core.call import Call, FilePart, Multipart

from ...endpoints import UPLOAD_STREAM
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
        endpoint=UPLOAD_STREAM,
        multipart=Multipart({key: value for key, value in fields.items() if value is not None}, file=file),
        parse=lambda answer: read(UploadAnswer.from_dict, answer),
    )
