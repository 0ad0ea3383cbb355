"""Plans: from loose input to a request. May import `_plans`.

`client.plan(...)` gives a `Plan`. `families()` lists the names that stand for several models, such as Kling 2.6, and
`find` reads one as people type it.
"""

from __future__ import annotations

from kie._core.errors import NotReady
from kie._plans.families import Family, Member, families, find
from kie._plans.media import Media, Slot
from kie._plans.plan import Choice, Plan, State
from kie._plans.preflight import Decision

__all__ = [
    "Choice",
    "Decision",
    "Family",
    "Media",
    "Member",
    "NotReady",
    "Plan",
    "Slot",
    "State",
    "families",
    "find",
]
