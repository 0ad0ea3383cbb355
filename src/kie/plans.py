"""Plans: from loose input to a request. May import `_plans`.

`families()` lists the names that stand for several models, such as Kling 2.6, and `find` reads one as people type it.
"""

from __future__ import annotations

from kie._plans.families import Family, Member, families, find
from kie._plans.media import Media, Slot

__all__ = ["Family", "Media", "Member", "Slot", "families", "find"]
