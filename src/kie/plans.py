"""Plans: from loose input to a request. May import `_plans`.

`client.plan(...)` returns a `Plan`. `families()` lists the names that stand for several models, such as Kling 2.6, and
`find` reads one as people type it.
"""

from __future__ import annotations

from kie._core.errors import NotReady, PresetInvalid
from kie._plans.choices import Choice
from kie._plans.enhance import Brief, ChatEnhancer, Enhancer, Prompts
from kie._plans.families import Family, Member, families, find
from kie._plans.media_fields import Media, Slot
from kie._plans.plan import Plan
from kie._plans.policies import EnhancePolicy
from kie._plans.preflight import Decision
from kie._plans.preset_files import Found as FoundPresets
from kie._plans.preset_files import check as check_presets
from kie._plans.preset_files import find as find_presets
from kie._plans.preset_files import load as load_preset
from kie._plans.presets import Preset
from kie._plans.selection import Selected as SelectedPreset
from kie._plans.states import State

__all__ = [
    "Brief",
    "ChatEnhancer",
    "Choice",
    "Decision",
    "EnhancePolicy",
    "Enhancer",
    "Family",
    "FoundPresets",
    "Media",
    "Member",
    "NotReady",
    "Plan",
    "Preset",
    "PresetInvalid",
    "Prompts",
    "SelectedPreset",
    "Slot",
    "State",
    "check_presets",
    "families",
    "find",
    "find_presets",
    "load_preset",
]
