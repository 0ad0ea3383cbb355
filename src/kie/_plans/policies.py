"""Plans: the policies for an enhanced prompt. May import nothing of `kie`: the command line reads it at its start."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

EnhancePolicy: TypeAlias = Literal["off", "preview", "ask", "auto"]
"""`off`: no enhancer is asked. `preview`: the enhanced prompt is shown, and the given one is used. `ask`: the enhanced
prompt is used once somebody has agreed. `auto`: the enhanced prompt is used."""
POLICIES: tuple[EnhancePolicy, ...] = get_args(EnhancePolicy)
