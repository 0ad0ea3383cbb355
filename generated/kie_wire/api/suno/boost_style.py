"""Write out a style."""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.call import Call
from kie._core.json import JSON

from ...endpoints import BOOST_STYLE


def boost_style(
    *,
    body: Mapping[str, JSON],
) -> Call[JSON]:
    """Write out a style.

    Writes a few words on a style out into a full description. It answers at once and is charged.
    """
    return Call(
        endpoint=BOOST_STYLE,
        json=dict(body),
        parse=lambda answer: answer,
    )
