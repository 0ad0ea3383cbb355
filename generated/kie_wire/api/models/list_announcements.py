"""Read a page of the vendor's change log."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import LIST_ANNOUNCEMENTS
from ...models.announcements_answer import AnnouncementsAnswer
from ...models.announcements_request import AnnouncementsRequest
from ...read import read


def list_announcements(
    *,
    body: AnnouncementsRequest,
) -> Call[AnnouncementsAnswer]:
    """Read a page of the vendor's change log.

    Belongs to the public web site; not documented, taken without a key. The form of an entry is not known.
    """
    return Call(
        endpoint=LIST_ANNOUNCEMENTS,
        json=body.to_dict(),
        parse=lambda answer: read(AnnouncementsAnswer.from_dict, answer),
    )
