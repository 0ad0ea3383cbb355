"""Library: which pictures are made of what tasks make. May import nothing of ours."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class DerivativeSettings:
    """Which pictures a library makes of images and videos."""
