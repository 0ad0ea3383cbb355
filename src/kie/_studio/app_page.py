"""Studio: the page: one HTML file that contains its style and script. May import `_library`."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

import attrs

from kie._library.page import content_hash, filled, template_part
from kie._studio.asgi import HttpReply

SCRIPTS: Final = ("form.js", "studio.js")
"""The scripts besides the one that makes code, in their order."""
STYLES: Final = ("studio.css", "form.css")


@attrs.frozen(kw_only=True)
class StudioPage:
    """The page as it is served."""

    html: bytes
    """The HTML file."""
    policy: str
    """Its content security policy: it may use its own style and script, and load from its own server."""

    @classmethod
    def assembled(cls) -> StudioPage:
        """Assemble the page.

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
    """Strip indentation and comment lines, which serve only readers of the source.

    Args:
        source: A script, a style or a page. It must have no multi-line strings.

    Returns:
        What is served.
    """
    return re.sub(r"^\s*(//.*\s*)*", "", source, flags=re.MULTILINE)
