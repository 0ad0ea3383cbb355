"""Studio: the page: one file of HTML, with its style and its script in it. May import `_library`."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

import attrs

from kie._library.page import content_hash, filled, template_part
from kie._studio.asgi import HttpReply

SCRIPTS: Final = ("form.js", "studio.js")
"""The scripts beside the one that makes code, in their order."""
STYLES: Final = ("studio.css", "form.css")


@attrs.frozen(kw_only=True)
class StudioPage:
    """The page, as it is served."""

    html: bytes
    """The file."""
    policy: str
    """What it may load and run: its own style and script, and what is on the same server."""

    @classmethod
    def assembled(cls) -> StudioPage:
        """Put the page together.

        Returns:
            The page.
        """
        style = "\n".join(map(_part, STYLES))
        script = "\n".join([bare(template_part("code.js")), *map(_part, SCRIPTS)])
        policy = (
            f"default-src 'self'; script-src {content_hash(script)}; style-src {content_hash(style)}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return cls(html=filled(_part("studio.html"), style, script).encode(), policy=policy)

    def reply(self) -> HttpReply:
        """Answer with the page.

        Returns:
            The answer.
        """
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-length": str(len(self.html)),
            "content-security-policy": self.policy,
            "cross-origin-opener-policy": "same-origin",
        }
        return HttpReply(body=self.html, headers=headers)


def _part(name: str) -> str:
    return bare(files("kie._studio").joinpath("page", name).read_text(encoding="utf-8"))


def bare(source: str) -> str:
    """Leave indentation and lines of comment out: they are for those who read the source.

    Args:
        source: A script, a style or a page. A text in it does not go over several lines.

    Returns:
        What is served.
    """
    return re.sub(r"^\s*(//.*\s*)*", "", source, flags=re.MULTILINE)
